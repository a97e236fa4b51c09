/** Hashes with a secret key: equal values can be recognised, and no value can be guessed back. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** 128 bits, URL-safe. `purpose` keeps hashes of one kind from matching those of another. */
export function keyedHash(key: string, purpose: string, value: string): string {
  return createHmac('sha256', key)
    .update(`${purpose}\n${value}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

/** Compares two texts in a time that does not depend on where they differ. */
export function sameText(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}
