/**
 * An endpoint is data: the router, CDK, OpenAPI, the desk's client and the tests all read the same
 * declaration. What it does is a use case; what it may refuse is listed.
 */
import type * as z from 'zod';
import type { ApiDeps } from './deps.ts';
import type { RefusalCode, Refused } from './refusals.ts';

/**
 * 講座担当 · センター長 · ひろば担当 · 子ども家庭支援ワーカー · ティーンズ支援ワーカー; the names of the
 * groups in the identity provider.
 */
export const ROLES = [
  'course_staff',
  'center_head',
  'hiroba_staff',
  'family_worker',
  'teens_worker',
] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking, from a verified token. */
export interface Actor {
  readonly subject: string;
  readonly roles: readonly Role[];
}

/** What a handler knows besides its input. */
export interface Context {
  readonly deps: ApiDeps;
  readonly now: Date;
  readonly requestId: string;
  /** The request came from a plain HTML form, or a browser that wants a page. */
  readonly wantsPage: boolean;
  /** Key sent by a script, so that a repeated request is recognised. */
  readonly idempotencyKey: string | undefined;
  /** The body as it arrived, for a key where no script could make one. */
  readonly rawBody: string;
  /** Present on every endpoint that is not public. */
  readonly actor: Actor | undefined;
}

/** A good answer. A browser's form is redirected (`seeOther`), a script reads `json`. */
export interface Reply<Output = unknown> {
  readonly status?: number;
  readonly json?: Output;
  readonly html?: string;
  /** To be saved: what it is called, its media type, and its text (UTF-8). */
  readonly file?: { readonly name: string; readonly type: string; readonly text: string };
  /** Path of our own site to go on to (303). */
  readonly seeOther?: string;
}

interface Declaration<Params, Query, Body, Output, Code extends RefusalCode> {
  /** Name of the operation, unique; also the operationId in OpenAPI. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: `/${string}`;
  readonly access: 'public' | { readonly roles: readonly [Role, ...Role[]] };
  readonly summary: string;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Longest body, where it may be longer than forms are. */
  readonly bodyBytes?: number;
  /** Schema of `json`; 'page' when it only ever answers with HTML; a file of either kind else. */
  readonly output: z.ZodType<Output> | 'page' | 'csv' | 'calendar';
  /** Codes of its own; those that every endpoint shares are in http.ts. */
  readonly refuses: readonly Code[];
  readonly handle: (
    input: { readonly params: Params; readonly query: Query; readonly body: Body },
    context: Context,
  ) => Promise<Reply<Output> | (Refused & { readonly refused: Code })>;
  /** The page for a browser whose form was refused; `typed` is what was sent, unparsed. */
  readonly refusalPage?: (refused: Refused, typed: unknown, context: Context) => Promise<string>;
}

/** A declaration whose types have been checked and forgotten, so that all fit into one list. */
// biome-ignore lint/suspicious/noExplicitAny: the types were checked where it was declared
export type Endpoint = Declaration<any, any, any, any, RefusalCode>;

export function endpoint<
  Params = undefined,
  Query = undefined,
  Body = undefined,
  Output = unknown,
  Code extends RefusalCode = never,
>(declaration: Declaration<Params, Query, Body, Output, Code>): Endpoint {
  return declaration as unknown as Endpoint;
}
