/**
 * Translates between plain HTTP and API Gateway's HTTP API (payload format 2.0), both ways and purely,
 * so that handlers meet on this machine exactly what they meet in the cloud.
 */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface ApiRequest {
  method: string;
  /** Path and query as they stood on the request line. */
  url: string;
  /** Every value of every header, as `IncomingMessage.headersDistinct` has them. */
  headers: Readonly<Record<string, readonly string[] | undefined>>;
  body: Buffer;
  now: Date;
  requestId: string;
  sourceIp?: string;
  routeKey?: string;
  pathParameters?: Record<string, string>;
  authorizer?: { jwt: { claims: Record<string, string>; scopes: string[] } };
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

// Observed on AWS: only these arrive as text, form posts and bodies without a type as base64.
const textTypes = /^(text\/.+|application\/(json|xml|javascript))$/;

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** @throws URIError when the path is not valid percent-encoding (the gateway answers 400). */
export function toApiEvent(request: ApiRequest): APIGatewayProxyEventV2 {
  const { method, now, requestId, sourceIp = '127.0.0.1', routeKey = '$default' } = request;
  const [encodedPath = '/', rawQueryString = ''] = splitOnce(request.url, '?');
  // An HTTP API decodes the path, and what was an encoded question mark then ends it.
  const rawPath = splitOnce(decodeURIComponent(encodedPath), '?')[0] as string;
  const cookies = (request.headers.cookie ?? []).flatMap((line) => line.split(/;\s*/));
  const headers = joinHeaders(request, sourceIp);
  const domainName = (headers.host ?? 'localhost').replace(/:\d+$/, '');
  const isBase64Encoded = !textTypes.test(mediaType(headers['content-type']));
  const query = joinQuery(rawQueryString);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      ...(request.authorizer && {
        authorizer: {
          principalId: '',
          integrationLatency: 0,
          ...request.authorizer,
        },
      }),
      domainName,
      domainPrefix: domainName.split('.')[0] as string,
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: accessLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(request.pathParameters && { pathParameters: request.pathParameters }),
    ...(request.body.length > 0 && {
      body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    }),
    isBase64Encoded: isBase64Encoded && request.body.length > 0,
  };
}

/** What API Gateway makes of a handler's result; a result it cannot use becomes its bare 500. */
export function fromApiResult(result: unknown): HttpAnswer {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : JSON.stringify(result ?? null);
    return answer(200, { 'content-type': 'application/json' }, body);
  }
  const {
    statusCode,
    headers = {},
    cookies = [],
    body = '',
    isBase64Encoded,
  } = result as Record<string, unknown>;
  const status = Number(statusCode);
  const usable =
    Number.isInteger(status) && status >= 200 && status <= 599 && typeof body === 'string';
  if (!usable) return gatewayError(500);
  const lowerCased: HttpAnswer['headers'] = { 'content-type': 'text/plain; charset=utf-8' };
  for (const [name, value] of Object.entries(headers as Record<string, unknown>)) {
    if (value !== undefined && value !== null) lowerCased[name.toLowerCase()] = String(value);
  }
  if ((cookies as string[]).length > 0) lowerCased['set-cookie'] = cookies as string[];
  return answer(status, lowerCased, Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}

/** The answers that API Gateway gives by itself, without asking a handler. */
export function gatewayError(status: 400 | 413 | 500 | 503): HttpAnswer {
  const messages = {
    400: 'Bad Request',
    413: 'Request Entity Too Large',
    500: 'Internal Server Error',
    503: 'Service Unavailable',
  };
  const body = JSON.stringify({ message: messages[status] });
  return answer(status, { 'content-type': 'application/json' }, body);
}

function answer(status: number, headers: HttpAnswer['headers'], body: string | Buffer): HttpAnswer {
  return { status, headers, body: Buffer.from(body as string) };
}

function joinHeaders(request: ApiRequest, sourceIp: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headers)) {
    const key = name.toLowerCase();
    if (!values || key === 'cookie' || connectionHeaders.has(key)) continue;
    headers[key] = values.join(',');
  }
  if (request.body.length > 0) headers['content-length'] ??= String(request.body.length);
  const [host = '', port = '80'] = splitOnce(headers.host ?? '', ':');
  const trace = createHash('sha256').update(request.requestId).digest('hex').slice(0, 24);
  const seconds = Math.floor(request.now.getTime() / 1000).toString(16);
  return {
    ...headers,
    host: headers.host ?? host,
    'x-amzn-trace-id': `Root=1-${seconds}-${trace}`,
    'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
    'x-forwarded-port': port,
    'x-forwarded-proto': 'http',
  };
}

function joinQuery(rawQueryString: string): Record<string, string> | undefined {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  // fromEntries defines own properties, so a parameter called __proto__ is only a name.
  return joined.size > 0 ? Object.fromEntries(joined) : undefined;
}

function mediaType(contentType = ''): string {
  return (splitOnce(contentType, ';')[0] as string).trim().toLowerCase();
}

/** `12/Mar/2020:19:03:58 +0000` */
function accessLogTime(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
