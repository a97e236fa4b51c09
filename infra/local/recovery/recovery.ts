/**
 * `npm run letters-recovery`: the recovery key (復旧の鍵), made, rehearsed and used without a network or a
 * server. It never shows the key, and writes it only when told to (`key`). Exit code 0: done, and all
 * holds (letters that open with no key, which anybody may send, are counted and said); 1: something does
 * not; 2: nothing was tried, or there was no letter to try it on.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { type KeyList, type ListFault, readKeyList } from '../../../functions/keys/key-list.ts';
import { drawSet } from '../../../functions/keys/shares.ts';
import {
  type DeskSecrets,
  fingerprintOf,
  openCentre,
  openGrant,
} from '../../../functions/keys/vault.ts';
import { openWith } from '../../../functions/letters/sealing.ts';
import { letterSettings } from '../../../functions/letters/settings.ts';
import { PlainError } from '../plain-error.ts';
import {
  grantPath,
  grantsOf,
  isLetter,
  lettersOf,
  openNewFolder,
  readKeyListOf,
  writeIn,
} from './backup.ts';
import { combineEveryPair, type Pair, readSheets, sheetsOf } from './sheets.ts';

const HOW = `使い方:
  npm run letters-recovery -- make --out <新しいフォルダー>
      復旧の鍵を作り、3 枚の控えにします。
  npm run letters-recovery -- rehearse <控え> <控え> [<控え>] --backup <手紙の控えのフォルダー>
      控えから鍵がもどり、手紙が開くことを確かめます。中身は表示しません。
  npm run letters-recovery -- key <控え> <控え> --out <ファイル>
      非常のときに、age で使える鍵のファイルを書き出します。`;

const LIST_FAULTS: Readonly<Record<ListFault, string>> = {
  other_centre:
    'この控えは、べつのセンターのものです（functions/letters/settings.ts の鍵と違います）。',
  too_old:
    'この控えは、いまの設定（functions/letters/settings.ts）より前に書き出したものです。npm run letters-export で、新しいフォルダーに書き出しなおしてください。',
  broken: '鍵の名簿の署名が合いません。控えがこわれているか、書きかえられています。',
};

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof PlainError)) throw error;
  console.error(error.message);
  return 1;
});

async function main(): Promise<number> {
  const given = readArguments();
  if (given?.command === 'make' && given.out && given.files.length === 0) return make(given.out);
  if (given && given.files.length >= 2 && given.files.length <= 3) {
    if (given.command === 'rehearse' && given.backup) return rehearse(given.files, given.backup);
    if (given.command === 'key' && given.out) return writeKey(given.files, given.out);
  }
  console.error(HOW);
  return 2;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { out: { type: 'string' }, backup: { type: 'string' } },
    });
    const [command, ...files] = positionals;
    return { command, files, ...values };
  } catch {
    return undefined;
  }
}

async function make(folder: string): Promise<number> {
  openNewFolder(folder);
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const set = drawSet(randomBytes);
  const day = new Date().toISOString().slice(0, 10);
  const sheets = await sheetsOf(identity, set, `組 ${set}　${day}`);
  const files = sheets.map((text, index) => {
    const name = `sheet-${index + 1}.txt`;
    writeIn(folder, name, text);
    return join(folder, name);
  });
  writeIn(folder, 'recipient.txt', `${recipient}\n`);
  // Read back from the disk, since nobody can make these sheets a second time.
  const pairs = await combineEveryPair(readSheets(files));
  if (pairs.some((pair) => pair.identity !== identity)) {
    console.error(
      '書いた控えから鍵がもどりませんでした。このフォルダーを消して、やり直してください。',
    );
    return 1;
  }
  console.log(`復旧の鍵を作り、3 枚の控え（組 ${set}）を書きました。`);
  for (const file of files) console.log(`  ${file}`);
  console.log('どの 2 枚からも鍵がもどることを、確かめました。');
  console.log('');
  console.log('公開してよい宛先（センターの鍵を作るページに貼ります）:');
  console.log(`  ${recipient}`);
  console.log('貼ったページに出る数字と、見くらべてください:');
  console.log(`  ${fingerprintOf(recipient)}`);
  console.log('');
  console.log(
    '1 枚ずつ印刷してから、このフォルダーを消してください。鍵そのものは、どこにも残していません。',
  );
  return 0;
}

/** Every pair gives the same key. @throws PlainError that says which pair does not */
function sameKey(pairs: readonly Pair[]): string {
  const [first] = pairs;
  const broken = pairs.find(({ identity }) => identity === undefined);
  if (broken || first?.identity === undefined) {
    const numbers = broken?.numbers.join(' と ') ?? '';
    throw new PlainError(
      `控え ${numbers} からは鍵がもどりません。べつの鍵の控えではないか、確かめてください。`,
    );
  }
  if (pairs.some(({ identity }) => identity !== first.identity)) {
    throw new PlainError('組み合わせによって、べつの鍵がもどりました。この控えは使えません。');
  }
  return first.identity;
}

async function rehearse(files: readonly string[], backup: string): Promise<number> {
  const sheets = readSheets(files);
  for (const { file, share } of sheets) {
    console.log(`✓ ${basename(file)} は、組 ${share.set} の控え ${share.number} です。`);
  }
  const pairs = await combineEveryPair(sheets);
  const identity = sameKey(pairs);
  for (const { numbers } of pairs)
    console.log(`✓ 控え ${numbers.join(' と ')} で、鍵がもどりました。`);
  if (pairs.length === 1) {
    console.log('  3 枚そろえると、どの 2 枚でももどることまで確かめられます。');
  }

  const list = listOf(backup);
  const recipient = await identityToRecipient(identity);
  if (list.recovery !== recipient) {
    console.log('× この鍵は、いまの名簿にある復旧の鍵ではありません。新しい控えがあるはずです。');
    return 1;
  }
  console.log('✓ 名簿にある復旧の鍵です。');
  const desks = await openDesks(backup, identity, list);
  const missing = list.epochs.filter(
    ({ desk, epoch }) => !desks.some((open) => open.desk === desk && open.epoch === epoch),
  );
  for (const { desk, epoch } of missing) {
    const path = grantPath(desk, epoch);
    console.log(
      existsSync(join(backup, path))
        ? `× ${nameOf(desk)}の鍵（第 ${epoch} 期）が開きませんでした。${path} は、べつの控えで封をされているか、こわれています。`
        : `× ${nameOf(desk)}の鍵（第 ${epoch} 期）が、控えにありません。書き出したあとで窓口の鍵が替わったか、${path} がなくなっています。npm run letters-export で、新しいフォルダーに書き出しなおしてください。`,
    );
  }
  if (missing.length > 0) return 1;
  console.log(`✓ 窓口の鍵 ${desks.length} 本が、すべて開きました。`);
  if (!(await opensCentre(backup, identity, list))) {
    console.log(
      '× センターの鍵が開きませんでした。控えの centre.age がないか、いまのセンターの鍵ではありません。',
    );
    return 1;
  }
  console.log('✓ センターの鍵が開きました。');

  const { opened, total } = await countOpened(backup, desks);
  if (total === 0) {
    console.log('手紙がまだ 1 通もないので、手紙が開くことは確かめられませんでした。');
    return 2;
  }
  console.log(`${opened === total ? '✓' : '×'} 手紙 ${total} 通のうち ${opened} 通が開きました。`);
  if (opened < total) {
    console.log(
      '  開かない手紙は、こわれているか、べつの鍵で封をされています。窓口でも「開けませんでした」と出ていないか、確かめてください。',
    );
  }
  if (opened === 0) return 1;
  console.log('この控えで、手紙を取りもどせます。');
  return 0;
}

function listOf(backup: string): KeyList {
  const lines = readKeyListOf(backup);
  if (!lines) {
    throw new PlainError(`${backup} の鍵の名簿（key-list.json）を読めませんでした。`);
  }
  const { pinned } = letterSettings;
  if (!pinned) {
    throw new PlainError(
      'functions/letters/settings.ts に、センターの鍵（pinned）がありません。鍵の準備がまだのようです。',
    );
  }
  const { centreKey, line } = pinned;
  const list = readKeyList(lines, { centreKey, ...(line && { line }) });
  if ('fault' in list) throw new PlainError(LIST_FAULTS[list.fault]);
  if (list.centreKey !== centreKey) {
    console.log(
      '  センターの鍵が替わっています。設定（functions/letters/settings.ts）の鍵は前のものです。配りなおしてください。',
    );
  }
  return list;
}

async function openDesks(backup: string, identity: string, list: KeyList): Promise<DeskSecrets[]> {
  const opened = await Promise.all(
    grantsOf(backup).map(({ file }) => openGrant(readFileSync(file), identity, list.epochs)),
  );
  return opened.filter((secrets) => secrets !== undefined);
}

async function opensCentre(backup: string, identity: string, list: KeyList): Promise<boolean> {
  const file = join(backup, 'centre.age');
  if (!existsSync(file)) return false;
  return (await openCentre(readFileSync(file), identity, list.centreKey)) !== undefined;
}

/** Opens every letter and forgets it. */
async function countOpened(backup: string, desks: readonly DeskSecrets[]) {
  const identities = desks.map(({ identity }) => identity);
  let opened = 0;
  const letters = lettersOf(backup).filter(isLetter);
  for (const { file } of letters) {
    const plain = await openWith(readFileSync(file), identities);
    if (plain) opened += 1;
    plain?.fill(0);
  }
  return { opened, total: letters.length };
}

function nameOf(desk: string): string {
  const { desks } = letterSettings;
  return desk in desks ? desks[desk as keyof typeof desks].name : desk;
}

async function writeKey(files: readonly string[], out: string): Promise<number> {
  const identity = sameKey(await combineEveryPair(readSheets(files)));
  if (existsSync(out)) {
    throw new PlainError(`${out} は、もうあります。べつの名前を指定してください。`);
  }
  const recipient = await identityToRecipient(identity);
  const text = `# ひだまり 復旧の鍵\n# public key: ${recipient}\n${identity}\n`;
  writeFileSync(out, text, { mode: 0o600, flag: 'wx' });
  console.log(`復旧の鍵を ${out} に書きました。`);
  console.log('この鍵があれば、すべての手紙を開けます。用がすんだら、すぐに消してください。');
  return 0;
}
