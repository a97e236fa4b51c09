/**
 * Somebody at the door marks a family. Two phones may stand there: a mark is made from what was seen,
 * and where the other phone was quicker, its mark is shown before it is replaced. A mark that is sent
 * twice, because the answer got lost, is one mark.
 */
import { auditWrite } from '../audit/store.ts';
import { expiryAfter } from '../calendar/model.ts';
import type { CourseId } from '../courses/model.ts';
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { retentionEnd } from '../registrations/rules.ts';
import { getRegistration } from '../registrations/store.ts';
import type { AttendanceEvent, Mark, MarkRequest, MarkView } from './model.ts';
import { decideMark, isExpected } from './rules.ts';
import { markView, sessionOf } from './see.ts';
import { getMark, putMark } from './store.ts';
import { markName } from './words.ts';

const TRIES = 10;

type MarkRefusal = Refused & {
  readonly refused: 'course_not_found' | 'not_possible_now' | 'version_conflict';
};

const NOT_EXPECTED: MarkRefusal = {
  ...refuse(
    'not_possible_now',
    'この申し込みは、いまは参加確定ではありません。名簿を読み直して、もう一度確かめてください。',
  ),
  refused: 'not_possible_now',
};
const PURGED: MarkRefusal = {
  ...refuse(
    'not_possible_now',
    'この講座の連絡先は保存期間が過ぎて消えているため、出欠はもう変えられません。',
  ),
  refused: 'not_possible_now',
};

/** @returns the mark that holds now, or why this one was not taken. */
export async function markFamily(
  deps: Pick<ApiDeps, 'database' | 'ids' | 'centre'>,
  courseId: CourseId,
  sessionKey: string,
  request: MarkRequest,
  actor: string,
  now: Date,
): Promise<MarkView | MarkRefusal> {
  const { database, ids, centre } = deps;
  const found = await sessionOf(deps, courseId, sessionKey);
  if ('refused' in found) return found;
  const registration = await getRegistration(database, request.registrationId);
  if (registration?.courseId !== courseId || !isExpected(registration, sessionKey)) {
    return NOT_EXPECTED;
  }
  if (registration.purged !== undefined) return PURGED;
  const expiresAt = expiryAfter(retentionEnd(found.seen.course, centre.booking.countsDays), 0);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await getMark(database, courseId, sessionKey, request.registrationId);
    const decision = decideMark(stored, request);
    if (decision === 'conflict' && stored) {
      return {
        ...refuse(
          'version_conflict',
          `ほかの端末が先に「${markName(stored)}」と付けました。確かめてから、もう一度付けてください。`,
        ),
        refused: 'version_conflict',
      };
    }
    if (decision === 'known' && stored) return markView(stored);
    const mark: Mark = {
      ...request,
      version: (stored?.version ?? 0) + 1,
      at: now.toISOString(),
      by: actor,
    };
    const { committed } = await database.transact([
      putMark(database, courseId, sessionKey, mark, stored, expiresAt),
      auditWrite(
        deps,
        { action: 'attendance_marked', actor, subject: request.registrationId, people: 0 },
        now,
      ),
      appendEvent(database, {
        eventId: ids.event(now),
        kind: 'attendance_marked',
        at: now.toISOString(),
        courseId,
        sessionKey,
        registrationId: request.registrationId,
        actor,
      } satisfies AttendanceEvent),
    ]);
    if (committed) return markView(mark);
  }
  throw new Unavailable('The mark changed too often while this one was made');
}
