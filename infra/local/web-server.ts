/**
 * The one port that people open: routes each request to a handler, to a mounted part or to a file.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handlerDecides, headersFor, type Stage } from '../headers.ts';
import { type ApiHandler, callApi } from './api-gateway.ts';
import { PlainError } from './plain-error.ts';
import { makeStaticFiles } from './static-files.ts';

export type Mount = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

export interface Site {
  /**
   * Where people are meant to open the site. When given, a browser that came by another name is sent
   * there, and a name that is not this machine's gets nothing (another site could point its name here).
   */
  origin?: string;
  stage: Stage;
  issuerOrigin?: string;
  publicApi: ApiHandler;
  lettersApi: ApiHandler;
  staffApi: ApiHandler;
  /** Searched in this order. */
  folders: readonly string[];
  /** Keyed by the first segment of the path, such as `mail`. */
  mounts?: Readonly<Record<string, Mount>>;
  now?: () => Date;
  timeoutMs?: number;
}

export interface WebServer {
  port: number;
  /** Until a site is opened every request is answered with 503. */
  open(site: Site): void;
  stop(): Promise<void>;
}

export interface WebServerOptions {
  port?: number;
  host?: string;
  log?: (sentence: string) => void;
}

/** @throws PlainError with one sentence in Japanese when the port cannot be had. */
export async function startWebServer(options: WebServerOptions = {}): Promise<WebServer> {
  const { port = 0, host = '127.0.0.1', log = () => {} } = options;
  let answer: Mount = (_request, response) => {
    response.writeHead(503, { 'retry-after': '2', 'content-type': 'text/plain; charset=utf-8' });
    response.end('準備しています。少し待ってから、もう一度開いてください。');
  };
  const server = createServer(async (request, response) => {
    response.on('error', () => {});
    try {
      await answer(request, response);
    } catch (error) {
      log(`ページを返せませんでした（${(error as Error)?.name}）。`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(explain(error, port, host)));
    server.listen(port, host, done);
  });
  return {
    port: (server.address() as AddressInfo).port,
    open(site) {
      answer = router(site, log);
    },
    async stop() {
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      const patience = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(patience);
    },
  };
}

function router(site: Site, log: (sentence: string) => void): Mount {
  const now = site.now ?? (() => new Date());
  const files = makeStaticFiles(site.folders);
  const handlerOf: Readonly<Record<ApiName, ApiHandler>> = {
    'public-api': site.publicApi,
    'letters-api': site.lettersApi,
    'staff-api': site.staffApi,
  };
  const mounts = new Map(Object.entries(site.mounts ?? {}));
  return async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] as string;
    const security = headersFor(path, site.stage, site.issuerOrigin);
    for (const [name, value] of Object.entries(security)) response.setHeader(name, value);
    // Pages compare their own clock with this header, so it must be the server's idea of now.
    response.setHeader('date', now().toUTCString());

    if (site.origin && !guardHost(request, response, site.origin)) return;
    const mount = mounts.get(path.split('/')[1] ?? '');
    if (mount) return mount(request, response);
    const api = apiFor(path, request.method ?? 'GET');
    if (!api) return files(request, response);
    const { timeoutMs } = site;
    const gateway = { name: api, now, log, ...(timeoutMs && { timeoutMs }) };
    const handler = handlerOf[api];
    const { status, headers, body } = await callApi(handler, request, gateway);
    for (const [name, value] of Object.entries(headers)) {
      if (!(name in security) || handlerDecides.includes(name)) response.setHeader(name, value);
    }
    response.writeHead(status, { 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** False when the request has been answered here. */
function guardHost(request: IncomingMessage, response: ServerResponse, origin: string): boolean {
  const host = request.headers.host ?? '';
  if (host === new URL(origin).host) return true;
  if (!loopback.has(host.replace(/:\d+$/, ''))) {
    response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${origin}/ を開いてください。`);
    return false;
  }
  const visits = request.method === 'GET' && request.headers.accept?.includes('text/html');
  if (!visits) return true;
  response.writeHead(307, { location: `${origin}${request.url}` }).end();
  return false;
}

type ApiName = 'public-api' | 'letters-api' | 'staff-api';

/**
 * The look-up form at /bookings/ is a file, and so is the description of the interface; what lies
 * below, and what the form posts, is not.
 */
function apiFor(path: string, method: string): ApiName | undefined {
  if (path === '/api/openapi.json') return undefined;
  if (path.startsWith('/api/staff/')) return 'staff-api';
  if (/^\/api\/letters(\/|$)/.test(path)) return 'letters-api';
  if (path.startsWith('/api/') || /^\/bookings\/./.test(path)) return 'public-api';
  const reads = method === 'GET' || method === 'HEAD';
  return path === '/bookings/' && !reads ? 'public-api' : undefined;
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): PlainError {
  const reasons: Record<string, string> = {
    EADDRINUSE: `ポート ${port} はほかのプログラムが使っています。PORT=8081 npm start のように、別の番号を指定してください。`,
    EACCES: `ポート ${port} を使う権限がありません。PORT に 1024 以上の番号を指定してください。`,
    EADDRNOTAVAIL: `HOST=${host} はこの機械のアドレスではありません。`,
    ENOTFOUND: `HOST=${host} が見つかりません。`,
  };
  return new PlainError(reasons[error.code ?? ''] ?? `待ち受けを始められません（${error.code}）。`);
}
