/** Who may take part, seat or wait or refusal, what happens next, and what an offer promises. */
import { describe, expect, test } from 'vitest';
import { instantInTokyo } from '../../functions/calendar/rules.ts';
import { isNationalHoliday } from '../../functions/centre/holidays.ts';
import { answerDeadline } from '../../functions/centre/rules.ts';
import { centre } from '../../functions/centre/settings.ts';
import type { Course, SeatPool } from '../../functions/courses/model.ts';
import {
  BookingNumber,
  type Registration,
  RegistrationRequest,
} from '../../functions/registrations/model.ts';
import {
  bookingNumberName,
  decideEligibility,
  decideOffer,
  decideRegistration,
  eligibilityName,
  retentionEnd,
  seatsNeeded,
  tierOf,
  waitPosition,
} from '../../functions/registrations/rules.ts';
import { aRegistration, aSeat, aWaitingRegistration } from '../support/registrations.ts';
import { aCourse, anApplication } from '../support/world.ts';

const NOW = new Date('2026-12-01T03:00:00.000Z');

type Application = Parameters<typeof decideEligibility>[1];

function anApplicant(changes: Partial<Application> = {}): Application {
  return {
    sessionKeys: [],
    participants: [],
    childcare: [],
    courseWithoutChildcare: false,
    adults: undefined,
    dueMonth: undefined,
    meetsConditions: false,
    tiers: [],
    allergy: undefined,
    guardian: undefined,
    ...changes,
  };
}

const born = (...days: string[]): Application =>
  anApplicant({
    participants: days.map((birthDate) => ({ name: '見本 光', kana: 'ミホン ヒカリ', birthDate })),
  });

const forChildren = (eligibility: Partial<Course['eligibility']>): Course =>
  aCourse({
    eligibility: { who: 'child', judgedOn: 'first_session', conditions: [], ...eligibility },
  });

const refusal = (course: Course, application: Application, now = NOW) =>
  decideEligibility(course, application, 'family', now);

describe('a course for the parents of children of an age', () => {
  const child = { name: '見本 空', kana: 'ミホン ソラ', birthDate: '2024-06-01' };
  const eligibility = { minMonths: 12, maxMonthsExclusive: 48 };
  const childcare = { places: 3, minMonths: 6 };
  const both = anApplicant({ participants: [child], childcare: [child] });
  const of = (who: Course['eligibility']['who']) => ({
    ...forChildren({ ...eligibility, who }),
    childcare,
  });

  test('takes the child who is named for the age into childcare; one who attends is not looked after', () => {
    expect(refusal(of('parent'), both)).toBeUndefined();
    expect(refusal(of('child'), both)?.field).toBe('childcare.0.name');
  });

  test('asks the child’s age like any other, and counts no seat for it', () => {
    expect(refusal(of('parent'), born('2020-06-01'))?.field).toBe('participants.0.birthDate');
    const perPerson = { ...of('parent').capacity, countedBy: 'person' as const };
    expect(seatsNeeded({ ...of('parent'), capacity: perPerson }, { ...both, adults: 2 })).toBe(2);
    expect(seatsNeeded({ ...of('child'), capacity: perPerson }, { ...both, adults: 2 })).toBe(3);
  });
});

describe('an age that does not fit', () => {
  const course = forChildren({ minMonths: 2, maxMonthsExclusive: 5 });

  test('is explained in a sentence with the day, the range and the age worked out', () => {
    expect(refusal(course, born('2026-04-20'))).toEqual({
      refused: 'not_eligible',
      field: 'participants.0.birthDate',
      sentence:
        'お子さんの生年月日を確認してください。12月10日（木） に 2か月〜5か月未満 の方が対象です。入力された日付では 7か月 になります。',
    });
  });

  test.each([
    ['2026-10-11', '1か月'],
    ['2026-12-01', '0か月'],
    ['2026-07-10', '5か月'],
    ['2024-12-10', '2歳'],
    ['2024-06-10', '2歳6か月'],
  ])('born on %s: %s', (birthDate, age) => {
    expect(refusal(course, born(birthDate))?.sentence).toContain(
      `入力された日付では ${age} になります。`,
    );
  });

  test.each(['2026-10-10', '2026-07-11', '2026-09-30'])('born on %s fits', (birthDate) => {
    expect(refusal(course, born(birthDate))).toBeUndefined();
  });

  test('is said of the child that it is about, the first of several', () => {
    expect(refusal(course, born('2026-09-01', '2024-06-10', '2024-06-10'))?.field).toBe(
      'participants.1.birthDate',
    );
  });

  test('counts on the first session, not on the day of applying', () => {
    const young = born('2026-10-05');
    expect(refusal(course, young, new Date('2026-11-25T00:00:00Z'))).toBeUndefined();
  });

  test('counts on the session that is chosen', () => {
    const chosen = {
      ...course,
      sessionChoice: 'one_of' as const,
      sessions: [
        { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
        { key: 'B', date: '2027-01-14', start: '10:00', end: '11:00' },
      ],
    };
    const application = (...sessionKeys: string[]) => ({ ...born('2026-11-01'), sessionKeys });
    expect(refusal(chosen, application('A'))?.sentence).toContain('12月10日（木） に');
    expect(refusal(chosen, application('B'))).toBeUndefined();
    // Of several dates the child must fit each.
    expect(refusal(chosen, application('B', 'A'))?.sentence).toContain('12月10日（木） に');
  });

  test('counts on the day that the course names', () => {
    const fixed = forChildren({ maxMonthsExclusive: 12, judgedOn: '2026-04-01' });
    expect(refusal(fixed, born('2025-04-01'))?.sentence).toContain('4月1日（水） に');
    expect(refusal(fixed, born('2025-04-02'))).toBeUndefined();
  });

  test('a birth date that lies ahead is asked again, and no age is worked out', () => {
    const anyAge = forChildren({ minMonths: 0 });
    expect(refusal(anyAge, born('2026-12-01'))).toBeUndefined();
    for (const birthDate of ['2026-12-02', '2026-12-10', '2027-03-01']) {
      expect(refusal(anyAge, born(birthDate))?.sentence).toBe(
        'お子さんの生年月日を確認してください。これから先の日付になっています。',
      );
    }
  });

  test('today is the day in Tokyo, also between midnight and nine', () => {
    const justAfterMidnight = instantInTokyo('2026-12-02', '00:30');
    expect(refusal(forChildren({ minMonths: 0 }), born('2026-12-02'), justAfterMidnight)).toBe(
      undefined,
    );
  });

  test('a child who was not born yet on the day that counts is told so', () => {
    const fixed = forChildren({ minMonths: 0, maxMonthsExclusive: 12, judgedOn: '2026-04-01' });
    expect(refusal(fixed, born('2026-06-01'))?.sentence).toBe(
      'お子さんの生年月日を確認してください。4月1日（水） より後の日付になっています。',
    );
  });

  test('of a grown-up is said of the person who takes part', () => {
    const adults = forChildren({ who: 'self', minMonths: 18 * 12 });
    expect(refusal(adults, born('2010-05-05'))?.sentence).toBe(
      '参加する方の生年月日を確認してください。12月10日（木） に 18歳以上 の方が対象です。入力された日付では 16歳7か月 になります。',
    );
  });
});

describe('a school year that does not fit', () => {
  test('is explained with the school year', () => {
    const course = forChildren({ minSchoolYear: 5, maxSchoolYear: 9 });
    expect(refusal(course, born('2019-10-15'))?.sentence).toBe(
      'お子さんの生年月日を確認してください。12月10日（木） に 小学5年生〜中学3年生 の方が対象です。入力された日付では 小学1年生 になります。',
    );
    expect(refusal(course, born('2015-10-15'))).toBeUndefined();
  });

  test('is an age as long as the child is before school', () => {
    const course = forChildren({ minSchoolYear: 1, maxSchoolYear: 3 });
    expect(refusal(course, born('2022-12-10'))?.sentence).toContain(
      '入力された日付では 4歳 になります。',
    );
  });

  test('parts children of one age at the 1st and the 2nd of April', () => {
    const firstYear = forChildren({ minSchoolYear: 1, maxSchoolYear: 1 });
    expect(refusal(firstYear, born('2020-04-01'))).toBeUndefined();
    expect(refusal(firstYear, born('2020-04-02'))).toMatchObject({ refused: 'not_eligible' });
    const beforeSchool = forChildren({ minMonths: 0, maxSchoolYear: 0 });
    expect(refusal(beforeSchool, born('2020-04-02'))).toBeUndefined();
    expect(refusal(beforeSchool, born('2020-04-01'))?.sentence).toContain('小学1年生 になります。');
  });
});

describe('whom a course is for, in words', () => {
  test.each([
    [{ minMonths: 2, maxMonthsExclusive: 5 }, '2か月〜5か月未満'],
    [{ minMonths: 0, maxMonthsExclusive: 12 }, '0か月〜1歳未満'],
    [{ maxMonthsExclusive: 12 }, '1歳未満'],
    [{ maxMonthsExclusive: 36 }, '2歳まで'],
    [{ minMonths: 12, maxMonthsExclusive: 36 }, '1歳〜2歳'],
    [{ minMonths: 18, maxSchoolYear: 0 }, '1歳6か月〜就学前'],
    [{ minMonths: 0, maxSchoolYear: 0 }, '0か月〜就学前'],
    [{ maxSchoolYear: 6 }, '小学6年生まで'],
    [{ minSchoolYear: 5 }, '小学5年生以上'],
    [{ minSchoolYear: 5, maxSchoolYear: 5 }, '小学5年生'],
    [{ minMonths: 144, maxMonthsExclusive: 228 }, '12歳〜18歳'],
    [{ minMonths: 216 }, '18歳以上'],
    [{}, 'すべて'],
  ])('%j is %s', (limits, words) => {
    expect(
      eligibilityName({ who: 'child', judgedOn: 'first_session', conditions: [], ...limits }),
    ).toBe(words);
  });
});

describe('people who are expecting', () => {
  const course = forChildren({ maxMonthsExclusive: 12, expecting: { label: '妊娠中の方' } });

  test('may come to a course that is open to them, until the month they are due', () => {
    expect(refusal(course, anApplicant({ dueMonth: '2026-12' }))).toBeUndefined();
    expect(refusal(course, anApplicant({ dueMonth: '2027-06' }))).toBeUndefined();
    expect(refusal(course, anApplicant({ dueMonth: '2026-11' }))).toEqual({
      refused: 'not_eligible',
      field: 'dueMonth',
      sentence: '出産予定の月を確認してください。12月10日（木） に妊娠中の方が対象です。',
    });
  });

  test('are asked for the child where the course is not open to them', () => {
    expect(refusal(forChildren({}), anApplicant({ dueMonth: '2027-01' }))).toMatchObject({
      refused: 'not_eligible',
      sentence: 'お子さんのお名前と生年月日を書いてください。',
    });
  });

  test('whoever writes neither child nor month is told that either will do', () => {
    expect(refusal(course, anApplicant())?.sentence).toBe(
      'お子さんの生年月日か、出産予定の月を書いてください。',
    );
  });

  test('a child beside the month is judged as a child', () => {
    const both = { ...born('2024-01-01'), dueMonth: '2027-01' };
    expect(refusal(course, both)).toMatchObject({ field: 'participants.0.birthDate' });
  });
});

describe('who is asked for', () => {
  test('a course for anyone asks nobody for a birth date', () => {
    expect(refusal(forChildren({ who: 'anyone' }), anApplicant())).toBeUndefined();
  });

  test('a course for oneself takes one person a form', () => {
    const self = forChildren({ who: 'self' });
    expect(refusal(self, anApplicant())?.sentence).toBe(
      '参加する方のお名前と生年月日を書いてください。',
    );
    expect(refusal(self, born('1990-01-01', '1991-01-01'))).toMatchObject({
      refused: 'not_eligible',
      field: 'participants.1.name',
    });
    expect(refusal(self, born('1990-01-01'))).toBeUndefined();
  });

  test('a condition that only the applicant knows must be ticked, by anyone', () => {
    for (const who of ['child', 'anyone'] as const) {
      const twins = forChildren({ who, conditions: ['多胎'] });
      expect(refusal(twins, born('2026-06-01'))).toEqual({
        refused: 'not_eligible',
        field: 'meetsConditions',
        sentence:
          'この講座は「多胎」の方が対象です。あてはまるときは、確認の欄にチェックを入れてください。',
      });
      expect(refusal(twins, { ...born('2026-06-01'), meetsConditions: true })).toBeUndefined();
    }
  });
});

describe('when and where a course can be booked', () => {
  const applying = (course: Partial<Course>, now: Date, ...sessionKeys: string[]) =>
    refusal(aCourse(course), { ...born('2026-06-01'), sessionKeys }, now)?.refused;

  test('from the instant of opening until the instant before closing', () => {
    const opens = Date.parse('2026-11-24T00:00:00.000Z');
    const closes = Date.parse('2026-12-09T08:00:00.000Z');
    expect(applying({}, new Date(opens - 1))).toBe('window_not_open');
    expect(applying({}, new Date(opens))).toBeUndefined();
    expect(applying({}, new Date(closes - 1))).toBeUndefined();
    expect(applying({}, new Date(closes))).toBe('window_closed');
  });

  test('the sentence says when', () => {
    const early = refusal(aCourse(), born('2026-06-01'), new Date('2026-11-01T00:00:00Z'));
    const late = refusal(aCourse(), born('2026-06-01'), new Date('2026-12-09T09:00:00Z'));
    expect(early?.sentence).toBe('申し込みは 11月24日（火）9時 から始まります。');
    expect(late?.sentence).toBe('申し込みは 12月9日（水）17時 に終わりました。');
  });

  test('never once its session has begun, even while the window is open', () => {
    const late = { application: { method: 'first_come' as const } };
    const start = Date.parse('2026-12-10T01:00:00.000Z');
    expect(applying(late, new Date(start - 1))).toBeUndefined();
    expect(applying(late, new Date(start))).toBe('window_closed');
  });

  test('a draft and a hidden course are not there; one that is called off says so', () => {
    expect(applying({ publication: 'draft' }, NOW)).toBe('course_not_found');
    expect(applying({ publication: 'hidden' }, NOW)).toBe('course_not_found');
    expect(applying({ publication: 'cancelled' }, NOW)).toBe('course_cancelled');
    expect(decideEligibility(undefined, born('2026-06-01'), 'family', NOW)?.refused).toBe(
      'course_not_found',
    );
  });

  test('what staff offer is taken by staff only, and where nothing is applied for by nobody', () => {
    const byStaff = aCourse({ application: { method: 'staff' } });
    const apply = born('2026-06-01');
    expect(refusal(byStaff, apply)).toMatchObject({
      refused: 'course_not_bookable_online',
      sentence: expect.stringContaining('お電話'),
    });
    expect(decideEligibility(byStaff, apply, 'staff', NOW)).toBeUndefined();
    const walkIn = aCourse({ application: { method: 'none' } });
    for (const by of ['family', 'staff'] as const) {
      expect(decideEligibility(walkIn, apply, by, NOW)?.refused).toBe('course_not_bookable_online');
    }
  });

  test('a lottery, several dates and childcare beside an open course are applied for here', () => {
    expect(applying({ application: { method: 'lottery' } }, NOW)).toBeUndefined();
    expect(applying({ sessionChoice: 'each' }, NOW, '1')).toBeUndefined();
    const openToAll = aCourse({
      application: { method: 'none' },
      childcare: { places: 3, minMonths: 6 },
    });
    const child = { name: '見本 光', kana: 'ミホン ヒカリ', birthDate: '2025-06-01' };
    expect(refusal(openToAll, anApplicant({ childcare: [child] }))).toBeUndefined();
    expect(refusal(openToAll, anApplicant())).toMatchObject({
      refused: 'not_eligible',
      field: 'childcare.0.name',
    });
  });

  test('after a draw, leftover seats are taken until the day that is set for them', () => {
    const drawn: Partial<Course> = {
      application: {
        method: 'lottery',
        closesAt: '2026-11-25T00:00:00.000Z',
        leftoverClosesAt: '2026-12-05T00:00:00.000Z',
      },
    };
    expect(applying(drawn, NOW)).toBe('window_closed');
    const later = { ...drawn, drawnAt: '2026-11-28T00:00:00.000Z' };
    expect(applying(later, NOW)).toBeUndefined();
    expect(applying(later, new Date('2026-12-05T00:00:00.000Z'))).toBe('window_closed');
  });

  test('a session must be chosen where there is a choice, must exist, and is chosen once', () => {
    for (const sessionChoice of ['one_of', 'each'] as const) {
      expect(applying({ sessionChoice }, NOW)).toBe('session_required');
      expect(applying({ sessionChoice }, NOW, '9')).toBe('session_required');
      expect(applying({ sessionChoice }, NOW, '1', '9')).toBe('session_required');
      expect(applying({ sessionChoice }, NOW, '1', '1')).toBe('session_required');
      expect(applying({ sessionChoice }, NOW, '1')).toBeUndefined();
    }
  });

  test('of several dates none may have begun', () => {
    const sessions = [
      { key: 'A', date: '2026-12-01', start: '10:00', end: '11:00' },
      { key: 'B', date: '2026-12-10', start: '10:00', end: '11:00' },
    ];
    const course = { sessionChoice: 'each' as const, sessions };
    expect(applying(course, NOW, 'B')).toBeUndefined();
    expect(applying(course, NOW, 'A', 'B')).toBe('window_closed');
  });
});

describe('children who are looked after meanwhile', () => {
  const course = aCourse({ childcare: { places: 3, minMonths: 12 } });
  const child = (birthDate: string) => ({ name: '見本 望', kana: 'ミホン ノゾミ', birthDate });
  const withChild = (birthDate: string, of = course) =>
    refusal(of, { ...born('2026-06-01'), childcare: [child(birthDate)] });

  test('are judged by an age of their own: from so many months until school begins', () => {
    expect(withChild('2025-12-10')).toBeUndefined();
    expect(withChild('2025-12-11')).toMatchObject({
      refused: 'not_eligible',
      field: 'childcare.0.birthDate',
      sentence: expect.stringContaining('入力された日付では 11か月 になります。'),
    });
    expect(withChild('2020-04-02')).toBeUndefined();
    expect(withChild('2020-04-01')).toMatchObject({ field: 'childcare.0.birthDate' });
  });

  test('are not taken where there is no childcare', () => {
    expect(withChild('2025-01-01', aCourse())).toMatchObject({
      refused: 'not_eligible',
      sentence: 'この講座には、保育がありません。',
    });
  });

  test('take part or are looked after, not both', () => {
    const [participant] = born('2025-12-31').participants;
    if (!participant) throw new Error('Nobody');
    const both = anApplicant({ participants: [participant], childcare: [participant] });
    const open = aCourse({
      eligibility: { who: 'child', judgedOn: 'first_session', conditions: [] },
      childcare: { places: 3, minMonths: 6 },
    });
    expect(refusal(open, both)).toMatchObject({ field: 'childcare.0.name' });
  });
});

describe('what a course asks besides', () => {
  const asks = aCourse({ asks: ['allergy', 'guardian'] });
  const guardian = { name: '見本 太郎', phone: '0420000101' };

  test('must be answered, with a sentence for each', () => {
    expect(refusal(asks, born('2026-06-01'))).toMatchObject({
      refused: 'answer_missing',
      field: 'allergy',
    });
    expect(refusal(asks, { ...born('2026-06-01'), allergy: 'なし' })).toMatchObject({
      refused: 'answer_missing',
      field: 'guardian.name',
    });
    expect(refusal(asks, { ...born('2026-06-01'), allergy: 'なし', guardian })).toBeUndefined();
  });

  test('the adults who come are counted where every person takes a seat', () => {
    const room = aCourse({ capacity: { ...aCourse().capacity, countedBy: 'person' } });
    expect(refusal(room, born('2026-06-01'))).toMatchObject({ field: 'adults' });
    expect(refusal(room, { ...born('2026-06-01'), adults: 2 })).toBeUndefined();
    expect(seatsNeeded(room, { ...born('2026-06-01'), adults: 2 })).toBe(3);
  });

  test('the priority in a draw is the first that is ticked, else the one after all', () => {
    const lottery = {
      tiers: [
        { key: 'first', label: 'はじめての方' },
        { key: 'near', label: '市内の方' },
      ],
      publicValueName: '番号',
      confirmDays: 7,
    };
    expect(tierOf({ lottery }, ['near', 'first'])).toBe(0);
    expect(tierOf({ lottery }, ['near'])).toBe(1);
    expect(tierOf({ lottery }, [])).toBe(2);
    expect(tierOf({ lottery }, ['nothing of these'])).toBe(2);
  });
});

describe('seat, waitlist place or refusal', () => {
  const pool = (changes: Partial<SeatPool>): SeatPool => ({
    courseId: 'crs_test-1',
    key: 'all',
    capacity: 20,
    free: 0,
    waitlistCapacity: 10,
    waiting: 0,
    waitingNumbers: [],
    kind: 'seat' as const,
    ...changes,
  });
  const decide = (changes: Partial<SeatPool>, children = 1, course: Partial<Course> = {}) => {
    const plan = decideRegistration(
      { course: aCourse(course), pools: [pool(changes)] },
      born(...Array<string>(children).fill('2026-06-01')),
      { by: 'family', waitNumber: 7, now: NOW },
    );
    return 'refused' in plan ? plan : plan.places;
  };
  const seats = (count: number) => [{ poolKey: 'all', kind: 'seat', count, status: 'confirmed' }];
  const wait = (count: number) => [
    { poolKey: 'all', kind: 'seat', count, status: 'waiting', waitNumber: 7 },
  ];
  const perChild = {
    capacity: { ...aCourse().capacity, countedBy: 'participant' as const, unit: '人' as const },
  };

  test('an application takes one seat, or one for each participant where people are counted', () => {
    expect(seatsNeeded(aCourse(), born('2026-06-01', '2026-06-01'))).toBe(1);
    expect(seatsNeeded(aCourse(perChild), born('2026-06-01', '2026-06-01', '2026-06-01'))).toBe(3);
    expect(seatsNeeded(aCourse(perChild), anApplicant({ dueMonth: '2027-01' }))).toBe(1);
  });

  test('the last seat is given, the next family waits, and when nobody may wait any more it is full', () => {
    expect(decide({ free: 1 })).toEqual(seats(1));
    expect(decide({ free: 0 })).toEqual(wait(1));
    expect(decide({ free: 0, waiting: 9 })).toEqual(wait(1));
    expect(decide({ free: 0, waiting: 10 })).toMatchObject({ refused: 'course_full' });
    expect(decide({ free: 0, waitlistCapacity: 0 })).toMatchObject({ refused: 'course_full' });
  });

  test('nobody overtakes those who wait, although a seat is free', () => {
    expect(decide({ free: 1, waiting: 1 })).toEqual(wait(1));
    expect(decide({ free: 1, waiting: 10 })).toMatchObject({ refused: 'course_full' });
  });

  test('three children wait where two seats are left, or are told how many are', () => {
    expect(decide({ free: 2 }, 3, perChild)).toEqual(wait(3));
    expect(decide({ free: 2, waitlistCapacity: 0 }, 3, perChild)).toEqual({
      refused: 'course_full',
      sentence: '残りの席は 2 です。人数を変えるか、お電話でご相談ください。',
    });
  });

  test('nobody waits for more seats than there are in all', () => {
    expect(decide({ capacity: 2, free: 0 }, 3, perChild)).toMatchObject({ refused: 'course_full' });
  });

  test('who may not take part is told so before anything about seats', () => {
    expect(
      decideRegistration({ course: aCourse(), pools: [pool({})] }, born('2020-01-01'), {
        by: 'family',
        waitNumber: 7,
        now: NOW,
      }),
    ).toMatchObject({ refused: 'not_eligible' });
  });
});

describe('an offer from the waitlist', () => {
  const answerBy = (wished: Date, latest: Date) =>
    answerDeadline(centre, isNationalHoliday, wished, latest);
  const offer = (
    waiting: readonly Registration[],
    now: Date,
    free = 1,
    course: Course = aCourse(),
  ) => {
    const { courseId } = course;
    const pool = { courseId, key: 'all', kind: 'seat' as const, capacity: 20, free };
    const queue = { waitlistCapacity: 10, waiting: waiting.length, waitingNumbers: [] };
    return decideOffer(
      { course, pools: [{ ...pool, ...queue }], poolKey: 'all', waiting },
      centre.booking,
      answerBy,
      now,
    );
  };
  const deadlineAt = (now: Date, course?: Course) =>
    offer([aWaitingRegistration()], now, 1, course)?.expiresAt;
  const tokyo = (day: string, time: string) => instantInTokyo(day, time);

  test('stays open for a day', () => {
    expect(deadlineAt(tokyo('2026-12-01', '12:00'))).toBe(
      tokyo('2026-12-02', '12:00').toISOString(),
    );
  });

  test('that would end at night, on Sunday or over New Year leaves the next open morning to call', () => {
    const january = aCourse({
      sessions: [{ key: '1', date: '2027-01-20', start: '10:00', end: '11:30' }],
    });
    const moved = (day: string, time: string) => deadlineAt(tokyo(day, time), january);
    expect(moved('2026-12-01', '20:00')).toBe(tokyo('2026-12-03', '12:00').toISOString());
    expect(moved('2026-12-02', '03:00')).toBe(tokyo('2026-12-03', '12:00').toISOString());
    expect(moved('2026-12-05', '10:00')).toBe(tokyo('2026-12-07', '12:00').toISOString());
    expect(moved('2026-12-28', '10:00')).toBe(tokyo('2027-01-04', '12:00').toISOString());
  });

  test('ends while the telephone is answered, two hours before the session at the latest', () => {
    const eve = tokyo('2026-12-09', '17:00').toISOString();
    expect(deadlineAt(tokyo('2026-12-09', '10:00'))).toBe(eve);
    const afternoon = aCourse({
      sessions: [{ key: '1', date: '2026-12-10', start: '14:00', end: '15:00' }],
    });
    expect(deadlineAt(tokyo('2026-12-09', '16:00'), afternoon)).toBe(
      tokyo('2026-12-10', '12:00').toISOString(),
    );
  });

  test('leaves at least two hours to answer, or is not made', () => {
    expect(deadlineAt(tokyo('2026-12-09', '15:00'))).toBe(
      tokyo('2026-12-09', '17:00').toISOString(),
    );
    expect(deadlineAt(tokyo('2026-12-09', '15:01'))).toBeUndefined();
    expect(deadlineAt(tokyo('2026-12-11', '12:00'))).toBeUndefined();
  });

  test('goes to the first in order, whatever the order in which they were read', () => {
    const [first, second, third] = [
      aWaitingRegistration(),
      aWaitingRegistration(),
      aWaitingRegistration(),
    ];
    expect(offer([third, first, second], NOW)?.registration).toBe(first);
  });

  test('goes to the first whose seats are free: a family of three keeps no single seat empty', () => {
    const [family, single, pair] = [
      aWaitingRegistration({ count: 3 }),
      aWaitingRegistration({ count: 1 }),
      aWaitingRegistration({ count: 2 }),
    ];
    expect(offer([family, single, pair], NOW, 1)?.registration).toBe(single);
    expect(offer([family, single, pair], NOW, 3)?.registration).toBe(family);
    expect(offer([family, pair], NOW, 1)).toBeUndefined();
    expect(offer([], NOW, 1)).toBeUndefined();
  });

  test('passes over somebody whose date is too near to ask, where dates share their seats', () => {
    const course = aCourse({
      sessionChoice: 'one_of',
      sessions: [
        { key: 'A', date: '2026-12-01', start: '13:00', end: '14:00' },
        { key: 'B', date: '2026-12-10', start: '10:00', end: '11:00' },
      ],
    });
    const [soon, later] = [
      aWaitingRegistration({ sessionKey: 'A' }),
      aWaitingRegistration({ sessionKey: 'B' }),
    ];
    expect(offer([soon, later], NOW, 1, course)?.registration).toBe(later);
  });

  test('goes to nobody who no longer waits: the index of those who wait may lag', () => {
    const waiting = aWaitingRegistration();
    const gone = aRegistration({ places: [aSeat({ status: 'cancelled', waitNumber: 1 })] });
    expect(offer([gone, waiting], NOW)?.registration).toBe(waiting);
  });

  test('is not made for a course that is called off or hidden', () => {
    for (const publication of ['cancelled', 'hidden', 'draft'] as const) {
      expect(offer([aWaitingRegistration()], NOW, 1, aCourse({ publication }))).toBeUndefined();
    }
  });
});

describe('numbers', () => {
  test('a place in the queue counts those with a smaller number, gaps and all', () => {
    const numbers = [10, 25, 30];
    expect(waitPosition({ waitNumber: 10 }, numbers)).toBe(1);
    expect(waitPosition({ waitNumber: 25 }, numbers)).toBe(2);
    expect(waitPosition({ waitNumber: 30 }, numbers)).toBe(3);
    expect(waitPosition({ waitNumber: 30 }, [30])).toBe(1);
  });

  test('a booking number is read aloud in threes, and read back however it is typed', () => {
    expect(bookingNumberName('reg_482103937')).toBe('482-103-937');
    for (const typed of [
      '482-103-937',
      '482103937',
      ' 482 103 937 ',
      '４８２－１０３－９３７',
      '482ー103ー937',
      '482・103・937',
      '受付番号 482-103-937',
    ]) {
      expect(BookingNumber.parse(typed)).toBe('reg_482103937');
    }
    for (const typed of ['48210393', '4821039370', '082103937', 'abc', '']) {
      expect(BookingNumber.safeParse(typed).success).toBe(false);
    }
  });

  test('the personal data of a booking goes the stated number of days after the last session', () => {
    expect(retentionEnd(aCourse(), 365).toISOString()).toBe('2027-12-10T02:30:00.000Z');
  });
});

describe('the form as it is sent', () => {
  const parse = (changes: Record<string, unknown>) =>
    RegistrationRequest.safeParse(anApplication('crs_test-1', 1, changes));

  test('rows of children that were left empty are no children', () => {
    const empty = { name: ' ', kana: '', birthDate: { year: '', month: '', day: '' } };
    const { participants } = parse({
      participants: [empty, { name: '見本 光', kana: 'ミホン', birthDate: '2026-06-01' }, empty],
    }).data ?? { participants: [] };
    expect(participants).toHaveLength(1);
    expect(parse({ participants: undefined }).data?.participants).toEqual([]);
  });

  test('a row that was begun must be finished', () => {
    const begun = { name: '見本 光', kana: '', birthDate: { year: '', month: '', day: '' } };
    expect(parse({ participants: [begun] }).success).toBe(false);
  });

  test('a tick is `on` or absent', () => {
    expect(parse({ meetsConditions: 'on' }).data?.meetsConditions).toBe(true);
    expect(parse({}).data?.meetsConditions).toBe(false);
    expect(parse({ meetsConditions: 'yes' }).success).toBe(false);
  });

  test('the due month is two fields, in Japanese years too, or none', () => {
    expect(parse({ dueMonth: { year: '令和9', month: '１' } }).data?.dueMonth).toBe('2027-01');
    expect(parse({ dueMonth: { year: '', month: '' } }).data?.dueMonth).toBeUndefined();
    expect(parse({ dueMonth: { year: '2027', month: '' } }).success).toBe(false);
    expect(parse({ dueMonth: { year: '2027', month: '13' } }).success).toBe(false);
  });

  test('an empty e-mail address is none', () => {
    const applicant = { name: '見本', kana: 'ミホン', phone: '042-000-0100', email: ' ' };
    expect(parse({ applicant }).data?.applicant.email).toBeUndefined();
  });

  test('needs may have several lines, but no control characters', () => {
    expect(parse({ needs: '車いすで行きます。\r\n段差が心配です。' }).success).toBe(true);
    expect(parse({ needs: '\u0000' }).success).toBe(false);
    expect(parse({ needs: 'あ'.repeat(501) }).success).toBe(false);
  });

  test('at most six children', () => {
    const child = { name: '見本 光', kana: 'ミホン', birthDate: '2026-06-01' };
    expect(parse({ participants: Array(6).fill(child) }).success).toBe(true);
    expect(parse({ participants: Array(7).fill(child) }).success).toBe(false);
  });
});
