/** How a Lambda is bundled, in esbuild's own words: read by the stacks, the bench and the tests. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import type { LambdaName } from './grants.ts';

export const root = join(import.meta.dirname, '..');

export function entryOf(name: LambdaName): string {
  return join(root, `functions/entry/${name}.ts`);
}

/** Everything but entry and place. The SDK is bundled: Lambda's own copy starts slower. */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  // The SDK's ES modules shake down to two thirds of its CommonJS.
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': join(root, 'infra/lambda-credentials.ts') },
} satisfies BuildOptions;
