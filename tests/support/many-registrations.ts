/** Fills a table with the registrations of many other courses, as years of work would. */
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { expiryAfter } from '../../functions/calendar/model.ts';
import type { Database } from '../../functions/platform/database.ts';
import type { Registration } from '../../functions/registrations/model.ts';
import { putNewRegistration } from '../../functions/registrations/store.ts';
import { inParallel } from './world.ts';

const ROWS = 25;
const FAMILIES_OF_A_COURSE = 40;
const SYLLABLES = [
  ...'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ',
];

/** @param count rows to add; every one belongs to another family, 40 to a course */
export async function addManyRegistrations(database: Database, count: number): Promise<void> {
  const table = database.name('bookings');
  const batches = Array.from({ length: Math.ceil(count / ROWS) }, (_, batch) => async () => {
    const numbers = Array.from(
      { length: Math.min(ROWS, count - batch * ROWS) },
      (_, index) => batch * ROWS + index,
    );
    let wanted = numbers.map((number) => ({
      PutRequest: { Item: putNewRegistration(database, registrationOf(number)).Put?.Item },
    }));
    while (wanted.length > 0) {
      const { UnprocessedItems } = await database.client.send(
        new BatchWriteCommand({ RequestItems: { [table]: wanted } }),
      );
      wanted = (UnprocessedItems?.[table] ?? []) as typeof wanted;
    }
  });
  await inParallel(8, batches);
}

function registrationOf(number: number): Registration {
  const at = new Date(Date.parse('2020-04-01T00:00:00Z') + number * 60_000);
  const reading = [number % 44, (number >> 3) % 44, (number >> 7) % 44]
    .map((index) => SYLLABLES[index])
    .join('');
  const id = String(100_000_000 + number);
  return {
    registrationId: `reg_${id}`,
    secret: `${id}-0000000000000000000000`,
    courseId: `crs_before-${Math.floor(number / FAMILIES_OF_A_COURSE)}`,
    sessionKeys: [],
    places: [{ poolKey: 'all', kind: 'seat', count: 1, status: 'confirmed' }],
    applicant: {
      name: '見本 花子',
      kana: `${reading} ハナコ`,
      phone: `0500${String(number).padStart(7, '0')}`,
      email: `family${number}@example.jp`,
    },
    participants: [{ name: '見本 光', kana: 'ミホン ヒカリ', birthDate: '2019-06-01' }],
    childcare: [],
    courseWithoutChildcare: false,
    mailWithoutLink: false,
    channel: 'web',
    notes: [],
    counts: { participants: 1, adults: 1, childcare: 0 },
    acceptedAt: at.toISOString(),
    households: [],
    revision: 1,
    expiresAt: expiryAfter(new Date('2030-01-01T00:00:00Z'), 0),
  };
}
