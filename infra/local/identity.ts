/**
 * Plays Cognito: an OpenID provider in this process, whose access tokens carry the same claims, so
 * that the desk and the API run the same code here and in the cloud.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Role } from '../../functions/platform/endpoint.ts';
import { Html, html, renderPage, sendPage, sendStylesheet } from './html.ts';
import { makeIdentityMemory } from './identity-memory.ts';
import { keepSecret } from './secret-file.ts';
import type { Mount } from './web-server.ts';

export interface DemoAccount {
  username: string;
  password: string;
  name: string;
  group: Role;
}

/** Practice only: printed by `npm start`, and never a part of a deployment. */
export const demoAccounts: readonly DemoAccount[] = [
  { username: 'kouza', password: 'komorebi', name: '講座担当', group: 'course_staff' },
  { username: 'center', password: 'tanpopo', name: 'センター長', group: 'center_head' },
  { username: 'hiroba', password: 'donguri', name: 'ひろば担当', group: 'hiroba_staff' },
  { username: 'teens', password: 'yuugure', name: 'ティーンズ担当', group: 'teens_worker' },
  { username: 'soudan', password: 'himawari', name: '相談担当', group: 'family_worker' },
];

export interface IdentityOptions {
  /** Origin of the site, such as `http://localhost:8080`; the provider lives under `/oidc`. */
  origin: string;
  /** Keys of the provider, made on the first run. */
  keyFile?: string;
  accounts?: readonly DemoAccount[];
}

export interface Identity {
  issuer: string;
  clientId: string;
  /** Mount it as `oidc`. */
  mount: Mount;
}

interface ProviderKeys {
  jwk: JWK;
  cookieKey: string;
}

const mountPath = '/oidc';
const clientId = 'hidamari-desk';
const hour = 60 * 60;

export async function makeIdentity(options: IdentityOptions): Promise<Identity> {
  const { origin, accounts = demoAccounts } = options;
  const issuer = `${origin}${mountPath}`;
  const keys = await keepSecret(options.keyFile, makeKeys);
  const provider = new Provider(issuer, configuration(origin, keys, accounts));
  quietly(provider);
  const callback = provider.callback();

  const mount: Mount = async (request, response) => {
    const url = (request.url ?? '').slice(mountPath.length) || '/';
    if (url === '/style.css') return sendStylesheet(response);
    const login = /^\/login\/[\w-]+$/.test(url);
    if (login && request.method === 'GET') return askWho(request, response);
    if (login && request.method === 'POST') return logIn(request, response);
    // The provider finds out where it is mounted by comparing the two.
    Object.assign(request, { originalUrl: request.url, url });
    await callback(request, response);
  };

  async function askWho(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await pending(request, response)) {
      sendPage(response, 200, loginPage(accounts, request.url as string));
    }
  }

  async function logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request);
    if (!(await pending(request, response))) return;
    const username = (form.get('username') ?? '').normalize('NFKC').trim().toLowerCase();
    const password = form.get('password') ?? '';
    const account = accounts.find((candidate) => candidate.username === username);
    if (!account || !same(account.password, password)) {
      sendPage(response, 200, loginPage(accounts, request.url as string, username));
      return;
    }
    await provider.interactionFinished(request, response, { login: { accountId: username } });
  }

  /** Whether this browser is in the middle of logging in; if not, it is told how to begin again. */
  async function pending(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    try {
      await provider.interactionDetails(request, response);
      return true;
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      sendPage(response, 400, startAgainPage());
      return false;
    }
  }

  return { issuer, clientId, mount };
}

function configuration(
  origin: string,
  keys: ProviderKeys,
  accounts: readonly DemoAccount[],
): Configuration {
  const find = (id: string | undefined) => accounts.find(({ username }) => username === id);
  return {
    adapter: makeIdentityMemory(),
    jwks: { keys: [keys.jwk] },
    cookies: { keys: [keys.cookieKey] },
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        redirect_uris: [`${origin}/staff/`],
        post_logout_redirect_uris: [`${origin}/staff/`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    routes: {
      authorization: '/oauth2/authorize',
      token: '/oauth2/token',
      end_session: '/logout',
      jwks: '/.well-known/jwks.json',
    },
    scopes: ['openid'],
    responseTypes: ['code'],
    ttl: {
      AccessToken: hour,
      AuthorizationCode: 60,
      Grant: 8 * hour,
      IdToken: hour,
      Interaction: hour,
      Session: 8 * hour,
    },
    pkce: { required: () => true },
    clientBasedCORS: (_context, from) => from === origin,
    interactions: { url: (_context, { uid }) => `${mountPath}/login/${uid}` },
    findAccount: (_context, id) => {
      const account = find(id);
      return account && { accountId: id, claims: () => ({ sub: id }) };
    },
    // Our own desk needs nobody's consent.
    async loadExistingGrant({ oidc }) {
      const known = oidc.session?.grantIdFor(clientId);
      const stored = known ? await oidc.provider.Grant.find(known) : undefined;
      if (stored) return stored;
      const accountId = oidc.session?.accountId;
      const grant = new oidc.provider.Grant({ clientId, ...(accountId && { accountId }) });
      grant.addOIDCScope('openid');
      grant.addResourceScope(origin, 'openid');
      await grant.save();
      return grant;
    },
    async extraTokenClaims(_context, token) {
      const account = 'accountId' in token ? find(token.accountId) : undefined;
      if (!account) return undefined;
      return {
        token_use: 'access',
        username: account.username,
        'cognito:groups': [account.group],
      };
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      // Access tokens become JWTs only when they are for a resource: ours is the site itself.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => origin,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== origin) throw new errors.InvalidTarget();
          return {
            scope: 'openid',
            audience: clientId,
            accessTokenTTL: hour,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          context.body = logoutPage(form);
        },
        postLogoutSuccessSource: (context) => {
          context.body = messagePage('ログアウトしました', 'この画面は閉じてかまいません。');
        },
      },
    },
    renderError(context) {
      context.type = 'html';
      context.body = startAgainPage();
    },
  };
}

/** Pages of the provider that would send themselves by an inline script get a button instead. */
function quietly(provider: Provider): void {
  provider.use(async (context: KoaContextWithOIDC, next: () => Promise<unknown>) => {
    await next();
    if (typeof context.body !== 'string' || !context.body.includes('<script')) return;
    const form = /<form.*?(?=<noscript>)/s.exec(context.body)?.[0];
    context.body = form ? logoutPage(`${form}</form>`) : startAgainPage();
  });
}

async function makeKeys(): Promise<ProviderKeys> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return {
    jwk: { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'RS256' },
    cookieKey: randomBytes(32).toString('base64url'),
  };
}

function loginPage(accounts: readonly DemoAccount[], action: string, tried?: string): string {
  const failed = tried !== undefined;
  const wrong = html`<p class="alert" id="wrong" role="alert">ユーザー名かパスワードが違うようです。もう一度お試しください。</p>`;
  const people = accounts.map(
    ({ username, name }) => html`<li><strong>${username}</strong>　${name}</li>
`,
  );
  return page(
    'ログイン',
    html`<h1>職員用ページにログイン</h1>
${failed ? wrong : undefined}
<form method="post" action="${action}">
<label for="username">ユーザー名</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${tried ?? ''}"${failed ? html` aria-describedby="wrong"` : html` autofocus`}>
<label for="password">パスワード</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${failed ? html` aria-describedby="wrong" autofocus` : undefined}>
<button type="submit">ログインする</button>
</form>
<section class="practice" aria-label="練習用のログイン">
<p>ここは練習用です。次のユーザー名で試せます。パスワードは、npm start が画面に出します。</p>
<ul>
${people}</ul>
</section>`,
  );
}

function logoutPage(form: string): string {
  const fields = form.replace('<form', '<form id="op.logoutForm"');
  return page(
    'ログアウト',
    html`<h1>ログアウトしますか</h1>
<p>この端末を離れるときは、ログアウトしてください。</p>
${new Html(form.includes('op.logoutForm') ? form : fields)}
<button type="submit" form="op.logoutForm" name="logout" value="yes">ログアウトする</button>`,
  );
}

function startAgainPage(): string {
  return page(
    'もう一度ログインしてください',
    html`<h1>もう一度ログインしてください</h1>
<p>時間がたったため、ログインを続けられませんでした。初めからやり直してください。</p>
<p><a href="/staff/">職員用ページを開く</a></p>`,
  );
}

function messagePage(title: string, sentence: string): string {
  return page(
    title,
    html`<h1>${title}</h1>
<p>${sentence}</p>
<p><a href="/staff/">職員用ページを開く</a></p>`,
  );
}

function page(title: string, body: Html): string {
  return renderPage(title, `${mountPath}/style.css`, body);
}

function same(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 10_000) break;
  }
  return new URLSearchParams(body);
}
