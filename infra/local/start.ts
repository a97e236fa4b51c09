/**
 * Puts the one-machine cloud together, for `npm start` and for tests: engine, mail, log-in, stream,
 * clock and the port that people open, all around the very handlers that run as Lambdas.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wiring } from '../../functions/events.ts';
import { type Clock, systemClock } from '../../functions/platform/clock.ts';
import { loadConfig } from '../../functions/platform/config.ts';
import { makeClockHandler } from '../../functions/platform/consumer.ts';
import { makeLog } from '../../functions/platform/log.ts';
import { tables } from '../../functions/platform/tables.ts';
import { makeWorkerDeps, type WorkerDeps } from '../../functions/platform/worker-deps.ts';
import { createTables } from './create-tables.ts';
import { openDataFolder } from './data-folder.ts';
import { startEngine } from './engine.ts';
import { makeHandlers } from './handlers.ts';
import { makeIdentity } from './identity.ts';
import { type CaughtMail, startMail } from './mail.ts';
import { makeMailReader } from './mail-reader.ts';
import { PlainError } from './plain-error.ts';
import { startSchedule } from './schedule.ts';
import { keepSecret } from './secret-file.ts';
import { startStream } from './stream.ts';
import { startWebServer } from './web-server.ts';

export interface HidamariOptions {
  /** Where data is kept; null or nothing: in memory, gone at the end. */
  dataDir?: string | null;
  /** 0 or nothing: any free port. */
  port?: number;
  host?: string;
  /** The folder that Astro built. */
  siteDist: string;
  clock?: Clock;
  /** Another engine with DynamoDB's API, instead of the embedded one. */
  dynamodbEndpoint?: string;
  /** Another SES, instead of the mail catcher; the reader then stays empty. */
  sesEndpoint?: string;
  /** What the handlers are given besides, such as a database that injects conflicts. */
  overrides?: Partial<WorkerDeps>;
  /** Fills the tables before anything is served; what it writes is published before the site opens. */
  seed?: (deps: WorkerDeps) => Promise<void>;
  /** Told what is being done now, and '' at the end, so that a long wait can be explained. */
  onStep?: (step: string) => void;
  /** Sentences for whoever runs this. */
  log?: (sentence: string) => void;
  /** Log lines of the Lambdas. */
  writeLog?: (line: string) => void;
}

export interface Hidamari {
  /** Where people open the site, without a slash at the end. */
  origin: string;
  /** Of the engine. */
  endpoint: string;
  /** What the handlers work with: settings, database, pages. */
  deps: WorkerDeps;
  /** Oldest first. */
  mails(): readonly CaughtMail[];
  /** Resolves when every event so far has been reacted to. */
  caughtUp(): Promise<void>;
  enginePid(): number | undefined;
  stop(): Promise<void>;
}

/** @throws PlainError for what whoever runs this can change; whatever had been started is stopped again. */
export async function startHidamari(options: HidamariOptions): Promise<Hidamari> {
  const stops: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    return await start(options, stops, stop);
  } catch (error) {
    options.onStep?.('');
    await stop();
    throw error;
  }
}

async function start(
  options: HidamariOptions,
  stops: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<Hidamari> {
  const { siteDist, clock = systemClock, log = () => {}, onStep = () => {} } = options;
  const now = () => clock.now();
  const data = options.dataDir ? openDataFolder(options.dataDir) : undefined;
  if (data) stops.push(data.release);
  const siteFolder = data ? data.file('site') : mkdtempSync(join(tmpdir(), 'hidamari-site-'));
  if (!data) stops.push(() => rmSync(siteFolder, { recursive: true, force: true }));
  const lettersFolder = data
    ? data.file('letters')
    : mkdtempSync(join(tmpdir(), 'hidamari-letters-'));
  if (!data) stops.push(() => rmSync(lettersFolder, { recursive: true, force: true }));
  const kept = <Name extends string>(option: Name, file: string) =>
    (data ? { [option]: data.file(file) } : {}) as { [Key in Name]?: string };

  const { host = '127.0.0.1', port = 0 } = options;
  const web = await startWebServer({ port, host, log });
  // First of all when everything is there (pushed again below), last when something has failed.
  stops.push(web.stop);
  const origin = `http://${nameOf(host)}:${web.port}`;

  onStep('データベースを起動しています');
  const engine = options.dynamodbEndpoint
    ? undefined
    : await startEngine({ ...kept('dbFile', 'engine.db'), log });
  if (engine) stops.push(engine.stop);
  const endpoint = options.dynamodbEndpoint ?? (engine?.endpoint as string);
  const mail = await startMail(kept('file', 'mail.jsonl'));
  stops.push(mail.stop);
  const identity = await makeIdentity({ origin, ...kept('keyFile', 'identity.json') });

  const config = loadConfig({
    STAGE: 'local',
    DYNAMODB_ENDPOINT: endpoint,
    SES_ENDPOINT: options.sesEndpoint ?? mail.endpoint,
    MAIL_FROM: 'yoyaku@hidamari.example.jp',
    NOTICE_FROM: 'info@oshirase.example.jp',
    SITE_ORIGIN: origin,
    SITE_FOLDER: siteFolder,
    LETTERS_FOLDER: lettersFolder,
    TEMPLATES_FOLDER: join(siteDist, 'templates'),
    FORM_KEY: await keepSecret(data?.file('form-key.json'), () =>
      randomBytes(32).toString('base64url'),
    ),
    OIDC_ISSUER: identity.issuer,
    OIDC_CLIENT_ID: identity.clientId,
  });
  onStep('表を用意しています');
  await createTables(endpoint, config.tablePrefix, tables).catch((error: Error) => {
    if (engine) throw error;
    throw new PlainError(
      `DYNAMODB_ENDPOINT=${endpoint} のデータベースに表を用意できません（${error.name}）。`,
    );
  });
  const lambdaLog = makeLog(options.writeLog ?? (() => {}));
  const made = makeWorkerDeps(config, { clock, log: lambdaLog, ...options.overrides });
  // Every start may be one of changed code: pages kept from before are published again.
  const thisStart = randomBytes(8).toString('hex');
  const deps = { ...made, templates: { ...made.templates, version: () => thisStart } };
  const handlers = makeHandlers(deps);
  mail.tellOfBounces(handlers.bounces);

  onStep('見本のデータを入れています');
  await options.seed?.(deps);
  const stream = startStream({
    endpoint,
    tableName: `${config.tablePrefix}events`,
    consumer: handlers.worker,
    ...kept('checkpointFile', 'stream-checkpoint.json'),
    ...kept('deadLetterFile', 'dead-letters.jsonl'),
    log,
  });
  stops.push(stream.stop);
  onStep('講座のページを作っています');
  await stream.caughtUp();
  // Pages kept from an earlier build would ask for styles that this build no longer has.
  await makeClockHandler(wiring, deps)();
  mkdirSync(siteFolder, { recursive: true });
  writeFileSync(
    join(siteFolder, 'desk-config.json'),
    JSON.stringify({ issuer: identity.issuer, clientId: identity.clientId }),
  );
  const schedule = startSchedule({ handler: handlers.clock, now, log });
  stops.push(schedule.stop);

  web.open({
    stage: 'local',
    ...(isLoopback(host) && { origin }),
    issuerOrigin: origin,
    publicApi: handlers.publicApi,
    lettersApi: handlers.lettersApi,
    staffApi: handlers.staffApi,
    folders: [siteFolder, siteDist],
    mounts: { mail: makeMailReader({ mails: mail.mails, origin }), oidc: identity.mount },
    now,
  });
  stops.push(web.stop);
  onStep('');
  return {
    origin,
    endpoint,
    deps,
    mails: mail.mails,
    caughtUp: stream.caughtUp,
    enginePid: () => engine?.pid(),
    stop,
  };
}

/** Passkeys and the browser's cryptography work on plain http under the name localhost only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function nameOf(host: string): string {
  if (isLoopback(host) || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
