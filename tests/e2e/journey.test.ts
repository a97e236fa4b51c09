/** A parent's whole way with a phone in the hand: find, book, read the mail, cancel, wait, be offered. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  fillForm,
  headingOf,
  OPEN,
  type Site,
  startSite,
  typedByParent,
  typedInForm,
} from '../support/site.ts';

const ONE_SEAT = 'crs_one-seat';
let site: Site;

beforeAll(async () => {
  site = await startSite({
    courses: [
      {
        courseId: ONE_SEAT,
        title: 'ひとつだけの席',
        capacity: {
          unit: '組',
          countedBy: 'application',
          seats: 1,
          waitlist: 5,
          perSession: false,
        },
      },
    ],
  });
});
afterAll(() => site?.stop());

const formOf = (courseId: string) => `/courses/${courseId}/apply/`;
const submit = { name: 'この内容で申し込む' };

test('a parent finds an open course, books it, reads the mail and cancels by its link', async () => {
  const page = await site.visit('/');
  await page.getByRole('navigation').getByRole('link', { name: '講座・行事' }).click();

  // Found by the child's age among what can be booked now.
  await page.getByLabel('お子さんの月齢・年齢').selectOption('3〜5か月');
  await page.getByLabel('いま申し込めるもの').check();
  const answer = page.getByRole('status').filter({ hasText: 'あてはまる講座は' });
  await answer.waitFor();
  const shown = page.getByRole('main').getByRole('listitem').filter({ visible: true });
  const cards = shown.filter({ has: page.getByRole('heading', { level: 2 }) });
  expect(await answer.innerText()).toBe(`あてはまる講座は ${await cards.count()}件です。`);
  for (const card of await cards.all()) {
    expect(await card.innerText()).toMatch(/申込受付中|キャンセル待ち可|抽選申込中/);
  }
  await page.getByRole('link', { name: /わたしたちの家族/ }).click();

  // Everything a parent asks.
  expect(await headingOf(page)).toContain('わたしたちの家族');
  const main = page.getByRole('main');
  for (const fact of [
    '残り 10 席',
    '生後2か月から4か月の赤ちゃんとお母さん',
    '2027年1月13日（令和9年）水曜日',
    'センター2階 集会室',
    '無料',
    '前日の17時',
    '042-000-0100',
  ]) {
    expect(await main.innerText()).toContain(fact);
  }
  await page.getByRole('link', { name: '申し込みに進む' }).first().click();

  // What is typed is read as it is meant, and worked out while it is typed.
  await fillForm(page);
  await page.getByText('2026年9月20日（令和8年）生まれ。1月13日（水）に3か月です。').waitFor();
  const review = page.getByRole('region', { name: '送る前に、お確かめください' });
  expect(await review.innerText()).toContain('見本 光');
  await page.getByRole('button', submit).click();

  await page.waitForURL('**/bookings/*');
  expect(await headingOf(page)).toBe('申し込みができました');
  const number = page.getByText(/^\d{3}-\d{3}-\d{3}$/);
  const size = await number.evaluate((element) =>
    Number.parseFloat(getComputedStyle(element).fontSize),
  );
  expect(size).toBeGreaterThanOrEqual(30);
  const bookingNumber = await number.innerText();

  const mail = await site.mailTo('hanako@example.jp', '受け付けました');
  expect(mail.subject).toBe(
    `【ひだまり市子ども家庭支援センター】お申し込みを受け付けました（${bookingNumber}）`,
  );
  for (const fact of [
    '見本 花子 様',
    bookingNumber,
    '赤ちゃんと始める わたしたちの家族',
    '2027年1月13日（令和9年）水曜日 13:30〜15:00',
    '2027年2月3日（令和9年）水曜日 13:30〜15:00',
    'センター2階 集会室',
    '無料',
    '1月12日（火）17時までに取り消してください',
    '042-000-0100',
  ]) {
    expect(mail.text).toContain(fact);
  }
  expect(mail.subject + mail.text).not.toContain('光');
  const [calendar] = mail.attachments;
  const events = Buffer.from(calendar?.content ?? '', 'base64').toString('utf8');
  expect(calendar?.contentType).toContain('text/calendar');
  expect(events).toContain('DTSTART:20270113T043000Z');
  expect(events).not.toContain('光');

  const link = mail.text.match(/https?:\/\/\S+/)?.[0] ?? '';
  await page.goto(link);
  // Opening the link, as a mail scanner does, has changed nothing.
  expect(await headingOf(page)).toBe('申し込みができました');
  await page.getByText('この申し込みを取り消す').click();
  await page.getByRole('button', { name: '申し込みを取り消します' }).click();
  await page.getByRole('heading', { name: '取り消しました' }).waitFor();
  expect(await site.seatsTaken(OPEN)).toBe(0);
  await site.mailTo('hanako@example.jp', '取り消しを受け付けました');
});

test('the next on the waitlist is offered the freed seat and takes it by the link', async () => {
  const holder = await site.book(ONE_SEAT);
  const page = await site.visit(`/courses/${ONE_SEAT}/`);
  await page.getByText('満員（キャンセル待ち可）').waitFor();
  await page.getByRole('link', { name: 'キャンセル待ちに申し込む' }).first().click();
  await fillForm(page, { 'applicant-email': 'next@example.jp' });
  await page.getByRole('button', submit).click();
  await page.getByRole('heading', { name: 'キャンセル待ちに入りました' }).waitFor();
  expect(await page.getByRole('main').innerText()).toContain('キャンセル待ち 1 番目');
  await site.mailTo('next@example.jp', 'キャンセル待ちを受け付けました');

  const holders = await site.visit(holder);
  await holders.getByText('この申し込みを取り消す').click();
  await holders.getByRole('button', { name: '申し込みを取り消します' }).click();
  await holders.getByRole('heading', { name: '取り消しました' }).waitFor();

  const offer = await site.mailTo('next@example.jp', '席が空きました');
  expect(offer.text).toContain('12月9日（水）');
  await page.goto(offer.text.match(/https?:\/\/\S+/)?.[0] ?? '');
  expect(await headingOf(page)).toBe('席が空きました');
  await page.getByRole('button', { name: '参加します' }).click();
  await page.getByRole('heading', { name: '参加が決まりました' }).waitFor();
  await site.mailTo('next@example.jp', '参加が決まりました');
  expect(await site.seatsTaken(ONE_SEAT)).toBe(1);
});

test('a child who is too old is refused beside the field, with the age worked out', async () => {
  const before = await site.seatsTaken(OPEN);
  const page = await site.visit(formOf(OPEN));
  const old = { 'participants-0-birthDate-month': '６', 'participants-0-birthDate-day': '１' };
  await fillForm(page, old);
  const sentence =
    'お子さんの生年月日を確認してください。1月13日（水） に 2か月〜5か月未満 の方が対象です。入力された日付では 7か月 になります。';
  const field = page.getByRole('group', { name: '生年月日' }).first();
  await field.getByText(`＊${sentence}`).waitFor();
  await page.getByRole('button', submit).click();
  const summary = page.getByRole('link', { name: sentence });
  await summary.click();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.id))
    .toBe('participants-0-birthDate');
  expect(await typedInForm(page)).toEqual({ ...typedByParent, ...old });
  expect(await site.seatsTaken(OPEN)).toBe(before);
});

test('the server refuses what the page let through, and everything typed is still there', async () => {
  const page = await site.visit(formOf(OPEN));
  await fillForm(page);
  await page.route('**/api/registrations', (route) => {
    const body = JSON.parse(route.request().postData() ?? '{}');
    body.participants[0].birthDate = { year: '令和3', month: '4', day: '1' };
    return route.continue({ postData: JSON.stringify(body) });
  });
  await page.getByRole('button', submit).click();
  await page.getByRole('heading', { name: 'まだ申し込みは終わっていません' }).waitFor();
  const field = page.getByRole('group', { name: '生年月日' }).first();
  expect(await field.innerText()).toMatch(
    /＊お子さんの生年月日を確認してください。.*5歳9か月 になります。/,
  );
  expect(await typedInForm(page)).toEqual(typedByParent);
});

test('without a network everything typed is kept, the phone is shown, and a second try books once', async () => {
  const page = await site.visit(formOf(OPEN));
  const email = 'tunnel@example.jp';
  await fillForm(page, { 'applicant-email': email, 'applicant-phone': '090-0000-2001' });
  // The worst moment: the booking is made, and its answer never arrives.
  let tries = 0;
  await page.route('**/api/registrations', async (route) => {
    tries += 1;
    if (tries > 1) return route.continue();
    await route.fetch();
    return route.abort('internetdisconnected');
  });
  const before = await site.seatsTaken(OPEN);
  const button = page.getByRole('button', submit);
  await button.click();
  const alert = page.getByRole('alert').filter({ hasText: '書いた内容は残っています' });
  await alert.waitFor();
  expect(await alert.getByRole('link').getAttribute('href')).toBe('tel:042-000-0100');
  expect((await typedInForm(page))['applicant-email']).toBe(email);
  await button.click();
  await page.getByRole('heading', { name: '申し込みができました' }).waitFor();
  expect(await site.seatsTaken(OPEN)).toBe(before + 1);
  await site.hidamari.caughtUp();
  expect(site.mailsTo(email)).toHaveLength(1);
});

test('two quick presses of the button book once', async () => {
  const page = await site.visit(formOf(OPEN));
  const email = 'quick@example.jp';
  await fillForm(page, { 'applicant-email': email, 'applicant-phone': '090-0000-2002' });
  const before = await site.seatsTaken(OPEN);
  let sent = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST') sent += 1;
  });
  await page.getByRole('button', submit).dblclick();
  await page.getByRole('heading', { name: '申し込みができました' }).waitFor();
  await site.hidamari.caughtUp();
  expect(await site.seatsTaken(OPEN)).toBe(before + 1);
  expect(site.mailsTo(email)).toHaveLength(1);
  expect(sent).toBe(1);
});

test('a household that applies twice is told so, and sees nothing of the first booking', async () => {
  const first = await site.book(OPEN, {
    applicant: { name: '見本 夏子', kana: 'みほん なつこ', phone: '090-0000-2003' },
    participants: [{ name: '見本 海', kana: 'みほん うみ', birthDate: '2026-09-20' }],
  });
  const page = await site.visit(formOf(OPEN));
  await fillForm(page, { 'applicant-phone': '090(0000)2003', 'applicant-email': null });
  await page.getByRole('button', submit).click();
  await page.getByRole('heading', { name: '受け付けられませんでした' }).waitFor();
  const text = await page.locator('body').innerText();
  expect(text).toContain('もうお申し込みいただいています');
  expect(text).toContain('042-000-0100');
  expect(await page.content()).not.toContain(first);
  expect(text).not.toContain('夏子');
  expect(text).not.toContain('海');
});
