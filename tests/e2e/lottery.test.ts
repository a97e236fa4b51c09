/** A lottery as it is seen: anybody repeats a draw on a phone, and staff publish one at the desk. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLOSED_LOTTERY, DRAWN_LOTTERY } from '../../infra/local/demonstration/lotteries.ts';
import { complaints } from '../support/complaints.ts';
import { logIn } from '../support/log-in.ts';
import { headingOf, LOTTERY, type Site, startSite } from '../support/site.ts';

const wide = { viewport: { width: 1280, height: 800 } };
const drawOf = (courseId: string) => `/courses/${courseId}/draw/`;
let site: Site;
beforeAll(async () => {
  // Log-ins end by the browser's own clock, so here it is really now.
  site = await startSite({ at: new Date().toISOString() });
  await site.hidamari.caughtUp();
});
afterAll(() => site?.stop());

test('on a phone one finds one’s own number, and repeats the whole draw in the browser', async () => {
  const page = await site.visit(drawOf(DRAWN_LOTTERY));
  expect(await headingOf(page)).toContain('の抽選');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.getByRole('textbox', { name: '抽選番号' }).fill('３');
  await page.getByRole('button', { name: '番号をさがす' }).click();
  await page.getByText(/^3 番は、(当選|補欠|落選).*です。$/).waitFor();
  await page.getByRole('button', { name: 'もういちど計算する' }).click();
  await page.getByText('確かめました。この抽選は、約束どおりに行われています。').waitFor();
  expect(await page.getByRole('listitem').filter({ hasText: '✓' }).count()).toBe(3);
  expect(asked).toEqual([`${drawOf(DRAWN_LOTTERY).slice(0, -1)}.json`]);
  expect(await complaints(page)).toEqual([]);
});

test('a draw that was tampered with is found out', async () => {
  const page = await site.visit('about:blank');
  await page.route('**/draw.json', async (route) => {
    const response = await route.fetch();
    const file = (await response.json()) as { results: { number: number }[] };
    const [first, second] = file.results;
    if (first && second) [first.number, second.number] = [second.number, first.number];
    await route.fulfill({ response, json: file });
  });
  await page.goto(drawOf(DRAWN_LOTTERY));
  await page.getByRole('button', { name: 'もういちど計算する' }).click();
  await page.getByText('合わないところがあります。').waitFor();
});

test.each([
  ['open', LOTTERY],
  ['closed', CLOSED_LOTTERY],
])('the page of a draw that is %s', async (state, courseId) => {
  const page = await site.visit(drawOf(courseId));
  await page.locator(`[data-draw="${state}"]`).waitFor();
  expect(await page.locator('main').innerText()).not.toContain('抽選のたね\n');
  expect(await complaints(page)).toEqual([]);
});

test('staff type the value, look at what comes out, and publish it to everybody', async () => {
  const page = await site.visit('/staff/', wide);
  await logIn(page);
  await page.getByRole('link', { name: '抽選', exact: true }).click();
  await page.locator(`a[href="#lottery/${CLOSED_LOTTERY}"]`).click();
  await page.getByText('14 件の一覧に、封をしました。').waitFor();
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('textbox').fill('未定');
  await page.getByRole('button', { name: '入れて下見をする' }).click();
  await page.getByText('4けた以上の数字').waitFor();
  await page.getByRole('textbox').fill('12組 654321番');
  await page.getByRole('button', { name: '入れて下見をする' }).click();
  await page.getByRole('heading', { name: '下見' }).waitFor();
  const preview = await page.getByRole('table').last().innerText();
  expect(preview).toContain('見本 家族');
  const before = await (await fetch(`${site.origin}/courses/${CLOSED_LOTTERY}/draw.json`)).json();
  expect(before).toMatchObject({ state: 'closed' });
  expect(await complaints(page)).toEqual([]);

  await page.getByRole('button', { name: 'この結果を発表する' }).click();
  await page.getByText('発表すると、取り消せません').waitFor();
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('button', { name: 'くらべました。発表します' }).click();
  await page.getByRole('heading', { name: '結果' }).waitFor();
  expect(await page.getByRole('table').last().innerText()).toBe(preview);
  await expect
    .poll(async () => (await fetch(site.origin + drawOf(CLOSED_LOTTERY))).text(), {
      timeout: 10_000,
    })
    .toContain('すべての番号の結果');
});
