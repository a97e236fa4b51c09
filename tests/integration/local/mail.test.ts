/**
 * A mail that SES accepted can be read on /mail/, also after a restart, and can do no harm there.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Mail, makeMailer } from '../../../functions/platform/mailer.ts';
import { type MailCatcher, startMail } from '../../../infra/local/mail.ts';
import { makeMailReader } from '../../../infra/local/mail-reader.ts';
import { startWebServer, type WebServer } from '../../../infra/local/web-server.ts';

let folder: string;
let file: string;
let catcher: MailCatcher;
let server: WebServer;
let origin: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hidamari-mail-'));
  file = join(folder, 'mail.jsonl');
  catcher = await startMail({ file, keep: 3 });
  server = await startWebServer();
  origin = `http://127.0.0.1:${server.port}`;
  const nothing = async () => ({ statusCode: 404 });
  server.open({
    stage: 'local',
    publicApi: nothing,
    lettersApi: nothing,
    staffApi: nothing,
    folders: [],
    mounts: { mail: makeMailReader({ mails: () => catcher.mails(), origin }) },
  });
});

afterEach(async () => {
  await server.stop();
  await catcher.stop();
  rmSync(folder, { recursive: true });
});

function send(mail: Partial<Mail>): Promise<void> {
  const config = { region: 'x', sesEndpoint: catcher.endpoint, mailFrom: 'info@hidamari.example' };
  return makeMailer(config).send({
    to: 'hanako@example.jp',
    fromName: 'ひだまり',
    subject: '申込みを受け付けました',
    text: '本文',
    messageId: 'evt_1',
    ...mail,
  });
}

const page = async (path: string) => (await fetch(origin + path)).text();
const newest = () => catcher.mails().at(-1) as NonNullable<ReturnType<typeof catcher.mails>[0]>;

test('an empty mailbox says what will bring a mail', async () => {
  expect(await page('/mail/')).toContain('まだ届いていません');
});

test('a mail with a calendar is listed, read and its file downloaded', async () => {
  await send({ calendar: { filename: '講座.ics', content: 'BEGIN:VCALENDAR' } });
  expect(await page('/mail/')).toContain('申込みを受け付けました');
  const shown = await page(`/mail/${newest().id}/`);
  expect(shown).toContain('hanako@example.jp');
  expect(shown).toContain('本文');
  const attachment = await fetch(`${origin}/mail/${newest().id}/attachments/0`);
  expect(await attachment.text()).toBe('BEGIN:VCALENDAR');
  expect(attachment.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  expect(attachment.headers.get('content-disposition')).toContain(encodeURIComponent('講座.ics'));
  expect(Buffer.from(newest().raw, 'base64').toString()).toContain('X-Hidamari-Message: evt_1');
});

test.each(['a..b@docomo.ne.jp', 'taro.@ezweb.ne.jp', '.x@docomo.ne.jp'])(
  'the carrier address %s is taken and shown',
  async (to) => {
    await send({ to });
    expect(newest().to).toEqual([expect.stringContaining(to.split('@')[1] as string)]);
    expect(await page('/mail/')).toContain(to.split('@')[0] as string);
  },
);

test('markup is shown as text, and only links to our own site can be followed', async () => {
  const text = `<script>alert(1)</script> ${origin}/bookings/abc。 https://evil.example/x`;
  await send({ subject: '<img src=x onerror=alert(1)>', text });
  const shown = await page(`/mail/${newest().id}/`);
  expect(shown).not.toMatch(/<script|<img/);
  expect(shown).toContain(`<a href="${origin}/bookings/abc">`);
  expect(shown).toContain('https://evil.example/x');
  expect(shown).not.toContain('href="https://evil');
  expect(await page('/mail/')).not.toContain('<img');
});

test('mails are there after a restart, the newest only, even when the last line was cut short', async () => {
  for (const subject of ['一', '二', '三', '四', '五', '六', '七', '八']) await send({ subject });
  const subjects = () => catcher.mails().map((mail) => mail.subject);
  expect(subjects()).toEqual(['六', '七', '八']);
  expect(readFileSync(file, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(6);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await catcher.stop();
  appendFileSync(file, '{"id":"cut');
  catcher = await startMail({ file, keep: 3 });
  expect(subjects()).toEqual(['六', '七', '八']);
  await send({ subject: '九' });
  await catcher.stop();
  catcher = await startMail({ file, keep: 3 });
  expect(subjects()).toEqual(['七', '八', '九']);
});

test('a mail to the simulator comes back as a notice with our own message id, any other does not', async () => {
  const notices: { eventType: string; mail: { headers: { name: string; value: string }[] } }[] = [];
  catcher.tellOfBounces(async ({ Records }) => {
    for (const { Sns } of Records) notices.push(JSON.parse(Sns.Message));
  });
  await send({ to: 'hanako@example.jp', messageId: 'evt_1.registration_confirmed' });
  await send({ to: 'bounce+1@simulator.example.jp', messageId: 'evt_2.registration_offered' });
  await expect.poll(() => notices.length).toBe(1);
  const [notice] = notices;
  expect(notice?.eventType).toBe('Bounce');
  expect(notice?.mail.headers).toContainEqual({
    name: 'X-Hidamari-Message',
    value: 'evt_2.registration_offered',
  });
  expect(newest().to).toEqual([expect.stringContaining('bounce+1@simulator.example.jp')]);
});

test('many at once are all kept', async () => {
  await catcher.stop();
  catcher = await startMail({ keep: 100 });
  await Promise.all(Array.from({ length: 20 }, (_, i) => send({ subject: `n${i}` })));
  expect(new Set(catcher.mails().map((mail) => mail.subject)).size).toBe(20);
});

test('a call that this SES does not know is answered at once', async () => {
  const body = new URLSearchParams({ Action: 'DeleteIdentity' });
  expect((await fetch(catcher.endpoint, { method: 'POST', body })).status).toBe(404);
});

test('a mail that is not there is a page, and nothing can be posted', async () => {
  expect((await fetch(`${origin}/mail/unknown/`)).status).toBe(404);
  expect((await fetch(`${origin}/mail/`, { method: 'POST' })).status).toBe(405);
});
