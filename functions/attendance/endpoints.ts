/** The HTTP face of attendance and of the board of the day: declarations only. */
import * as z from 'zod';
import { CourseId } from '../courses/model.ts';
import { type Context, endpoint } from '../platform/endpoint.ts';
import { rolesThatMay } from '../platform/rights.ts';
import { seeBoard } from './board.ts';
import { markFamily } from './mark.ts';
import {
  AttendanceMarks,
  AttendanceSheet,
  Board,
  MarkRequest,
  MarkView,
  SessionKey,
  WalkInId,
  WalkInRequest,
} from './model.ts';
import { seeAttendance, seeMarks } from './see.ts';
import { recordWalkIn, removeWalkIn } from './walk-in.ts';

const roles = rolesThatMay('rosters');
const SessionParams = z.strictObject({ courseId: CourseId, sessionKey: SessionKey });
const PATH = '/api/staff/courses/{courseId}/sessions/{sessionKey}';

function actorOf({ actor }: Context) {
  if (!actor) throw new Error('A staff endpoint without an actor');
  return actor;
}

const showBoard = endpoint({
  operation: 'showBoard',
  method: 'GET',
  path: '/api/staff/board',
  access: { roles },
  summary: "Today's and this week's sessions with seats, and what is due; counts only",
  output: Board,
  refuses: [],
  async handle(_input, { deps, now }) {
    return { json: await seeBoard(deps, now) };
  },
});

const showAttendance = endpoint({
  operation: 'showAttendance',
  method: 'GET',
  path: `${PATH}/attendance`,
  access: { roles },
  summary: 'Who is expected in a session, by name, with the marks so far',
  params: SessionParams,
  output: AttendanceSheet,
  refuses: ['course_not_found'],
  async handle({ params }, context) {
    const { courseId, sessionKey } = params;
    const { deps, now } = context;
    const sheet = await seeAttendance(deps, courseId, sessionKey, actorOf(context), now);
    return 'refused' in sheet ? sheet : { json: sheet };
  },
});

const showMarks = endpoint({
  operation: 'showAttendanceMarks',
  method: 'GET',
  path: `${PATH}/marks`,
  access: { roles },
  summary: 'The marks of a session alone, with ids and nobody’s name, to be asked for often',
  params: SessionParams,
  output: AttendanceMarks,
  refuses: ['course_not_found'],
  async handle({ params }, { deps }) {
    const marks = await seeMarks(deps, params.courseId, params.sessionKey);
    return 'refused' in marks ? marks : { json: marks };
  },
});

const mark = endpoint({
  operation: 'markAttendance',
  method: 'POST',
  path: `${PATH}/marks`,
  access: { roles },
  summary: 'Mark one family as present, late or absent, or take the mark back',
  params: SessionParams,
  body: MarkRequest,
  output: MarkView,
  refuses: ['course_not_found', 'not_possible_now', 'version_conflict'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const { courseId, sessionKey } = params;
    const { subject } = actorOf(context);
    const marked = await markFamily(deps, courseId, sessionKey, body, subject, now);
    return 'refused' in marked ? marked : { json: marked };
  },
});

const addWalkIn = endpoint({
  operation: 'recordWalkIn',
  method: 'POST',
  path: `${PATH}/walk-ins`,
  access: { roles },
  summary: 'Count people who came without a booking; no names, and no seat is taken',
  params: SessionParams,
  body: WalkInRequest,
  output: AttendanceMarks,
  refuses: ['course_not_found'],
  async handle({ params, body }, context) {
    const { deps, now } = context;
    const { courseId, sessionKey } = params;
    const { subject } = actorOf(context);
    const marks = await recordWalkIn(deps, courseId, sessionKey, body, subject, now);
    return 'refused' in marks ? marks : { json: marks };
  },
});

const takeWalkInBack = endpoint({
  operation: 'removeWalkIn',
  method: 'POST',
  path: `${PATH}/walk-ins/{walkInId}/remove`,
  access: { roles },
  summary: 'Take back a walk-in that was counted by mistake',
  params: SessionParams.extend({ walkInId: WalkInId }),
  body: z.strictObject({}),
  output: AttendanceMarks,
  refuses: ['course_not_found'],
  async handle({ params }, context) {
    const { deps, now } = context;
    const { courseId, sessionKey, walkInId } = params;
    const { subject } = actorOf(context);
    const marks = await removeWalkIn(deps, courseId, sessionKey, walkInId, subject, now);
    return 'refused' in marks ? marks : { json: marks };
  },
});

export const attendanceEndpoints = [
  showBoard,
  showAttendance,
  showMarks,
  mark,
  addWalkIn,
  takeWalkInBack,
];
