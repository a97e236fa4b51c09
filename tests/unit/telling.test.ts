/** Words for what families did not cause (a course called off, moved, near, over), and for who calls. */
import { describe, expect, test } from 'vitest';
import type { Call } from '../../functions/calls/model.ts';
import { CallReason } from '../../functions/calls/model.ts';
import {
  bounceCallId,
  callBy,
  isStillNeeded,
  limitCallId,
  reasonWithoutMail,
} from '../../functions/calls/rules.ts';
import { callSentence } from '../../functions/calls/words.ts';
import { centre } from '../../functions/centre/settings.ts';
import type { Course, Session } from '../../functions/courses/model.ts';
import { registrationEmail } from '../../functions/registrations/emails.ts';
import {
  Place,
  Registration,
  RegistrationEvent,
  type RegistrationStatus,
} from '../../functions/registrations/model.ts';
import { aCourse } from '../support/world.ts';

const SITE = 'https://hidamari.example.jp';
const FIRST: Session = { key: '1', date: '2026-12-10', start: '10:00', end: '11:30' };
const SECOND: Session = {
  key: '2',
  date: '2026-12-17',
  start: '13:30',
  end: '15:00',
  venue: '調理室',
};
const course = aCourse({
  courseId: 'crs_mail',
  title: 'はじめての離乳食',
  sessions: [FIRST, SECOND],
  fee: { yen: 1500, detail: '食材費' },
  bring: ['エプロン', '飲みもの'],
  surveyUrl: 'https://survey.example.jp/rinyu',
});

const aPlace = (status: RegistrationStatus, changes: Partial<Place> = {}): Place =>
  Place.parse({
    poolKey: 'all',
    kind: 'seat',
    count: 1,
    status,
    ...(status === 'waiting' ? { waitNumber: 7 } : {}),
    ...(status === 'offered' ? { offerExpiresAt: '2026-12-03T03:30:00.000Z' } : {}),
    ...changes,
  });

function aRegistration(places: Place[], changes: Partial<Registration> = {}): Registration {
  return Registration.parse({
    registrationId: 'reg_482103937',
    secret: '482103937-AbCdEfGhIjKlMnOpQrStUv',
    courseId: 'crs_mail',
    sessionKeys: [],
    places,
    applicant: {
      name: '白樺 かおり',
      kana: 'シラカバ カオリ',
      phone: '0420000199',
      email: 'kaori@example.jp',
    },
    participants: [{ name: '白樺 のぞみ', kana: 'シラカバ ノゾミ', birthDate: '2026-06-17' }],
    childcare: [],
    courseWithoutChildcare: false,
    mailWithoutLink: false,
    channel: 'web',
    notes: [],
    counts: { participants: 1, adults: 1, childcare: 0 },
    acceptedAt: '2026-12-01T03:00:00.000Z',
    households: [],
    revision: 1,
    expiresAt: 1_830_000_000,
    ...changes,
  });
}

interface Telling {
  readonly places?: Place[];
  readonly of?: Course;
  readonly registration?: Partial<Registration>;
  readonly sessionKey?: string;
  readonly was?: Session[];
}

function textFor(kind: RegistrationEvent['kind'], telling: Telling = {}): string {
  const { places = [aPlace('confirmed')], of = course, sessionKey, was } = telling;
  const { text } = registrationEmail(kind, {
    registration: aRegistration(places, telling.registration),
    course: of,
    centre,
    siteOrigin: SITE,
    meant: places,
    waitPositions: { all: 2 },
    sessionKey,
    was,
  });
  return text;
}

describe('a course that is called off', () => {
  test.each([
    ['confirmed', '楽しみにしてくださっていたのに'],
    ['waiting', 'キャンセル待ちをいただいていた'],
    ['offered', 'ご案内へのお返事は、いりません'],
    ['applied', '抽選は行いません'],
  ] as const)('is told to who is %s with what it means to them', (status, words) => {
    const text = textFor('registration_course_called_off', { places: [aPlace(status)] });
    expect(text).toContain(words);
    expect(text).toContain('中止になりました');
    expect(text).toContain('2026年12月10日（令和8年）木曜日 10:00〜11:30');
    expect(text).toContain('取り消しの手続きはいりません');
    expect(text).toContain(centre.phones.main);
    // There is nothing left to do on the page.
    expect(text).not.toContain('/bookings/');
  });
});

describe('a course that is moved', () => {
  const moved = {
    ...course,
    sessions: [{ ...FIRST, date: '2026-12-14', venue: '会議室' }, SECOND],
  };

  test('says where and when it was and is, and of the dates only those that changed', () => {
    const text = textFor('registration_course_moved', { of: moved, was: [FIRST] });
    expect(text).toMatch(/変わる前\n日時.*12月10日.*\n会場　　　集会室/);
    expect(text).toMatch(/変わったあと\n日時.*12月14日.*\n会場　　　会議室/);
    expect(text).not.toContain('12月17日');
  });

  test('says where and when it is when nobody knows what it was', () => {
    const text = textFor('registration_course_moved', { of: moved });
    expect(text).toContain('新しい日時と会場');
    expect(text).toContain('12月17日');
    expect(text).not.toContain('変わる前');
  });

  test('says that a date has gone', () => {
    const shorter = { ...course, sessions: [SECOND] };
    const text = textFor('registration_course_moved', { of: shorter, was: [FIRST] });
    expect(text).toContain('12月10日（木）の回は、なくなりました。');
  });

  test.each([
    ['confirmed', '席はお取りしてあります'],
    ['waiting', 'キャンセル待ちは、そのまま続いています'],
    ['offered', '12月3日（木）12時30分までに'],
    ['applied', '抽選のお申し込みは、そのままお預かりしています'],
  ] as const)('says to who is %s what is still so', (status, words) => {
    const text = textFor('registration_course_moved', { of: moved, places: [aPlace(status)] });
    expect(text).toContain(words);
    expect(text).toContain(`${SITE}/bookings/`);
  });
});

describe('a reminder', () => {
  test('names one date, what to bring, and until when to cancel', () => {
    const text = textFor('registration_reminder', { sessionKey: '1' });
    for (const fact of ['12月10日（木）は', '集会室', '1,500円（食材費）', 'エプロン、飲みもの']) {
      expect(text).toContain(fact);
    }
    expect(text).toContain('12月9日（水）17時までに取り消してください');
    expect(text).not.toContain('12月17日');
  });

  test('of a later date asks for a call from who stays away', () => {
    const text = textFor('registration_reminder', { sessionKey: '2' });
    expect(text).toContain('調理室');
    expect(text).toContain('お休みされるときは、お電話');
    expect(text).not.toContain('取り消してください');
  });

  test('says that children are looked after, only where that is certain', () => {
    const care = (status: RegistrationStatus) =>
      textFor('registration_reminder', {
        sessionKey: '1',
        places: [
          aPlace('confirmed'),
          aPlace(status, { poolKey: 'childcare', kind: 'childcare', count: 2 }),
        ],
        registration: { counts: { participants: 1, adults: 1, childcare: 2 } },
      });
    expect(care('confirmed')).toContain('保育　　　2人');
    expect(care('waiting')).not.toContain('保育　　　');
  });
});

test('a survey names its address and presses nobody', () => {
  const text = textFor('registration_survey');
  expect(text).toContain('https://survey.example.jp/rinyu');
  expect(text).toContain('よろしければ');
});

describe('a call', () => {
  const NOW = new Date('2026-12-01T03:00:00.000Z');
  const aCall = (changes: Partial<Call> = {}): Call => ({
    callId: 'evt_1',
    registrationId: 'reg_482103937',
    courseId: 'crs_mail',
    reason: 'no_mail_offer',
    about: 'registration_offered',
    poolKeys: ['all'],
    dueAt: '2026-12-03T03:30:00.000Z',
    createdAt: NOW.toISOString(),
    tries: [],
    ...changes,
  });

  test.each(CallReason.options)('for %s says why, and what to say', (reason) => {
    const sentence = callSentence(aCall({ reason }));
    expect(sentence.split('。').length).toBeGreaterThan(2);
    expect(sentence).toMatch(/ください。$/);
  });

  test('for childcare asks about childcare', () => {
    expect(callSentence(aCall({ poolKeys: ['childcare'] }))).toContain('保育の席');
    expect(callSentence(aCall({ reason: 'offer_too_late', poolKeys: ['childcare-2'] }))).toContain(
      '保育を使われるか',
    );
  });

  test('is for questions and bad news; what was said on the telephone is not said again', () => {
    const asked = RegistrationEvent.shape.kind.options.filter((kind) => reasonWithoutMail(kind));
    expect(asked).toEqual([
      'registration_offered',
      'registration_course_called_off',
      'registration_course_moved',
      'registration_won',
    ]);
  });

  test('helps until the offer ends, else until the next session, as it was or is', () => {
    expect(callBy(course, [aPlace('offered')], [], NOW)).toBe('2026-12-03T03:30:00.000Z');
    expect(callBy(course, [aPlace('confirmed')], [], NOW)).toBe('2026-12-10T01:00:00.000Z');
    const earlier = { ...FIRST, date: '2026-12-05' };
    expect(callBy(course, [aPlace('confirmed')], [earlier], NOW)).toBe('2026-12-05T01:00:00.000Z');
    const between = new Date('2026-12-12T00:00:00.000Z');
    expect(callBy(course, [aPlace('confirmed')], [], between)).toBe('2026-12-17T04:30:00.000Z');
    const after = new Date('2026-12-20T00:00:00.000Z');
    expect(callBy(course, [aPlace('confirmed')], [], after)).toBe(after.toISOString());
  });

  test('is no longer needed when it was answered, cancelled, deleted or too late', () => {
    const needed = (
      changes: Partial<Call>,
      status: RegistrationStatus,
      more: { registration?: Partial<Registration>; of?: Course; now?: Date } = {},
    ) =>
      isStillNeeded(
        aCall(changes),
        aRegistration([aPlace(status)], more.registration),
        more.of ?? course,
        more.now ?? NOW,
      );
    const cancelled = { ...course, publication: 'cancelled' as const };
    const late = new Date('2026-12-03T03:30:01.000Z');
    expect(needed({}, 'offered')).toBe(true);
    expect(needed({}, 'confirmed')).toBe(false);
    expect(needed({}, 'offered', { now: late })).toBe(false);
    expect(needed({}, 'offered', { of: cancelled })).toBe(false);
    expect(needed({}, 'offered', { registration: { purged: 'contacts' } })).toBe(false);
    expect(needed({ poolKeys: ['2'] }, 'offered')).toBe(false);
    const off = {
      reason: 'no_mail_called_off',
      about: 'registration_course_called_off',
    } as const;
    expect(needed(off, 'confirmed', { of: cancelled, now: late })).toBe(true);
    expect(needed(off, 'cancelled', { of: cancelled })).toBe(false);
    const bounced = { reason: 'bounce', about: 'registration_confirmed' } as const;
    expect(needed(bounced, 'confirmed')).toBe(true);
    expect(needed(bounced, 'confirmed', { of: cancelled })).toBe(false);
    expect(needed({ reason: 'offer_too_late' }, 'waiting')).toBe(true);
    expect(needed({ reason: 'offer_too_late' }, 'offered')).toBe(false);
    expect(isStillNeeded(aCall(), undefined, course, NOW)).toBe(false);
  });

  test('about an address that does not work is made once, about each offer again', () => {
    const bounced = (kind: RegistrationEvent['kind'], eventId: string) =>
      bounceCallId({ kind, eventId, registrationId: 'reg_482103937' });
    expect(bounced('registration_confirmed', 'evt_1')).toBe(
      bounced('registration_reminder', 'evt_2'),
    );
    expect(bounced('registration_offered', 'evt_1')).not.toBe(
      bounced('registration_offered', 'evt_2'),
    );
    expect(bounced('registration_survey', 'evt_1')).toBeUndefined();
  });

  test('about too many mails is one a day for an address, and one for each offer', () => {
    const limited = (kind: RegistrationEvent['kind'], eventId: string) =>
      limitCallId({ kind, eventId, registrationId: 'reg_482103937' }, 'address-day');
    expect(limited('registration_confirmed', 'evt_1')).toBe(
      limited('registration_confirmed', 'evt_2'),
    );
    expect(limited('registration_offered', 'evt_1')).toBe('limit-evt_1');
  });
});
