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
import { nextStatus, type RegistrationAction } from '../../functions/registrations/rules.ts';

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

export const anyRegistration: fc.Arbitrary<Registration> = arbitraryOf(Registration);

/** One thing that somebody does to a course. `pick` chooses one of the registrations so far. */
export type Deed =
  | { readonly do: 'apply'; readonly children: number }
  | { readonly do: 'cancel' | 'accept' | 'decline'; readonly pick: number }
  | { readonly do: 'promote' }
  | { readonly do: 'edit'; readonly capacity: number; readonly waitlistCapacity: number }
  | { readonly do: 'wait'; readonly hours: number };

const pick = fc.nat(1000);

/** Deeds in the proportions of a busy morning. */
export const aDeed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('apply' as const),
      children: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('accept' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('decline' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('promote' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
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
  action: RegistrationAction,
  pick: number,
  registrations: readonly Registration[],
): Registration | undefined {
  const possible = registrations.filter(({ status }) => nextStatus(status, action) !== undefined);
  const among = pick % 4 === 0 || possible.length === 0 ? registrations : possible;
  return among[Math.floor(pick / 4) % Math.max(1, among.length)];
}
