/**
 * Where Trusted Types are required (the desk and the pages of letters, infra/headers.ts), the only addresses
 * that may become a script are those of our own build: workers. No text becomes markup or code anywhere.
 */

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: PolicyFactory };

/** Not every browser knows them; those that do not are no worse off than before. */
trustedTypes?.createPolicy('default', {
  createScriptURL(address) {
    const { origin, pathname } = new URL(address, location.href);
    if (origin === location.origin && pathname.startsWith('/_astro/')) return address;
    throw new TypeError('An address that is not of our build');
  },
});
