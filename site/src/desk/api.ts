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
  return call(accessToken, 'POST', '/api/staff/courses', course, key);
}

/**
 * @param idempotencyKey so that a repeated request is recognised
 * @throws LoggedOutError, or RefusedError with the API's own sentence
 */
export async function call<Answer>(
  accessToken: string,
  method: 'GET' | 'PATCH' | 'POST',
  path: string,
  body?: unknown,
  idempotencyKey?: string,
): Promise<Answer> {
  const response = await ask(accessToken, method, path, body, idempotencyKey);
  return (await response.json()) as Answer;
}

/** A file to save, with the name that the API gives it. */
export async function fetchFile(
  accessToken: string,
  path: string,
): Promise<{ readonly name: string; readonly content: Blob }> {
  const response = await ask(accessToken, 'GET', path);
  const named = /filename\*=UTF-8''(\S+)/.exec(response.headers.get('content-disposition') ?? '');
  return { name: decodeURIComponent(named?.[1] ?? 'file'), content: await response.blob() };
}

async function ask(
  accessToken: string,
  method: string,
  path: string,
  body?: unknown,
  idempotencyKey?: string,
): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${accessToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  if (response.ok) return response;
  if (response.status === 401) throw new LoggedOutError();
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    field?: string;
    fields?: readonly Problem[];
    details?: readonly string[];
  };
  const sentence = problem.detail ?? 'うまくいきませんでした。';
  const fields = [
    ...(problem.field === undefined ? [] : [{ field: problem.field, sentence }]),
    ...(problem.fields ?? []),
  ];
  throw new RefusedError(problem.code ?? '', sentence, { ...problem, fields });
}
