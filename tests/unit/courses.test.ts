/** What a course says about itself at an instant, and what an edit of the desk becomes. */
import { describe, expect, test } from 'vitest';
import { centre } from '../../functions/centre/settings.ts';
import { courseCalendar } from '../../functions/courses/calendar-file.ts';
import type { Course, CourseStatusEntry, SeatPool } from '../../functions/courses/model.ts';
import {
  bookedSessions,
  type CourseStatus,
  cancelDeadline,
  courseStatus,
  endsAt,
  firstSession,
  isBookableOnline,
  judgingDay,
  lastSession,
  monthsOf,
  poolKey,
  seatsLeft,
  startsAt,
  statusEntry,
  statusInstants,
  statusName,
} from '../../functions/courses/rules.ts';
import {
  callsFor,
  formLinkName,
  seatsName,
  statusSentence,
} from '../../functions/courses/words.ts';
import { aCourse } from '../support/world.ts';

const OPENS = '2026-11-24T00:00:00.000Z';
const CLOSES = '2026-12-09T08:00:00.000Z';
const ENDS = '2026-12-10T02:30:00.000Z';

const justBefore = (instant: string) => new Date(Date.parse(instant) - 1);
const at = (instant: string) => new Date(instant);

function aPool(changes: Partial<SeatPool> = {}): SeatPool {
  return {
    courseId: 'crs_test-1',
    key: 'all',
    capacity: 20,
    free: 20,
    waitlistCapacity: 10,
    waiting: 0,
    waitingNumbers: [],
    kind: 'seat' as const,
    ...changes,
  };
}

function statusAt(now: Date, course: Partial<Course> = {}, pools = [aPool()]): CourseStatus {
  return courseStatus(statusEntry(aCourse(course), pools), now);
}

describe('the status of a first-come course', () => {
  test('is 「まもなく開始」 until the very instant of opening', () => {
    expect(statusAt(at('2026-11-01T00:00:00.000Z'))).toBe('soon');
    expect(statusAt(justBefore(OPENS))).toBe('soon');
    expect(statusAt(at(OPENS))).toBe('open');
  });

  test('is 「申込受付中」 until the very instant of closing', () => {
    expect(statusAt(justBefore(CLOSES))).toBe('open');
    expect(statusAt(at(CLOSES))).toBe('closed');
  });

  test('is 「受付終了」 at the end of the last session, whatever the window says', () => {
    const window = { application: { method: 'first_come' as const } };
    expect(statusAt(justBefore(ENDS), window)).toBe('open');
    expect(statusAt(at(ENDS), window)).toBe('closed');
    expect(statusAt(at('2030-01-01T00:00:00.000Z'))).toBe('closed');
  });

  test('is full with or without a waitlist when no seat is left', () => {
    const now = at(OPENS);
    expect(statusAt(now, {}, [aPool({ free: 0 })])).toBe('full_waitlist');
    expect(statusAt(now, {}, [aPool({ free: 0, waiting: 10 })])).toBe('full');
    expect(statusAt(now, {}, [aPool({ free: 0, waitlistCapacity: 0 })])).toBe('full');
  });

  test('is not open while somebody waits, although a seat is free: it is for those who wait', () => {
    const pools = [aPool({ free: 1, waiting: 2 })];
    expect(statusAt(at(OPENS), {}, pools)).toBe('full_waitlist');
    expect(seatsLeft(statusEntry(aCourse(), pools), at(OPENS))).toBe(0);
  });

  test('counts the sessions of a choice together: open as long as one of them has a seat', () => {
    const pools = [aPool({ key: 'A', free: 0, waiting: 10 }), aPool({ key: 'B', free: 1 })];
    expect(statusAt(at(OPENS), {}, pools)).toBe('open');
    expect(seatsLeft(statusEntry(aCourse(), pools), at(OPENS))).toBe(1);
  });

  test('shrinking the waitlist below those who wait never shows negative places', () => {
    const entry = statusEntry(aCourse(), [aPool({ free: 0, waitlistCapacity: 2, waiting: 5 })]);
    expect(entry.pools['all']).toEqual({ free: 0, waitlistFree: 0, waiting: 5 });
  });
});

describe('the status of other courses', () => {
  test('a course that is called off says so before, during and after', () => {
    for (const now of [justBefore(OPENS), at(OPENS), at(CLOSES), at(ENDS)]) {
      expect(statusAt(now, { publication: 'cancelled' })).toBe('cancelled');
    }
  });

  test('a lottery says when it begins, when it is open and when it is over', () => {
    const lottery = {
      application: { method: 'lottery' as const, opensAt: OPENS, closesAt: CLOSES },
    };
    expect(statusAt(justBefore(OPENS), lottery)).toBe('soon');
    expect(statusAt(at(OPENS), lottery)).toBe('lottery_open');
    expect(statusAt(at(CLOSES), lottery)).toBe('closed');
  });

  test('what staff take by telephone, and what needs no application, say so until the end', () => {
    expect(statusAt(at(OPENS), { application: { method: 'staff' } })).toBe('phone_only');
    expect(statusAt(at(ENDS), { application: { method: 'staff' } })).toBe('closed');
    expect(statusAt(at(OPENS), { application: { method: 'none' } })).toBe('no_application');
    expect(statusAt(at(ENDS), { application: { method: 'none' } })).toBe('closed');
  });

  test('every course with something to apply for is booked on this site, but for what staff offer', () => {
    expect(isBookableOnline(aCourse())).toBe(true);
    expect(isBookableOnline(aCourse({ sessionChoice: 'one_of' }))).toBe(true);
    expect(isBookableOnline(aCourse({ sessionChoice: 'each' }))).toBe(true);
    expect(isBookableOnline(aCourse({ application: { method: 'lottery' } }))).toBe(true);
    expect(isBookableOnline(aCourse({ application: { method: 'staff' } }))).toBe(false);
    const unlimited = { ...aCourse().capacity, seats: null };
    expect(isBookableOnline(aCourse({ capacity: unlimited }))).toBe(false);
    const childcare = { places: 5, minMonths: 6 };
    expect(isBookableOnline(aCourse({ capacity: unlimited, childcare }))).toBe(true);
    expect(statusAt(at(OPENS), { sessionChoice: 'each' })).toBe('open');
  });

  test('every status is a word', () => {
    for (const words of Object.values(statusName)) expect(words).toMatch(/\p{Script=Han}/u);
  });
});

describe('what the status means to a parent', () => {
  const now = at(OPENS);
  const entry = (pools: SeatPool[], course: Partial<Course> = {}): CourseStatusEntry =>
    statusEntry(aCourse(course), pools);

  test('seats are said as a number, the waitlist as the place one would get', () => {
    expect(seatsName(entry([aPool({ free: 3 })]), 'open', now)).toBe('残り 3 席');
    expect(seatsName(entry([aPool()]), 'soon', now)).toBe('11月24日（火）9時から');
    expect(seatsName(entry([aPool({ free: 0, waiting: 1 })]), 'full_waitlist', now)).toBe(
      'いま申し込むと 2 番目',
    );
    expect(seatsName(entry([aPool()]), 'closed', now)).toBe('');
  });

  test('a sentence says what can be done, and until when', () => {
    const open = entry([aPool()]);
    expect(statusSentence(open, 'open', now)).toBe(
      '先着順です。12月9日（水）17時まで申し込めます。',
    );
    expect(statusSentence(open, 'soon', now)).toContain('11月24日（火）9時から申し込めます。');
    for (const status of Object.keys(statusName) as CourseStatus[]) {
      expect(statusSentence(open, status, now)).toMatch(/。$/);
    }
  });

  test('there is a way on for every status: the form, or the telephone, or nothing is asked', () => {
    const open = entry([aPool()]);
    expect(formLinkName(open, 'open', now)).toBe('申し込みに進む');
    expect(formLinkName(open, 'full_waitlist', now)).toBe('キャンセル待ちに申し込む');
    expect(formLinkName(open, 'full', now)).toBeUndefined();
    expect(callsFor('full')).toBe(true);
    expect(callsFor('open')).toBe(false);
    expect(callsFor('phone_only')).toBe(true);
  });
});

describe('the sessions of a course', () => {
  const sessions = [
    { key: '2', date: '2027-01-20', start: '10:00', end: '11:30' },
    { key: '1', date: '2026-12-16', start: '10:00', end: '11:30' },
    { key: '3', date: '2027-01-20', start: '13:00', end: '14:00' },
  ];

  test('are ordered by time, not by the order in which they were written', () => {
    expect(firstSession(sessions).key).toBe('1');
    expect(lastSession(sessions).key).toBe('3');
    expect(monthsOf({ sessions })).toEqual(['2026-12', '2027-01']);
    expect(() => firstSession([])).toThrow();
  });

  test('times are those of Tokyo', () => {
    expect(startsAt(firstSession(sessions)).toISOString()).toBe('2026-12-16T01:00:00.000Z');
    expect(endsAt(lastSession(sessions)).toISOString()).toBe('2027-01-20T05:00:00.000Z');
  });

  test('a booking is for all of them, or for the chosen one, or for none that exists', () => {
    const booked = (sessionChoice: Course['sessionChoice'], key: string | undefined) =>
      bookedSessions({ sessions, sessionChoice }, key).map((session) => session.key);
    expect(booked('all', undefined)).toEqual(['2', '1', '3']);
    expect(booked('one_of', '2')).toEqual(['2']);
    expect(booked('one_of', undefined)).toEqual([]);
    expect(booked('one_of', '9')).toEqual([]);
  });

  test('seats are those of the course, or of the session where the limit is by session', () => {
    const shared = aCourse();
    const apart = aCourse({ capacity: { ...shared.capacity, perSession: true } });
    expect(poolKey(shared, 'A')).toBe('all');
    expect(poolKey(apart, 'A')).toBe('A');
  });

  test('cancelling ends the day before the first session, at the hour that the centre says', () => {
    expect(cancelDeadline(sessions, '17:00').toISOString()).toBe('2026-12-15T08:00:00.000Z');
    const newYear = [{ key: '1', date: '2027-01-01', start: '10:00', end: '11:00' }];
    expect(cancelDeadline(newYear, '17:00').toISOString()).toBe('2026-12-31T08:00:00.000Z');
  });

  test('ages count on the day that the course says, else on the first session attended', () => {
    const chosen = aCourse({ sessions, sessionChoice: 'one_of' });
    expect(judgingDay(chosen, '3')).toBe('2027-01-20');
    expect(judgingDay(chosen, undefined)).toBe('2026-12-16');
    const fixed = aCourse({
      sessions,
      sessionChoice: 'one_of',
      eligibility: { who: 'child', judgedOn: '2026-04-01', conditions: [] },
    });
    expect(judgingDay(fixed, '3')).toBe('2026-04-01');
  });

  test('the status changes by the clock at opening, closing and end, and at no other instant', () => {
    expect(statusInstants(aCourse())).toEqual([OPENS, CLOSES, ENDS]);
    expect(statusInstants(aCourse({ application: { method: 'none' } }))).toEqual([ENDS]);
    const course = aCourse();
    const instants = statusInstants(course);
    for (let hour = 0; hour < 24 * 30; hour += 1) {
      const from = new Date(Date.parse('2026-11-20T00:00:00.000Z') + hour * 3_600_000);
      const to = new Date(from.getTime() + 3_600_000);
      const changed = statusAt(from) !== statusAt(to);
      const named = instants.some((at) => at > from.toISOString() && at <= to.toISOString());
      if (changed) expect(named).toBe(true);
    }
  });
});

describe('the calendar file', () => {
  test('writes times in UTC, keeps the UID over versions and counts them, on a host in any zone', () => {
    const zone = process.env['TZ'];
    const course = aCourse({ courseId: 'crs_calendar', version: 3 });
    try {
      for (const host of ['UTC', 'Asia/Tokyo', 'America/New_York']) {
        process.env['TZ'] = host;
        const lines = courseCalendar(course, course.sessions, centre).split('\r\n');
        expect(lines).toContain('DTSTART:20261210T010000Z');
        expect(lines).toContain('DTEND:20261210T023000Z');
        expect(lines).toContain('UID:crs_calendar-1@hidamari');
        expect(lines).toContain('SEQUENCE:3');
        expect(lines).toContain('STATUS:CONFIRMED');
        expect(lines.some((line) => line.includes('TZID'))).toBe(false);
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test('says that a course is called off', () => {
    const course = aCourse({ publication: 'cancelled' });
    expect(courseCalendar(course, course.sessions, centre)).toContain('STATUS:CANCELLED');
  });

  test('has no line longer than 75 octets and no bare line feed', () => {
    const course = aCourse({
      title: '長い名前の講座'.repeat(10),
      summary: 'あいうえお'.repeat(60),
    });
    const file = courseCalendar(course, course.sessions, centre);
    for (const line of file.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toContain('\n');
    }
  });
});
