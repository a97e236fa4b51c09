/** Who is shown what of a registration: nothing that the table of rights does not grant. */
import { describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../functions/platform/endpoint.ts';
import {
  RIGHTS,
  rights,
  rightsOf,
  rolesThatMay,
  shownFields,
  shownTo,
} from '../../functions/platform/rights.ts';
import { ShownRegistration } from '../../functions/registrations/desk-model.ts';
import { Registration } from '../../functions/registrations/model.ts';

/** A registration in which every field there is has a value. */
const full: Registration = Registration.parse({
  registrationId: 'reg_482103937',
  secret: '482103937-AAAAAAAAAAAAAAAAAAAAAA',
  courseId: 'crs_test-1',
  sessionKeys: ['A'],
  places: [{ poolKey: 'A', kind: 'seat', sessionKey: 'A', count: 1, status: 'confirmed' }],
  entry: { number: 7, tier: 0 },
  applicant: {
    name: '見本 花子',
    kana: 'ミホン ハナコ',
    phone: '0420000100',
    email: 'a@example.jp',
  },
  participants: [{ name: '見本 光', kana: 'ミホン ヒカリ', birthDate: '2026-06-01' }],
  childcare: [{ name: '見本 兄', kana: 'ミホン アニ', birthDate: '2024-06-01' }],
  courseWithoutChildcare: true,
  dueMonth: '2027-02',
  allergy: '卵',
  guardian: { name: '見本 親', phone: '0420000101' },
  needs: '車いすです',
  mailWithoutLink: true,
  channel: 'phone',
  notes: [{ at: '2026-12-01T03:00:00.000Z', by: 'staff-1', text: 'メモ' }],
  counts: { participants: 1, adults: 1, childcare: 1 },
  acceptedAt: '2026-12-01T03:00:00.000Z',
  households: [{ key: 'k' }],
  purged: 'contacts',
  revision: 1,
  expiresAt: 1_830_000_000,
});

/** Every path of a value that holds something: `participants.birthDate`, `applicant.name`. */
function pathsOf(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => pathsOf(each, at));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, inner]) =>
    pathsOf(inner, at === '' ? name : `${at}.${name}`),
  );
}

const combinations: readonly (readonly Role[])[] = [
  [],
  ...ROLES.map((role) => [role]),
  ['hiroba_staff', 'course_staff'],
];

test('the example leaves no field of a registration out', () => {
  expect(Object.keys(full).sort()).toEqual(Object.keys(Registration.shape).sort());
});

describe.each(combinations.map((roles) => [roles.join(' and ') || 'nobody', roles] as const))(
  'for %s',
  (_name, roles) => {
    const shown = shownTo(full, roles);
    const granted = roles
      .flatMap((role) => rights[role])
      .flatMap((right) => shownFields[right] ?? []);

    test('no field leaves that is not granted, and every field that is', () => {
      const paths = [...new Set(pathsOf(shown))];
      for (const path of paths) {
        const isGranted = granted.some((field) => path === field || path.startsWith(`${field}.`));
        expect(isGranted, path).toBe(true);
      }
      for (const field of granted) {
        expect(
          paths.some((path) => path === field || path.startsWith(`${field}.`)),
          field,
        ).toBe(true);
      }
    });

    test('what is not shown is absent, not blank', () => {
      expect(pathsOf(shown).every((path) => path !== '')).toBe(true);
      expect(JSON.stringify(shown)).not.toMatch(/""|null/);
    });

    test('the secret of a booking, its household keys and its bookkeeping leave for nobody', () => {
      for (const field of ['secret', 'households', 'revision', 'expiresAt']) {
        expect(shown).not.toHaveProperty(field);
      }
    });

    if (rightsOf(roles).includes('rosters')) {
      test('what is shown is what the API declares', () => {
        expect(ShownRegistration.safeParse(shown).error).toBeUndefined();
      });
    }
  },
);

test('who looks after the ひろば has no telephone number, no address and no birth date', () => {
  expect(rightsOf(['hiroba_staff'])).toEqual(['names', 'rosters']);
  const text = JSON.stringify(shownTo(full, ['hiroba_staff']));
  expect(text).toContain('見本 花子');
  expect(text).not.toMatch(/042|example|2026-06-01|2024-06-01|2027-02|卵|車いす|メモ/);
});

test('who answers letters is shown nothing of an application', () => {
  for (const role of ['family_worker', 'teens_worker'] as const) {
    expect(shownTo(full, [role])).toEqual({});
  }
});

test('every right is somebody’s, and the audit is read by the head of the centre alone', () => {
  for (const right of RIGHTS) expect(rolesThatMay(right).length).toBeGreaterThan(0);
  expect(rolesThatMay('audit')).toEqual(['center_head']);
  expect(rolesThatMay('applications')).toEqual(['course_staff', 'center_head']);
});
