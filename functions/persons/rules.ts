/**
 * What people type and what is meant: telephone numbers, kana, e-mail addresses and names, as
 * forgiving as a clerk at a counter. Pure text functions, also run in the browser.
 */

const HYPHENS = /[‐‑‒–—―−ー－-]/g;

/**
 * A Japanese telephone number as its digits (`0420000100`), from anything a person types:
 * 042-000-0100, ０４２（０００）０１００, 042ー000ー0100 (long vowel mark), +81 42 000 0100, +81 (0)42 000 0100.
 * @returns undefined when it cannot be a number that the centre could call back.
 */
export function readPhoneNumber(text: string): string | undefined {
  const digits = text
    .normalize('NFKC')
    .replace(HYPHENS, '')
    .replace(/[\s　().・/]/g, '')
    .replace(/^\+?810?(?=[1-9]\d{8,9}$)/, '0');
  if (!/^0\d{9,10}$/.test(digits)) return undefined;
  // Eleven digits are mobile (and 0800) and IP numbers only; ten digits are everything else.
  const isLong = /^0[5-9]0/.test(digits);
  return digits.length === (isLong ? 11 : 10) ? digits : undefined;
}

/** 「042-000-0100」 for reading. The grouping is a help to the eye, not the official area code. */
export function phoneNumberName(digits: string): string {
  if (digits.length === 11) return digits.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1-$2-$3');
  if (/^0(?:3|6)/.test(digits)) return digits.replace(/^(\d{2})(\d{4})(\d{4})$/, '$1-$2-$3');
  if (/^0(?:120|570)/.test(digits)) return digits.replace(/^(\d{4})(\d{3})(\d{3})$/, '$1-$2-$3');
  return digits.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3');
}

/**
 * Kana as katakana, from hiragana, half-width kana or katakana. Names of other scripts (Latin,
 * spaces, middle dots) are welcome as they are.
 * @returns undefined when it holds characters that are no reading (kanji, digits).
 */
export function readKana(text: string): string | undefined {
  const kana = text
    .normalize('NFKC')
    .replace(/[ぁ-ゖゝゞ]/g, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0x60))
    .replace(/[\s　]+/g, ' ')
    .trim();
  return /^[ァ-ヺーヽヾ\p{Script=Latin} ・･.'’-]+$/u.test(kana) ? kana : undefined;
}

/**
 * An e-mail address as it will be used: half-width, trimmed, the domain in lower case. The grammar
 * is that of HTML's type=email, which admits `a..b@docomo.ne.jp` and `.a@ezweb.ne.jp`: old carrier
 * addresses that are still in use. Letters outside ASCII cannot be delivered by SES.
 */
export function readEmailAddress(text: string): string | undefined {
  const address = text
    .trim()
    .replace(/[！-～]/g, (c) => c.normalize('NFKC'))
    .replace(/　/g, '');
  const match =
    /^([a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@([a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+)$/.exec(
      address,
    );
  return match && address.length <= 254 ? `${match[1]}@${match[2]?.toLowerCase()}` : undefined;
}

/** The address as a household key: providers treat the local part without regard to case. */
export function emailAddressKey(address: string): string {
  return address.toLowerCase();
}

/**
 * A name as typed (髙﨑, ㈱, combining marks and all), only trimmed. Line breaks and control
 * characters are not part of a name, nor are addresses: a name opens the mail that follows, and a
 * stranger could have the centre mail a link to anybody.
 * @returns undefined when nothing is left or such a thing is inside.
 */
export function readName(text: string): string | undefined {
  const name = text.trim();
  if (name === '' || /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) return undefined;
  return /\/\/|www\.|@|[\p{L}\d]\.[a-z]{2,}/u.test(name.normalize('NFKC')) ? undefined : name;
}
