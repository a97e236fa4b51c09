/**
 * What the local OpenID provider remembers, for as long as this process lives: sessions, codes, grants.
 */
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Remembered {
  payload: AdapterPayload;
  expiresAt: number;
}

export function makeIdentityMemory(): AdapterFactory {
  const items = new Map<string, Remembered>();

  function find(matches: (key: string, payload: AdapterPayload) => boolean) {
    const now = Date.now();
    let found: AdapterPayload | undefined;
    for (const [key, { payload, expiresAt }] of items) {
      if (expiresAt <= now) items.delete(key);
      else if (matches(key, payload)) found = payload;
    }
    return found;
  }

  return (model): Adapter => {
    const keyOf = (id: string) => `${model}:${id}`;
    const ofModel = (key: string) => key.startsWith(`${model}:`);
    return {
      async upsert(id, payload, expiresIn) {
        const lifetimeMs = (expiresIn ?? Number.POSITIVE_INFINITY) * 1000;
        items.set(keyOf(id), { payload, expiresAt: Date.now() + lifetimeMs });
      },
      find: async (id) => find((key) => key === keyOf(id)),
      findByUid: async (uid) => find((key, payload) => ofModel(key) && payload.uid === uid),
      findByUserCode: async () => undefined,
      async consume(id) {
        const item = items.get(keyOf(id));
        if (item) item.payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        items.delete(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of items) if (payload.grantId === grantId) items.delete(key);
      },
    };
  };
}
