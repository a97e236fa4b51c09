/** Families let in the domain that a page names: a deployment that mails from another is refused. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkMailDomain } from '../../infra/mail-domain.ts';
import { DECIDED, MAIL_DOMAIN, makeCloud, root } from './support/cloud.ts';

const empty = mkdtempSync(join(tmpdir(), 'hidamari-mail-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

const from = (mailFrom: string) => () => makeCloud({ ...DECIDED, mailFrom });

test.each(['example.jp', `sub.${MAIL_DOMAIN}`])('mail from %s stops the synthesis', (domain) => {
  expect(from(`yoyaku@${domain}`)).toThrow(
    `mailFrom sends from ${domain}, but the page /mail-help/ tells families to let in ${MAIL_DOMAIN}: give mailFrom`,
  );
});

test('capitals make no other domain', () => {
  expect(from(`yoyaku@${MAIL_DOMAIN.toUpperCase()}`)).not.toThrow();
});

test('a page that names no domain, or is not there, is not taken for agreement', () => {
  const check = () => checkMailDomain(DECIDED.mailFrom, empty);
  expect(check).toThrow('names no domain');
  mkdirSync(join(empty, 'mail-help'));
  writeFileSync(join(empty, 'mail-help/index.html'), '<p>mail.example.jp</p>');
  expect(check).toThrow('names no domain');
});

test('the page names the domain of the address in the settings, where the check looks for it', () => {
  const page = readFileSync(join(root, 'site/src/pages/mail-help.astro'), 'utf8');
  expect(page).toContain("const domain = centre.email.slice(centre.email.indexOf('@') + 1);");
  expect(page).toContain('<p class="domain">{domain}</p>');
});
