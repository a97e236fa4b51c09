/** An identity provider of the test's own: it publishes a key on a port and signs what it is asked to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';
import { type Authenticate, makeAuthenticate } from '../../functions/platform/auth.ts';

export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  /** The project's own check of tokens, asking this provider. */
  readonly authenticate: Authenticate;
  /** The same with nothing remembered of keys that were fetched before. */
  freshAuthenticate(): Authenticate;
  /** A token that opens the desk, but for what is changed; undefined takes a claim away. */
  token(claims?: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** The same, signed with a key that was never published. */
  forgedToken(): Promise<string>;
  stop(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const kid = 'test-key';
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const stranger = await generateKeyPair('RS256');
  const published = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] };
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(published));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'hidamari-desk';
  const oidc = { issuer, clientId, jwksUri: `${issuer}/jwks` };

  const sign = (
    key: CryptoKey,
    claims: Record<string, unknown> = {},
    header: Partial<JWTHeaderParameters> = {},
  ) => {
    const now = Math.floor(Date.now() / 1000);
    const all = {
      iss: issuer,
      sub: 'staff-1',
      client_id: clientId,
      token_use: 'access',
      'cognito:groups': ['course_staff'],
      iat: now,
      exp: now + 600,
      ...claims,
    };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    return new SignJWT(Object.fromEntries(given))
      .setProtectedHeader({ alg: 'RS256', kid, ...header })
      .sign(key);
  };

  return {
    issuer,
    clientId,
    authenticate: makeAuthenticate(oidc),
    freshAuthenticate: () => makeAuthenticate(oidc),
    token: (claims, header) => sign(privateKey, claims, header),
    forgedToken: () => sign(stranger.privateKey),
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
