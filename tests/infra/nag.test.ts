/** What others have learnt about clouds, as rules: nothing is found that has no reason beside it. */
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { letterSettings } from '../../functions/letters/settings.ts';
import { DECIDED, makeCloud, type Resource } from './support/cloud.ts';

test('a decided deployment breaks no rule and leaves no warning', () => {
  expect(makeCloud().warnings).toEqual([]);
});

test('a rule that is broken without a reason stops the synthesis', () => {
  const careless = () => makeCloud(DECIDED, ({ service }) => new Queue(service, 'Careless'));
  expect(careless).toThrow('AwsSolutions-SQS4');
});

test('an undecided deployment synthesises, and says what must still be decided', () => {
  expect(makeCloud({}).warnings.join('\n')).toMatch(
    /siteOrigin is set[\s\S]*mailFrom is not set[\s\S]*alarmEmail is not set/,
  );
});

test('a deployment with the key of the demonstration, or with none, says that it takes no letters', () => {
  const warnings = (letters: Parameters<typeof makeCloud>[2]) =>
    makeCloud(DECIDED, undefined, letters).warnings;
  expect(warnings(letterSettings)).toEqual([expect.stringContaining('key of the demonstration')]);
  expect(warnings({})).toEqual([expect.stringContaining('no key of the centre yet')]);
});

test('two centres fit into one account: no name of ours is the same', () => {
  const named = (context: Record<string, string>) =>
    Object.entries(names(makeCloud({ ...DECIDED, ...context })));
  const first = named({});
  const second = new Map(named({ centre: 'other' }));
  expect(first.length).toBeGreaterThan(8);
  for (const [id, name] of first) expect(second.get(id), id).not.toEqual(name);
});

test('a domain without its certificate, and a stage that is no name, are refused by name', () => {
  const { certificateArn: _, ...without } = DECIDED;
  expect(() => makeCloud(without)).toThrow('domain and certificateArn go together');
  expect(() => makeCloud({ ...DECIDED, stage: 'Prod!' })).toThrow('Malformed context: stage');
});

/** Physical names, of the resources that have one. */
function names(cloud: ReturnType<typeof makeCloud>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const template of [cloud.data, cloud.service, cloud.site]) {
    for (const [id, { Type, Properties }] of Object.entries<Resource>(
      template.toJSON()['Resources'],
    )) {
      if (/Route|Group$/.test(Type)) continue;
      const name =
        Properties?.TableName ??
        Properties?.BucketName ??
        Properties?.Name ??
        Object.entries(Properties ?? {})
          .filter(([key]) =>
            /^(CachePolicy|OriginRequestPolicy|ResponseHeadersPolicy|OriginAccessControl)Config$/.test(
              key,
            ),
          )
          .map(([, config]) => (config as { Name: string }).Name)[0];
      if (name !== undefined) found[id] = JSON.stringify(name);
    }
  }
  return found;
}
