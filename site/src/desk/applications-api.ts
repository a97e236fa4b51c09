/** The desk's calls about applications, rosters and the audit. Names and numbers travel in bodies. */
import type { Audit, Entered, OpenedRegistration, Roster, SearchHits } from '../rules.ts';
import { call, fetchFile } from './api.ts';

export function searchApplications(accessToken: string, text: string): Promise<SearchHits> {
  return call(accessToken, 'POST', '/api/staff/search', { text });
}

export function openApplication(
  accessToken: string,
  registrationId: string,
): Promise<OpenedRegistration> {
  return call(accessToken, 'GET', `/api/staff/registrations/${registrationId}`);
}

/** What the buttons of an application do. */
export type Deed =
  | { readonly what: 'cancel' | 'accept' | 'decline'; readonly poolKey?: string }
  | { readonly what: 'move'; readonly from: string; readonly to: string; readonly wait: boolean }
  | { readonly what: 'notes'; readonly text: string };

export function changeApplication(
  accessToken: string,
  registrationId: string,
  { what, ...body }: Deed,
): Promise<OpenedRegistration> {
  return call(accessToken, 'POST', `/api/staff/registrations/${registrationId}/${what}`, body);
}

export function enterApplication(
  accessToken: string,
  body: unknown,
  idempotencyKey: string,
): Promise<Entered> {
  return call(accessToken, 'POST', '/api/staff/registrations', body, idempotencyKey);
}

/** The whole roster, page after page: a part of one would be printed as if it were all. */
export async function wholeRoster(
  accessToken: string,
  courseId: string,
  session: string | undefined,
): Promise<Roster> {
  const query = new URLSearchParams(session === undefined ? {} : { session });
  let roster: Roster | undefined;
  for (;;) {
    const page: Roster = await call(
      accessToken,
      'GET',
      `/api/staff/courses/${courseId}/registrations?${query}`,
    );
    roster = roster ? { ...page, rows: [...roster.rows, ...page.rows] } : page;
    if (page.next === undefined) return roster;
    query.set('from', page.next);
  }
}

/** Saves the roster as the file that the API makes of it. */
export async function saveRoster(
  accessToken: string,
  courseId: string,
  session: string | undefined,
): Promise<void> {
  const query = session === undefined ? '' : `?${new URLSearchParams({ session })}`;
  const path = `/api/staff/courses/${courseId}/roster.csv${query}`;
  const { name, content } = await fetchFile(accessToken, path);
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** @param desk lines about its letters; absent: about everything else */
export function auditOf(
  accessToken: string,
  { day, desk, from }: { readonly day: string; readonly desk?: string; readonly from?: string },
): Promise<Audit> {
  const query = new URLSearchParams({
    day,
    ...(desk === undefined ? {} : { desk }),
    ...(from === undefined ? {} : { from }),
  });
  return call(accessToken, 'GET', `/api/staff/audit?${query}`);
}
