/**
 * Who is asking: verifies the access token of the identity provider, Cognito in the cloud and a
 * local provider on one machine, by the same code.
 */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Config } from './config.ts';
import { Unavailable } from './database.ts';
import { type Actor, ROLES, type Role } from './endpoint.ts';
import { type Refused, refuse } from './refusals.ts';

export type Authenticate = (authorization: string | undefined) => Promise<Actor | Refused>;

const INVALID = refuse(
  'token_invalid',
  'ログインの期限が切れたか、確認できませんでした。もう一度ログインしてください。',
);

/** Cognito's access tokens carry `client_id` and no `aud`; either must name this client. */
export function makeAuthenticate(oidc: Config['oidc']): Authenticate {
  const keys = publishedKeys(new URL(oidc.jwksUri));
  return async (authorization) => {
    if (!authorization) return refuse('token_missing', 'ログインしてください。');
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization)?.[1];
    if (token === undefined) return INVALID;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: oidc.issuer,
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'sub'],
      });
      const audiences = [payload['client_id'], ...[payload.aud].flat()];
      // An identity token is for the browser; only an access token opens the API.
      if (!audiences.includes(oidc.clientId) || payload['token_use'] !== 'access') return INVALID;
      const groups: readonly unknown[] = [payload['cognito:groups']].flat();
      return {
        subject: String(payload.sub),
        roles: ROLES.filter((role): role is Role => groups.includes(role)),
      };
    } catch (error) {
      if (error instanceof errors.JOSEError) return INVALID;
      throw error;
    }
  };
}

/**
 * The provider's keys, fetched when they are needed. A provider that cannot be asked says nothing
 * about the token: nobody is logged out for it, and the same request may succeed in a moment.
 */
function publishedKeys(address: URL): JWTVerifyGetKey {
  const fetched = createRemoteJWKSet(address, { timeoutDuration: 3_000 });
  return async (header, token) => {
    try {
      return await fetched(header, token);
    } catch (error) {
      const isAboutToken =
        error instanceof errors.JOSEError &&
        !(error instanceof errors.JWKSTimeout) &&
        error.code !== errors.JOSEError.code;
      if (isAboutToken) throw error;
      throw new Unavailable('The identity provider is away');
    }
  };
}
