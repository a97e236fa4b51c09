/** Every event there is, and every reaction to one, in one list. */
import * as z from 'zod';
import { AttendanceEvent } from './attendance/model.ts';
import { CallEvent } from './calls/model.ts';
import { CourseEvent } from './courses/model.ts';
import { courseDeadlines, courseReactions, courseRefreshes } from './courses/reactions.ts';
import { HirobaEvent } from './hiroba/model.ts';
import { hirobaDeadlines, hirobaRefreshes } from './hiroba/reactions.ts';
import { KeyEvent } from './keys/model.ts';
import { keyReactions } from './keys/reactions.ts';
import { LetterEvent } from './letters/model.ts';
import { letterDeadlines, letterReactions, letterRefreshes } from './letters/reactions.ts';
import { LotteryEvent } from './lotteries/model.ts';
import { lotteryDeadlines, lotteryReactions, lotteryRefreshes } from './lotteries/reactions.ts';
import type { Wiring } from './platform/consumer.ts';
import type { WorkerDeps } from './platform/worker-deps.ts';
import { RegistrationEvent } from './registrations/model.ts';
import {
  registrationDeadlines,
  registrationReactions,
  registrationRefreshes,
} from './registrations/reactions.ts';

export const DomainEvent = z.union([
  AttendanceEvent,
  CourseEvent,
  HirobaEvent,
  RegistrationEvent,
  LotteryEvent,
  CallEvent,
  LetterEvent,
  KeyEvent,
]);
export type DomainEvent = z.infer<typeof DomainEvent>;

export const wiring: Wiring<DomainEvent, WorkerDeps> = {
  event: DomainEvent,
  reactions: [
    ...lotteryReactions,
    ...courseReactions,
    ...registrationReactions,
    ...letterReactions,
    ...keyReactions,
  ],
  refreshes: [
    ...courseRefreshes,
    ...hirobaRefreshes,
    ...registrationRefreshes,
    ...lotteryRefreshes,
    ...letterRefreshes,
  ],
  deadlines: [
    ...letterDeadlines,
    ...lotteryDeadlines,
    ...courseDeadlines,
    ...hirobaDeadlines,
    ...registrationDeadlines,
  ],
};
