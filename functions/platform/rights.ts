/**
 * Rights as data: what each role may see and do with applications, and which fields of one leave the
 * API for whom. Endpoints take their roles from here; what is not granted here is not sent.
 */
import type { ShownRegistration } from '../registrations/desk-model.ts';
import type { Registration } from '../registrations/model.ts';
import { ROLES, type Role } from './endpoint.ts';

/**
 * See names · telephone numbers and mail addresses · birth dates and due months · needs, allergies
 * and notes; read rosters · search, open, enter, move, cancel and note applications · read the audit ·
 * be granted desks of letters: which letters, the grant says, and a key that no right replaces · read
 * records of reports (通告).
 */
export const RIGHTS = [
  'names',
  'contacts',
  'births',
  'care',
  'rosters',
  'applications',
  'audit',
  'letters',
  'reports',
] as const;
export type Right = (typeof RIGHTS)[number];

export const rights: Readonly<Record<Role, readonly Right[]>> = {
  course_staff: ['names', 'contacts', 'births', 'care', 'rosters', 'applications'],
  center_head: RIGHTS,
  family_worker: ['letters', 'reports'],
  teens_worker: ['letters'],
  // Who receives the families must know who comes, and needs no way to reach them elsewhere.
  hiroba_staff: ['names', 'rosters'],
};

/** Fields of a registration by the right that shows them; what is not here is shown to nobody. */
export const shownFields: Readonly<Partial<Record<Right, readonly string[]>>> = {
  rosters: [
    'registrationId',
    'courseId',
    'sessionKeys',
    'places',
    'entry',
    'courseWithoutChildcare',
    'channel',
    'counts',
    'acceptedAt',
    'purged',
  ],
  names: [
    'applicant.name',
    'applicant.kana',
    'participants.name',
    'participants.kana',
    'childcare.name',
    'childcare.kana',
    'guardian.name',
  ],
  contacts: ['applicant.phone', 'applicant.email', 'guardian.phone', 'mailWithoutLink'],
  births: ['participants.birthDate', 'childcare.birthDate', 'dueMonth'],
  care: ['allergy', 'needs', 'notes'],
};

/** What a person with these roles may. */
export function rightsOf(roles: readonly Role[]): readonly Right[] {
  return RIGHTS.filter((right) => roles.some((role) => rights[role].includes(right)));
}

/** The roles that an endpoint lets in. */
export function rolesThatMay(right: Right): readonly [Role, ...Role[]] {
  const [first, ...rest] = ROLES.filter((role) => rights[role].includes(right));
  if (first === undefined) throw new Error('A right that nobody has');
  return [first, ...rest];
}

/** What of a registration these roles are shown: fields that they may not see are absent. */
export function shownTo(registration: Registration, roles: readonly Role[]): ShownRegistration {
  const paths = rightsOf(roles).flatMap((right) => shownFields[right] ?? []);
  return pick(registration, paths) as ShownRegistration;
}

/** The parts of a value that these dotted paths name; through a list, of each in it. */
function pick(value: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => pick(each, paths));
  const whole = value as Readonly<Record<string, unknown>>;
  const below: Record<string, string[]> = {};
  for (const path of paths) {
    const [head = '', ...rest] = path.split('.');
    below[head] = [...(below[head] ?? []), rest.join('.')];
  }
  return Object.fromEntries(
    Object.entries(below).flatMap(([head, rests]) => {
      const inner = whole[head];
      if (inner === undefined) return [];
      return [[head, rests.includes('') ? inner : pick(inner, rests)]];
    }),
  );
}
