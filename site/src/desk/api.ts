/** The desk's calls to the staff API: how a call is made, and those about courses. */
import type { CourseEdit, CourseWithSeats } from '../rules.ts';

/** A refusal as the API words it, for the person at the desk. */
export class RefusedError extends Error {
  readonly code: string;
  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

/** The token has run out or is not accepted: log in again. */
export class LoggedOutError extends Error {}

export async function listCourses(accessToken: string): Promise<readonly CourseWithSeats[]> {
  const { courses } = await call<{ courses: readonly CourseWithSeats[] }>(
    accessToken,
    'GET',
    '/api/staff/courses',
  );
  return courses;
}

export function editCourse(
  accessToken: string,
  courseId: string,
  edit: CourseEdit,
): Promise<CourseWithSeats> {
  return call(accessToken, 'PATCH', `/api/staff/courses/${courseId}`, edit);
}

/** @throws LoggedOutError, or RefusedError with the API's own sentence */
export async function call<Answer>(
  accessToken: string,
  method: 'GET' | 'PATCH' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${accessToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  if (response.ok) return (await response.json()) as Answer;
  if (response.status === 401) throw new LoggedOutError();
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  throw new RefusedError(problem.code ?? '', problem.detail ?? 'うまくいきませんでした。');
}
