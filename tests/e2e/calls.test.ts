/** The calls at the desk: a mail that came back is a name, a number, a reason, and then done. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints } from '../support/complaints.ts';
import { logIn } from '../support/log-in.ts';
import { type Site, startSite } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  // Log-ins end by the browser's own clock, so here it is really now.
  site = await startSite({
    at: new Date().toISOString(),
    courses: [
      {
        courseId: 'crs_bounce',
        title: 'はじめての離乳食',
        sessions: [{ key: '1', date: dayFromNow(9), start: '10:00', end: '11:30' }],
        application: { method: 'first_come', opensAt: '2026-01-01T00:00:00.000Z' },
        eligibility: { who: 'anyone', judgedOn: 'first_session', conditions: [] },
      },
    ],
  });
});
afterAll(() => site?.stop());

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test.each([
  ['wide', { width: 1280, height: 800 }],
  ['narrow', { width: 320, height: 640 }],
])('a mail that came back is called about, on a %s screen', async (_width, viewport) => {
  await site.book('crs_bounce', {
    participants: [],
    applicant: {
      name: `見本 夏子${viewport.width}`,
      kana: 'みほん なつこ',
      phone: `042-000-${String(viewport.width).padStart(4, '0')}`,
      email: `bounce+${viewport.width}@simulator.example.jp`,
    },
  });
  const page = await site.visit('/staff/', { viewport });
  await logIn(page);
  await page.getByRole('link', { name: '電話連絡' }).click();
  const card = page.getByRole('article', { name: new RegExp(`見本 夏子${viewport.width}`) });
  // The notice comes a moment after the mail; coming back to the screen reads the list again.
  await expect
    .poll(async () => {
      await page.getByRole('button', { name: '読みこむ' }).click();
      return card.count();
    })
    .toBe(1);
  expect(await card.textContent()).toContain('メールが届きませんでした。');
  expect(await card.getByRole('link').getAttribute('href')).toMatch(/^tel:042000/);
  expect(await complaints(page)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);

  await card.getByLabel(/メモ/).fill('夕方にもう一度');
  await card.getByRole('button', { name: 'つながらない' }).click();
  await card.getByText('夕方にもう一度').waitFor();
  await card.getByRole('button', { name: 'つながった' }).click();
  await card.waitFor({ state: 'detached' });
  expect(await page.getByRole('status').allTextContents()).toContain(
    `見本 夏子${viewport.width} 様：「つながった」と書きとめました。`,
  );
});
