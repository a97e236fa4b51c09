/**
 * The three sheets of the recovery key (復旧の控え) as files: written for a printer, read back as somebody
 * typed them in, and told apart in words when a letter is wrong.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  combineShares,
  NEEDED,
  readShare,
  SHARES,
  type Share,
  writeShares,
} from '../../../functions/keys/shares.ts';
import { PlainError } from '../plain-error.ts';

const IDENTITY = /^AGE-SECRET-KEY-1[A-Z0-9]{58}$/;

/** The text of three sheets. Lines that begin with `#` are for people and are passed over. */
export async function sheetsOf(identity: string, set: string, about: string): Promise<string[]> {
  const shares = await writeShares(identity, set);
  return shares.map((text, index) =>
    [
      `# ひだまり 復旧の控え ${index + 1} 枚目（全 ${SHARES} 枚）　${about}`,
      `# どれか ${NEEDED} 枚がそろうと、すべての手紙を開けます。1 枚だけでは何も開きません。`,
      '# 3 枚を、べつべつの人が、べつべつの鍵のかかる場所で保管してください。',
      '# 写真にとらないでください。メールやクラウドに置かないでください。',
      '',
      text,
      '',
    ].join('\n'),
  );
}

export interface Sheet {
  readonly file: string;
  readonly share: Share;
}

/** @throws PlainError that names the file, and the line with the wrong letter */
export function readSheets(files: readonly string[]): Sheet[] {
  const read = files.map((file) => ({ file, outcome: readShare(codeOf(file)) }));
  const complaints = read.flatMap(({ file, outcome }) =>
    'fault' in outcome ? [complaintOf(basename(file), outcome)] : [],
  );
  if (complaints.length > 0) throw new PlainError(complaints.join('\n'));
  return read.flatMap(({ file, outcome }) =>
    'fault' in outcome ? [] : [{ file, share: outcome }],
  );
}

function codeOf(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').replaceAll('\r', '').split('\n');
    return lines.filter((line) => !/^\s*[#＃]/.test(line)).join('\n');
  } catch {
    throw new PlainError(`${file} を読めませんでした。ファイルの名前を確かめてください。`);
  }
}

function complaintOf(name: string, fault: Exclude<ReturnType<typeof readShare>, Share>): string {
  if (fault.fault === 'unreadable') {
    return `${name}: 控えとして読めません。「HIDAMARI」で始まる行から、最後の行までを、そのまま入力してください。`;
  }
  const sheet = `${name}（控え ${fault.number}）`;
  if (fault.fault === 'wrong_sheet') {
    return `${sheet}: 行はそれぞれ合っていますが、1 枚として合いません。行が抜けていないか、「HIDAMARI」の行の最後の 6 文字を確かめてください。`;
  }
  return fault.line === 0
    ? `${sheet}: 「HIDAMARI」の行の、4 文字の組の名前か、何枚目かの数字が違います。その次の行が抜けていないかも、確かめてください。`
    : `${sheet}: 「HIDAMARI」の次の行を 1 行目として、${fault.line} 行目に違う文字があるか、行が抜けています。`;
}

export interface Pair {
  readonly numbers: readonly [number, number];
  /** The recovery key; undefined when the two do not give one. */
  readonly identity: string | undefined;
}

/** What every two of these sheets give. @throws PlainError when they are not of one kit */
export async function combineEveryPair(sheets: readonly Sheet[]): Promise<Pair[]> {
  const sets = new Set(sheets.map(({ share }) => share.set));
  if (sets.size > 1) {
    throw new PlainError(
      `べつの組の控えがまざっています（${[...sets].join('、')}）。同じ組の控えをそろえてください。`,
    );
  }
  const byNumber = new Map(sheets.map((sheet) => [sheet.share.number, sheet.share]));
  const shares = [...byNumber.values()].sort((a, b) => a.number - b.number);
  if (shares.length < NEEDED) {
    throw new PlainError(
      `控えが足りません。番号の違う控えが ${NEEDED} 枚いります（いま ${shares.length} 枚）。`,
    );
  }
  const pairs = shares.flatMap((first, index) =>
    shares.slice(index + 1).map((second) => [first, second] as const),
  );
  return Promise.all(
    pairs.map(async ([first, second]) => ({
      numbers: [first.number, second.number] as const,
      identity: await combined(first, second),
    })),
  );
}

async function combined(first: Share, second: Share): Promise<string | undefined> {
  try {
    const secret = await combineShares([first, second]);
    return secret !== undefined && IDENTITY.test(secret) ? secret : undefined;
  } catch {
    return undefined; // Sheets whose lengths differ cannot be combined at all.
  }
}
