/**
 * The recovery key as somebody uses it on a bad day: sheets typed in, rehearsed with every pair, a backup that
 * opens with `age` alone. The commands run as npm runs them.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { marshall } from '@aws-sdk/util-dynamodb';
import { identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  append,
  currentEpoch,
  type KeyList,
  type SignedLine,
} from '../../../functions/keys/key-list.ts';
import { newMemberKey, sealCentre } from '../../../functions/keys/vault.ts';
import {
  openPicture,
  type SealedPicture,
  sealPicture,
  splitSealed,
} from '../../../functions/letters/picture-sealing.ts';
import { PART_BYTES } from '../../../functions/letters/sealed-form.ts';
import { conversationNumber, publicKeyOf, toBase64 } from '../../../functions/letters/signing.ts';
import { demoCentre, demoDesk, demoRecovery } from '../../../infra/local/demonstration/keys.ts';
import { keepRecoveryKit } from '../../../infra/local/demonstration/recovery-kit.ts';
import { sheetsOf } from '../../../infra/local/recovery/sheets.ts';
import { AGE_TIMEOUT_MS, age, findOrInstallAge } from '../../support/age.ts';
import {
  aDesk,
  aMailbox,
  believesMembers,
  clientOf,
  withDemoKeys,
  write,
} from '../../support/letters.ts';
import { rowsOf } from '../../support/raw-tables.ts';
import { startWorld, type World } from '../../support/world.ts';

const root = join(import.meta.dirname, '../../..');
const SECRET = /AGE-SECRET-KEY-1[A-Z0-9]{58}/;

let world: World;
let list: KeyList;
let folder: string;
let sheets: string[];
let backup: string;
/** Number of the conversation that was answered, and noted. */
let answered: string;
/** In the first letter of it, and of two parts. */
let picture: SealedPicture;

beforeAll(async () => {
  findOrInstallAge();
  folder = mkdtempSync(join(tmpdir(), 'hidamari-recovery-'));
  await keepRecoveryKit(folder);
  sheets = [1, 2, 3].map((number) => join(folder, 'recovery-kit', `sheet-${number}.txt`));
  world = await startWorld({ overrides: believesMembers });
  list = await withDemoKeys(world);
  const client = clientOf(world.origin);
  const mailbox = await aMailbox();
  answered = conversationNumber(mailbox.id);
  picture = await sealPicture(
    { name: '窓.jpg', type: 'image/jpeg', bytes: new Uint8Array(randomBytes(PART_BYTES + 1_000)) },
    [currentEpoch(list, 'teens')?.recipient ?? '', mailbox.recipient],
  );
  await client.upload(mailbox, picture);
  const { attachment } = picture;
  await write(client, mailbox, list, 'ひみつのはなし', { attachments: [attachment] });
  const worker = aDesk(world, 'teens_worker', 'teens');
  const note = await worker.sealed(mailbox.id, 'note', 'ひそかなメモ');
  await worker.ask('POST', `/api/staff/letters/${mailbox.id}/notes`, { sealed: note });
  const drafted = await worker.draft(mailbox.id, 'ここにいます');
  await aDesk(world, 'family_worker', 'soudan').reply(drafted.json, 'ここにいます');
  const parent = await aMailbox('general');
  const header = { urgency: 'anytime' } as const;
  await write(client, parent, list, '夜泣きのこと', { header });
  backup = join(folder, 'backup');
  expect(await exported(backup)).toEqual({ code: 0, said: expect.any(String) });
}, AGE_TIMEOUT_MS);
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

function run(script: string, words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return new Promise<Outcome>((resolve) => {
    const file = join(root, `infra/local/recovery/${script}.ts`);
    const child = spawn(process.execPath, ['--import', 'tsx', file, ...words], {
      cwd: root,
      env: { ...process.env, ...env },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    child.on('close', (code) => resolve({ code, said }));
  });
}

const recovery = (...words: string[]) => run('recovery', words);

function exported(to: string, ...more: string[]): Promise<Outcome> {
  const { dynamodbEndpoint = '', tablePrefix, lettersFolder } = world.deps.config;
  const where =
    more.length > 0 ? more : ['--tables', tablePrefix, '--pictures', lettersFolder ?? ''];
  return run('export', [to, ...where], { DYNAMODB_ENDPOINT: dynamodbEndpoint });
}

/** All that a folder holds, as one text. */
function contentOf(path: string): string {
  return filesIn(path)
    .map((file) => readFileSync(join(path, file), 'latin1'))
    .join('\n');
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(path, file)).isFile())
    .sort();
}

let copies = 0;
/** A sheet as somebody typed it in. */
function typed(sheet: number, change: (text: string) => string): string {
  copies += 1;
  const file = join(folder, `typed-${copies}.txt`);
  writeFileSync(file, change(readFileSync(sheets[sheet - 1] as string, 'utf8')));
  return file;
}

/** Puts another letter into a line of the code; 0 is the line with the name of the kit. */
function withWrongLetter(text: string, line: number, at: number): string {
  const lines = text.split('\n');
  const index = lines.findIndex((each) => each.startsWith('HIDAMARI')) + line;
  const letters = [...(lines[index] ?? '')];
  letters[at] = letters[at] === 'A' ? 'B' : 'A';
  lines[index] = letters.join('');
  return lines.join('\n');
}

describe('making the recovery key', () => {
  test('writes three sheets that give it back in every pair, and the key nowhere', async () => {
    const kit = join(folder, 'made');
    const { code, said } = await recovery('make', '--out', kit);
    expect(code).toBe(0);
    expect(said).toMatch(/^ {2}age1[a-z0-9]{58}$/m);
    expect(filesIn(kit)).toEqual(['recipient.txt', 'sheet-1.txt', 'sheet-2.txt', 'sheet-3.txt']);
    expect(said).not.toMatch(SECRET);
    expect(contentOf(kit)).not.toMatch(SECRET);
    for (const file of filesIn(kit)) expect(statSync(join(kit, file)).mode & 0o777).toBe(0o600);
    const keys = await Promise.all(
      ['1 2', '1 3', '2 3'].map(async (pair) => {
        const out = join(kit, `key-${pair.replace(' ', '')}`);
        const two = pair.split(' ').map((number) => join(kit, `sheet-${number}.txt`));
        expect(await recovery('key', ...two, '--out', out)).toMatchObject({ code: 0 });
        expect(statSync(out).mode & 0o777).toBe(0o600);
        return SECRET.exec(readFileSync(out, 'utf8'))?.[0];
      }),
    );
    expect(keys[0]).toMatch(SECRET);
    expect(new Set(keys).size).toBe(1);
    const recipient = readFileSync(join(kit, 'recipient.txt'), 'utf8').trim();
    const sealed = age(['-r', recipient], 'x') ?? '';
    expect(age(['-d', '-i', join(kit, 'key-12')], sealed)?.toString()).toBe('x');
  });

  test('never writes over a kit or a key that is there', async () => {
    const kit = join(folder, 'recovery-kit');
    expect(await recovery('make', '--out', kit)).toMatchObject({ code: 1 });
    const out = join(folder, 'precious');
    writeFileSync(out, 'precious');
    expect(await recovery('key', ...sheets.slice(1), '--out', out)).toMatchObject({ code: 1 });
    expect(readFileSync(out, 'utf8')).toBe('precious');
  });
});

describe('the rehearsal', () => {
  test('proves with three sheets that every pair opens every desk and the letters', async () => {
    const { code, said } = await recovery('rehearse', ...sheets, '--backup', backup);
    expect(said.match(/鍵がもどりました/g)).toHaveLength(3);
    expect(said).toContain('✓ 窓口の鍵 2 本が、すべて開きました。');
    expect(said).toContain('✓ 手紙 3 通のうち 3 通が開きました。');
    expect(said).not.toContain('×');
    expect(code).toBe(0);
    expect(said).not.toMatch(/ひみつ|夜泣き|ここにいます/);
    expect(said).not.toMatch(SECRET);
  });

  test('takes two sheets in any order, as people type them', async () => {
    const third = typed(3, (text) =>
      text.toLowerCase().replaceAll('0', 'o').replaceAll('\n', '\r\n'),
    );
    const first = typed(1, (text) => text.replace(/^#.*\n/gm, '').replace(/(?<=[A-Z0-9])1/g, 'l'));
    const second = typed(2, (text) => text.replace(/(?<=^\w{4} \w{4}) /gm, ''));
    for (const pair of [
      [third, second],
      [second, first],
    ]) {
      const { code, said } = await recovery('rehearse', ...pair, '--backup', backup);
      expect(said).toContain('この控えで、手紙を取りもどせます。');
      expect(code).toBe(0);
    }
  });

  test('names the sheet and the line with one wrong letter', async () => {
    for (const line of [1, 4, 10]) {
      const wrong = typed(2, (text) => withWrongLetter(text, line, 2));
      const { code, said } = await recovery(
        'rehearse',
        sheets[0] as string,
        wrong,
        '--backup',
        backup,
      );
      expect(code).toBe(1);
      expect(said).toContain(`typed-${copies}.txt（控え 2）`);
      expect(said).toContain(`${line} 行目に違う文字がある`);
    }
    const wrongSet = typed(2, (text) => withWrongLetter(text, 0, 'HIDAMARI D'.length));
    expect(
      (await recovery('rehearse', sheets[0] as string, wrongSet, '--backup', backup)).said,
    ).toContain('「HIDAMARI」の行の、4 文字の組の名前か、何枚目かの数字が違います。');
    const lineLost = typed(2, (text) => text.trimEnd().split('\n').slice(0, -1).join('\n'));
    expect(
      (await recovery('rehearse', sheets[0] as string, lineLost, '--backup', backup)).said,
    ).toContain('行が抜けていないか');
  });

  test('refuses the same sheet twice, sheets of two kits, and the kit of another key', async () => {
    const twice = await recovery(
      'rehearse',
      sheets[0] as string,
      sheets[0] as string,
      '--backup',
      backup,
    );
    expect(twice).toMatchObject({ code: 1, said: expect.stringContaining('控えが足りません') });
    const kit = join(folder, 'other');
    await recovery('make', '--out', kit);
    const other = [1, 2].map((number) => join(kit, `sheet-${number}.txt`));
    const mixed = await recovery(
      'rehearse',
      sheets[0] as string,
      other[1] as string,
      '--backup',
      backup,
    );
    expect(mixed).toMatchObject({ code: 1, said: expect.stringContaining('べつの組の控え') });
    const wrongKey = await recovery('rehearse', ...other, '--backup', backup);
    expect(wrongKey).toMatchObject({ code: 1, said: expect.stringContaining('×') });
    // Two splittings of one key under one name: each sheet holds, together they give nothing.
    const again = await sheetsOf(demoRecovery, 'DEM9', '');
    writeFileSync(join(kit, 'again.txt'), again[1] ?? '');
    const torn = await recovery(
      'rehearse',
      sheets[0] as string,
      join(kit, 'again.txt'),
      '--backup',
      backup,
    );
    expect(torn).toMatchObject({ code: 1, said: expect.stringContaining('鍵がもどりません') });
  });

  test('fails when a desk’s key is missing from the backup, or its list was changed', async () => {
    const short = join(folder, 'short');
    expect(await exported(short)).toMatchObject({ code: 0 });
    rmSync(join(short, 'desks/teens-1.age'));
    const missing = await recovery('rehearse', ...sheets, '--backup', short);
    expect(missing.said).toContain('× ティーンズ相談室の鍵（第 1 期）が、控えにありません。');
    expect(missing.code).toBe(1);
    const file = join(short, 'key-list.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('hidamari', 'hidamali'));
    const forged = await recovery('rehearse', ...sheets, '--backup', short);
    expect(forged.code).toBe(1);
    expect(forged.said).not.toContain('取りもどせます');
  });

  test('says so when there is no letter to try it on, no backup, or nothing to do', async () => {
    const empty = join(folder, 'empty');
    await exported(empty);
    rmSync(join(empty, 'letters'), { recursive: true });
    expect(await recovery('rehearse', ...sheets, '--backup', empty)).toMatchObject({ code: 2 });
    const nowhere = await recovery('rehearse', ...sheets, '--backup', join(folder, 'nowhere'));
    expect(nowhere.code).toBe(1);
    expect(nowhere.said).not.toMatch(/^\s+at /m);
    expect(await recovery('rehearse', sheets[0] as string)).toMatchObject({ code: 2 });
    expect(await recovery('key', join(folder, 'no.txt'), 'x', '--out', 'y')).toMatchObject({
      code: 1,
    });
  });

  test('names the desk’s key that an export does not hold, or that another kit sealed', async () => {
    const lacking = join(folder, 'lacking');
    cpSync(backup, lacking, { recursive: true });
    rmSync(join(lacking, 'desks/teens-1.age'));
    const lost = await recovery('rehearse', ...sheets, '--backup', lacking);
    expect(lost.said).toContain('× ティーンズ相談室の鍵（第 1 期）が、控えにありません。');
    expect(lost.said).toContain('書き出しなおしてください');
    writeFileSync(join(lacking, 'desks/teens-1.age'), 'age');
    const broken = await recovery('rehearse', ...sheets, '--backup', lacking);
    expect(broken.said).toContain('desks/teens-1.age は、べつの控えで封をされているか');
    for (const { code, said } of [lost, broken]) {
      expect(code).toBe(1);
      expect(said).not.toMatch(/Error| {4}at /);
    }
  });

  test('holds when the centre’s key was changed, and says which key the settings still have', async () => {
    const changed = join(folder, 'changed');
    cpSync(backup, changed, { recursive: true });
    const file = join(changed, 'key-list.json');
    const { lines } = JSON.parse(readFileSync(file, 'utf8')) as { lines: SignedLine[] };
    const signing = new Uint8Array(randomBytes(32));
    const says = { says: 'handover', verify: publicKeyOf(signing) } as const;
    const more = append(list.head, [says], demoCentre.signing, '2026-12-01T03:00:00.000Z');
    writeFileSync(file, JSON.stringify({ lines: [...lines, ...more] }));
    // The old key of the centre is not the one that a recovery needs.
    const stale = await recovery('rehearse', ...sheets, '--backup', changed);
    expect(stale).toMatchObject({
      code: 1,
      said: expect.stringContaining('× センターの鍵が開きませんでした。'),
    });
    const secret = { centre: 'hidamari', signing: toBase64(signing) };
    const sealed = await sealCentre(secret, [await identityToRecipient(demoRecovery)]);
    writeFileSync(join(changed, 'centre.age'), sealed);
    const { code, said } = await recovery('rehearse', ...sheets, '--backup', changed);
    expect(said).toContain('センターの鍵が替わっています');
    expect(said).toContain('✓ センターの鍵が開きました。');
    expect(code).toBe(0);
  });
});

describe('the backup', () => {
  test('holds every letter, answer and note, sealed, in files that say where they belong', () => {
    const files = filesIn(backup);
    expect(files.filter((file) => file.startsWith('desks/'))).toEqual([
      'desks/general-1.age',
      'desks/teens-1.age',
    ]);
    const letters = files.filter((file) => file.startsWith(`letters/${answered}/`));
    expect(letters).toEqual([
      `letters/${answered}/in-000001.age`,
      expect.stringMatching(/\/note-[\w-]+\.age$/),
      `letters/${answered}/out-000001.age`,
      `letters/${answered}/picture-${picture.attachment.id}.age`,
    ]);
    const kept = readFileSync(join(backup, letters.at(-1) ?? ''));
    expect(kept.equals(picture.sealed)).toBe(true);
    expect(contentOf(backup)).not.toMatch(SECRET);
    expect(Buffer.from(contentOf(backup), 'latin1').toString()).not.toMatch(/ひみつ|メモ|夜泣き/);
  });

  test('opens with age and the recovered key alone, as a text for each letter', async () => {
    const key = join(folder, 'recovery.key');
    await recovery('key', sheets[2] as string, sheets[0] as string, '--out', key);
    const out = join(folder, 'opened');
    const { code, said } = await run('open', [backup, key, '--out', out]);
    expect(said).toContain('手紙 3 通のうち 3 通を開きました。');
    expect(code).toBe(0);
    const letter = readFileSync(join(out, answered, 'in-000001.txt'), 'utf8');
    expect(letter).toContain('センターへの手紙 1\n窓口: teens');
    expect(letter).toContain('\nひみつのはなし\n');
    const { id } = picture.attachment;
    expect(letter).toContain(`\n写真: picture-${id}\n`);
    expect(readFileSync(join(out, answered, `picture-${id}.jpeg`))).toEqual(await pictureBytes());
    expect(readFileSync(join(out, answered, 'out-000001.txt'), 'utf8')).toContain('ここにいます');
    expect(contentOf(out)).toContain(Buffer.from('ひそかなメモ').toString('latin1'));
    expect(said).not.toMatch(/ひみつ|メモ/);
  });

  test('opens by the very commands that its README states', async () => {
    const key = join(folder, 'by-hand.key');
    await recovery('key', sheets[0] as string, sheets[1] as string, '--out', key);
    const readme = readFileSync(join(backup, 'README.md'), 'utf8');
    const commands = [...readme.matchAll(/^ {4}(age .*)$/gm)].map(([, command]) => command);
    expect(commands).toHaveLength(3);
    const { id, size } = picture.attachment;
    const line = commands
      .join('\n')
      .replace('<id>', id)
      .replace('<size>', String(size))
      .replace('picture.jpg', join(folder, 'picture.jpg'))
      .replaceAll('recovery.key', key)
      .replaceAll('teens-1.key', join(folder, 'teens-1.key'))
      .replaceAll('<number>', answered);
    const shell = spawn('sh', ['-ec', line], { cwd: backup });
    let said = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await new Promise((resolve) => shell.on('close', resolve));
    expect(JSON.parse(said)).toMatchObject({ text: 'ひみつのはなし' });
    expect(readFileSync(join(folder, 'picture.jpg'))).toEqual(await pictureBytes());
  });

  test('does not open with another key, and says which letter was altered', async () => {
    const wrong = join(folder, 'wrong.key');
    writeFileSync(wrong, `${(await newMemberKey()).identity}\n`);
    expect(await run('open', [backup, wrong])).toMatchObject({ code: 1 });
    const key = join(folder, 'again.key');
    await recovery('key', sheets[0] as string, sheets[1] as string, '--out', key);
    const altered = join(folder, 'altered');
    await exported(altered);
    const file = join(altered, 'letters', answered, 'in-000001.age');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const { code, said } = await run('open', [altered, key]);
    expect(code).toBe(1);
    expect(said).toContain(`× ${answered}/in-000001.age は、開きませんでした。`);
    expect(existsSync(join(altered, 'opened', answered, 'out-000001.txt'))).toBe(true);
    const rehearsed = await recovery('rehearse', ...sheets, '--backup', altered);
    expect(rehearsed.said).toContain('× 手紙 3 通のうち 2 通が開きました。');
  });

  test('is the same from an export that DynamoDB wrote', async () => {
    const from = join(folder, 'dynamodb/AWSDynamoDB/0123/data');
    mkdirSync(from, { recursive: true });
    const lines = [...(await rowsOf(world, 'keys')), ...(await rowsOf(world, 'consultations'))].map(
      (row) => JSON.stringify({ Item: asExported(marshall(row, { removeUndefinedValues: true })) }),
    );
    writeFileSync(join(from, 'a.json.gz'), gzipSync(`${lines.slice(0, 5).join('\n')}\n`));
    writeFileSync(join(from, 'b.json'), lines.slice(5).join('\n'));
    writeFileSync(join(from, '../manifest-summary.json'), '{"version":"2020-06-30"}');
    const to = join(folder, 'from-dynamodb');
    const pictures = world.deps.config.lettersFolder ?? '';
    expect(
      await exported(to, '--from', join(folder, 'dynamodb'), '--pictures', pictures),
    ).toMatchObject({ code: 0 });
    expect(filesIn(to)).toEqual(filesIn(backup));
    expect(contentOf(to)).toBe(contentOf(backup));
  });

  test('says how many pictures are missing, and ends with 1, where their place is not named or they are gone', async () => {
    const { tablePrefix } = world.deps.config;
    for (const [name, ...where] of [
      ['unnamed'],
      ['gone', '--pictures', join(folder, 'empty-store')],
    ]) {
      const to = join(folder, `without-${name}`);
      const { code, said } = await exported(to, '--tables', tablePrefix, ...where);
      expect(said).toContain('× 写真 1 枚が、まだ入っていません。');
      expect(code).toBe(1);
      const without = filesIn(backup).filter((file) => !file.includes('picture-'));
      expect(filesIn(to)).toEqual(without);
    }
  });

  test('is not mixed with one that is there, and an empty centre has none', async () => {
    expect(await exported(backup)).toMatchObject({ code: 1 });
    const from = join(folder, 'nothing');
    mkdirSync(from);
    expect(await exported(join(folder, 'none'), '--from', from)).toMatchObject({ code: 1 });
  });
});

/** The picture as its reader should have it. */
async function pictureBytes(): Promise<Buffer> {
  const { secrets } = await demoDesk('teens');
  const parts = splitSealed(picture.sealed);
  const opened = await openPicture(parts, picture.attachment, [secrets.identity]);
  return Buffer.from(opened.picture?.bytes ?? '');
}

/** Bytes as DynamoDB writes them into its exports. */
function asExported(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(asExported);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asExported(each)]));
}
