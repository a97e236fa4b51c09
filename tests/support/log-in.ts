/** Logs in to the desk with a demonstration account, the way a person does. */
import type { Page } from 'playwright-core';
import { demoAccounts } from '../../infra/local/identity.ts';

/**
 * From the desk's door to the screen that the address names, else to where the account works: the
 * courses, or the counts of the ひろば.
 */
export async function logIn(page: Page, username = 'kouza'): Promise<void> {
  const isAddressed = new URL(page.url()).hash !== '';
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.getByRole('heading', { name: '職員用ページにログイン' }).waitFor();
  const account = demoAccounts.find((candidate) => candidate.username === username);
  await page.getByLabel('ユーザー名').fill(username);
  await page.getByLabel('パスワード').fill(account?.password ?? '');
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.getByRole('button', { name: 'ログアウト' }).waitFor();
  if (isAddressed) return;
  const isHiroba = account?.group === 'hiroba_staff';
  // By the address: a click would leave the focus in the navigation.
  await page.evaluate((hash) => location.assign(hash), isHiroba ? '#hiroba' : '#courses');
  if (isHiroba) await page.getByRole('heading', { name: '今日の来所数' }).waitFor();
  else await page.getByRole('row').nth(1).waitFor();
}
