/** The HTTP face of courses: declarations only. */
import * as z from 'zod';
import { endpoint } from '../platform/endpoint.ts';
import { writeCourse } from './create.ts';
import { editCourse } from './edit.ts';
import { CourseDraft, CourseEdit, CourseId, CourseWithSeats, PublicCourse } from './model.ts';
import { courseForAnyone, coursesForAnyone, coursesForDesk } from './see.ts';

const CourseParams = z.strictObject({ courseId: CourseId });

const listPublicCourses = endpoint({
  operation: 'listCourses',
  method: 'GET',
  path: '/api/courses',
  access: 'public',
  summary: 'Published courses that are not over, with seats, by first date',
  output: z.strictObject({ courses: z.array(PublicCourse) }),
  refuses: [],
  async handle(_input, { deps }) {
    return { json: { courses: await coursesForAnyone(deps) } };
  },
});

const showCourse = endpoint({
  operation: 'showCourse',
  method: 'GET',
  path: '/api/courses/{courseId}',
  access: 'public',
  summary: 'One published course with its seats',
  params: CourseParams,
  output: PublicCourse,
  refuses: ['course_not_found'],
  async handle({ params }, { deps }) {
    const seen = await courseForAnyone(deps, params.courseId);
    return 'refused' in seen ? seen : { json: seen };
  },
});

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

export const courseEndpoints = [
  listPublicCourses,
  showCourse,
  listAllCourses,
  makeCourse,
  changeCourse,
];
