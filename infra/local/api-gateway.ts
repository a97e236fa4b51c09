/**
 * Plays API Gateway for one handler: its body limit, its time limit, its event, its own answers.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { fromApiResult, gatewayError, type HttpAnswer, toApiEvent } from './api-event.ts';
import { makeLambdaContext } from './lambda-context.ts';

export type ApiHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<unknown>;

export interface ApiGatewayOptions {
  name: string;
  now: () => Date;
  log: (sentence: string) => void;
  timeoutMs?: number;
}

const bodyLimit = 10 * 1024 * 1024;

export async function callApi(
  handler: ApiHandler,
  request: IncomingMessage,
  { name, now, log, timeoutMs = 30_000 }: ApiGatewayOptions,
): Promise<HttpAnswer> {
  const body = await readBody(request);
  if (!body) return gatewayError(413);
  const requestId = randomUUID();
  try {
    const event = toApiEvent({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: request.headersDistinct,
      body,
      now: now(),
      requestId,
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    });
    const result = await within(timeoutMs, handler(event, makeLambdaContext(name, timeoutMs)));
    const answer = result === tooLate ? gatewayError(503) : fromApiResult(result);
    answer.headers['apigw-requestid'] = requestId;
    return answer;
  } catch (error) {
    if (error instanceof URIError) return gatewayError(400);
    // The message stays out of the log: it may quote what somebody typed.
    log(`${name} の処理が失敗しました（${(error as Error)?.name}、${requestId}）。`);
    return gatewayError(500);
  }
}

const tooLate = Symbol('too late');

async function within<T>(ms: number, work: Promise<T>): Promise<T | typeof tooLate> {
  const { promise: late, resolve } = Promise.withResolvers<typeof tooLate>();
  const timer = setTimeout(resolve, ms, tooLate);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The whole body, or undefined when it is over the limit (the rest is read and thrown away). */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= bodyLimit) chunks.push(chunk);
    else chunks.length = 0;
  }
  return length <= bodyLimit ? Buffer.concat(chunks) : undefined;
}
