/** The log: only fields of the list are written, and of an error neither message nor value. */
import { expect, test } from 'vitest';
import { errorFields, type LogFields, makeLog } from '../../functions/platform/log.ts';

function logged(write: (log: ReturnType<typeof makeLog>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(
    makeLog(
      (line) => lines.push(line),
      () => new Date('2026-12-01T03:00:00Z'),
    ),
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\n');
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

test('a field that is not on the list is not written, whoever hands it in', () => {
  const fields = {
    requestId: 'r-1',
    name: '見本 花子',
    body: { phone: '0420000100' },
  } as LogFields;
  expect(logged((log) => log.info('request', fields))).toEqual({
    time: '2026-12-01T03:00:00.000Z',
    level: 'info',
    message: 'request',
    requestId: 'r-1',
  });
});

test('an error is its class and its place, without what it says', () => {
  const fields = errorFields(new TypeError('見本 花子 0420000100'));
  expect(fields.error).toBe('TypeError');
  expect(fields.at).toMatch(/log\.test\.ts:\d+/);
  expect(JSON.stringify(fields)).not.toMatch(/見本|0420000100/);
});

test('a message whose lines look like places of code is not taken for one', () => {
  const fields = errorFields(new Error('Value was:\n    at 見本 花子 (0420000100)\n    at home'));
  expect(JSON.stringify(fields)).not.toMatch(/見本|0420000100|home/);
  expect(fields.at).toMatch(/log\.test\.ts:\d+/);
});

test('what is thrown and no error is its type', () => {
  expect(errorFields('見本 花子')).toEqual({ error: 'string' });
  expect(errorFields(undefined)).toEqual({ error: 'undefined' });
});

test('an alarm counts one and says who is hurt', () => {
  const line = logged((log) =>
    log.metric('reaction_given_up', { hurts: '保護者にメールが届いていません。' }),
  );
  expect(line).toMatchObject({ reaction_given_up: 1, hurts: '保護者にメールが届いていません。' });
  expect(line['_aws']).toMatchObject({
    CloudWatchMetrics: [{ Metrics: [{ Name: 'reaction_given_up', Unit: 'Count' }] }],
  });
});
