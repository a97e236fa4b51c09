/** How a Lambda is bundled, in esbuild's own words: read by the stacks, the bench and the tests. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import type { LambdaName } from './grants.ts';

export const root = join(import.meta.dirname, '..');

/** nodemailer is CommonJS and asks for Node's own modules by require; only these two send mail. */
const MAKE_REQUIRE =
  "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);";

export function entryOf(name: LambdaName): string {
  return join(root, `functions/entry/${name}.ts`);
}

/** Everything but entry and place. The SDK is bundled: Lambda's own copy starts slower. */
export function bundleOptions(name: LambdaName) {
  return {
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    // The SDK's ES modules shake down to two thirds of its CommonJS.
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(root, 'infra/lambda-credentials.ts'),
    },
    banner: { js: name === 'worker' || name === 'clock' ? MAKE_REQUIRE : '' },
  } satisfies BuildOptions;
}
