/** The HTTP face of lotteries, for the desk: declarations only. Families read published pages. */
import * as z from 'zod';
import { CourseId } from '../courses/model.ts';
import { endpoint } from '../platform/endpoint.ts';
import { forDesk, seeLottery } from './desk.ts';
import { publishResults, typePublicValue } from './draw.ts';
import { DeskLottery, PublicValue } from './model.ts';

const LotteryParams = z.strictObject({ courseId: CourseId });
const Version = z.int().positive();

const showLottery = endpoint({
  operation: 'showLottery',
  method: 'GET',
  path: '/api/staff/courses/{courseId}/lottery',
  access: { roles: ['course_staff', 'center_head'] },
  summary: 'How far a lottery is and, with the public value, what would come out for whom',
  params: LotteryParams,
  output: DeskLottery,
  refuses: ['course_not_found', 'not_possible_now', 'version_conflict'],
  async handle({ params }, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    const seen = await seeLottery(deps, params.courseId, actor, now);
    return 'refused' in seen ? seen : { json: seen };
  },
});

const typeLotteryValue = endpoint({
  operation: 'typeLotteryValue',
  method: 'POST',
  path: '/api/staff/courses/{courseId}/lottery/value',
  access: { roles: ['course_staff', 'center_head'] },
  summary: 'Type or correct the public value, and see what would come out; nothing is published',
  params: LotteryParams,
  body: z.strictObject({ version: Version, publicValue: PublicValue }),
  output: DeskLottery,
  refuses: ['course_not_found', 'not_possible_now', 'version_conflict'],
  async handle({ params, body }, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    const drawn = await typePublicValue(deps, params.courseId, body, actor.subject, now);
    if ('refused' in drawn) return drawn;
    const seen = await forDesk(deps, drawn, actor, now);
    return 'refused' in seen ? seen : { json: seen };
  },
});

const publishLottery = endpoint({
  operation: 'publishLottery',
  method: 'POST',
  path: '/api/staff/courses/{courseId}/lottery/publish',
  access: { roles: ['course_staff', 'center_head'] },
  summary: 'Publish the results that were seen, to everybody at once; this cannot be undone',
  params: LotteryParams,
  body: z.strictObject({ version: Version }),
  output: DeskLottery,
  refuses: ['course_not_found', 'not_possible_now', 'version_conflict'],
  async handle({ params, body }, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    const drawn = await publishResults(deps, params.courseId, body, actor.subject, now);
    if ('refused' in drawn) return drawn;
    const seen = await forDesk(deps, drawn, actor, now);
    return 'refused' in seen ? seen : { json: seen };
  },
});

export const lotteryEndpoints = [showLottery, typeLotteryValue, publishLottery];
