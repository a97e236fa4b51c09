/**
 * Logging in to the desk: OpenID Connect authorisation code with PKCE, the same for Cognito and the
 * local provider. Tokens live in this tab's session storage and nowhere else.
 */
import { forgetAllButSealed } from './kept.ts';

/** /desk-config.json, written by the deployment. */
export interface DeskConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** Where /oauth2/authorize, /oauth2/token and /logout live, when that is not the issuer. */
  readonly loginBase?: string;
}

/** Who is at the desk. */
export interface Session {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly groups: readonly string[];
}

const SESSION = 'hidamari.desk.session';
const PENDING = 'hidamari.desk.pending';

export async function loadDeskConfig(): Promise<DeskConfig> {
  const response = await fetch('/desk-config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error('No desk configuration');
  return (await response.json()) as DeskConfig;
}

/** The session of this tab, unless it has run out. */
export function currentSession(now = Date.now()): Session | undefined {
  const text = sessionStorage.getItem(SESSION);
  if (text === null) return undefined;
  const session = JSON.parse(text) as Session;
  return session.expiresAt > now ? session : undefined;
}

/** Logging in needs a secure context: https, or localhost. */
export function canLogIn(): boolean {
  return typeof crypto.subtle === 'object';
}

/** Leaves for the provider; comes back to this page with a code. */
export async function beginLogIn(config: DeskConfig): Promise<void> {
  const verifier = randomText();
  const state = randomText();
  const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state, hash: location.hash }));
  location.assign(
    address(config, '/oauth2/authorize', {
      response_type: 'code',
      client_id: config.clientId,
      redirect_uri: homeAddress(),
      scope: 'openid',
      state,
      code_challenge: base64Url(new Uint8Array(challenge)),
      code_challenge_method: 'S256',
    }),
  );
}

/**
 * Takes the code out of the address and exchanges it for tokens.
 * @returns undefined when the address holds no code
 * @throws when the answer is not for the log-in that this tab began, or the provider refuses
 */
export async function finishLogIn(config: DeskConfig): Promise<Session | undefined> {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('code') && !answer.has('error')) return undefined;
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as {
    verifier: string;
    state: string;
    hash: string;
  } | null;
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, '', `${location.pathname}${pending?.hash ?? ''}`);
  const code = answer.get('code');
  if (code === null || pending === null || answer.get('state') !== pending.state) {
    throw new Error('This answer is not for this log-in');
  }
  const response = await fetch(address(config, '/oauth2/token'), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: config.clientId,
      redirect_uri: homeAddress(),
      code,
      code_verifier: pending.verifier,
    }),
  });
  if (!response.ok) throw new Error('The provider refused the code');
  const tokens = (await response.json()) as {
    access_token: string;
    expires_in: number;
  };
  const claims = claimsOf(tokens.access_token);
  const session: Session = {
    accessToken: tokens.access_token,
    // A minute early, so that nothing is sent with a token that dies on the way.
    expiresAt: Date.now() + (tokens.expires_in - 60) * 1000,
    groups: [claims['cognito:groups']].flat().map(String),
  };
  sessionStorage.setItem(SESSION, JSON.stringify(session));
  return session;
}

/** Forgets the session here, with all that can be read, and ends it at the provider. */
export function logOut(config: DeskConfig): void {
  forgetAllButSealed();
  location.assign(
    address(config, '/logout', {
      client_id: config.clientId,
      // Cognito's name for it, then the standard's.
      logout_uri: homeAddress(),
      post_logout_redirect_uri: homeAddress(),
    }),
  );
}

function homeAddress(): string {
  return new URL('/staff/', location.origin).href;
}

function address(config: DeskConfig, path: string, query: Record<string, string> = {}): string {
  const url = new URL(`${(config.loginBase ?? config.issuer).replace(/\/$/, '')}${path}`);
  url.search = new URLSearchParams(query).toString();
  return url.href;
}

/** Only to show a role: the API verifies tokens, this page does not. */
function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(
    atob(payload.replaceAll('-', '+').replaceAll('_', '/')),
    (character) => character.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}

function randomText(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
