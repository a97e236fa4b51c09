/**
 * The security headers of every page, as data: the CDK site stack and the local server read them here.
 */

export type Stage = 'local' | 'cloud';

const contentSecurity = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'manifest-src': "'self'",
};

const everywhere = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
};

/** Two years, the least that browsers' preload lists accept being one. */
const strictTransport = 'max-age=63072000; includeSubDomains';

/** Where a handler's own value stands, because it may know that a page is more private than its path. */
export const handlerDecides: readonly string[] = ['cache-control', 'referrer-policy'];

/** A page that belongs to one booking: its address is the secret. The look-up form before it is not. */
export const privatePath = /^\/bookings\/./;

/** Pages on which letters are written and read: no copy of them is kept, and they tell nobody of themselves. */
export const letterPath = /^\/(teens|letters)(\/|$)/;

/** The desk talks to the OpenID provider, which in the cloud is another origin. */
export const deskPath = /^\/staff(\/|$)/;

/**
 * Where letters are written or opened no text becomes markup, script or the address of one, whatever it was
 * sent by. Workers of our own build pass by the one policy (site/src/trusted-scripts.ts).
 */
const trustedTypes = { 'require-trusted-types-for': "'script'", 'trusted-types': 'default' };

/** Header names are lower-case; `issuerOrigin` is the OpenID issuer's origin, such as `https://…`. */
export function headersFor(
  path: string,
  stage: Stage,
  issuerOrigin?: string,
): Record<string, string> {
  const isDesk = deskPath.test(path);
  const csp: Record<string, string> & typeof contentSecurity = {
    ...contentSecurity,
    // Letters are sealed, and their pictures made anew, in a Worker beside the page.
    ...((isDesk || letterPath.test(path)) && { 'worker-src': "'self'", ...trustedTypes }),
  };
  if (issuerOrigin && isDesk) csp['connect-src'] += ` ${issuerOrigin}`;
  return {
    ...everywhere,
    'content-security-policy': Object.entries(csp)
      .map((directive) => directive.join(' '))
      .join('; '),
    ...(stage === 'cloud' && { 'strict-transport-security': strictTransport }),
    ...((privatePath.test(path) || letterPath.test(path)) && {
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    }),
  };
}
