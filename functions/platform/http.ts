/**
 * From an API Gateway event to an endpoint and back: scrubs who is asking, refuses other sites'
 * forms, authorises, parses strictly, and turns refusals and faults into problem+json or a page.
 */
import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import { parseBody } from './body.ts';
import { isUnavailable } from './database.ts';
import type { ApiDeps } from './deps.ts';
import type { Context, Endpoint, Reply } from './endpoint.ts';
import { errorFields } from './log.ts';
import { BUSY, isRefused, type Refused, refusalStatus, refuse } from './refusals.ts';

type Response = APIGatewayProxyStructuredResultV2;
export type ApiHandler = (event: APIGatewayProxyEventV2) => Promise<Response>;

/** The only headers that reach our code: nothing in them tells one person from another. */
const KEPT_HEADERS = [
  'accept',
  'authorization',
  'content-type',
  'idempotency-key',
  'origin',
  'sec-fetch-site',
] as const;

/** Addresses that hold a secret: nothing may learn them from a referrer. */
const SECRET_PATHS = '/bookings/';

function isSecretPath(path: string): boolean {
  return path.startsWith(SECRET_PATHS);
}

const NOT_FOUND = refuse('not_found', 'このページは見つかりませんでした。');
class NoSuchRoute extends Error {}
const FAULT_SENTENCE =
  'うまく受け取れませんでした。お手数ですが、もう一度お試しいただくか、お電話でお知らせください。';

/** Renders a refusal or fault that no endpoint renders itself. */
export type MessagePage = (message: { title: string; sentence: string }, deps: ApiDeps) => string;

type AnswerMessage = (refused: Refused, event: APIGatewayProxyEventV2) => Response;

/** What a refusal says on a page of its own: who only looks at a page was refused nothing. */
function messageOf(
  { refused, sentence }: Refused,
  { method, path }: { readonly method: string; readonly path: string },
): { title: string; sentence: string } {
  const cut = 'リンクが途中で切れているかもしれません。';
  if (refused === 'booking_not_found' || (refused === 'not_found' && isSecretPath(path))) {
    return {
      title: '予約が見つかりませんでした',
      sentence: `${cut}「予約の確認」のページで、受付番号と電話番号を書くと、予約を見られます。`,
    };
  }
  if (refused === 'busy' && method === 'GET') {
    return {
      title: 'いま、ページを開けません',
      sentence: 'ただいま混み合っています。少し待ってから、もう一度お試しください。',
    };
  }
  return refused === 'not_found' || method === 'GET'
    ? { title: 'ページが見つかりませんでした', sentence: cut }
    : { title: '受け付けられませんでした', sentence };
}

export function makeApi(
  endpoints: readonly Endpoint[],
  deps: ApiDeps,
  messagePage: MessagePage,
): ApiHandler {
  const answerMessage: AnswerMessage = (refused, event) =>
    prefersPage(event)
      ? page(
          messagePage(messageOf(refused, event.requestContext.http), deps),
          refusalStatus[refused.refused],
          retryHeader(refused),
        )
      : problem(refused, event.requestContext.requestId);

  const routes = endpoints.map((endpoint) => ({
    method: endpoint.method,
    path: endpoint.path,
    handler: async (event: APIGatewayProxyEventV2) => {
      const response = await run(endpoint, event, deps, answerMessage);
      deps.log.info('request', {
        requestId: event.requestContext.requestId,
        route: `${endpoint.method} ${endpoint.path}`,
        status: response.statusCode ?? 200,
      });
      return response;
    },
  }));
  const router = httpRouter({
    routes: routes as never,
    notFoundResponse: () => {
      throw new NoSuchRoute();
    },
  });
  const handler = middy<APIGatewayProxyEventV2, Response>()
    .use({ before: (request) => scrub(request.event) })
    .use({
      onError: (request) => {
        const { event, error } = request;
        const requestId = event.requestContext.requestId;
        if (error instanceof NoSuchRoute) {
          request.response = answerMessage(NOT_FOUND, event);
          return;
        }
        if (isUnavailable(error)) {
          deps.log.error('The engine is away or busy', { requestId, ...errorFields(error) });
          request.response = answerMessage(BUSY, event);
          return;
        }
        deps.log.error('Unexpected error', { requestId, ...errorFields(error) });
        request.response = prefersPage(event)
          ? page(messagePage({ title: '申し訳ありません', sentence: FAULT_SENTENCE }, deps), 500)
          : json(
              { title: FAULT_SENTENCE, status: 500, requestId },
              500,
              'application/problem+json',
            );
      },
    })
    .handler(router as never);
  // The second argument is a Lambda context, which nothing here reads.
  return async (event) => handler(event, {} as never) as Promise<Response>;
}

/** Removes address, agent and everything else that could tell who is asking. */
function scrub(event: APIGatewayProxyEventV2): void {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = event.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  event.headers = headers;
  delete event.cookies;
  event.requestContext.http.sourceIp = '';
  event.requestContext.http.userAgent = '';
}

async function run(
  endpoint: Endpoint,
  event: APIGatewayProxyEventV2,
  deps: ApiDeps,
  answerMessage: AnswerMessage,
): Promise<Response> {
  const { requestId } = event.requestContext;
  const wantsPage = prefersPage(event);
  const changes = endpoint.method !== 'GET';
  if (changes && isForeign(event, deps.config.siteOrigin)) {
    const foreign = refuse('foreign_origin', 'ほかのサイトからの送信は受け付けられません。');
    return answerMessage(foreign, event);
  }
  let actor: Context['actor'];
  if (endpoint.access !== 'public') {
    const known = await deps.authenticate(event.headers['authorization']);
    if (isRefused(known)) return problem(known, requestId);
    if (!endpoint.access.roles.some((role) => known.roles.includes(role))) {
      const sentence = 'この操作は、あなたの担当ではできません。';
      return problem(refuse('role_missing', sentence), requestId);
    }
    actor = known;
  }
  const body = changes
    ? parseBody(event.headers['content-type'], bytesOf(event), endpoint.bodyBytes)
    : { value: undefined, text: '', isForm: false };
  if (isRefused(body)) return answerMessage(body, event);

  const context: Context = {
    deps,
    now: deps.clock.now(),
    requestId,
    wantsPage,
    // An empty key would be one key for everybody.
    idempotencyKey: event.headers['idempotency-key'] || undefined,
    rawBody: body.text,
    actor,
  };
  const input = parseInput(endpoint, event, body.value);
  const outcome = isRefused(input) ? input : await endpoint.handle(input, context);
  if (!isRefused(outcome)) return answer(outcome, wantsPage);
  if (wantsPage && endpoint.refusalPage) {
    const html = await endpoint.refusalPage(outcome, body.value, context);
    return page(html, refusalStatus[outcome.refused], retryHeader(outcome));
  }
  return answerMessage(outcome, event);
}

function parseInput(endpoint: Endpoint, event: APIGatewayProxyEventV2, body: unknown) {
  const parts = {
    params: [endpoint.params, event.pathParameters ?? {}],
    query: [endpoint.query, event.queryStringParameters ?? {}],
    body: [endpoint.body, body],
  } as const;
  const input: Record<string, unknown> = {};
  for (const [part, [schema, value]] of Object.entries(parts)) {
    if (!schema) continue;
    const parsed = (schema as z.ZodType).safeParse(value, { error: sentenceOf });
    if (parsed.success) {
      input[part] = parsed.data;
      continue;
    }
    if (part === 'params') return NOT_FOUND;
    const fields = parsed.error.issues.map((issue) => ({
      field: issue.path.join('.'),
      sentence: issue.message,
    }));
    return refuse('invalid_input', '入力を確認してください。', { fields: fields.slice(0, 20) });
  }
  return input as never;
}

/** Zod's own messages in words that a person can act on; a schema's own sentence goes first. */
function sentenceOf(issue: { readonly code?: string; readonly input?: unknown }): string {
  if (issue.code === 'unrecognized_keys') return '知らない項目が含まれています。';
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'ここを書いてください。';
  return 'ここを確認してください。';
}

function isForeign(event: APIGatewayProxyEventV2, siteOrigin: string): boolean {
  const site = event.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = event.headers['origin'];
  // Our own pages with a secret in their address send no referrer, and then no origin either. Who
  // posts there knows the secret already.
  if (origin === 'null') return !isSecretPath(event.requestContext.http.path);
  return origin !== undefined && origin !== siteOrigin;
}

function prefersPage(event: APIGatewayProxyEventV2): boolean {
  const type = event.headers['content-type'] ?? '';
  const accept = event.headers['accept'] ?? '';
  return type.startsWith('application/x-www-form-urlencoded') || accept.startsWith('text/html');
}

function bytesOf(event: APIGatewayProxyEventV2): Uint8Array {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

const PRIVATE_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

function answer(reply: Reply, wantsPage: boolean): Response {
  if (wantsPage && reply.seeOther !== undefined) {
    return { statusCode: 303, headers: { ...PRIVATE_HEADERS, location: reply.seeOther }, body: '' };
  }
  if (reply.html !== undefined) return page(reply.html, reply.status ?? 200);
  if (reply.file !== undefined) return file(reply.file);
  return json(reply.json, reply.status ?? 200, 'application/json');
}

function file({ name, type, text }: NonNullable<Reply['file']>): Response {
  return {
    statusCode: 200,
    headers: {
      ...PRIVATE_HEADERS,
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
    body: text,
  };
}

function page(html: string, statusCode: number, headers: Record<string, string> = {}): Response {
  return {
    statusCode,
    headers: {
      ...PRIVATE_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      ...headers,
    },
    body: html,
  };
}

/** RFC 9457. `code` for programs, `detail` for the person. */
function problem(refused: Refused, requestId: string): Response {
  const { refused: code, sentence, field, fields, details } = refused;
  const status = refusalStatus[code];
  const body = {
    type: `urn:hidamari:problem:${code}`,
    title: sentence,
    status,
    detail: sentence,
    code,
    ...(field === undefined ? {} : { field }),
    ...(fields === undefined ? {} : { fields }),
    ...(details === undefined ? {} : { details }),
    requestId,
  };
  return json(body, status, 'application/problem+json', retryHeader(refused));
}

function retryHeader({ retryAfter }: Refused): Record<string, string> {
  return retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
}

function json(
  value: unknown,
  statusCode: number,
  type: string,
  headers: Record<string, string> = {},
): Response {
  return {
    statusCode,
    headers: { ...PRIVATE_HEADERS, 'content-type': `${type}; charset=utf-8`, ...headers },
    body: JSON.stringify(value ?? null),
  };
}
