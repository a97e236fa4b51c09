/** The desk's calls about letters. What they carry of letters is sealed; numbers and choices are plain. */
import type {
  AloneReason,
  CloseOutcome,
  Conversation,
  LetterView,
  Queue,
  Report,
} from '../rules.ts';
import { call } from './api.ts';

export interface WantedQueue {
  readonly desk: string | undefined;
  readonly view: LetterView;
  readonly after?: string | undefined;
}

export function readQueue(accessToken: string, { desk, view, after }: WantedQueue): Promise<Queue> {
  const query = new URLSearchParams({
    view,
    ...(desk === undefined ? {} : { desk }),
    ...(after === undefined ? {} : { after }),
  });
  return call(accessToken, 'GET', `/api/staff/letters?${query}`);
}

/** @param number 相談番号 */
export function findConversation(accessToken: string, number: string): Promise<Queue> {
  return call(accessToken, 'GET', `/api/staff/letters?${new URLSearchParams({ number })}`);
}

/** Which page: letters before a place, or notes before one; else the newest. */
export interface WantedPage {
  readonly before?: string;
  readonly notesBefore?: string;
}

export function fetchConversation(
  accessToken: string,
  mailbox: string,
  page: WantedPage = {},
): Promise<Conversation> {
  const query = new URLSearchParams({ ...page });
  const path = `/api/staff/letters/${mailbox}`;
  return call(accessToken, 'GET', query.size === 0 ? path : `${path}?${query}`);
}

/** What a member does with a conversation; each step answers with the conversation as it then is. */
export type LetterStep =
  | {
      readonly what: 'opened';
      readonly round: number;
      readonly through: number;
      readonly receivedAt: string;
      readonly unopenable: readonly number[];
      readonly hiddenOpened: boolean;
    }
  | {
      readonly what: 'draft';
      readonly seen: number;
      readonly state: 'writing' | 'proposed';
      readonly sealed: string;
    }
  | {
      readonly what: 'replies';
      readonly round: number;
      readonly number: number;
      readonly sealed: string;
      readonly attachments: readonly { readonly id: string; readonly parts: number }[];
      readonly receivedAt: string;
      readonly draft: number;
      readonly alone?: AloneReason;
    }
  | { readonly what: 'review'; readonly round: number; readonly number: number }
  | { readonly what: 'notes'; readonly sealed: string }
  | { readonly what: 'close'; readonly outcome: CloseOutcome; readonly seen: number }
  | { readonly what: 'assign'; readonly assignee: string | null };

export function changeConversation(
  accessToken: string,
  mailbox: string,
  { what, ...body }: LetterStep,
): Promise<Conversation> {
  return call(accessToken, 'POST', `/api/staff/letters/${mailbox}/${what}`, body);
}

export interface ReportToMake {
  readonly reportId: string;
  readonly round: number;
  readonly letters: readonly number[];
  readonly text: string;
  readonly reason: string;
}

export function receiveAsReport(
  accessToken: string,
  mailbox: string,
  report: ReportToMake,
): Promise<Report> {
  return call(accessToken, 'POST', `/api/staff/letters/${mailbox}/report`, report);
}

export async function readReports(accessToken: string): Promise<readonly Report[]> {
  const { reports } = await call<{ reports: readonly Report[] }>(
    accessToken,
    'GET',
    '/api/staff/reports',
  );
  return reports;
}
