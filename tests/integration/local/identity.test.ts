/** The log-in of the desk, end to end as a browser does it, and the token as the API judges it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAuthenticate } from '../../../functions/platform/auth.ts';
import { demoAccounts, makeIdentity } from '../../../infra/local/identity.ts';
import { startWebServer, type WebServer } from '../../../infra/local/web-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'hidamari-identity-'));
const keyFile = join(folder, 'identity.json');
let server: WebServer;
let origin: string;
let issuer: string;

async function open(): Promise<void> {
  const identity = await makeIdentity({ origin, keyFile });
  issuer = identity.issuer;
  const nothing = async () => ({ statusCode: 404 });
  server.open({
    stage: 'local',
    publicApi: nothing,
    lettersApi: nothing,
    staffApi: nothing,
    folders: [],
    mounts: { oidc: identity.mount },
  });
}

beforeAll(async () => {
  server = await startWebServer();
  origin = `http://localhost:${server.port}`;
  await open();
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** A browser with cookies that follows redirects within the provider and stops at the desk. */
function browser() {
  const jar = new Map<string, { value: string; path: string }>();
  return async function visit(address: string, form?: Record<string, string>) {
    let url = new URL(address, origin);
    let body = form && new URLSearchParams(form);
    for (;;) {
      const cookie = [...jar]
        .filter(([, { path }]) => url.pathname.startsWith(path))
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; ');
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        headers: { cookie, ...(body && { origin }) },
        redirect: 'manual',
        ...(body && { body }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/';
        if (value) jar.set(name, { value, path });
        else jar.delete(name);
      }
      const location = response.headers.get('location');
      if (!location) return { url, status: response.status, page: await response.text(), response };
      url = new URL(location, url);
      if (url.pathname === '/staff/') return { url, status: 303, page: '', response };
      body = undefined;
    }
  };
}

async function begin(visit = browser()) {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'hidamari-desk',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${origin}/staff/`,
    state: 'state-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const found = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  return {
    visit,
    verifier,
    found,
    arrival: await visit(`${found.authorization_endpoint}?${query}`),
  };
}

async function redeem(found: { token_endpoint: string }, code: string, code_verifier: string) {
  const response = await fetch(found.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'hidamari-desk',
      redirect_uri: `${origin}/staff/`,
      code,
      code_verifier,
    }),
  });
  return { status: response.status, tokens: await response.json() };
}

async function logIn(username: string) {
  const password = demoAccounts.find((account) => account.username === username)?.password ?? '';
  const { visit, verifier, found, arrival } = await begin();
  const back = await visit(arrival.url.href, { username, password });
  const code = back.url.searchParams.get('code') ?? '';
  return { visit, verifier, found, back, code, ...(await redeem(found, code, verifier)) };
}

const authenticate = () =>
  makeAuthenticate({
    issuer,
    clientId: 'hidamari-desk',
    jwksUri: `${issuer}/.well-known/jwks.json`,
  });

test.each([
  ['kouza', 'course_staff'],
  ['center', 'center_head'],
  ['hiroba', 'hiroba_staff'],
])('%s logs in with a code and PKCE, and the API knows them as %s', async (username, group) => {
  const { back, tokens } = await logIn(username);
  expect(back.url.searchParams.get('state')).toBe('state-1');
  expect(await authenticate()(`Bearer ${tokens.access_token}`)).toEqual({
    subject: username,
    roles: [group],
  });
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, { issuer });
  expect(protectedHeader.alg).toBe('RS256');
  expect(payload).toMatchObject({
    client_id: 'hidamari-desk',
    sub: username,
    username,
    token_use: 'access',
    'cognito:groups': [group],
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
});

test('an identity token does not open the API', async () => {
  const { tokens } = await logIn('kouza');
  expect(decodeJwt(tokens.id_token).aud).toBe('hidamari-desk');
  expect(await authenticate()(`Bearer ${tokens.id_token}`)).toMatchObject({
    refused: 'token_invalid',
  });
});

test('a code is worth nothing without its verifier, and only once with it', async () => {
  const { found, code, verifier } = await logIn('kouza');
  expect((await redeem(found, code, verifier)).status).toBe(400);
  const other = await begin();
  const back = await other.visit(other.arrival.url.href, {
    username: 'kouza',
    password: 'komorebi',
  });
  const fresh = back.url.searchParams.get('code') ?? '';
  const guessed = randomBytes(32).toString('base64url');
  expect((await redeem(found, fresh, guessed)).tokens.error).toBe('invalid_grant');
});

test('the log-in page names the practice accounts and needs no script or inline style', async () => {
  const { arrival } = await begin();
  expect(arrival.status).toBe(200);
  expect(arrival.page).toContain('練習用');
  expect(arrival.page).toContain('センター長');
  expect(arrival.page).not.toContain('komorebi');
  expect(arrival.page).not.toMatch(/<script|<style| style=/);
  expect(arrival.response.headers.get('content-security-policy')).toContain("script-src 'self';");
  expect((await fetch(`${issuer}/style.css`)).headers.get('content-type')).toContain('text/css');
});

test('a wrong password says so kindly, keeps the name and lets one try again', async () => {
  const { visit, arrival } = await begin();
  const refused = await visit(arrival.url.href, { username: '"><b>', password: 'x' });
  expect(refused.page).toContain('もう一度お試しください');
  expect(refused.page).toContain('value="&quot;&gt;&lt;b&gt;"');
  const back = await visit(arrival.url.href, { username: 'ＫＯＵＺＡ', password: 'komorebi' });
  expect(back.url.searchParams.has('code')).toBe(true);
});

test('who is logged in comes back without being asked again, until they log out', async () => {
  const { visit, found, tokens } = await logIn('kouza');
  expect((await begin(visit)).arrival.url.searchParams.has('code')).toBe(true);
  const query = new URLSearchParams({
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: `${origin}/staff/`,
  });
  const asked = await visit(`${found.end_session_endpoint}?${query}`);
  expect(asked.page).toContain('ログアウトする');
  expect(asked.page).not.toContain('<script');
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.page)?.[1] ?? '';
  const action = /action="([^"]+)"/.exec(asked.page)?.[1] ?? '';
  const left = await visit(action, { xsrf, logout: 'yes' });
  expect(left.url.href).toBe(`${origin}/staff/`);
  expect((await begin(visit)).arrival.page).toContain('ログインする');
});

test('logging out when nobody is logged in is a page with a button, not a script', async () => {
  const visit = browser();
  const found = (await begin(visit)).found;
  const asked = await visit(`${found.end_session_endpoint}?client_id=hidamari-desk`);
  expect(asked.page).not.toContain('<script');
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.page)?.[1] ?? '';
  expect(asked.page.match(/<form/g)).toHaveLength(1);
  const action = /action="([^"]+)"/.exec(asked.page)?.[1] ?? '';
  expect((await visit(action, { xsrf, logout: 'yes' })).page).toContain('ログアウトしました');
});

test('a request for another client or another address gets a page that leads back', async () => {
  const query = 'client_id=other&response_type=code&redirect_uri=https://evil.example/';
  const refused = await browser()(`${issuer}/oauth2/authorize?${query}`);
  expect(refused.status).toBe(400);
  expect(refused.page).toContain('もう一度ログインしてください');
});

test('after a restart tokens stay good, a log-in begun before begins again, and a fresh one works', async () => {
  const { tokens, visit } = await logIn('center');
  const begun = await begin();
  await open();
  expect(await authenticate()(`Bearer ${tokens.access_token}`)).toMatchObject({
    subject: 'center',
  });
  const late = await begun.visit(begun.arrival.url.href, {
    username: 'kouza',
    password: 'komorebi',
  });
  expect(late.page).toContain('もう一度ログインしてください');
  const again = await begin(visit);
  expect(again.arrival.page).toContain('ログインする');
  expect((await logIn('kouza')).status).toBe(200);
});

test('the keys are for their owner only and stay the same', async () => {
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const before = readFileSync(keyFile, 'utf8');
  await open();
  expect(readFileSync(keyFile, 'utf8')).toBe(before);
  expect(JSON.stringify(await (await fetch(`${issuer}/.well-known/jwks.json`)).json())).not.toMatch(
    /"(d|p|q)":/,
  );
});
