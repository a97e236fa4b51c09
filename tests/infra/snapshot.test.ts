/** One template of each stack, to be read in review: whatever changes in the cloud shows here. */
import { expect, test } from 'vitest';
import { makeCloud } from './support/cloud.ts';

const cloud = makeCloud();

test.each(['data', 'service', 'site'] as const)('the %s stack is as reviewed', async (name) => {
  const text = JSON.stringify(cloud[name].toJSON(), null, 2);
  await expect(`${redact(text)}\n`).toMatchFileSnapshot(`__snapshots__/${name}-stack.json`);
});

/** Hashes of assets change with every build, and of the CDK's own with every release. */
function redact(text: string): string {
  return text
    .replace(/\b[0-9a-f]{64}\b/g, '<hash>')
    .replace(
      /"(CustomResource|AwsCli|Lambda|Runtime)Version": "[^"]*"/g,
      '"$1Version": "<version>"',
    );
}
