/** The door for scripts in a browser: pure rules and words only, nothing that brings zod along. */
export type { AuditRow } from '../../functions/audit/model.ts';
export { auditActionName } from '../../functions/audit/words.ts';
export {
  ageInMonths,
  ageName,
  birthDayName,
  clockName,
  dayInTokyo,
  dayName,
  formalDayName,
  momentName,
  readDate,
  readDateText,
  schoolYear,
  schoolYearName,
  shortDayName,
  timeInTokyo,
} from '../../functions/calendar/rules.ts';
export type {
  Course,
  CourseEdit,
  CourseStatusEntry,
  CourseStatusFile,
  CourseWithSeats,
} from '../../functions/courses/model.ts';
export {
  courseStatus,
  judgingDay,
  statusEntry,
  statusName,
  takesApplications,
  takesSeats,
} from '../../functions/courses/rules.ts';
export {
  callsFor,
  childcareLeftName,
  childcareName,
  drawLinkName,
  formLinkName,
  poolChildcareName,
  poolSeatsName,
  seatsName,
  statusSentence,
} from '../../functions/courses/words.ts';
export type {
  CountedPlace,
  HirobaStatusFile,
  VisitCounts,
  VisitDay,
  VisitEntry,
  VisitSlot,
} from '../../functions/hiroba/model.ts';
export {
  addedTo,
  CHILD_KEYS,
  COUNT_KEYS,
  type CountKey,
  childrenIn,
  countName,
  NOBODY,
  oddCounts,
  openingsOfFile,
  STATUS_FILE as HIROBA_STATUS_FILE,
  slotName,
  slotsOf,
  stateAmong,
  stepCount,
  sumOfCounts,
  sumOfDay,
} from '../../functions/hiroba/rules.ts';
export { stateName, stateSentence } from '../../functions/hiroba/words.ts';
export type { DrawnFile } from '../../functions/lotteries/model.ts';
export { verifyDraw } from '../../functions/lotteries/rules.ts';
export {
  findingSentence,
  ownResultSentence,
  verdictSentence,
} from '../../functions/lotteries/words.ts';
export {
  phoneNumberName,
  readEmailAddress,
  readKana,
  readPhoneNumber,
} from '../../functions/persons/rules.ts';
export type {
  Entered,
  OpenedRegistration,
  Roster,
  RosterCourse,
  RosterRow,
  SearchHits,
} from '../../functions/registrations/desk-model.ts';
export { channelName } from '../../functions/registrations/desk-words.ts';
export {
  ageProblem,
  bookingNumberName,
  childcareProblem,
} from '../../functions/registrations/rules.ts';
export { placeStatusName } from '../../functions/registrations/words.ts';
