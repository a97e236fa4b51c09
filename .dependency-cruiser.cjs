// Who may import whom (CONTRIBUTING.md says why). Each rule opens with the number of its sentence.
// Pages (.astro) are not seen by this tool; tests/unit/source-rules.test.ts looks at those.

/** Pure and without zod: a browser may load them. */
const pure = '((?:desk-)?(?:rules|words)|places|drafts|harm|canned|contacts|crisis|furigana)';
/** What a browser, a server and a recovery command share of letters: age, signatures, zod/mini. */
const sealed =
  '(signing|sealed-form|receipt|content|sealing|picture-sealing|key-list|vault|shares|ceremony)';
/** Schemas, and what is derived from them. */
const schemas = '((?:desk-|settings-)?model|attributes|settings)';
const cloudPackages = '(^|/)node_modules/(@aws-sdk|@smithy|@middy)/';
/** What a person sees of a noun: markup, and the calendar entry that goes with a mail. */
const shown = '(views|[a-z]+-view|form-parts|calendar-file)';
/** What calls use cases; the desk of the staff has a face of its own where it does much. */
const face = '((?:desk-)?endpoints|reactions)';
/** A noun's files with a fixed meaning; any other file of a noun is a use case or its helper. */
const notUseCase = `(${pure}|${sealed}|${schemas}|${shown}|store|emails|${face})`;
const notAsType = { dependencyTypesNot: ['type-only'] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: '1-no-cycles',
      comment: '1. Two files that need each other are one file, or lack a third one.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: notAsType },
    },
    {
      name: '2-model-imports-zod-and-models',
      comment:
        '2. A model imports zod, other models and pure rules, so that everybody may import it.',
      severity: 'error',
      from: { path: `^functions/[^/]+/${schemas}\\.ts$` },
      to: {
        pathNot: [
          `^functions/[^/]+/${schemas}\\.ts$`,
          `^functions/[^/]+/${pure}\\.ts$`,
          '(^|/)node_modules/zod/',
        ],
      },
    },
    {
      name: '2-rules-are-pure',
      comment:
        '2. Rules import other rules, and models as types only: a browser runs them without zod. Hashes are rules too: pure, synchronous, and small in a browser.',
      severity: 'error',
      from: { path: `^functions/[^/]+/${pure}\\.ts$` },
      to: {
        pathNot: [`^functions/[^/]+/${pure}\\.ts$`, '(^|/)node_modules/@noble/hashes/'],
        ...notAsType,
      },
    },
    {
      name: '2-rules-know-models-only',
      comment: '2. Even as types, rules know nothing but models.',
      severity: 'error',
      from: { path: `^functions/[^/]+/${pure}\\.ts$` },
      to: {
        pathNot: [`^functions/[^/]+/${pure}\\.ts$`, `^functions/[^/]+/${schemas}\\.ts$`],
        dependencyTypes: ['type-only'],
      },
    },
    {
      name: '2-sealing-is-shared',
      comment:
        '2. What seals and opens runs in a browser, on a server and by hand: age, noble, scure, zod/mini, and of everything else of ours types at most.',
      severity: 'error',
      from: { path: `^functions/[^/]+/${sealed}\\.ts$` },
      to: {
        pathNot: [
          `^functions/[^/]+/${sealed}\\.ts$`,
          '(^|/)node_modules/(@noble|@scure|age-encryption|shamir-secret-sharing|zod/mini)/',
        ],
        ...notAsType,
      },
    },
    {
      name: '2-views-are-markup',
      comment: '2. Views import models, rules, other views and preact: three places render them.',
      severity: 'error',
      from: { path: '^functions/[^/]+/(views|[a-z]+-view|form-parts)\\.tsx$' },
      to: {
        pathNot: [
          `^functions/[^/]+/(${pure}|${schemas}|views|[a-z]+-view|form-parts)\\.tsx?$`,
          '(^|/)node_modules/preact/',
        ],
      },
    },
    {
      name: '3-aws-and-middy-stay-in-platform',
      comment: '3. Only platform/ knows AWS and middy; a store may build document commands.',
      severity: 'error',
      from: { path: '^(functions|site)/', pathNot: ['^functions/platform/', '/store\\.ts$'] },
      to: { path: cloudPackages },
    },
    {
      name: '3-stores-build-document-commands',
      comment: '3. Of AWS, a store knows the document commands of DynamoDB.',
      severity: 'error',
      from: { path: '^functions/[^/]+/store\\.ts$', pathNot: ['^functions/platform/'] },
      to: { path: cloudPackages, pathNot: ['/@aws-sdk/lib-dynamodb/'] },
    },
    {
      name: '4-faces-call-use-cases',
      comment:
        '4. Endpoints and reactions call use cases; they neither load nor save by themselves.',
      severity: 'error',
      from: { path: `^functions/[^/]+/${face}\\.tsx?$` },
      to: { path: '^functions/[^/]+/store\\.ts$' },
    },
    {
      name: '4-nothing-below-imports-faces',
      comment: '4. Use cases, stores, models and platform know nothing of who calls them.',
      severity: 'error',
      from: {
        path: '^functions/',
        pathNot: [
          '^functions/(api|public-endpoints|letter-endpoints|staff-endpoints|events|openapi)\\.ts$',
          '^functions/entry/',
          `^functions/[^/]+/${face}\\.tsx?$`,
        ],
      },
      to: {
        path: `^functions/[^/]+/${face}\\.tsx?$|^functions/entry/`,
        ...notAsType,
      },
    },
    {
      name: '4-stores-import-no-use-case',
      comment: '4. A store stands below the use cases: it imports models, rules and platform.',
      severity: 'error',
      from: { path: '^functions/[^/]+/store\\.ts$' },
      to: { path: '^functions/(?!platform/)[^/]+/', pathNot: [`/${notUseCase}\\.tsx?$`] },
    },
    {
      name: '5-nouns-do-not-call-each-other',
      comment:
        "5. A noun imports another noun's model, rules, views and store, never its use cases: effects travel as events.",
      severity: 'error',
      from: { path: '^functions/(?!platform/|entry/)([^/]+)/' },
      to: {
        path: '^functions/(?!platform/)[^/]+/',
        pathNot: [
          '^functions/$1/',
          `/(${pure}|${sealed}|${schemas}|${shown}|store)\\.tsx?$`,
          '^functions/centre/holidays\\.ts$',
        ],
      },
    },
    {
      name: '6-infra-reads-data',
      comment:
        '6. The stacks read api.ts, events.ts, the tables and settings of platform/ and those of letters as data.',
      severity: 'error',
      from: { path: '^infra/', pathNot: ['^infra/local/'] },
      to: {
        path: '^functions/',
        pathNot: [
          '^functions/(api|events)\\.ts$',
          '^functions/platform/(tables|config|endpoint|refusals)\\.ts$',
          '^functions/letters/(settings|settings-model|rules)\\.ts$',
        ],
      },
    },
    {
      name: '6-nothing-imports-infra',
      comment: '6. What runs does not know where it runs.',
      severity: 'error',
      from: { pathNot: ['^infra/', '^tests/'] },
      to: { path: '^infra/' },
    },
    {
      name: '6-nothing-imports-tests',
      comment: '6. Nothing that is delivered needs the tests.',
      severity: 'error',
      from: { pathNot: ['^tests/'] },
      to: { path: '^tests/' },
    },
    {
      name: '7-site-has-one-door',
      comment:
        '7. The site reaches functions/ through models.ts, its scripts through rules.ts, and what seals through sealing.ts.',
      severity: 'error',
      from: { path: '^site/', pathNot: ['^site/src/(models|rules|sealing)\\.ts$'] },
      to: { path: '^functions/' },
    },
    {
      name: '7-the-door-shows-pure-things',
      comment:
        '7. Through the door come schemas, rules and views; of everything else, types at most.',
      severity: 'error',
      from: { path: '^site/src/models\\.ts$' },
      to: {
        path: '^functions/',
        pathNot: [`^functions/[^/]+/(${pure}|${schemas}|views)\\.tsx?$`],
        ...notAsType,
      },
    },
    {
      name: '7-the-door-of-scripts-is-light',
      comment: '7. Zod weighs 26 kB in a browser, so what scripts load are pure rules.',
      severity: 'error',
      from: { path: '^site/src/(rules\\.ts$|scripts/)' },
      to: {
        path: '^(functions/|site/src/models\\.ts$)',
        pathNot: [`^functions/[^/]+/${pure}\\.ts$`],
        ...notAsType,
      },
    },
    {
      name: '7-the-door-of-letters-seals',
      comment:
        '7. Through the door of letters comes what seals and opens; of everything else, types.',
      severity: 'error',
      from: { path: '^site/src/sealing\\.ts$' },
      to: {
        path: '^functions/',
        pathNot: [`^functions/[^/]+/${sealed}\\.ts$`],
        ...notAsType,
      },
    },
    {
      name: '8-nobody-imports-entries',
      comment:
        '8. Files of entry/ act when they are imported, so only what tries them out imports them.',
      severity: 'error',
      from: { pathNot: ['^tests/'] },
      to: { path: '^functions/entry/' },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere fails here, before it fails in a bundle.',
      severity: 'error',
      from: { path: '^(functions|infra|tests|site/src)/' },
      to: { couldNotResolve: true, pathNot: ['^astro:', '^aws-lambda$'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['(^|/)node_modules/'] },
    exclude: { path: ['^site/dist/', '^site/\\.astro/', '^cdk\\.out/', '^\\.data/', '^coverage/'] },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
