/**
 * Plays SES: takes mail as `aws-ses-v2-local` does, and keeps what was sent in a file before saying
 * yes, so that no mail that SES accepted is ever missing from the reader.
 */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SNSEvent } from 'aws-lambda';
import startCatcher from 'aws-ses-v2-local';
import { bounceNotice, comesBack } from './mail-notice.ts';

export interface Attachment {
  filename: string;
  contentType: string;
  /** base64 */
  content: string;
}

export interface CaughtMail {
  id: string;
  /** ISO time of arrival. */
  at: string;
  from: string;
  /** Addresses as the recipient's mail program would show them. */
  to: string[];
  subject: string;
  text: string;
  attachments: Attachment[];
  /** The whole message as it was handed over, base64; empty when it was not sent raw. */
  raw: string;
}

export interface MailCatcher {
  /** What SES_ENDPOINT should be. */
  endpoint: string;
  /** Oldest first. */
  mails(): readonly CaughtMail[];
  /** Where the notices of mails that come back go; until then they go nowhere. */
  tellOfBounces(handler: (notice: SNSEvent) => Promise<void>): void;
  stop(): Promise<void>;
}

export interface MailOptions {
  /** JSON lines; without a file the mails live in memory. */
  file?: string;
  /** How many mails are kept. */
  keep?: number;
  port?: number;
}

interface CatcherMail {
  messageId: string;
  from: string;
  destination: { to: string[]; cc: string[]; bcc: string[] };
  subject: string;
  body: { text?: string };
  attachments: { filename?: string; contentType: string; content: string }[];
  at: number;
}

const patienceMs = 5_000;

export async function startMail(options: MailOptions = {}): Promise<MailCatcher> {
  const { file, keep = 500 } = options;
  // The package writes "default" the CommonJS way, which Node hands over one level too deep.
  const start = ((startCatcher as unknown as { default?: unknown }).default ??
    startCatcher) as typeof startCatcher;
  const catcher = await start({ host: '127.0.0.1', port: 0 });
  const catcherUrl = urlOf(catcher);
  const kept = file ? readKept(file).slice(-keep) : [];
  if (file) rewrite(file, kept);
  let linesInFile = kept.length;
  let noticed: (notice: SNSEvent) => Promise<void> = async () => {};

  function store(mail: CaughtMail): void {
    kept.push(mail);
    if (kept.length > keep) kept.shift();
    if (!file) return;
    appendFileSync(file, `${JSON.stringify(mail)}\n`, { mode: 0o600 });
    linesInFile += 1;
    if (linesInFile > keep * 2) {
      rewrite(file, kept);
      linesInFile = kept.length;
    }
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const form = new URLSearchParams(body);
    if (!understood(request, form)) {
      // The catcher would leave an action that it does not know unanswered for ever.
      response.writeHead(404).end();
      return;
    }
    const reply = await fetch(new URL(request.url ?? '/', catcherUrl), {
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? '',
        authorization: request.headers.authorization ?? '',
      },
      body,
      signal: AbortSignal.timeout(patienceMs),
    });
    const answer = await reply.text();
    const id = /<MessageId>([^<]+)|"MessageId":\s*"([^"]+)/.exec(answer)?.slice(1).find(Boolean);
    const mail = reply.ok && id ? toCaughtMail(await find(id), form) : undefined;
    if (mail) store(mail);
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' });
    response.end(answer);
    // As in the cloud, the notice comes when whoever sent the mail has long gone on.
    if (mail && comesBack(mail.to)) {
      await noticed(bounceNotice(Buffer.from(mail.raw, 'base64'), mail.to, mail.at));
    }
  }

  async function find(messageId: string): Promise<CatcherMail> {
    const since = Math.floor(Date.now() / 1000) - 60;
    const reply = await fetch(new URL(`/store?since=${since}`, catcherUrl), {
      signal: AbortSignal.timeout(patienceMs),
    });
    const { emails } = (await reply.json()) as { emails: CatcherMail[] };
    const mail = emails.find((email) => email.messageId === messageId);
    if (!mail) throw new Error('The catcher does not know the mail it has just taken.');
    return mail;
  }

  const server = createServer((request, response) => {
    take(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(options.port ?? 0, '127.0.0.1', done);
  });
  return {
    endpoint: urlOf(server),
    mails: () => kept,
    tellOfBounces(handler) {
      noticed = handler;
    },
    async stop() {
      await close(server);
      await close(catcher);
    },
  };
}

function understood(request: IncomingMessage, form: URLSearchParams): boolean {
  if (request.method !== 'POST') return false;
  if (request.url === '/v2/email/outbound-emails') return true;
  return request.url === '/' && /^Send(Raw)?Email$/.test(form.get('Action') ?? '');
}

function toCaughtMail(mail: CatcherMail, form: URLSearchParams): CaughtMail {
  const { to, cc, bcc } = mail.destination;
  const envelope = [...form].filter(([name]) => name.startsWith('Destinations.member.'));
  const shown = [...to, ...cc, ...bcc];
  return {
    id: crypto.randomUUID(),
    at: new Date().toISOString(),
    from: mail.from,
    to: shown.length > 0 ? shown : envelope.map(([, address]) => address),
    subject: mail.subject,
    text: mail.body.text ?? '',
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({
      filename: filename ?? 'attachment',
      contentType,
      content,
    })),
    raw: form.get('RawMessage.Data') ?? '',
  };
}

/** A line cut short by a kill is left out; the others stay. */
function readKept(file: string): CaughtMail[] {
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as CaughtMail];
    } catch {
      return [];
    }
  });
}

function rewrite(file: string, mails: readonly CaughtMail[]): void {
  const lines = mails.map((mail) => `${JSON.stringify(mail)}\n`).join('');
  writeFileSync(`${file}.new`, lines, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<unknown> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  return closed;
}
