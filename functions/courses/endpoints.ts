/** The HTTP face of courses for families: declarations only. */
import * as z from 'zod';
import { endpoint } from '../platform/endpoint.ts';
import { CourseId, PublicCourse } from './model.ts';
import { courseForAnyone, coursesForAnyone } from './see.ts';

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

export const courseEndpoints = [listPublicCourses, showCourse];
