/**
 * Every table, as data: read by CDK, by the one-machine runner and by the tests. Split by how
 * sensitive the rows are, so that each Lambda is given no more than it needs. Only `events` has a
 * stream: one log of what happened, one consumer.
 */

export interface TableDefinition {
  /** What is inside, for the people who look after it. */
  readonly holds: string;
  readonly sensitivity: 'public' | 'personal' | 'operational';
  /** Secondary indexes; keys are string attributes that a row may lack (sparse). */
  readonly indexes?: Readonly<Record<string, { readonly pk: string; readonly sk: string }>>;
  /** Attribute in epoch seconds. Only ever tidies up: nothing may rely on it. */
  readonly ttl?: 'expiresAt';
  readonly stream?: 'NEW_IMAGE';
}

/** All tables have the string keys `pk` and `sk`. */
export const tables = {
  courses: {
    holds: 'Courses, their seats and the list of what is published; nothing about a person',
    sensitivity: 'public',
  },
  bookings: {
    holds: 'Registrations with names, telephone numbers and addresses',
    sensitivity: 'personal',
    indexes: {
      byCourse: { pk: 'coursePk', sk: 'courseSk' },
      byPhone: { pk: 'phonePk', sk: 'phoneSk' },
      byKana: { pk: 'kanaPk', sk: 'kanaSk' },
    },
    ttl: 'expiresAt',
  },
  consultations: {
    holds: 'Letters: sealed boxes, and the plain heads that queue and clocks need',
    sensitivity: 'personal',
    indexes: { queue: { pk: 'queuePk', sk: 'queueSk' } },
  },
  notices: {
    holds: 'Addresses of who wants to be told once that a letter was answered; gone after one mail',
    sensitivity: 'personal',
    ttl: 'expiresAt',
  },
  spent: {
    holds: 'Questions that were used for a letter, by minute; nothing about a person',
    sensitivity: 'operational',
    ttl: 'expiresAt',
  },
  keys: {
    holds: 'The signed list of keys, and keys of staff, sealed for one person each',
    sensitivity: 'personal',
  },
  records: {
    holds: 'Reports of suspected abuse (通告), in plain words; no public Lambda reads here',
    sensitivity: 'personal',
  },
  figures: {
    holds: 'Counts of visits; nothing about a person',
    sensitivity: 'operational',
  },
  events: {
    holds: 'What happened: kinds and ids, never a personal value',
    sensitivity: 'operational',
    ttl: 'expiresAt',
    stream: 'NEW_IMAGE',
  },
  audit: {
    holds: 'Who read or changed what about a family, and when; rows are only ever added',
    sensitivity: 'operational',
  },
  agenda: {
    holds: 'What must happen later, and which reaction to which event is done',
    sensitivity: 'operational',
    indexes: { due: { pk: 'duePk', sk: 'dueAt' } },
    ttl: 'expiresAt',
  },
} as const satisfies Record<string, TableDefinition>;

export type TableName = keyof typeof tables;
