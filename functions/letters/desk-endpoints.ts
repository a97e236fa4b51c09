/** The HTTP face of letters for the desk: declarations only. */
import * as z from 'zod';
import { type Context, endpoint } from '../platform/endpoint.ts';
import { rolesThatMay } from '../platform/rights.ts';
import { reviewReply, saveDraft, sendReply } from './answer.ts';
import { openConversation } from './conversation.ts';
import {
  AssignRequest,
  CloseRequest,
  Conversation,
  ConversationPage,
  DraftRequest,
  LetterView,
  NoteRequest,
  OpenedRequest,
  Queue,
  ReplyRequest,
  Report,
  ReportRequest,
  Reports,
  ReviewRequest,
} from './desk-model.ts';
import { downloadForDesk, uploadFromDesk } from './desk-parts.ts';
import { addNote, assign, closeConversation, noteOpening, receiveAsReport } from './look-after.ts';
import { LetterDesk, MailboxId, PartPlace, SealedPart, UploadPayload } from './model.ts';
import { readQueue } from './queue.ts';
import { readReports } from './reports.ts';

const LETTERS = { roles: rolesThatMay('letters') };
const REPORTS = { roles: rolesThatMay('reports') };
const Params = z.strictObject({ mailbox: MailboxId });

/** A sealed letter of 64 KiB, in base64 within JSON. */
const LETTER_BYTES = 128 * 1024;
/** A part of a sealed picture, likewise. */
const PART_BODY_BYTES = 1_100_000;

function actorOf({ actor }: Context) {
  if (!actor) throw new Error('A staff endpoint without an actor');
  return actor;
}

const queue = endpoint({
  operation: 'readLetterQueue',
  method: 'GET',
  path: '/api/staff/letters',
  access: LETTERS,
  summary: 'Letters of a desk that the caller was granted, a page at a time; none of any other',
  query: z.strictObject({
    desk: LetterDesk.optional(),
    view: LetterView.default('waiting'),
    after: z.string().max(120).optional(),
    number: z.string().max(20).optional(),
  }),
  output: Queue,
  refuses: [],
  async handle({ query }, context) {
    return {
      json: await readQueue(context.deps, actorOf(context).subject, query, context.now),
    };
  },
});

const open = endpoint({
  operation: 'openConversation',
  method: 'GET',
  path: '/api/staff/letters/{mailbox}',
  access: LETTERS,
  summary:
    'A conversation with its sealed letters, draft and notes: the newest, or those before a place',
  params: Params,
  query: ConversationPage,
  output: Conversation,
  refuses: ['letter_not_found'],
  async handle({ params, query }, context) {
    const { deps, now } = context;
    const { subject } = actorOf(context);
    const seen = await openConversation(deps, subject, params.mailbox, query, now);
    return 'refused' in seen ? seen : { json: seen };
  },
});

const opened = endpoint({
  operation: 'noteOpening',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/opened',
  access: LETTERS,
  summary: 'The caller has opened letters up to this one; which could not be opened',
  params: Params,
  body: OpenedRequest,
  output: Conversation,
  refuses: ['letter_not_found'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const seen = await noteOpening(deps, actorOf(context), params.mailbox, body, now);
    return 'refused' in seen ? seen : { json: seen };
  },
});

const draft = endpoint({
  operation: 'saveDraft',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/draft',
  access: LETTERS,
  summary: 'Keep a sealed draft of an answer, or propose it to a second member',
  params: Params,
  body: DraftRequest,
  bodyBytes: LETTER_BYTES,
  output: Conversation,
  refuses: ['letter_not_found', 'draft_changed', 'not_age', 'wrong_stanzas', 'wrong_size'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const saved = await saveDraft(deps, actorOf(context), params.mailbox, body, now);
    return 'refused' in saved ? saved : { json: saved };
  },
});

const reply = endpoint({
  operation: 'sendReply',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/replies',
  access: LETTERS,
  summary: 'Send an answer: by a second member where the desk’s rule says so',
  params: Params,
  body: ReplyRequest,
  bodyBytes: LETTER_BYTES,
  output: Conversation,
  refuses: [
    'letter_not_found',
    'draft_changed',
    'second_member_needed',
    'number_taken',
    'attachment_missing',
    'not_age',
    'wrong_stanzas',
    'wrong_size',
  ],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const sent = await sendReply(deps, actorOf(context), params.mailbox, body, now);
    return 'refused' in sent ? sent : { json: sent };
  },
});

const review = endpoint({
  operation: 'reviewReply',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/review',
  access: LETTERS,
  summary: 'Say that one has looked at an answer which went out by one member',
  params: Params,
  body: ReviewRequest,
  output: Conversation,
  refuses: ['letter_not_found', 'second_member_needed'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const reviewed = await reviewReply(deps, actorOf(context), params.mailbox, body, now);
    return 'refused' in reviewed ? reviewed : { json: reviewed };
  },
});

const note = endpoint({
  operation: 'noteLetter',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/notes',
  access: LETTERS,
  summary: 'Keep a note between staff, sealed for the desk',
  params: Params,
  body: NoteRequest,
  bodyBytes: LETTER_BYTES,
  output: Conversation,
  refuses: ['letter_not_found', 'not_age', 'wrong_stanzas', 'wrong_size'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const noted = await addNote(deps, actorOf(context), params.mailbox, body.sealed, now);
    return 'refused' in noted ? noted : { json: noted };
  },
});

const take = endpoint({
  operation: 'assignLetter',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/assign',
  access: LETTERS,
  summary: 'Say who looks after a conversation',
  params: Params,
  body: AssignRequest,
  output: Conversation,
  refuses: ['letter_not_found'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const assigned = await assign(deps, actorOf(context), params.mailbox, body.assignee, now);
    return 'refused' in assigned ? assigned : { json: assigned };
  },
});

const close = endpoint({
  operation: 'closeConversation',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/close',
  access: LETTERS,
  summary: 'End a conversation with its outcome; a further letter opens it again',
  params: Params,
  body: CloseRequest,
  output: Conversation,
  refuses: ['letter_not_found', 'not_possible_now'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const closed = await closeConversation(deps, actorOf(context), params.mailbox, body, now);
    return 'refused' in closed ? closed : { json: closed };
  },
});

const report = endpoint({
  operation: 'receiveAsReport',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/report',
  access: LETTERS,
  summary: 'Receive a letter as a report of abuse (通告): chosen text, reason, instants of receipt',
  params: Params,
  body: ReportRequest,
  bodyBytes: LETTER_BYTES,
  output: Report,
  refuses: ['letter_not_found', 'not_possible_now'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const received = await receiveAsReport(deps, actorOf(context), params.mailbox, body, now);
    return 'refused' in received ? received : { status: 201, json: received };
  },
});

const upload = endpoint({
  operation: 'uploadPartFromDesk',
  method: 'POST',
  path: '/api/staff/letters/{mailbox}/parts',
  access: LETTERS,
  summary: 'Put away a part of a sealed picture before the answer that names it',
  params: Params,
  body: UploadPayload,
  bodyBytes: PART_BODY_BYTES,
  output: z.strictObject({ done: z.literal(true) }),
  refuses: ['letter_not_found', 'not_age', 'wrong_stanzas', 'wrong_size', 'part_taken'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const stored = await uploadFromDesk(deps, actorOf(context), params.mailbox, body, now);
    return 'refused' in stored ? stored : { json: stored };
  },
});

const download = endpoint({
  operation: 'downloadPartForDesk',
  method: 'GET',
  path: '/api/staff/letters/{mailbox}/parts/{attachment}/{part}',
  access: LETTERS,
  summary: 'A part of a sealed picture of a conversation',
  params: Params.extend({
    attachment: PartPlace.shape.attachment,
    part: z
      .string()
      .regex(/^\d{1,2}$/)
      .transform(Number)
      .pipe(PartPlace.shape.part),
  }),
  output: SealedPart,
  refuses: ['letter_not_found', 'attachment_missing'],
  async handle({ params: { mailbox, ...place } }, context) {
    const { deps, now } = context;
    const part = await downloadForDesk(deps, actorOf(context), mailbox, place, now);
    return 'refused' in part ? part : { json: part };
  },
});

const reports = endpoint({
  operation: 'readReports',
  method: 'GET',
  path: '/api/staff/reports',
  access: REPORTS,
  summary: 'The newest records of reports',
  output: Reports,
  refuses: [],
  async handle(_input, context) {
    return { json: await readReports(context.deps, actorOf(context).subject, context.now) };
  },
});

export const letterDeskEndpoints = [
  queue,
  open,
  opened,
  draft,
  reply,
  review,
  note,
  take,
  close,
  report,
  upload,
  download,
  reports,
];
