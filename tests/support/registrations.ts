/** Registrations and their places as tests need them: whole, and ordinary but for what is named. */
import { type Place, Registration } from '../../functions/registrations/model.ts';

/** One confirmed seat of the whole course. */
export function aSeat(changes: Partial<Place> = {}): Place {
  return { poolKey: 'all', kind: 'seat', count: 1, status: 'confirmed', ...changes };
}

/** One confirmed childcare place beside it. */
export function aChildcarePlace(changes: Partial<Place> = {}): Place {
  return { poolKey: 'childcare', kind: 'childcare', count: 1, status: 'confirmed', ...changes };
}

let registrations = 0;

/** Another registration each time: one family, one seat of the whole course. */
export function aRegistration(changes: Partial<Registration> = {}): Registration {
  registrations += 1;
  const number = 100_000_000 + registrations;
  return Registration.parse({
    registrationId: `reg_${number}`,
    secret: `${number}-AAAAAAAAAAAAAAAAAAAAAA`,
    courseId: 'crs_test-1',
    sessionKeys: [],
    places: [aSeat()],
    applicant: { name: '見本 花子', kana: 'ミホン ハナコ', phone: '0420000100' },
    participants: [],
    childcare: [],
    courseWithoutChildcare: false,
    mailWithoutLink: false,
    channel: 'web',
    notes: [],
    counts: { participants: 0, adults: 1, childcare: 0 },
    acceptedAt: '2026-12-01T03:00:00.000Z',
    households: [],
    revision: 1,
    expiresAt: 1_830_000_000,
    ...changes,
  });
}

/** A registration that waits for these seats behind everyone before it. */
export function aWaitingRegistration(
  seat: Partial<Place> = {},
  changes: Partial<Registration> = {},
): Registration {
  const waitNumber = registrations + 1;
  return aRegistration({ places: [aSeat({ status: 'waiting', waitNumber, ...seat })], ...changes });
}
