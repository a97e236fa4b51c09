/** The HTTP face of registrations for the desk: declarations only. */
import * as z from 'zod';
import { CourseId } from '../courses/model.ts';
import { type Context, endpoint } from '../platform/endpoint.ts';
import { rolesThatMay } from '../platform/rights.ts';
import {
  Entered,
  EntryRequest,
  MoveRequest,
  NoteRequest,
  OpenedRegistration,
  Roster,
  RosterFrom,
  SearchHits,
  SearchRequest,
  StaffChange,
} from './desk-model.ts';
import { enterApplication } from './enter.ts';
import { RegistrationId } from './model.ts';
import { moveRegistration } from './move.ts';
import { noteRegistration } from './note.ts';
import { openRegistration } from './open.ts';
import { exportRoster, readRoster } from './roster.ts';
import { searchRegistrations } from './search.ts';
import { changeByStaff } from './staff-change.ts';

const CourseParams = z.strictObject({ courseId: CourseId });
const Params = z.strictObject({ registrationId: RegistrationId });
const SessionKey = z.string().max(4).optional();

const ROSTERS = { roles: rolesThatMay('rosters') };
const APPLICATIONS = { roles: rolesThatMay('applications') };

function actorOf({ actor }: Context) {
  if (!actor) throw new Error('A staff endpoint without an actor');
  return actor;
}

const showRoster = endpoint({
  operation: 'readRoster',
  method: 'GET',
  path: '/api/staff/courses/{courseId}/registrations',
  access: ROSTERS,
  summary: 'The roster of a course, a page at a time, in the order of applying; fields by role',
  params: CourseParams,
  query: z.strictObject({ session: SessionKey, from: RosterFrom.optional() }),
  output: Roster,
  refuses: ['course_not_found'],
  async handle({ params, query }, context) {
    const wanted = { ...params, session: query.session };
    const { deps, now } = context;
    const roster = await readRoster(deps, actorOf(context), wanted, query.from, now);
    return 'refused' in roster ? roster : { json: roster };
  },
});

const saveRoster = endpoint({
  operation: 'exportRoster',
  method: 'GET',
  path: '/api/staff/courses/{courseId}/roster.csv',
  access: ROSTERS,
  summary: 'The whole roster for a spreadsheet: a row for each application; columns by role',
  params: CourseParams,
  query: z.strictObject({ session: SessionKey }),
  output: 'csv',
  refuses: ['course_not_found'],
  async handle({ params, query }, context) {
    const wanted = { ...params, ...query };
    const file = await exportRoster(context.deps, actorOf(context), wanted, context.now);
    return 'refused' in file ? file : { file: { ...file, type: 'text/csv' } };
  },
});

const search = endpoint({
  operation: 'searchRegistrations',
  method: 'POST',
  path: '/api/staff/search',
  access: APPLICATIONS,
  summary: 'Find applications by booking number, telephone number or the beginning of a reading',
  body: SearchRequest,
  output: SearchHits,
  refuses: [],
  async handle({ body }, context) {
    const { deps, now } = context;
    return { json: await searchRegistrations(deps, actorOf(context), body.text, now) };
  },
});

const openOne = endpoint({
  operation: 'openRegistration',
  method: 'GET',
  path: '/api/staff/registrations/{registrationId}',
  access: APPLICATIONS,
  summary: 'One application with its places, notes, and what can be done with it now',
  params: Params,
  output: OpenedRegistration,
  refuses: ['booking_not_found'],
  async handle({ params }, context) {
    const { deps, now } = context;
    const seen = await openRegistration(deps, actorOf(context), params.registrationId, now);
    return 'refused' in seen ? seen : { json: seen };
  },
});

const enter = endpoint({
  operation: 'enterApplication',
  method: 'POST',
  path: '/api/staff/registrations',
  access: APPLICATIONS,
  summary: 'Take down an application by telephone or at the counter: same rules, same queue',
  body: EntryRequest,
  output: Entered,
  refuses: [
    'course_not_found',
    'course_not_bookable_online',
    'course_cancelled',
    'window_not_open',
    'window_closed',
    'session_required',
    'not_eligible',
    'answer_missing',
    'course_full',
    'childcare_full',
    'already_applied',
    'idempotency_key_reused',
  ],
  async handle({ body }, context) {
    const { deps, now, idempotencyKey, rawBody } = context;
    const identity = { scriptKey: idempotencyKey, rawBody };
    const entered = await enterApplication(deps, actorOf(context), body, identity, now);
    return 'refused' in entered ? entered : { status: 201, json: entered };
  },
});

const change = (action: 'cancel' | 'accept' | 'decline', summary: string) =>
  endpoint({
    operation: `${action}ByStaff`,
    method: 'POST',
    path: `/api/staff/registrations/{registrationId}/${action}`,
    access: APPLICATIONS,
    summary,
    params: Params,
    body: StaffChange,
    output: OpenedRegistration,
    refuses: ['booking_not_found', 'not_possible_now', 'cancel_deadline_passed', 'offer_expired'],
    async handle({ params, body }, context) {
      const { deps, now } = context;
      const wanted = { action, poolKey: body.poolKey };
      const { registrationId } = params;
      const changed = await changeByStaff(deps, actorOf(context), registrationId, wanted, now);
      return 'refused' in changed ? changed : { json: changed };
    },
  });

const move = endpoint({
  operation: 'moveRegistration',
  method: 'POST',
  path: '/api/staff/registrations/{registrationId}/move',
  access: APPLICATIONS,
  summary: 'To another session of the same course: its places are taken and the old ones freed',
  params: Params,
  body: MoveRequest,
  output: OpenedRegistration,
  refuses: [
    'booking_not_found',
    'not_possible_now',
    'course_not_found',
    'course_not_bookable_online',
    'course_cancelled',
    'window_not_open',
    'window_closed',
    'session_required',
    'not_eligible',
    'answer_missing',
    'course_full',
    'childcare_full',
    'already_applied',
  ],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const moved = await moveRegistration(deps, actorOf(context), params.registrationId, body, now);
    return 'refused' in moved ? moved : { json: moved };
  },
});

const note = endpoint({
  operation: 'noteRegistration',
  method: 'POST',
  path: '/api/staff/registrations/{registrationId}/notes',
  access: APPLICATIONS,
  summary: 'Write a note beside an application',
  params: Params,
  body: NoteRequest,
  output: OpenedRegistration,
  refuses: ['booking_not_found', 'not_possible_now'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const actor = actorOf(context);
    const noted = await noteRegistration(deps, actor, params.registrationId, body.text, now);
    return 'refused' in noted ? noted : { json: noted };
  },
});

export const registrationDeskEndpoints = [
  showRoster,
  saveRoster,
  search,
  openOne,
  enter,
  change('cancel', 'Cancel for a household that called; also after the deadline of its own page'),
  change('accept', 'Accept an offered place for a household that called'),
  change('decline', 'Decline an offered place for a household that called'),
  move,
  note,
];
