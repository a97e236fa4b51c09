/** The door for scripts in a browser: pure rules and words only, nothing that brings zod along. */
export type {
  AttendanceMarks,
  AttendanceSheet,
  Board,
  BoardSession,
  ExpectedFamily,
  MarkRequest,
  MarkView,
  WalkInCounts,
  WalkInRequest,
  WalkInView,
} from '../../functions/attendance/model.ts';
export { daysOf, peopleIn, summaryOf, withPerson } from '../../functions/attendance/rules.ts';
export {
  absenceReasonName,
  attendanceName,
  markName,
  walkInCountName,
  walkInName,
} from '../../functions/attendance/words.ts';
export type { Audit, AuditRow } from '../../functions/audit/model.ts';
export { auditActionName } from '../../functions/audit/words.ts';
export {
  addDays,
  ageInMonths,
  ageName,
  birthDayName,
  clockName,
  dayInTokyo,
  dayName,
  instantInTokyo,
  isDay,
  momentName,
  readDate,
  readDateText,
  schoolYear,
  schoolYearName,
  shortDayName,
  timeInTokyo,
} from '../../functions/calendar/rules.ts';
export type { CallResult, CallToMake } from '../../functions/calls/model.ts';
export { callReasonName, callResultName } from '../../functions/calls/words.ts';
export {
  answersAt,
  CHECK_AGAIN_BY,
  type Contact,
  contacts,
  isLookUpDue,
} from '../../functions/centre/contacts.ts';
export {
  changesBetween,
  copyOf,
  draftOf,
  isSame,
  type Problem,
  problemsOf,
} from '../../functions/courses/drafts.ts';
export type {
  Course,
  CourseDraft,
  CourseEdit,
  CourseStatusEntry,
  CourseStatusFile,
  CourseWithSeats,
} from '../../functions/courses/model.ts';
export {
  courseStatus,
  firstSession,
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
export type { KeyChange, KeyRing } from '../../functions/keys/model.ts';
export { cannedParagraphs } from '../../functions/letters/canned.ts';
export { type CrisisKind, contactsFor, crisisIn } from '../../functions/letters/crisis.ts';
export type {
  AloneReason,
  CloseOutcome,
  Conversation,
  DeskLetter,
  LetterView,
  Queue,
  QueueItem,
  Report,
} from '../../functions/letters/desk-model.ts';
export {
  aloneReasonName,
  closeOutcomeName,
  deskAgeName,
  deskTopicName,
  letterViewName,
  readConversationNumber,
  urgencyName,
} from '../../functions/letters/desk-words.ts';
export { readFurigana, withoutReadings } from '../../functions/letters/furigana.ts';
export type { LetterDesk, ReadingTimes, Urgency } from '../../functions/letters/model.ts';
export {
  ageBandsOf,
  answerSentence,
  type Choice,
  conversationFaultSentence,
  LIST_NOT_BELIEVED,
  LONGEST_LETTER,
  letterFaultSentence,
  lookAgainSentence,
  momentSince,
  readingSentence,
  topicsOf,
  urgencies,
} from '../../functions/letters/words.ts';
export type { DeskLottery, DrawnFile } from '../../functions/lotteries/model.ts';
export { isPublicValue, verifyDraw } from '../../functions/lotteries/rules.ts';
export {
  drawPath,
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
  RosterRow,
  SearchHits,
} from '../../functions/registrations/desk-model.ts';
export { channelName } from '../../functions/registrations/desk-words.ts';
export {
  ageProblem,
  bookingNumberName,
  childcareProblem,
} from '../../functions/registrations/rules.ts';
export { PURGED, placeStatusName } from '../../functions/registrations/words.ts';
