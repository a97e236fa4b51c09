/** Logs in to the desk with a demonstration account, the way a person does. */
import type { Page } from 'playwright-core';
import { demoAccounts } from '../../infra/local/identity.ts';

/** From the desk's door to the first screen of the account: the courses, or the counts of the ひろば. */
export async function logIn(page: Page, username = 'kouza'): Promise<void> {
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.getByRole('heading', { name: '職員用ページにログイン' }).waitFor();
  const account = demoAccounts.find((candidate) => candidate.username === username);
  await page.getByLabel('ユーザー名').fill(username);
  await page.getByLabel('パスワード').fill(account?.password ?? '');
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.getByRole('button', { name: 'ログアウト' }).waitFor();
  if (account?.group === 'hiroba_staff') {
    await page.getByRole('heading', { name: '今日の来所数' }).waitFor();
  } else await page.getByRole('row').nth(1).waitFor();
}
