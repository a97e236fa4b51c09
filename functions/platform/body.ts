/** From the bytes of a request to a plain value: JSON, or a form with dotted field names. */
import { type Refused, refuse } from './refusals.ts';

/** Longest body; the longest honest form is a tenth of it. */
export const MAX_BODY_BYTES = 64 * 1024;
/** A course has at most thirty sessions, each with a box to tick. */
const LARGEST_INDEX = 29;
/** Levels of nesting; the deepest honest body has four. */
const DEEPEST = 8;

const MALFORMED = refuse('malformed_body', '送られた内容を読み取れませんでした。');
const UNSUPPORTED = refuse('unsupported_media_type', 'この形式では受け付けられません。');

export type ParsedBody =
  | { readonly value: unknown; readonly text: string; readonly isForm: boolean }
  | Refused;

/** @param contentType as sent; text that is not UTF-8 is refused rather than guessed at. */
export function parseBody(
  contentType: string | undefined,
  bytes: Uint8Array,
  most = MAX_BODY_BYTES,
): ParsedBody {
  if (bytes.byteLength > most) {
    return refuse('too_large', '送られた内容が長すぎます。短くして、もう一度お試しください。');
  }
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => /^\s*charset="?([^"]*)"?/.exec(text)?.[1]).find(Boolean);
  if (charset !== undefined && charset.trim() !== 'utf-8') return UNSUPPORTED;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return MALFORMED;
  }
  if (type.trim() === 'application/json') {
    try {
      const value = parseJson(text);
      return value === undefined || isTooDeep(value) ? MALFORMED : { value, text, isForm: false };
    } catch {
      return MALFORMED;
    }
  }
  if (type.trim() !== 'application/x-www-form-urlencoded') return UNSUPPORTED;
  const value = nest(new URLSearchParams(text));
  return value === undefined ? MALFORMED : { value, text, isForm: true };
}

/** JSON whose texts are Unicode: half a character (`\\ud800`) can neither be stored nor shown. */
function parseJson(text: string): unknown {
  let isUnicode = true;
  const value: unknown = JSON.parse(text, (name, inner: unknown) => {
    isUnicode &&= name.isWellFormed() && (typeof inner !== 'string' || inner.isWellFormed());
    return inner;
  });
  return isUnicode ? value : undefined;
}

/** Ten thousand brackets fit into a body, and whatever walks them would run out of stack. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((inner) =>
      typeof inner === 'object' && inner !== null ? Object.values(inner) : [],
    );
  }
  return false;
}

type Nested = { [key: string]: Nested | string };

/**
 * `participants.0.birthDate.year=2024` → { participants: [{ birthDate: { year: '2024' } }] }.
 * @returns undefined for names that clash, repeat or are no names, and for text that was not UTF-8
 */
function nest(fields: URLSearchParams): unknown {
  const root: Nested = Object.create(null);
  for (const [name, value] of fields) {
    if (value.includes('\uFFFD') || name.length > 80) return undefined;
    const path = name.split('.');
    if (path.length > 5 || !path.every((part) => /^[A-Za-z]\w{0,30}$|^\d{1,2}$/.test(part))) {
      return undefined;
    }
    let place = root;
    for (const part of path.slice(0, -1)) {
      place[part] ??= Object.create(null) as Nested;
      const next = place[part];
      if (typeof next === 'string') return undefined;
      place = next;
    }
    const last = path.at(-1) ?? '';
    if (last in place) return undefined;
    place[last] = value;
  }
  return withArrays(root);
}

/** Objects whose names are all numbers become arrays. */
function withArrays(value: Nested | string): unknown {
  if (typeof value === 'string') return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, withArrays(inner)] as const);
  const isArray = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name));
  if (!isArray) return Object.fromEntries(entries);
  return entries
    .filter(([name]) => Number(name) <= LARGEST_INDEX)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, inner]) => inner);
}
