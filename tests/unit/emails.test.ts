/** Mails: every fact inside, nobody's child named, sensible without a link, deliverable to carriers. */
import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import { centre } from '../../functions/centre/settings.ts';
import { courseCalendar } from '../../functions/courses/calendar-file.ts';
import type { Course } from '../../functions/courses/model.ts';
import { compose, type Mail } from '../../functions/platform/mailer.ts';
import { registrationEmail } from '../../functions/registrations/emails.ts';
import { type Registration, RegistrationEvent } from '../../functions/registrations/model.ts';
import { aChildcarePlace, aSeat, aRegistration as registration } from '../support/registrations.ts';
import { aCourse } from '../support/world.ts';

const KINDS = RegistrationEvent.shape.kind.options;
const SITE = 'https://hidamari.example.jp';

const CHILD = { name: '白樺 のぞみ', kana: 'シラカバ ノゾミ', birthDate: '2026-06-17' };
const SIBLING = { name: '白樺 みらい', kana: 'シラカバ ミライ', birthDate: '2024-02-19' };
const course = aCourse({
  courseId: 'crs_mail',
  title: 'はじめての離乳食',
  venue: '集会室',
  sessions: [
    { key: '1', date: '2026-12-10', start: '10:00', end: '11:30' },
    { key: '2', date: '2026-12-17', start: '13:30', end: '15:00', venue: '調理室' },
  ],
  fee: { yen: 1500, detail: '食材費' },
  bring: ['エプロン', '飲みもの'],
});

function aRegistration(changes: Partial<Registration> = {}): Registration {
  return registration({
    registrationId: 'reg_482103937',
    secret: '482103937-AbCdEfGhIjKlMnOpQrStUv',
    courseId: 'crs_mail',
    places: [aSeat({ waitNumber: 7, offerExpiresAt: '2026-12-03T03:30:00.000Z' })],
    applicant: {
      name: '白樺 かおり',
      kana: 'シラカバ カオリ',
      phone: '0420000199',
      email: 'a..b@docomo.ne.jp',
    },
    participants: [CHILD],
    childcare: [SIBLING],
    needs: '卵アレルギーがあります',
    allergy: '卵',
    guardian: { name: '白樺 あきら', phone: '0420000198' },
    counts: { participants: 1, adults: 1, childcare: 0 },
    entry: { number: 12, tier: 0 },
    ...changes,
  });
}

function mailFor(
  kind: RegistrationEvent['kind'],
  changes: Partial<Registration> = {},
  of: Course = course,
  waitPositions: Readonly<Record<string, number>> = { all: 2 },
) {
  const about = aRegistration(changes);
  const email = registrationEmail(kind, {
    registration: about,
    course: of,
    centre,
    siteOrigin: SITE,
    meant: about.places,
    waitPositions,
  });
  return email;
}

describe.each(KINDS)('the mail for %s', (kind) => {
  test('says nothing about the child and nothing of what the family needs', () => {
    const { subject, text } = mailFor(kind);
    for (const secret of [
      ...CHILD.name.split(' ').slice(1),
      CHILD.name,
      CHILD.kana,
      'ノゾミ',
      CHILD.birthDate,
      SIBLING.name,
      'みらい',
      'ミライ',
      SIBLING.birthDate,
      '2月19日',
      'あきら',
      '0420000198',
      '042-000-0198',
      '6月17日',
      '6か月',
      'アレルギー',
    ]) {
      expect(subject).not.toContain(secret);
      expect(text).not.toContain(secret);
    }
  });

  test('names nobody in its subject, and neither the course', () => {
    const { subject } = mailFor(kind);
    expect(subject).not.toMatch(/白樺|かおり|カオリ|離乳食/);
    expect(subject).toContain('482-103-937');
    expect(subject).toContain(centre.name);
  });

  test('addresses the applicant and says whom to call', () => {
    const { text } = mailFor(kind);
    expect(text.startsWith('白樺 かおり 様\n')).toBe(true);
    expect(text).toContain(centre.phones.main);
    expect(text).toContain(centre.hoursNote);
  });

  test('has no link at all for those whose carrier drops mails with links', () => {
    const { subject, text } = mailFor(kind, { mailWithoutLink: true });
    expect(`${subject}${text}`).not.toMatch(/https?:|www\.|\/bookings\/|hidamari\.example/i);
    expect(text).not.toContain('482103937-AbCdEfGhIjKlMnOpQrStUv');
  });

  test('tells neither telephone number nor address of the applicant', () => {
    const { text } = mailFor(kind);
    expect(text).not.toContain('0420000199');
    expect(text).not.toContain('042-000-0199');
    expect(text).not.toContain('docomo');
  });
});

describe.each([
  'registration_confirmed',
  'registration_accepted',
  'registration_waitlisted',
  'registration_offered',
] as const)('every fact is in the mail for %s, with and without a link', (kind) => {
  test.each([true, false])('mailWithoutLink: %s', (mailWithoutLink) => {
    const { text } = mailFor(kind, { mailWithoutLink });
    for (const fact of [
      'はじめての離乳食',
      '482-103-937',
      '2026年12月10日（令和8年）木曜日 10:00〜11:30',
      '2026年12月17日（令和8年）木曜日 13:30〜15:00',
      '集会室、調理室',
      '1人',
      '1,500円（食材費）',
      'エプロン、飲みもの',
    ]) {
      expect(text).toContain(fact);
    }
  });
});

describe('what each mail is for', () => {
  test('a confirmation says until when to cancel, and where', () => {
    for (const kind of ['registration_confirmed', 'registration_accepted'] as const) {
      const { text } = mailFor(kind);
      expect(text).toContain('12月9日（水）17時までに取り消してください');
      expect(text).toContain(`${SITE}/bookings/482103937-AbCdEfGhIjKlMnOpQrStUv`);
    }
    expect(mailFor('registration_confirmed', { mailWithoutLink: true }).text).toContain(
      '「予約の確認」のページで、受付番号と電話番号を入れてください',
    );
  });

  test('a place in the waitlist is a number', () => {
    expect(mailFor('registration_waitlisted').text).toContain('いま 2 番目です。');
  });

  test('an offer says until when, how to answer, and what silence means', () => {
    const { text } = mailFor('registration_offered');
    expect(text).toContain('12月3日（木）12時30分までに');
    expect(text).toContain('お返事がないときは、次の方にご案内します。');
    const withoutLink = mailFor('registration_offered', { mailWithoutLink: true }).text;
    expect(withoutLink).toContain('12月3日（木）12時30分までに');
    expect(withoutLink).toContain(centre.phones.main);
  });

  test('an offer of a childcare place says that it is one, and what there is besides', () => {
    const places = [
      aSeat(),
      aChildcarePlace({ status: 'offered', offerExpiresAt: '2026-12-03T03:30:00.000Z' }),
    ];
    const { subject, text } = registrationEmail('registration_offered', {
      registration: aRegistration({ places }),
      course,
      centre,
      siteOrigin: SITE,
      meant: places.slice(1),
      waitPositions: {},
    });
    expect(subject).toContain('保育の席が空きました');
    expect(text).toContain('12月3日（木）12時30分までに');
    expect(text).toContain('参加確定');
  });

  test('an entry in a lottery says its number', () => {
    expect(mailFor('registration_entered').text).toContain('抽選番号は 12 番です。');
  });

  test('one chosen session is the only one that is named', () => {
    const { text } = mailFor(
      'registration_confirmed',
      { sessionKeys: ['2'], places: [aSeat({ sessionKey: '2' })] },
      { ...course, sessionChoice: 'one_of' },
    );
    expect(text).toContain('12月17日');
    expect(text).not.toContain('12月10日');
    expect(text).toContain('12月16日（水）17時までに取り消してください');
    expect(text).toContain('会場　　　調理室');
  });

  test('what costs nothing is 「無料」', () => {
    const free = { ...course, fee: { yen: 0 } };
    expect(mailFor('registration_confirmed', {}, free).text).toContain('費用　　　無料');
  });
});

describe('the message as it goes out', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  const aMail = (changes: Partial<Mail> = {}): Mail => ({
    to: 'family@example.jp',
    fromName: centre.neutralName,
    ...mailFor('registration_confirmed'),
    messageId: 'evt_1.registration_confirmed',
    calendar: {
      filename: 'koza.ics',
      content: courseCalendar(course, course.sessions, centre),
    },
    ...changes,
  });

  interface Parsed {
    readonly subject: string;
    readonly text: string;
    readonly messageId: string;
    readonly from: { readonly value: readonly { address: string; name: string }[] };
    readonly attachments: readonly { filename: string; contentType: string; content: Buffer }[];
  }
  // mailparser comes with the mail catcher and has no types; it reads what a phone would read.
  const { simpleParser } = createRequire(import.meta.url)('mailparser') as {
    simpleParser(source: Buffer): Promise<Parsed>;
  };

  const FROM = 'hidamari@hidamari.example.jp';
  const headersOf = async (mail: Mail) =>
    (await compose(mail, FROM))
      .toString('latin1')
      .split('\r\n\r\n')[0]
      ?.replace(/\r\n\s+/g, ' ') ?? '';

  test.each([
    ['a..b@docomo.ne.jp', '"a..b"@docomo.ne.jp'],
    ['.abc@ezweb.ne.jp', '".abc"@ezweb.ne.jp'],
    ['abc.@docomo.ne.jp', '"abc."@docomo.ne.jp'],
    ['a.b@docomo.ne.jp', 'a.b@docomo.ne.jp'],
  ])('goes to %s as %s', async (to, written) => {
    const headers = await headersOf(aMail({ to }));
    expect(/^To: (.*)$/m.exec(headers)?.[1]?.replace(/^<(.*)>$/, '$1')).toBe(written);
  });

  test('arrives as it was written, from a sender who says nothing on a shared phone', async () => {
    const mail = aMail();
    const parsed = await simpleParser(await compose(mail, FROM));
    expect(parsed.subject).toBe(mail.subject);
    expect(parsed.text.trim()).toBe(mail.text.trim());
    expect(parsed.from.value).toEqual([{ address: FROM, name: 'ひだまり' }]);
  });

  test('has the same Message-ID at every attempt, in a header that SES keeps as well', async () => {
    const [first, second] = [await headersOf(aMail()), await headersOf(aMail())];
    for (const headers of [first, second]) {
      expect(headers).toContain('Message-ID: <evt_1.registration_confirmed@hidamari.example.jp>');
      expect(headers).toContain('X-Hidamari-Message: evt_1.registration_confirmed');
      expect(headers).toContain('Auto-Submitted: auto-generated');
    }
  });

  test.each(['UTC', 'Asia/Tokyo', 'America/New_York'])(
    'carries a calendar file with UTC times, written on a host in %s',
    async (host) => {
      process.env['TZ'] = host;
      const { attachments } = await simpleParser(await compose(aMail(), FROM));
      expect(attachments).toHaveLength(1);
      expect(attachments[0]).toMatchObject({ filename: 'koza.ics', contentType: 'text/calendar' });
      const file = attachments[0]?.content.toString('utf8') ?? '';
      expect(file).toContain('DTSTART:20261210T010000Z');
      expect(file).toContain('DTEND:20261217T060000Z');
      expect(file).not.toContain('白樺');
    },
  );

  test('has no line that is too long for a mail server', async () => {
    const mail = aMail({ text: `${'あ'.repeat(5_000)}\n` });
    for (const line of (await compose(mail, FROM)).toString('latin1').split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(998);
    }
  });

  test('keeps a line break out of its headers', async () => {
    const headers = await headersOf(aMail({ fromName: 'x\r\nBcc: other@example.jp' }));
    expect(headers).not.toMatch(/^Bcc:/m);
  });
});
