/**
 * The folder of exported letters (手紙の控え): age files and nothing else that is secret, laid out so that a
 * person with the recovery key and the program `age` can open all of it without our code.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { SignedLine } from '../../../functions/keys/key-list.ts';
import { PlainError } from '../plain-error.ts';

/** What stands in the folder for whoever finds it. */
const README = `# ひだまり 手紙の控え / exported letters

Everything here is sealed in the age format (https://age-encryption.org). Without the recovery key
nothing opens. With its identity file (here: recovery.key) the program age is enough:

    # 1. a desk's key (teens, first epoch)
    age -d -i recovery.key desks/teens-1.age | grep -o 'AGE-SECRET-KEY-1[0-9A-Z]*' > teens-1.key
    # 2. a letter to that desk, or an answer of it; the second line is the letter, as JSON
    age -d -i teens-1.key letters/<number>/in-000001.age | sed -n 2p
    # 3. a picture; the letter that names it says how many bytes it has ("size")
    age -d -i teens-1.key letters/<number>/picture-<id>.age | tail -n +2 | head -c <size> > picture.jpg

in-… are letters to the centre, out-… its answers; round-0002 and so on came after the writer hid
what was there before; note-… and draft are what staff wrote for each other. Later epochs of a desk have keys of their own: try each.
age proves that nothing was altered since it was sealed. It does not check who wrote it.

ここにあるものは、すべて鍵がかかっています。復旧の控えを 2 枚そろえると開けます。
開けたあとの鍵と手紙のファイルは、用がすんだら消してください。
`;

const KEY_LIST = 'key-list.json';
const KeyListFile = z.object({ lines: z.array(SignedLine) });

export interface SealedGrant {
  readonly desk: string;
  readonly epoch: number;
  readonly file: string;
}

export interface SealedFile {
  /** Path within the folder of letters. */
  readonly path: string;
  readonly file: string;
}

/** @throws PlainError when something is there already: two exports in one folder are none */
export function openNewFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new PlainError(
      `${folder} には、もうファイルがあります。空のフォルダーを指定してください。`,
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

export function writeIn(folder: string, path: string, content: string | Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
}

export const writeReadme = (folder: string) => writeIn(folder, 'README.md', README);

export function writeKeyList(folder: string, lines: readonly SignedLine[]): void {
  writeIn(folder, KEY_LIST, `${JSON.stringify({ lines }, undefined, 2)}\n`);
}

export const grantPath = (desk: string, epoch: number) => `desks/${desk}-${epoch}.age`;

const padded = (number: number, digits: number) => String(number).padStart(digits, '0');

/** @param conversation the number that its writer was told */
export function letterPath(
  conversation: string,
  { direction, round, number }: { direction: 'in' | 'out'; round: number; number: number },
): string {
  const within = round === 1 ? '' : `round-${padded(round, 4)}/`;
  return `letters/${conversation}/${within}${direction}-${padded(number, 6)}.age`;
}

/** What staff wrote for each other. */
export const staffPath = (conversation: string, name: string) =>
  `letters/${conversation}/${name}.age`;

/** @param id as the letter names it */
export const picturePath = (conversation: string, id: string) =>
  staffPath(conversation, `picture-${id}`);

/** The signed list of the backup; undefined when there is none that can be read. */
export function readKeyListOf(folder: string): readonly SignedLine[] | undefined {
  try {
    return KeyListFile.parse(JSON.parse(readFileSync(join(folder, KEY_LIST), 'utf8'))).lines;
  } catch {
    return undefined;
  }
}

/** @throws PlainError when this is no backup */
export function grantsOf(folder: string): SealedGrant[] {
  const desks = join(folder, 'desks');
  if (!isFolder(desks)) {
    throw new PlainError(
      `${folder} は手紙の控えではないようです。npm run letters-export で作ったフォルダーを指定してください。`,
    );
  }
  return readdirSync(desks)
    .sort()
    .flatMap((name) => {
      const [, desk, epoch] = /^([a-z_]{1,20})-(\d{1,5})\.age$/.exec(name) ?? [];
      return desk && epoch ? [{ desk, epoch: Number(epoch), file: join(desks, name) }] : [];
    });
}

/** Sealed letters (`in-…`, `out-…`), their pictures, drafts and notes of staff. */
export function lettersOf(folder: string): SealedFile[] {
  const letters = join(folder, 'letters');
  if (!isFolder(letters)) return [];
  return readdirSync(letters, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[\w/-]+\.age$/.test(path))
    .sort()
    .map((path) => ({ path, file: join(letters, path) }));
}

export const isPicture = ({ path }: Pick<SealedFile, 'path'>) =>
  /(^|\/)picture-[\w-]{22}\.age$/.test(path);

export const isLetter = ({ path }: Pick<SealedFile, 'path'>) =>
  /(^|\/)(in|out)-\d{6}\.age$/.test(path);

function isFolder(path: string): boolean {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() ?? false;
}
