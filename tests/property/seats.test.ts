/**
 * The rules of seats on paper: the pure decisions, and the conditions of the store written out in a
 * few lines, under any interleaving. A deed looks at one moment and commits at a later one, as
 * requests do that run beside each other.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNationalHoliday } from '../../functions/centre/holidays.ts';
import { answerDeadline } from '../../functions/centre/rules.ts';
import { centre } from '../../functions/centre/settings.ts';
import type { Course, SeatPool } from '../../functions/courses/model.ts';
import { decideEdit } from '../../functions/courses/rules.ts';
import type { Registration, RegistrationStatus } from '../../functions/registrations/model.ts';
import {
  decideChange,
  decideOffer,
  decideRegistration,
  holdsSeat,
  nextStatus,
} from '../../functions/registrations/rules.ts';
import { aDeed, type Deed, pickFor } from '../support/arbitraries.ts';
import { aCourse } from '../support/world.ts';

const LEGAL: Readonly<Record<RegistrationStatus, readonly RegistrationStatus[]>> = {
  confirmed: ['cancelled'],
  waiting: ['offered', 'cancelled'],
  offered: ['confirmed', 'declined', 'lapsed'],
  cancelled: [],
  declined: [],
  lapsed: [],
};

/** What a deed wants to do once it has looked: false when the world changed meanwhile. */
type Commit = () => boolean;

/** The store's rows and conditions, on paper. */
class PaperBook {
  course: Course;
  pool: SeatPool;
  readonly registrations: Registration[] = [];
  now = new Date('2026-12-01T03:00:00.000Z');
  private next = 1;

  private readonly isLimited: boolean;

  /** @param isLimited false leaves the limit out of the commit, as a check that came before it. */
  constructor(seats: number, waitlist: number, isLimited = true) {
    this.isLimited = isLimited;
    this.course = aCourse({
      capacity: { unit: '人', countedBy: 'participant', seats, waitlist, perSession: false },
      sessions: [{ key: '1', date: '2027-06-10', start: '10:00', end: '11:30' }],
      application: { method: 'first_come' },
    });
    this.pool = {
      courseId: this.course.courseId,
      key: 'all',
      capacity: seats,
      free: seats,
      waitlistCapacity: waitlist,
      waiting: 0,
      waitingNumbers: [],
      kind: 'seat' as const,
    };
  }

  /** Looks now; what comes back commits later, under the conditions of the store. */
  look(deed: Deed): Commit {
    switch (deed.do) {
      case 'apply':
        return this.lookToApply(deed.children);
      case 'cancel':
      case 'accept':
      case 'decline':
        return this.lookToChange(deed.do, deed.pick);
      case 'promote':
        return this.lookToPromote();
      case 'edit':
        return this.lookToEdit(deed.capacity, deed.waitlistCapacity);
      case 'wait':
        this.now = new Date(this.now.getTime() + deed.hours * 3_600_000);
        return () => this.lapse();
    }
  }

  private lookToApply(children: number): Commit {
    const participants = Array.from({ length: children }, () => ({
      name: '見本 光',
      kana: 'ミホン ヒカリ',
      birthDate: '2026-11-01',
    }));
    const plan = decideRegistration(
      { course: this.course, pool: { ...this.pool } },
      { participants, meetsConditions: false },
      this.now,
    );
    if ('refused' in plan) return () => true;
    const waitNumber = this.next;
    this.next += 1;
    return () => {
      const { free, waiting, waitlistCapacity } = this.pool;
      if (plan.take === 'seats') {
        if (this.isLimited && (free < plan.seats || waiting > 0)) return false;
        this.move({ free: free - plan.seats });
      } else {
        if (waiting >= waitlistCapacity || (free >= plan.seats && waiting === 0)) return false;
        this.queue(waitNumber, 'join');
      }
      this.registrations.push({
        registrationId: `reg_${100_000_000 + waitNumber}`,
        secret: `${100_000_000 + waitNumber}-AAAAAAAAAAAAAAAAAAAAAA`,
        courseId: this.course.courseId,
        poolKey: 'all',
        status: plan.take === 'seats' ? 'confirmed' : 'waiting',
        seats: plan.seats,
        applicant: { name: '見本 花子', kana: 'ミホン ハナコ', phone: '0420000100' },
        participants,
        mailWithoutLink: false,
        acceptedAt: this.now.toISOString(),
        ...(plan.take === 'wait' ? { waitNumber } : {}),
        householdKeys: [],
        revision: 1,
        expiresAt: 1_830_000_000 as Registration['expiresAt'],
      });
      return true;
    };
  }

  private lookToChange(action: 'cancel' | 'accept' | 'decline', pick: number): Commit {
    const registration = pickFor(action, pick, this.registrations);
    if (!registration) return () => true;
    const seen = { registration, course: this.course };
    const decision = decideChange(seen, action, centre.booking, this.now);
    if ('refused' in decision) return () => true;
    return () => {
      if (!this.replace(registration, decision.to)) return false;
      this.move({ free: this.pool.free + decision.freesSeats });
      if (registration.status === 'waiting') this.queue(registration.waitNumber ?? 0, 'leave');
      return true;
    };
  }

  private lookToPromote(): Commit {
    const offer = decideOffer(
      { course: this.course, pool: { ...this.pool }, waiting: [...this.registrations] },
      centre.booking,
      (wished, latest) => answerDeadline(centre, isNationalHoliday, wished, latest),
      this.now,
    );
    if (!offer) return () => true;
    const { registration, expiresAt } = offer;
    const waitNumber = registration.waitNumber ?? 0;
    return () => {
      const { free, waitingNumbers } = this.pool;
      if (free < registration.seats || !waitingNumbers.includes(waitNumber)) return false;
      if (!this.replace(registration, 'offered', expiresAt)) return false;
      this.queue(waitNumber, 'leave');
      this.move({ free: free - registration.seats });
      return true;
    };
  }

  private lookToEdit(capacity: number, waitlistCapacity: number): Commit {
    const seen = { ...this.pool };
    const { version } = this.course;
    const plan = decideEdit(
      { course: this.course, pools: [seen] },
      { version, pools: [{ key: 'all', capacity, waitlistCapacity }] },
      this.now,
    );
    if ('refused' in plan) return () => true;
    return () => {
      if (this.course.version !== version) return false;
      for (const size of plan.resized) {
        const more = size.capacity - seen.capacity;
        if (this.pool.capacity !== seen.capacity || this.pool.free < -more) return false;
        this.move({
          capacity: size.capacity,
          waitlistCapacity: size.waitlistCapacity,
          free: this.pool.free + more,
        });
      }
      this.course = plan.course;
      return true;
    };
  }

  /** What the clock does with offers whose time is over. */
  lapse(): true {
    for (const registration of [...this.registrations]) {
      const isOver = (registration.offerExpiresAt ?? '9') <= this.now.toISOString();
      const to = nextStatus(registration.status, 'lapse');
      if (!isOver || !to || !this.replace(registration, to)) continue;
      this.move({ free: this.pool.free + registration.seats });
    }
    return true;
  }

  /** The reaction runs until nobody who waits fits any more. */
  promoteAll(): void {
    for (let free = -1; free !== this.pool.free; ) {
      free = this.pool.free;
      this.lookToPromote()();
    }
  }

  private replace(seen: Registration, to: RegistrationStatus, offerExpiresAt?: string): boolean {
    const index = this.registrations.findIndex(
      ({ registrationId, revision }) =>
        registrationId === seen.registrationId && revision === seen.revision,
    );
    if (index < 0) return false;
    expect(LEGAL[seen.status], `${seen.status} became ${to}`).toContain(to);
    const { offerExpiresAt: _, ...rest } = seen;
    this.registrations[index] = {
      ...rest,
      status: to,
      revision: seen.revision + 1,
      ...(offerExpiresAt === undefined ? {} : { offerExpiresAt }),
    };
    return true;
  }

  private move(change: Partial<SeatPool>): void {
    this.pool = { ...this.pool, ...change };
  }

  private queue(number: number, how: 'join' | 'leave'): void {
    const others = this.pool.waitingNumbers.filter((other) => other !== number);
    const waitingNumbers = how === 'join' ? [...others, number] : others;
    this.move({ waitingNumbers, waiting: waitingNumbers.length });
  }

  private sum(isCounted: (registration: Registration) => boolean): number {
    return this.registrations
      .filter(isCounted)
      .reduce((seats, registration) => seats + registration.seats, 0);
  }

  /** What holds after every single commit. */
  checkBalance(): void {
    const { capacity, free, waiting, waitingNumbers } = this.pool;
    const held = this.sum(({ status }) => holdsSeat(status));
    expect(free, 'seats free').toBeGreaterThanOrEqual(0);
    expect(held, 'seats held').toBeLessThanOrEqual(capacity);
    expect(free + held, 'free + held').toBe(capacity);
    const queue = this.registrations.filter(({ status }) => status === 'waiting');
    expect(waiting, 'those who wait').toBe(queue.length);
    expect(waitingNumbers).toEqual(queue.map(({ waitNumber }) => waitNumber));
  }

  /** What holds once the reaction has run. */
  checkNobodyWaitsBesideASeat(): void {
    const fits = this.registrations.filter(
      ({ status, seats }) => status === 'waiting' && seats <= this.pool.free,
    );
    expect(fits).toEqual([]);
  }
}

/** A deed that commits after so many others have. */
const aSlowDeed = fc.record({ deed: aDeed, pause: fc.nat(4) });
const aMorning = fc.record({
  seats: fc.integer({ min: 1, max: 6 }),
  waitlist: fc.nat(5),
  deeds: fc.array(aSlowDeed, { maxLength: 60, size: 'max' }),
});
type Morning = typeof aMorning extends fc.Arbitrary<infer M> ? M : never;

/** Lives through a morning and gives the book as it is at its end. */
function live({ seats, waitlist, deeds }: Morning, isLimited = true): PaperBook {
  const book = new PaperBook(seats, waitlist, isLimited);
  const underWay: { deed: Deed; due: number; commit: Commit }[] = [];
  const settle = (until: number) => {
    for (const work of [...underWay].sort((a, b) => a.due - b.due)) {
      if (work.due > until) continue;
      underWay.splice(underWay.indexOf(work), 1);
      // Whoever finds the world changed looks again, as the use cases do.
      if (!work.commit() && work.deed.do !== 'edit') book.look(work.deed)();
      book.checkBalance();
    }
  };
  for (const [step, { deed, pause }] of deeds.entries()) {
    underWay.push({ deed, due: step + pause, commit: book.look(deed) });
    settle(step);
  }
  settle(Number.POSITIVE_INFINITY);
  return book;
}

describe('under any interleaving of book, cancel, offer, accept, decline, lapse and edit', () => {
  test('capacity is never exceeded, the books balance, only legal transitions happen, and after the promotion nobody waits beside a seat that fits', () => {
    fc.assert(
      fc.property(aMorning, (morning) => {
        const book = live(morning);
        book.lapse();
        book.promoteAll();
        book.checkBalance();
        book.checkNobodyWaitsBesideASeat();
      }),
      { numRuns: 1_500 },
    );
  });

  test('the same deeds, one after the other, keep the same promises after each', () => {
    fc.assert(
      fc.property(aMorning, ({ deeds, ...of }) => {
        const book = new PaperBook(of.seats, of.waitlist);
        for (const { deed } of deeds) {
          book.look(deed)();
          book.checkBalance();
          book.promoteAll();
          book.checkBalance();
          book.checkNobodyWaitsBesideASeat();
        }
      }),
      { numRuns: 400 },
    );
  });

  test('the mornings are busy: among them are offers, lapses, acceptances and edits', () => {
    const reached = new Set<string>();
    for (const morning of fc.sample(aMorning, { numRuns: 200, seed: 1 })) {
      for (const { status, revision } of live(morning).registrations) {
        reached.add(status === 'confirmed' && revision > 1 ? 'accepted' : status);
      }
    }
    expect([...reached].sort()).toEqual([
      'accepted',
      'cancelled',
      'confirmed',
      'declined',
      'lapsed',
      'offered',
      'waiting',
    ]);
  });

  test('negative control: with the limit only looked at and not committed, an oversell is found', () => {
    const found = fc.check(
      fc.property(aMorning, (morning) => {
        live(morning, false);
      }),
      { numRuns: 1_500 },
    );
    expect(found.failed).toBe(true);
    // Two looks at the same last seat are enough.
    expect(found.counterexample?.[0].deeds.length).toBeLessThanOrEqual(3);
  });
});
