/** The HTTP face of courses for the desk: declarations only. */
import * as z from 'zod';
import { endpoint } from '../platform/endpoint.ts';
import { writeCourse } from './create.ts';
import { editCourse } from './edit.ts';
import { CourseDraft, CourseEdit, CourseId, CourseWithSeats } from './model.ts';
import { coursesForDesk } from './see.ts';

const CourseParams = z.strictObject({ courseId: CourseId });

const listAllCourses = endpoint({
  operation: 'listCoursesForStaff',
  method: 'GET',
  path: '/api/staff/courses',
  // Also for who opens a roster: a course holds nothing about a person.
  access: { roles: ['course_staff', 'center_head', 'hiroba_staff'] },
  summary: 'Every course that is not over; drafts, unlisted ones and patterns included',
  output: z.strictObject({ courses: z.array(CourseWithSeats) }),
  refuses: [],
  async handle(_input, { deps }) {
    return { json: { courses: await coursesForDesk(deps) } };
  },
});

const makeCourse = endpoint({
  operation: 'createCourse',
  method: 'POST',
  path: '/api/staff/courses',
  access: { roles: ['course_staff', 'center_head'] },
  summary: 'A new course or pattern; the same idempotency key is the same course',
  body: CourseDraft,
  output: CourseWithSeats,
  refuses: [],
  async handle({ body }, { deps, now, actor, idempotencyKey }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    const made = await writeCourse(deps, body, idempotencyKey, actor.subject, now);
    return 'refused' in made ? made : { status: 201, json: made };
  },
});

const changeCourse = endpoint({
  operation: 'editCourse',
  method: 'PATCH',
  path: '/api/staff/courses/{courseId}',
  access: { roles: ['course_staff', 'center_head'] },
  summary: 'Change any part of the version that was seen; what hurts bookings must be confirmed',
  params: CourseParams,
  body: CourseEdit,
  output: CourseWithSeats,
  refuses: [
    'course_not_found',
    'version_conflict',
    'capacity_below_taken',
    'edit_not_possible',
    'edit_needs_confirmation',
  ],
  async handle({ params, body }, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    const edited = await editCourse(deps, params.courseId, body, actor.subject, now);
    return 'refused' in edited ? edited : { json: edited };
  },
});

export const courseDeskEndpoints = [listAllCourses, makeCourse, changeCourse];
