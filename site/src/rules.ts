/** The door for scripts in a browser: pure rules and words only, nothing that brings zod along. */
export {
  ageInMonths,
  ageName,
  formalDayName,
  readDate,
  schoolYear,
  schoolYearName,
  shortDayName,
} from '../../functions/calendar/rules.ts';
export type { Course, CourseStatusEntry, CourseStatusFile } from '../../functions/courses/model.ts';
export { courseStatus, statusName } from '../../functions/courses/rules.ts';
export {
  callsFor,
  formLinkName,
  poolSeatsName,
  seatsName,
  statusSentence,
} from '../../functions/courses/words.ts';
export { readEmailAddress, readKana, readPhoneNumber } from '../../functions/persons/rules.ts';
export { ageProblem } from '../../functions/registrations/rules.ts';
