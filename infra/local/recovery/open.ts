/**
 * `npm run open-letters -- <backup folder> <identity file> [--out folder]`: opens exported letters with
 * nothing but the system's `age` and the recovered key, and writes each as a text file for its reader.
 * Exit code 0: all opened; 1: something did not; 2: nothing to open.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readPicture } from '../../../functions/letters/picture-sealing.ts';
import { PlainError } from '../plain-error.ts';
import { findAge, openWithAge, openWithAgeKey } from './age.ts';
import { grantsOf, isLetter, isPicture, lettersOf, openNewFolder, writeIn } from './backup.ts';

const HOW =
  '使い方: npm run open-letters -- <手紙の控えのフォルダー> <鍵のファイル> [--out <新しいフォルダー>]';

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof PlainError)) throw error;
  console.error(error.message);
  return 1;
});

async function main(): Promise<number> {
  const given = readArguments();
  if (!given) {
    console.error(HOW);
    return 2;
  }
  const { backup, key, out } = given;
  await findAge();
  if (!existsSync(key)) throw new PlainError(`鍵のファイル ${key} がありません。`);
  if (!/^AGE-SECRET-KEY-1[A-Z0-9]{58}\s*$/m.test(readFileSync(key, 'utf8'))) {
    throw new PlainError(`${key} は、age の鍵のファイルではありません。`);
  }
  const identities = await identitiesOf(backup, key);
  if (identities.length === 0) {
    throw new PlainError('この鍵では、どの窓口の鍵も開きませんでした。鍵か控えが違います。');
  }
  const files = lettersOf(backup);
  if (!files.some(isLetter)) {
    console.error('手紙が 1 通もありません。');
    return 2;
  }
  openNewFolder(out);
  const closed: string[] = [];
  for (const { path, file } of files) {
    const plain = await openWithAge(file, identities);
    const shown = plain && (isPicture({ path }) ? shownPicture(plain) : shownText(plain));
    if (shown) writeIn(out, path.replace(/\.age$/, shown.ending), shown.content);
    else closed.push(path);
  }
  const letters = files.filter(isLetter);
  const left = letters.filter(({ path }) => closed.includes(path)).length;
  console.log(`手紙 ${letters.length} 通のうち ${letters.length - left} 通を開きました。`);
  console.log(`  ${out}`);
  console.log('だれが書いたかの署名は、ここでは確かめていません。');
  console.log('読み終えたら、このフォルダーと鍵のファイルを消してください。');
  for (const path of closed) console.log(`× ${path} は、開きませんでした。`);
  return closed.length === 0 ? 0 : 1;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { out: { type: 'string' } },
    });
    const [backup, key] = positionals;
    if (backup === undefined || key === undefined || positionals.length > 2) return undefined;
    return { backup, key, out: values.out ?? join(backup, 'opened') };
  } catch {
    return undefined;
  }
}

/** The identities of all desks and epochs that the recovery key opens. */
async function identitiesOf(backup: string, key: string): Promise<string[]> {
  const opened = await Promise.all(grantsOf(backup).map(({ file }) => openWithAgeKey(file, key)));
  return opened.flatMap((text) => /AGE-SECRET-KEY-1[A-Z0-9]{58}/.exec(text ?? '')?.[0] ?? []);
}

interface ShownFile {
  readonly ending: string;
  readonly content: string | Uint8Array;
}

function shownText(plain: Buffer): ShownFile {
  return { ending: '.txt', content: readable(plain.toString()) };
}

function shownPicture(plain: Uint8Array): ShownFile | undefined {
  const picture = readPicture(plain);
  return picture && { ending: picture.type.replace('image/', '.'), content: picture.bytes };
}

/** Names that a reader looks for, before everything that a letter holds besides. */
interface Shown {
  readonly direction?: unknown;
  readonly number?: unknown;
  readonly kind?: unknown;
  readonly statedAt?: unknown;
  readonly desk?: unknown;
  readonly text?: unknown;
  readonly reach?: { readonly where?: unknown; readonly who?: unknown };
  readonly quotes?: unknown;
  readonly attachments?: readonly { readonly id?: unknown }[];
}

function nameOf({ direction, number, kind }: Shown): string {
  if (direction === 'in') return `センターへの手紙 ${number}`;
  if (direction === 'out') return `センターからの返事 ${number}`;
  return kind === 'draft' ? '返事の下書き' : '職員のメモ';
}

/** The second line of a letter is JSON; what cannot be read so is kept as it is. */
function readable(plain: string): string {
  const json = plain.split('\n')[1] ?? '';
  let letter: Shown;
  try {
    letter = JSON.parse(json) as Shown;
  } catch {
    return plain.trimEnd();
  }
  const lines = [
    nameOf(letter),
    `窓口: ${letter.desk}`,
    ...(letter.statedAt ? [`書いた人の時計で: ${letter.statedAt}`] : []),
    ...(letter.quotes ? [`前の相談番号: ${letter.quotes}`] : []),
    ...(letter.reach ? [`どこに: ${letter.reach.where}`, `だれ: ${letter.reach.who}`] : []),
    ...(letter.attachments ?? []).map(({ id }) => `写真: picture-${id}`),
    '',
    String(letter.text),
    '',
    '---',
    json,
    '',
  ];
  return lines.join('\n');
}
