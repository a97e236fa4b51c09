/**
 * Arbitrary values for property tests, generated from the very schemas that judge what is stored;
 * and arbitrary things that families and the desk do to one course.
 */
import fc from 'fast-check';
import * as z from 'zod';
import { IsoDate } from '../../functions/calendar/model.ts';
import { dayOf } from '../../functions/calendar/rules.ts';
import { Course, SeatPool } from '../../functions/courses/model.ts';
import { Registration } from '../../functions/registrations/model.ts';
import { nextStatus, type OwnersAction } from '../../functions/registrations/places.ts';

/** What of JSON Schema our stored schemas use. */
interface JsonSchema {
  readonly type?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** A calendar day, leap days and century ends included. */
export const aDay: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 1868, max: 2200 }), fc.integer({ min: 1, max: 12 }), fc.nat(30))
  .map(([year, month, day]) => dayOf(year, month, day + 1))
  .filter((day) => day !== undefined);

/** Any text at all, lone surrogates and control characters included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
);

/** Values that the schema accepts, and every kind of value that it accepts. */
export function arbitraryOf<S extends z.ZodType>(schema: S): fc.Arbitrary<z.infer<S>> {
  const described = z.toJSONSchema(schema, {
    override: ({ zodSchema, jsonSchema }) => {
      // That a day exists is a refinement, which JSON Schema cannot say.
      if ((zodSchema as unknown) === IsoDate) jsonSchema.format = 'date';
    },
  });
  return from(described as JsonSchema) as fc.Arbitrary<z.infer<S>>;
}

function from(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(from));
  switch (schema.type) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? (schema.exclusiveMinimum ?? -1) + 1,
        max: schema.maximum ?? Number.MAX_SAFE_INTEGER,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(from(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 6, 6),
      });
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      return fc.record(Object.fromEntries(properties.map(([name, of]) => [name, from(of)])), {
        requiredKeys: [...(schema.required ?? [])],
        noNullPrototype: true,
      });
    }
    default:
      throw new Error(`No arbitrary for ${JSON.stringify(schema)}`);
  }
}

function text({ format, pattern, minLength = 0, maxLength = 400 }: JsonSchema) {
  if (format === 'date') return aDay;
  if (format === 'uri') return fc.webUrl({ validSchemes: ['https'] });
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  // Lengths count UTF-16 units, of which a code point has one or two.
  const longest = Math.max(minLength, Math.floor(maxLength / 2));
  return fc.string({ unit: 'binary', minLength, maxLength: Math.min(longest, 60) });
}

/** Sessions of one course have keys of their own: rows of seats are named by them. */
export const anyCourse: fc.Arbitrary<Course> = arbitraryOf(Course).map((course) => ({
  ...course,
  sessions: course.sessions.filter(
    ({ key }, index, all) => all.findIndex((session) => session.key === key) === index,
  ),
}));

/** Numbers of those who wait are stored as a set and come back in order. */
export const anyPool: fc.Arbitrary<SeatPool> = arbitraryOf(SeatPool).map((pool) => ({
  ...pool,
  waitingNumbers: [...new Set(pool.waitingNumbers)].sort((a, b) => a - b),
}));

/** A registration has one place in a pool at most. */
export const anyRegistration: fc.Arbitrary<Registration> = arbitraryOf(Registration).map(
  (registration) => ({
    ...registration,
    places: registration.places.filter(
      ({ poolKey }, index, all) => all.findIndex((place) => place.poolKey === poolKey) === index,
    ),
  }),
);

/** A small course of any shape, so that little is enough to fill it. */
export interface BusyCourse {
  readonly sessionChoice: Course['sessionChoice'];
  readonly sessions: number;
  readonly seats: number;
  readonly waitlist: number;
  /** Childcare places; 0 where there is no childcare. */
  readonly childcare: number;
}

export const aBusyCourse: fc.Arbitrary<BusyCourse> = fc.record({
  sessionChoice: fc.constantFrom(...Course.shape.sessionChoice.options),
  sessions: fc.integer({ min: 1, max: 3 }),
  seats: fc.integer({ min: 1, max: 5 }),
  waitlist: fc.nat(5),
  childcare: fc.nat(3),
});

const DATES = ['2027-06-10', '2027-06-17', '2027-06-24'];

/** The changes that make `aCourse` such a course, open for a long time. */
export function busyCourse(busy: BusyCourse): Partial<Course> {
  const { sessionChoice, seats, waitlist, childcare } = busy;
  const perSession = sessionChoice !== 'all';
  return {
    sessionChoice,
    sessions: DATES.slice(0, busy.sessions).map((date, index) => ({
      key: String.fromCharCode('A'.charCodeAt(0) + index),
      date,
      start: '10:00',
      end: '11:30',
    })),
    capacity: { unit: '人', countedBy: 'participant', seats, waitlist, perSession },
    ...(childcare > 0 ? { childcare: { places: childcare, minMonths: 6 } } : {}),
    application: { method: 'first_come' },
  };
}

/** A household as it applies. */
export interface Household {
  readonly participants: number;
  /** Children to be looked after, where there is childcare. */
  readonly childcare: number;
  readonly courseWithoutChildcare: boolean;
  /** Which of the sessions, where one or several are chosen; in order of preference. */
  readonly sessions: readonly number[];
}

export const aHousehold: fc.Arbitrary<Household> = fc.record({
  participants: fc.integer({ min: 1, max: 3 }),
  childcare: fc.nat(2),
  courseWithoutChildcare: fc.boolean(),
  sessions: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
});

/** What such a household sends: the fields of an application that decide about places. */
export function wishesOf(household: Household, course: Course) {
  const { participants, childcare, courseWithoutChildcare } = household;
  const chosen = household.sessions.map((at) => course.sessions[at % course.sessions.length]?.key);
  return {
    sessionKeys:
      course.sessionChoice === 'all' ? [] : [...new Set(chosen)].filter((key) => key !== undefined),
    participants: Array<typeof PARTICIPANT>(participants).fill(PARTICIPANT),
    childcare: Array<typeof PARTICIPANT>(course.childcare ? childcare : 0).fill(SIBLING),
    courseWithoutChildcare,
  };
}

const PARTICIPANT = { name: '見本 光', kana: 'ミホン ヒカリ', birthDate: '2026-11-01' };
const SIBLING = { name: '見本 望', kana: 'ミホン ノゾミ', birthDate: '2024-05-01' };

/**
 * One thing that somebody does to a course. `pick` chooses one of the registrations so far, `part`
 * one of its places; a part of null means the whole.
 */
export type Deed =
  | ({ readonly do: 'apply' } & Household)
  | { readonly do: OwnersAction; readonly pick: number; readonly part: number | null }
  | { readonly do: 'promote' }
  | {
      readonly do: 'edit';
      readonly part: number;
      readonly capacity: number;
      readonly waitlistCapacity: number;
    }
  | { readonly do: 'wait'; readonly hours: number };

const pick = fc.nat(1000);
const part = fc.option(fc.nat(5), { freq: 2 });
const change = (action: OwnersAction) => fc.record({ do: fc.constant(action), pick, part });

/** Deeds in the proportions of a busy morning. */
export const aDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: aHousehold.map((household) => ({ do: 'apply' as const, ...household })) },
  { weight: 4, arbitrary: change('cancel') },
  { weight: 2, arbitrary: change('accept') },
  { weight: 2, arbitrary: change('decline') },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('promote' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      part: fc.nat(5),
      capacity: fc.integer({ min: 1, max: 8 }),
      waitlistCapacity: fc.integer({ min: 0, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      hours: fc.integer({ min: 1, max: 60 }),
    }),
  },
);

/** The registration that a deed is about: mostly one to which it can be done, sometimes any. */
export function pickFor(
  action: OwnersAction,
  pick: number,
  registrations: readonly Registration[],
): Registration | undefined {
  const possible = registrations.filter(({ places }) =>
    places.some(({ status }) => nextStatus(status, action) !== undefined),
  );
  const among = pick % 4 === 0 || possible.length === 0 ? registrations : possible;
  return among[Math.floor(pick / 4) % Math.max(1, among.length)];
}

/** The pool that a change is about; undefined for the whole. */
export function partOf({ places }: Registration, part: number | null): string | undefined {
  return part === null ? undefined : places[part % places.length]?.poolKey;
}
