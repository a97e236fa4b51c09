/**
 * Every refusal this system knows, in one table: code → HTTP status. A refusal is a value that a
 * use case returns; what is not in this table is a fault and answers 500 without details.
 */

export const refusalStatus = {
  invalid_input: 400,
  malformed_body: 400,
  too_large: 413,
  unsupported_media_type: 415,
  foreign_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  token_missing: 401,
  token_invalid: 401,
  role_missing: 403,
  course_not_found: 404,
  site_not_found: 404,
  course_not_bookable_online: 409,
  course_cancelled: 409,
  course_full: 409,
  childcare_full: 409,
  answer_missing: 422,
  window_not_open: 409,
  window_closed: 409,
  session_required: 422,
  not_eligible: 422,
  already_applied: 409,
  idempotency_key_reused: 422,
  booking_not_found: 404,
  too_many_tries: 429,
  not_possible_now: 409,
  cancel_deadline_passed: 409,
  offer_expired: 409,
  call_not_found: 404,
  challenge_stale: 409,
  challenge_used: 409,
  challenge_unsolved: 422,
  signature_wrong: 403,
  not_age: 422,
  wrong_stanzas: 422,
  wrong_size: 422,
  number_taken: 409,
  number_skipped: 409,
  attachment_missing: 409,
  part_taken: 409,
  letter_not_found: 404,
  letters_not_ready: 503,
  second_member_needed: 409,
  draft_changed: 409,
  keys_changed: 409,
  keys_not_believed: 422,
  last_keyholder: 409,
  version_conflict: 409,
  capacity_below_taken: 409,
  edit_not_possible: 409,
  edit_needs_confirmation: 409,
  busy: 503,
} as const satisfies Record<string, number>;

export type RefusalCode = keyof typeof refusalStatus;

/** Refusals that any endpoint may give. */
export const SHARED_REFUSALS: readonly RefusalCode[] = [
  'invalid_input',
  'malformed_body',
  'too_large',
  'unsupported_media_type',
  'foreign_origin',
  'busy',
];

/** A refusal on its way out: a code for machines, a sentence for the person, the field if any. */
export interface Refused {
  readonly refused: RefusalCode;
  readonly sentence: string;
  readonly field?: string;
  /** One entry for each field that is wrong, when several are. */
  readonly fields?: readonly { readonly field: string; readonly sentence: string }[];
  /** What it is about, a sentence each: whom an edit would hurt. */
  readonly details?: readonly string[];
  /** Seconds after which the same request may succeed. */
  readonly retryAfter?: number;
}

export function refuse(
  refused: RefusalCode,
  sentence: string,
  more: Pick<Refused, 'field' | 'fields' | 'details' | 'retryAfter'> = {},
): Refused {
  return { refused, sentence, ...more };
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** Sentence for the engine being away or too busy; nothing was stored. */
export const BUSY = refuse(
  'busy',
  'ただいま混み合っています。申し込みはまだ受け付けていません。少し待ってから、もう一度お試しください。',
  { retryAfter: 5 },
);
