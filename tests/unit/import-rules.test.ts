/** The rules of who may import whom must be able to fail: each is shown one import it forbids. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Files that break no rule by themselves, to be imported by those below. */
const innocent = [
  'functions/api.ts',
  'functions/a/cancel.ts',
  'functions/a/endpoints.ts',
  'functions/a/model.ts',
  'functions/a/rules.ts',
  'functions/a/store.ts',
  'functions/a/views.tsx',
  'functions/b/model.ts',
  'functions/entry/worker.ts',
  'functions/platform/config.ts',
  'functions/platform/database.ts',
  'functions/platform/tables.ts',
  'infra/headers.ts',
  'tests/support/seed.ts',
];

/** rule, file, what it imports */
const forbidden: [rule: string, file: string, statement: string][] = [
  ['1-no-cycles', 'functions/c/one.ts', "import './two.ts';"],
  ['2-model-imports-zod-and-models', 'functions/c/model.ts', "import '../a/store.ts';"],
  ['2-model-imports-zod-and-models', 'functions/d/model.ts', "import 'jose';"],
  ['2-rules-are-pure', 'functions/c/rules.ts', "import '../a/model.ts';"],
  ['2-rules-are-pure', 'functions/d/rules.ts', "import * as z from 'zod';"],
  ['2-rules-are-pure', 'functions/e/rules.ts', "import 'node:crypto';"],
  ['2-rules-know-models-only', 'functions/f/rules.ts', "import type { X } from '../a/store.ts';"],
  ['2-sealing-is-shared', 'functions/c/vault.ts', "import '../a/model.ts';"],
  ['2-sealing-is-shared', 'functions/c/ceremony.ts', "import '../a/store.ts';"],
  ['2-views-are-markup', 'functions/c/views.tsx', "import '../platform/config.ts';"],
  ['2-views-are-markup', 'functions/d/views.tsx', "import * as z from 'zod';"],
  ['3-aws-and-middy-stay-in-platform', 'functions/c/book.ts', "import '@aws-sdk/lib-dynamodb';"],
  ['3-aws-and-middy-stay-in-platform', 'functions/d/book.ts', "import '@middy/core';"],
  ['3-stores-build-document-commands', 'functions/c/store.ts', "import '@aws-sdk/client-s3';"],
  ['4-faces-call-use-cases', 'functions/a/reactions.ts', "import './store.ts';"],
  ['4-nothing-below-imports-faces', 'functions/a/book.ts', "import './endpoints.ts';"],
  ['4-nothing-below-imports-faces', 'functions/platform/http.ts', "import '../a/endpoints.ts';"],
  ['4-stores-import-no-use-case', 'functions/d/store.ts', "import '../a/cancel.ts';"],
  ['5-nouns-do-not-call-each-other', 'functions/b/book.ts', "import '../a/cancel.ts';"],
  ['5-nouns-do-not-call-each-other', 'functions/b/edit.ts', "import '../a/endpoints.ts';"],
  ['6-infra-reads-data', 'infra/service-stack.ts', "import '../functions/platform/database.ts';"],
  ['6-nothing-imports-infra', 'functions/c/edit.ts', "import '../../infra/headers.ts';"],
  ['6-nothing-imports-infra', 'site/src/scripts/a.ts', "import '../../../infra/headers.ts';"],
  ['6-nothing-imports-tests', 'functions/d/edit.ts', "import '../../tests/support/seed.ts';"],
  ['7-site-has-one-door', 'site/src/scripts/b.ts', "import '../../../functions/a/rules.ts';"],
  ['7-the-door-shows-pure-things', 'site/src/models.ts', "import '../../functions/a/store.ts';"],
  ['7-the-door-of-scripts-is-light', 'site/src/rules.ts', "import '../../functions/a/model.ts';"],
  ['7-the-door-of-scripts-is-light', 'site/src/scripts/d.ts', "import '../models.ts';"],
  ['7-the-door-of-letters-seals', 'site/src/sealing.ts', "import '../../functions/a/rules.ts';"],
  ['8-nobody-imports-entries', 'infra/local/main.ts', "import '../../functions/entry/worker.ts';"],
  ['resolvable', 'functions/e/edit.ts', "import './nowhere.ts';"],
];

/** Imports that people do need and that must stay green. */
const allowed: [file: string, statement: string][] = [
  ['functions/g/model.ts', "import * as z from 'zod'; import '../a/model.ts';"],
  ['functions/g/rules.ts', "import '../a/rules.ts'; import type { X } from '../a/model.ts';"],
  ['functions/g/views.tsx', "import 'preact'; import '../a/views.tsx'; import './rules.ts';"],
  ['functions/g/store.ts', "import '@aws-sdk/lib-dynamodb'; import '../platform/database.ts';"],
  ['functions/g/ceremony.ts', "import 'age-encryption'; import type { X } from '../a/model.ts';"],
  ['functions/g/book.ts', "import './store.ts'; import '../a/store.ts';"],
  ['functions/g/endpoints.ts', "import './book.ts';"],
  ['functions/platform/mailer.ts', "import '@aws-sdk/client-ses';"],
  [
    'infra/data-stack.ts',
    "import '../functions/platform/tables.ts'; import '../functions/api.ts';",
  ],
  [
    'infra/local/seed.ts',
    "import '../../functions/a/store.ts'; import '@aws-sdk/client-dynamodb';",
  ],
  ['site/src/scripts/c.ts', "import '../rules.ts'; import type { X } from '../models.ts';"],
  ['tests/unit/worker.test.ts', "import '../../functions/entry/worker.ts';"],
];

let folder: string;
let violations: { rule: string; file: string }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hidamari-imports-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    cpSync(join(root, file), join(folder, file));
  }
  for (const file of innocent) write(file, 'export interface X { x: 1 }\nexport const x = 1;\n');
  write('functions/c/two.ts', "import './one.ts';");
  for (const [, file, statement] of forbidden) write(file, statement);
  for (const [file, statement] of allowed) write(file, statement);
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/depcruise'),
    ['--output-type=json', 'functions', 'infra', 'site', 'tests'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const report = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  violations = report.summary.violations.map(({ from, rule }) => ({ rule: rule.name, file: from }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(forbidden)('%s turns red for %s: %s', (rule, file) => {
  expect(violations).toContainEqual({ rule, file });
});

test.each(allowed)('%s may say %s', (file) => {
  expect(violations.filter((violation) => violation.file === file)).toEqual([]);
});

test('every rule is shown at least one import it forbids', () => {
  const printed = execFileSync(process.execPath, [
    '-p',
    `JSON.stringify(require(${JSON.stringify(join(root, '.dependency-cruiser.cjs'))}).forbidden.map((rule) => rule.name))`,
  ]);
  const names = JSON.parse(printed.toString()) as string[];
  expect(names.filter((name) => !forbidden.some(([rule]) => rule === name))).toEqual([]);
});

function write(file: string, content: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), `${content}\n`);
}
