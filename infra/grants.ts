/**
 * What each Lambda may do to which table: the whole of it, as data. A transaction needs the actions
 * of its parts. Nothing here is more than the code does today; a use case that needs more adds it.
 */
import type { TableName } from '../functions/platform/tables.ts';

export const LAMBDAS = [
  'public-api',
  'letters-api',
  'staff-api',
  'worker',
  'clock',
  'bounces',
] as const;
export type LambdaName = (typeof LAMBDAS)[number];

export type TableAction =
  | 'BatchGetItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'UpdateItem';

/** A table, or one index of it. */
type Place = TableName | `${TableName}/index/${string}`;
export type Grants = Readonly<Partial<Record<Place, readonly TableAction[]>>>;

const REACTIONS = {
  courses: ['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  bookings: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  // Everybody on a course that was called off or moved, and before a session.
  'bookings/index/byCourse': ['Query'],
  events: ['PutItem'],
  agenda: ['PutItem', 'UpdateItem'],
  // Whether a letter still waits, whom to tell once, and how hard sending is.
  consultations: ['GetItem'],
  notices: ['DeleteItem', 'GetItem'],
  spent: ['GetItem', 'PutItem', 'Query'],
} as const satisfies Grants;

export type PictureAction = 'DeleteObject' | 'GetObject' | 'PutObject';

/** What a Lambda may do in the bucket of sealed pictures. Listing is nothing that anybody needs. */
export const pictureGrants: Readonly<Partial<Record<LambdaName, readonly PictureAction[]>>> = {
  'letters-api': ['GetObject', 'PutObject'],
  'staff-api': ['GetObject', 'PutObject'],
  // Pictures that no letter ever named, and those whose time is over.
  clock: ['DeleteObject'],
};

export const grants: Readonly<Record<LambdaName, Grants>> = {
  // No Query on persons: the key of every read derives from a secret that the caller presents.
  'public-api': {
    courses: [
      'BatchGetItem',
      'ConditionCheckItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'Query',
      'UpdateItem',
    ],
    bookings: ['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
    events: ['PutItem'],
    agenda: ['DeleteItem'],
  },
  // Sealed boxes by the id of their mailbox, which only its words give. No index, no Query, no family.
  'letters-api': {
    consultations: ['BatchGetItem', 'GetItem', 'PutItem'],
    notices: ['DeleteItem', 'PutItem'],
    spent: ['GetItem', 'PutItem'],
    keys: ['GetItem'],
    events: ['PutItem'],
    agenda: ['PutItem'],
  },
  // The desk writes courses and counts whom an edit would hurt; it finds families by number, telephone
  // and reading, never by looking through all of them. What it saw and did it can only add to, and read.
  'staff-api': {
    figures: ['GetItem', 'PutItem', 'Query'],
    courses: [
      'BatchGetItem',
      'ConditionCheckItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'Query',
      'UpdateItem',
    ],
    bookings: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query'],
    'bookings/index/byCourse': ['Query'],
    'bookings/index/byKana': ['Query'],
    'bookings/index/byPhone': ['Query'],
    'agenda/index/due': ['Query'],
    events: ['PutItem'],
    agenda: ['DeleteItem', 'PutItem'],
    audit: ['PutItem', 'Query'],
    // Letters stay sealed; what is received as a report is written, and read by who may.
    consultations: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    'consultations/index/queue': ['Query'],
    keys: ['DeleteItem', 'GetItem', 'PutItem', 'Query'],
    records: ['GetItem', 'PutItem', 'Query'],
  },
  worker: REACTIONS,
  // Reactions that must be tried again, and deadlines: offers that end, courses that are over,
  // personal data whose time is over.
  clock: {
    ...REACTIONS,
    courses: [...REACTIONS.courses, 'ConditionCheckItem', 'DeleteItem'],
    consultations: [...REACTIONS.consultations, 'DeleteItem'],
    events: [...REACTIONS.events, 'GetItem'],
    agenda: [...REACTIONS.agenda, 'DeleteItem', 'GetItem'],
    'agenda/index/due': ['Query'],
  },
  // Which mail it was, and whom to call for it.
  bounces: {
    courses: ['GetItem'],
    bookings: ['GetItem', 'PutItem'],
    events: ['GetItem'],
  },
};
