/** What is deleted of a registration at which time, field by field, and when that time is. */
import { describe, expect, test } from 'vitest';
import { centre } from '../../functions/centre/settings.ts';
import { Registration } from '../../functions/registrations/model.ts';
import { purgeAt, withoutContacts, withoutNames } from '../../functions/registrations/purge.ts';
import { aCourse } from '../support/world.ts';

/** Every field of a registration: what goes first, what goes later, what stays. */
const FIELDS: Readonly<Record<keyof Registration, 'contacts' | 'names' | 'both' | 'stays'>> = {
  registrationId: 'stays',
  // Made anew, so that the link that was mailed is dead.
  secret: 'contacts',
  courseId: 'stays',
  sessionKeys: 'stays',
  places: 'stays',
  entry: 'stays',
  applicant: 'both',
  participants: 'names',
  childcare: 'names',
  courseWithoutChildcare: 'stays',
  dueMonth: 'names',
  allergy: 'contacts',
  guardian: 'both',
  needs: 'contacts',
  mailWithoutLink: 'stays',
  channel: 'stays',
  notes: 'contacts',
  counts: 'stays',
  acceptedAt: 'stays',
  households: 'contacts',
  purged: 'stays',
  revision: 'stays',
  expiresAt: 'stays',
};

const CANARY = '鴇田';
const full: Registration = Registration.parse({
  registrationId: 'reg_100000001',
  secret: '100000001-aaaaaaaaaaaaaaaaaaaaaa',
  courseId: 'crs_here',
  sessionKeys: ['1'],
  places: [{ poolKey: 'all', kind: 'seat', count: 1, status: 'confirmed' }],
  entry: { number: 12, tier: 0 },
  applicant: { name: CANARY, kana: 'トキタ', phone: '0420000001', email: 'canary@example.jp' },
  participants: [{ name: CANARY, kana: 'トキタ', birthDate: '2026-06-17' }],
  childcare: [{ name: CANARY, kana: 'トキタ', birthDate: '2024-03-09' }],
  courseWithoutChildcare: true,
  dueMonth: '2027-01',
  allergy: 'くるみ',
  guardian: { name: CANARY, phone: '0420000002' },
  needs: '鳥かご',
  mailWithoutLink: false,
  channel: 'phone',
  notes: [{ at: '2026-12-01T00:00:00.000Z', by: 'staff', text: '札' }],
  counts: { participants: 1, adults: 2, childcare: 1 },
  acceptedAt: '2026-12-01T00:00:00.000Z',
  households: [{ key: 'hash' }],
  purged: 'contacts',
  revision: 3,
  expiresAt: 1_900_000_000,
});

const changedFields = (after: Registration) =>
  Object.keys(FIELDS)
    .filter((field) => {
      const key = field as keyof Registration;
      return JSON.stringify(full[key]) !== JSON.stringify(after[key]);
    })
    .sort();
const fieldsOf = (...kinds: string[]) =>
  Object.entries(FIELDS)
    .filter(([, kind]) => kinds.includes(kind))
    .map(([field]) => field)
    .sort();

describe('of a registration', () => {
  test('every field is known here as one that goes or stays', () => {
    expect(Object.keys(FIELDS).sort()).toEqual(Object.keys(Registration.shape).sort());
    expect(Object.keys(full).sort()).toEqual(Object.keys(FIELDS).sort());
  });

  const secret = '100000001-bbbbbbbbbbbbbbbbbbbbbb';
  test('contacts, wishes and notes go first, and names stay', () => {
    const after = Registration.parse(withoutContacts(full, secret));
    expect(changedFields(after)).toEqual(fieldsOf('contacts', 'both'));
    expect(after.applicant).toEqual({ name: CANARY, kana: 'トキタ', phone: '' });
    expect(after.guardian).toEqual({ name: CANARY, phone: '' });
  });

  test('names, readings and birth dates go later, and nothing of a person is left', () => {
    const after = Registration.parse(withoutNames(withoutContacts(full, secret)));
    expect(changedFields(after)).toEqual(fieldsOf('contacts', 'names', 'both'));
    expect(JSON.stringify(after)).not.toMatch(
      /鴇田|トキタ|042|@|くるみ|鳥かご|札|2024-03|2026-06|2027-01/,
    );
    expect(after.counts).toEqual(full.counts);
  });
});

test('the time is counted from the end of the last session, as the notice on the form says', () => {
  const session = (key: string, date: string) => ({ key, date, start: '10:00', end: '11:30' });
  const course = aCourse({ sessions: [session('2', '2026-12-10'), session('1', '2026-12-03')] });
  const { booking } = centre;
  expect(purgeAt(course, 'contacts', booking).toISOString()).toBe('2027-01-10T02:30:00.000Z');
  expect(purgeAt(course, 'names', booking).toISOString()).toBe('2027-12-10T02:30:00.000Z');
  expect(booking.purposeNotice).toContain('1か月で電話番号とメールアドレス');
  expect(booking.purposeNotice).toContain('1年でお名前と生年月日');
  expect([booking.contactsDays, booking.retentionDays]).toEqual([31, 365]);
});
