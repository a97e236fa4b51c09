/** The local port answers as the bucket, the CDN and API Gateway would together. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as rawRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiHandler } from '../../../infra/local/api-gateway.ts';
import { startWebServer, type WebServer } from '../../../infra/local/web-server.ts';

const now = new Date('2026-12-01T00:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'hidamari-web-'));
const log: string[] = [];
let server: WebServer;
let origin: string;

const echo: ApiHandler = async (event) => ({ statusCode: 200, headers: {}, body: event.rawPath });
const publicApi: ApiHandler = async (event) => {
  if (event.rawPath === '/api/slow') return new Promise(() => {});
  if (event.rawPath === '/api/broken') throw new TypeError('山田花子 090-0000-0000');
  return {
    statusCode: 200,
    headers: {
      'Content-Type': 'text/html',
      'X-Content-Type-Options': '',
      'referrer-policy': 'no-referrer',
    },
    cookies: ['a=1', 'b=2'],
    body: `${event.requestContext.http.method} ${event.rawPath} ${event.body?.length ?? 0}`,
  };
};

function write(path: string, content: string) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

beforeAll(async () => {
  write('dist/index.html', '<p>built</p>');
  write('dist/404.html', '<p>not here</p>');
  write('dist/bookings/index.html', '<form></form>');
  write('dist/courses/index.html', 'old');
  write('dist/_astro/app.hash.js', 'x'.repeat(2_000));
  write('dist/templates/course/index.html', 'template');
  write('dist/.env', 'secret');
  write('site/courses/index.html', 'published');
  write('site/courses/status.json', '{}');
  write('site/courses/kept.json', '{}');
  write('site/courses/kept.json.meta.json', '{"cacheControl":"public, max-age=60"}');
  write('site/courses/status.json.meta.json', '{}');
  write('outside.txt', 'outside');
  server = await startWebServer({ log: (sentence) => log.push(sentence) });
  origin = `http://127.0.0.1:${server.port}`;
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Sends path and headers exactly as given, which fetch would tidy up first. */
function raw(path: string, headers: Record<string, string> = {}, to = origin): Promise<number> {
  return new Promise((done, fail) => {
    rawRequest(to, { path, headers }, (response) => {
      response.resume().once('end', () => done(response.statusCode ?? 0));
    })
      .once('error', fail)
      .end();
  });
}

test('before the site is open, every request is asked to wait', async () => {
  const response = await fetch(origin);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('2');
  server.open({
    stage: 'local',
    issuerOrigin: 'https://id.example',
    publicApi,
    lettersApi: echo,
    staffApi: echo,
    folders: [join(folder, 'site'), join(folder, 'dist')],
    mounts: { mail: (_request, reply) => void reply.end('mail') },
    now: () => now,
    timeoutMs: 100,
  });
});

test('a file is served with its type, its tag, the security headers and the server’s clock', async () => {
  const response = await fetch(`${origin}/`);
  expect(await response.text()).toBe('<p>built</p>');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
  expect(response.headers.get('date')).toBe('Tue, 01 Dec 2026 00:00:00 GMT');
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.has('strict-transport-security')).toBe(false);
  const etag = response.headers.get('etag') as string;
  const again = await fetch(`${origin}/`, { headers: { 'if-none-match': `"other", W/${etag}` } });
  expect(again.status).toBe(304);
  expect(again.headers.get('date')).toBe('Tue, 01 Dec 2026 00:00:00 GMT');
});

test('what staff published lies over what was built, and a change is seen at once', async () => {
  expect(await (await fetch(`${origin}/courses/`)).text()).toBe('published');
  write('site/courses/index.html', 'published again');
  expect(await (await fetch(`${origin}/courses/`)).text()).toBe('published again');
});

test.each([
  ['/_astro/app.hash.js', 'public, max-age=31536000, immutable'],
  ['/courses/status.json', 'public, max-age=5'],
  ['/courses/kept.json', 'public, max-age=60'],
])('%s may be kept: %s', async (path, cacheControl) => {
  expect((await fetch(origin + path)).headers.get('cache-control')).toBe(cacheControl);
});

test.each(['br', 'gzip'])(
  'text is compressed with %s when asked for, under its own tag',
  async (encoding) => {
    const url = `${origin}/_astro/app.hash.js`;
    const packed = await fetch(url, { headers: { 'accept-encoding': encoding } });
    const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
    expect(packed.headers.get('content-encoding')).toBe(encoding);
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(200);
    expect(await packed.text()).toBe(await plain.text());
    expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
    expect(packed.headers.get('vary')).toBe('Accept-Encoding');
  },
);

test('a folder without its slash is redirected, query and all', async () => {
  const response = await fetch(`${origin}/courses?age=5`, { redirect: 'manual' });
  expect(response.status).toBe(308);
  expect(response.headers.get('location')).toBe('/courses/?age=5');
});

test('what is not there is the 404 page', async () => {
  const response = await fetch(`${origin}/nowhere/`);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('<p>not here</p>');
});

test.each([
  '/../outside.txt',
  '/%2e%2e/outside.txt',
  '/..%2foutside.txt',
  '/courses/..%5c..%5coutside.txt',
  '/.env',
  '//outside.txt',
  '/%00',
  '/%E3%81',
  '/templates/course/',
  '/courses/status.json.meta.json',
  'http://evil.example/',
])('%s reaches nothing', async (path) => {
  expect(await raw(path)).toBe(404);
});

test('files are only read', async () => {
  const response = await fetch(`${origin}/courses/`, { method: 'POST' });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, HEAD');
});

test('HEAD has the headers and no body', async () => {
  const response = await fetch(`${origin}/courses/`, { method: 'HEAD' });
  expect(response.headers.get('content-length')).toBe('15');
  expect(await response.text()).toBe('');
});

test('the look-up form is a file; what lies below it is a handler’s, private and unreferred', async () => {
  const form = await fetch(`${origin}/bookings/`);
  expect(await form.text()).toBe('<form></form>');
  expect(form.headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
  const booking = await fetch(`${origin}/bookings/secret`);
  expect(await booking.text()).toBe('GET /bookings/secret 0');
  expect(booking.headers.get('cache-control')).toBe('no-store');
  expect(booking.headers.get('referrer-policy')).toBe('no-referrer');
  const posted = await fetch(`${origin}/bookings/`, { method: 'POST' });
  expect(await posted.text()).toBe('POST /bookings/ 0');
});

test('staff endpoints go to the staff handler, and the desk may reach its issuer', async () => {
  expect(await (await fetch(`${origin}/api/staff/courses`)).text()).toBe('/api/staff/courses');
  const desk = await fetch(`${origin}/staff/`);
  expect(desk.headers.get('content-security-policy')).toContain(
    "connect-src 'self' https://id.example;",
  );
});

test('handlers set cookies and their privacy, and cannot weaken the other security headers', async () => {
  const response = await fetch(`${origin}/api/x`);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(response.headers.get('content-type')).toBe('text/html');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('a mounted part gets its own paths', async () => {
  expect(await (await fetch(`${origin}/mail/`)).text()).toBe('mail');
});

test('a body of 10 MB passes and one byte more does not', async () => {
  const limit = 10 * 1024 * 1024;
  const headers = { 'content-type': 'text/plain' };
  const send = (length: number) =>
    fetch(`${origin}/api/x`, { method: 'POST', headers, body: 'x'.repeat(length) });
  expect(await (await send(limit)).text()).toBe(`POST /api/x ${limit}`);
  expect((await send(limit + 1)).status).toBe(413);
});

test('a handler that never answers becomes 503, one that throws 500 without its message anywhere', async () => {
  expect((await fetch(`${origin}/api/slow`)).status).toBe(503);
  const broken = await fetch(`${origin}/api/broken`);
  expect(broken.status).toBe(500);
  expect(await broken.text()).toBe('{"message":"Internal Server Error"}');
  expect(log.join()).toContain('TypeError');
  expect(log.join()).not.toContain('山田');
});

test('a path the gateway cannot decode is 400', async () => {
  expect(await raw('/api/%E3%81')).toBe(400);
});

test('a site with an origin serves that name, leads other names of this machine to it, and no others', async () => {
  const guarded = await startWebServer();
  const port = guarded.port;
  const handlers = { publicApi: echo, lettersApi: echo, staffApi: echo };
  const site = { stage: 'local', folders: [join(folder, 'dist')], ...handlers } as const;
  guarded.open({ ...site, origin: `http://localhost:${port}` });
  const ask = (host: string, accept: string) =>
    raw('/', { host, accept }, `http://127.0.0.1:${port}`);
  expect(await ask(`localhost:${port}`, 'text/html')).toBe(200);
  expect(await ask(`127.0.0.1:${port}`, 'text/html')).toBe(307);
  expect(await ask(`127.0.0.1:${port}`, '*/*')).toBe(200);
  expect(await ask(`evil.example:${port}`, 'text/html')).toBe(421);
  await guarded.stop();
});

test('a port in use is told in one sentence', async () => {
  await expect(startWebServer({ port: server.port })).rejects.toThrow(
    `ポート ${server.port} はほかのプログラムが使っています。`,
  );
});
