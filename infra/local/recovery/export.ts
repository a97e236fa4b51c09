/**
 * `npm run letters-export -- <folder>`: writes what the recovery key opens (the desks' keys, every letter and
 * answer) into a folder of age files. Nothing is opened on the way. It reads the engine of this machine,
 * tables of an account (`--tables <prefix>`), or a DynamoDB export that was fetched (`--from <folder>`).
 * Exit code 0: written; 1: it could not be, or pictures are missing; 2: no folder was given.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Grant, ListLine } from '../../../functions/keys/model.ts';
import { type SentAttachment, StoredAttachment } from '../../../functions/letters/model.ts';
import { keyOf } from '../../../functions/letters/parts.ts';
import { conversationNumber, fromBase64 } from '../../../functions/letters/signing.ts';
import { toLetter } from '../../../functions/letters/store.ts';
import type { BlobStore } from '../../../functions/platform/blob-store.ts';
import { endpointSettings } from '../../../functions/platform/config.ts';
import type { Item } from '../../../functions/platform/database.ts';
import { makeFolderBlobs } from '../../../functions/platform/folder-blobs.ts';
import { makeS3Blobs } from '../../../functions/platform/s3-blobs.ts';
import { dataFolder } from '../data-folder.ts';
import { runningEndpoint, startEngine } from '../engine.ts';
import { PlainError } from '../plain-error.ts';
import {
  grantPath,
  isLetter,
  letterPath,
  openNewFolder,
  picturePath,
  staffPath,
  writeIn,
  writeKeyList,
  writeReadme,
} from './backup.ts';

const HOW = `使い方: npm run letters-export -- <新しいフォルダー>
  この機械のひだまりから手紙を書き出します。ほかに、次のどちらかを付けられます。
  --tables <表の名前の先頭>  AWS の表から（例: hidamari-demo-trial-）
  --from <フォルダー>        DynamoDB の書き出し（.json または .json.gz）から
  写真の置き場所は、この機械のものでなければ、次で指定します。
  --pictures <フォルダー | s3://バケット>`;

/** Tables with something that the recovery key opens. */
const TABLES = ['keys', 'consultations'] as const;
const LOCAL_PREFIX = 'hidamari-';

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
  const { folder, tables, from, pictures } = given;
  openNewFolder(folder);
  const isThisMachine = from === undefined && tables === undefined;
  const counts = await write(
    folder,
    from ? itemsOfExport(from) : tables ? itemsOfAccount(tables) : itemsOfThisMachine(),
    picturesAt(pictures ?? (isThisMachine ? join(dataFolder, 'letters') : undefined)),
  );
  if (counts.grants === 0) {
    console.error('復旧の鍵で開けるものが、ひとつもありませんでした。鍵の準備がまだのようです。');
    return 1;
  }
  console.log(
    `窓口の鍵 ${counts.grants} 本と、手紙 ${counts.letters} 通（${counts.conversations} 件の相談）、写真 ${counts.pictures} 枚を ${folder} に書き出しました。`,
  );
  if (counts.withoutPictures > 0) {
    console.error(
      `× 写真 ${counts.withoutPictures} 枚が、まだ入っていません。--pictures で、写真の置き場所を指定してください。`,
    );
  }
  console.log('どれも鍵がかかったままです。開け方は、フォルダーの README.md にあります。');
  return counts.withoutPictures > 0 ? 1 : 0;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        tables: { type: 'string' },
        from: { type: 'string' },
        pictures: { type: 'string' },
      },
    });
    const [folder] = positionals;
    return folder !== undefined && positionals.length === 1 ? { folder, ...values } : undefined;
  } catch {
    return undefined;
  }
}

/** @param place folder or `s3://bucket`; none: no picture is found */
function picturesAt(place: string | undefined): Pick<BlobStore, 'get'> {
  if (place === undefined) return { get: async () => undefined };
  const [, bucket] = /^s3:\/\/([^/]+)\/?$/.exec(place) ?? [];
  return bucket === undefined ? makeFolderBlobs(resolve(place)) : makeS3Blobs(bucket);
}

async function write(folder: string, items: AsyncIterable<Item>, pictures: Pick<BlobStore, 'get'>) {
  writeReadme(folder);
  const conversations = new Set<string>();
  const counts = { grants: 0, letters: 0, pictures: 0, withoutPictures: 0 };
  for await (const item of items) {
    const { pk, sk, ...rest } = item;
    const key = String(pk);
    if (key === 'LIST') {
      writeKeyList(folder, ListLine.array().parse(rest['lines']));
    } else if (key === 'CENTRE') {
      writeIn(folder, 'centre.age', fromBase64(String(rest['sealed'])));
    } else if (key === 'GRANTS#recovery') {
      const { desk, epoch, sealed } = Grant.parse(rest);
      writeIn(folder, grantPath(desk, epoch), fromBase64(sealed));
      counts.grants += 1;
    } else if (key.startsWith('MAILBOX#')) {
      const mailbox = key.slice('MAILBOX#'.length);
      const conversation = conversationNumber(mailbox);
      const picture = pictureOf(String(sk), rest);
      if (picture) {
        const sealed = await joined(pictures, mailbox, picture);
        if (sealed) writeIn(folder, picturePath(conversation, picture.id), sealed);
        counts[sealed ? 'pictures' : 'withoutPictures'] += 1;
        continue;
      }
      const found = sealedIn(conversation, String(sk), item);
      if (!found) continue;
      writeIn(folder, found.path, found.sealed);
      conversations.add(conversation);
      if (isLetter(found)) counts.letters += 1;
    }
  }
  return { ...counts, conversations: conversations.size };
}

/** A picture that a letter names; those that wait for their letter are nobody's yet. */
function pictureOf(sk: string, row: Item): SentAttachment | undefined {
  if (!sk.startsWith('ATTACHMENT#')) return undefined;
  const picture = StoredAttachment.parse(row);
  return picture.state === 'named'
    ? { id: sk.slice('ATTACHMENT#'.length), parts: picture.parts }
    : undefined;
}

/** The sealed bytes of a picture, which travelled in parts. */
async function joined(
  pictures: Pick<BlobStore, 'get'>,
  mailbox: string,
  { id, parts }: SentAttachment,
): Promise<Uint8Array | undefined> {
  const bytes: Uint8Array[] = [];
  for (let part = 1; part <= parts; part += 1) {
    const found = await pictures.get(keyOf(mailbox, id, part));
    if (!found) return undefined;
    bytes.push(found);
  }
  return Buffer.concat(bytes);
}

/** What a row of a mailbox holds under seal: a letter, or what staff wrote for each other. */
function sealedIn(conversation: string, sk: string, item: Item) {
  if (sk.startsWith('LETTER#')) {
    const letter = toLetter(item);
    return { path: letterPath(conversation, letter), sealed: letter.sealed };
  }
  const sealed = item['sealed'];
  if (!(sealed instanceof Uint8Array)) return undefined;
  if (sk === 'DRAFT') return { path: staffPath(conversation, 'draft'), sealed };
  if (!sk.startsWith('NOTE#')) return undefined;
  return { path: staffPath(conversation, `note-${item['noteId']}`), sealed };
}

/** The running Hidamari is asked; one that is stopped is looked at through an engine of our own. */
async function* itemsOfThisMachine(): AsyncGenerator<Item> {
  const dbFile = join(dataFolder, 'engine.db');
  const endpoint = process.env.DYNAMODB_ENDPOINT || runningEndpoint(dbFile);
  if (endpoint) {
    yield* itemsOf(endpoint, LOCAL_PREFIX);
    return;
  }
  if (!existsSync(dbFile)) {
    throw new PlainError('この機械には、まだデータがありません。npm start で始めてください。');
  }
  const engine = await startEngine({ dbFile });
  try {
    yield* itemsOf(engine.endpoint, LOCAL_PREFIX);
  } finally {
    await engine.stop();
  }
}

function itemsOfAccount(prefix: string): AsyncGenerator<Item> {
  return itemsOf(process.env.DYNAMODB_ENDPOINT || undefined, prefix);
}

async function* itemsOf(endpoint: string | undefined, prefix: string): AsyncGenerator<Item> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: process.env.AWS_REGION ?? 'ap-northeast-1',
      ...endpointSettings(endpoint),
    }),
  );
  try {
    for (const table of TABLES) {
      let from: Record<string, unknown> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new ScanCommand({
            TableName: `${prefix}${table}`,
            ConsistentRead: true,
            ...(from && { ExclusiveStartKey: from }),
          }),
        );
        yield* Items;
        from = LastEvaluatedKey;
      } while (from);
    }
  } catch (error) {
    if (error instanceof PlainError) throw error;
    throw new PlainError(`表を読めませんでした（${(error as Error).name}）。`);
  } finally {
    client.destroy();
  }
}

/** DynamoDB's own exports: files of one `{ "Item": … }` a line. */
async function* itemsOfExport(folder: string): AsyncGenerator<Item> {
  for (const path of exportFilesIn(folder)) {
    const bytes = readFileSync(join(folder, path));
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    for (const line of text.split('\n')) {
      if (line.trim() !== '') yield itemOfLine(line, path);
    }
  }
}

function exportFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.json(\.gz)?$/.test(path) && !/(^|\/)manifest-/.test(path))
      .sort();
  } catch {
    throw new PlainError(`${folder} を読めませんでした。フォルダーの名前を確かめてください。`);
  }
}

function itemOfLine(line: string, path: string): Item {
  try {
    const { Item } = JSON.parse(line, (key, value: unknown) =>
      key === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value,
    );
    return unmarshall(Item);
  } catch {
    throw new PlainError(`${path} は、DynamoDB の書き出しとして読めませんでした。`);
  }
}
