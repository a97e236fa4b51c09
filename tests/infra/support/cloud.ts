/** The stacks as templates, for assertions: without bundling, and with a site of a few files. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { addCloud } from '../../../infra/app.ts';

export const root = join(import.meta.dirname, '../../..');

/** The domain that /mail-help/ names, and that mails must come from. */
export const MAIL_DOMAIN = 'mail.example.jp';

/** What a centre with everything decided would give. */
export const DECIDED = {
  centre: 'demo',
  stage: 'trial',
  domain: 'hidamari.example.jp',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/00000000',
  mailFrom: `hidamari@${MAIL_DOMAIN}`,
  noticeFrom: 'info@oshirase.example.jp',
  alarmEmail: 'alarms@example.jp',
};

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are plain JSON of a hundred shapes.
  readonly Properties: Record<string, any>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

export interface Cloud {
  readonly data: Template;
  readonly service: Template;
  readonly site: Template;
  /** Warnings that nobody has answered with a reason. */
  readonly warnings: readonly string[];
  /** Resources of a type in all stacks, by logical id. */
  all(type: string): [string, Resource][];
}

/** @throws when cdk-nag or CloudFormation's own rules find what has no reason beside it */
export function makeCloud(
  context: Record<string, string> = DECIDED,
  add: (stacks: ReturnType<typeof addCloud>) => void = () => {},
  letters: Parameters<typeof addCloud>[2] = { pinned: { centreKey: 'A'.repeat(43) } },
): Cloud {
  const { context: flags } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const outdir = mkdtempSync(join(tmpdir(), 'hidamari-cloud-'));
  const app = new App({
    outdir,
    context: { ...flags, ...context, 'aws:cdk:bundling-stacks': [] },
  });
  const siteDist = aSite();
  const stacks = addCloud(app, siteDist, letters);
  add(stacks);
  try {
    const data = Template.fromStack(stacks.data);
    const service = Template.fromStack(stacks.service);
    const site = Template.fromStack(stacks.site);
    return {
      data,
      service,
      site,
      warnings: Object.values(stacks).flatMap((stack) =>
        Annotations.fromStack(stack)
          .findWarning('*', Match.anyValue())
          .map(({ entry }) => String(entry.data)),
      ),
      all: (type) =>
        [data, service, site].flatMap((template) =>
          Object.entries(template.findResources(type)),
        ) as [string, Resource][],
    };
  } finally {
    for (const folder of [outdir, siteDist]) rmSync(folder, { recursive: true, force: true });
  }
}

/** A built site, small and always the same. */
function aSite(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hidamari-dist-'));
  const files = [
    'index.html',
    '404.html',
    '_astro/page.abc.css',
    'about/index.html',
    'courses/index.html',
    'templates/page/index.html',
    'api/openapi.json',
  ];
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file);
  }
  mkdirSync(join(folder, 'mail-help'));
  writeFileSync(join(folder, 'mail-help/index.html'), `<p class="domain">${MAIL_DOMAIN}</p>`);
  return folder;
}
