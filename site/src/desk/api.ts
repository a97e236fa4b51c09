/** The desk's calls to the staff API: how a call is made, and those about courses. */
import type { CourseDraft, CourseEdit, CourseWithSeats, Problem } from '../rules.ts';

/** A refusal as the API words it, for the person at the desk. */
export class RefusedError extends Error {
  readonly code: string;
  /** Sentences at fields, by the path of the API. */
  readonly fields: readonly Problem[];
  /** What it is about, a sentence each. */
  readonly details: readonly string[];
  constructor(
    code: string,
    sentence: string,
    { fields = [], details = [] }: Partial<Pick<RefusedError, 'fields' | 'details'>> = {},
  ) {
    super(sentence);
    this.code = code;
    this.fields = fields;
    this.details = details;
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

/** @param key the same for the same course, so that it can be sent again after a lost answer */
export function createCourse(
  accessToken: string,
  course: CourseDraft,
  key: string,
): Promise<CourseWithSeats> {
  return call(accessToken, 'POST', '/api/staff/courses', course, { 'idempotency-key': key });
}

/** @throws LoggedOutError, or RefusedError with the API's own sentence */
export async function call<Answer>(
  accessToken: string,
  method: 'GET' | 'PATCH' | 'POST',
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${accessToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  if (response.ok) return (await response.json()) as Answer;
  if (response.status === 401) throw new LoggedOutError();
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    fields?: readonly Problem[];
    details?: readonly string[];
  };
  const { code = '', detail = 'うまくいきませんでした。' } = problem;
  throw new RefusedError(code, detail, problem);
}
