/** The HTTP face of keys for staff: declarations only. */
import { type Context, endpoint } from '../platform/endpoint.ts';
import { rolesThatMay } from '../platform/rights.ts';
import { changeKeys, saveVault } from './change.ts';
import { KeyChange, KeyRing, VaultRequest } from './model.ts';
import { readKeyRing } from './ring.ts';

const LETTERS = { roles: rolesThatMay('letters') };

function actorOf({ actor }: Context) {
  if (!actor) throw new Error('A staff endpoint without an actor');
  return actor;
}

const ring = endpoint({
  operation: 'readKeyRing',
  method: 'GET',
  path: '/api/staff/keys',
  access: LETTERS,
  summary: 'The signed list, the caller’s own sealed keys, and who can open which desk',
  output: KeyRing,
  refuses: [],
  async handle(_input, context) {
    return { json: await readKeyRing(context.deps, actorOf(context).subject) };
  },
});

const vault = endpoint({
  operation: 'saveVault',
  method: 'POST',
  path: '/api/staff/keys/vault',
  access: LETTERS,
  summary: 'Put a new key of one’s own here, sealed; a keyholder must then sign it',
  body: VaultRequest,
  output: KeyRing,
  refuses: ['last_keyholder'],
  async handle({ body }, context) {
    const saved = await saveVault(context.deps, actorOf(context), body, context.now);
    return 'refused' in saved ? saved : { json: saved };
  },
});

const change = endpoint({
  operation: 'changeKeys',
  method: 'POST',
  path: '/api/staff/keys/changes',
  access: LETTERS,
  summary: 'A step of a keyholder: lines of the signed list, grants and their ends, all or nothing',
  body: KeyChange,
  bodyBytes: 512 * 1024,
  output: KeyRing,
  refuses: ['keys_changed', 'keys_not_believed', 'letters_not_ready', 'role_missing'],
  async handle({ body }, context) {
    const changed = await changeKeys(context.deps, actorOf(context), body, context.now);
    return 'refused' in changed ? changed : { json: changed };
  },
});

export const keyDeskEndpoints = [ring, vault, change];
