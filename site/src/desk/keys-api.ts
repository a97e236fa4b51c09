/** The desk's calls to the staff API about keys. What is sent is sealed, signed, or public. */
import type { KeyChange, KeyRing } from '../rules.ts';
import { call } from './api.ts';

export function saveVault(
  accessToken: string,
  request: { readonly name: string; readonly recipient: string; readonly vault: string },
): Promise<KeyRing> {
  return call(accessToken, 'POST', '/api/staff/keys/vault', request);
}

export function changeKeys(accessToken: string, change: KeyChange): Promise<KeyRing> {
  return call(accessToken, 'POST', '/api/staff/keys/changes', change);
}
