/** The form keeps what was typed, names what to mend, and a booking's page says what comes next. */
import renderToString from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { centre } from '../../functions/centre/settings.ts';
import { Course, SeatPool } from '../../functions/courses/model.ts';
import { ApplyView } from '../../functions/registrations/apply-view.tsx';
import { fieldAttributes } from '../../functions/registrations/attributes.ts';
import { BookingView } from '../../functions/registrations/booking-view.tsx';
import { typedFields } from '../../functions/registrations/form-parts.tsx';
import {
  type Place,
  type Registration,
  RegistrationRequest,
} from '../../functions/registrations/model.ts';
import { LookupView } from '../../functions/registrations/views.tsx';
import { aChildcarePlace, aRegistration, aSeat } from '../support/registrations.ts';

const now = new Date('2026-11-21T03:00:00.000Z');
const course = Course.parse({
  courseId: 'crs_zero',
  version: 1,
  title: 'ゼロ歳さんの日',
  titleKana: 'ゼロサイサンノヒ',
  category: '親子あそび',
  summary: 'ふれあいあそび。',
  audience: '0歳の子どもと保護者',
  eligibility: {
    who: 'child',
    minMonths: 0,
    maxMonthsExclusive: 12,
    judgedOn: 'first_session',
    conditions: [],
  },
  sessions: [{ key: '1', date: '2026-12-10', start: '10:00', end: '11:30' }],
  sessionChoice: 'all',
  venue: 'センター2階',
  capacity: { unit: '組', countedBy: 'application', seats: 15, waitlist: 5, perSession: false },
  fee: { yen: 0 },
  bring: [],
  accessibility: [],
  notes: [],
  application: {
    method: 'first_come',
    opensAt: '2026-11-20T00:00:00.000Z',
    closesAt: '2026-12-09T08:00:00.000Z',
  },
  publication: 'published',
  listed: true,
  updatedAt: '2026-11-20T05:00:00.000Z',
});
const pools = [
  SeatPool.parse({
    courseId: 'crs_zero',
    key: 'all',
    capacity: 15,
    free: 3,
    waitlistCapacity: 5,
    waiting: 0,
    waitingNumbers: [],
    kind: 'seat' as const,
  }),
];

function registration(change: Partial<Registration> = {}): Registration {
  return aRegistration({
    registrationId: 'reg_482103937',
    secret: '482103937-abcdefghijklmnopqrstuv',
    courseId: 'crs_zero',
    applicant: {
      name: '日向 はるか',
      kana: 'ヒナタ ハルカ',
      phone: '0420000100',
      email: 'haruka@example.jp',
    },
    participants: [{ name: '日向 そら', kana: 'ヒナタ ソラ', birthDate: '2026-05-01' }],
    ...change,
  });
}

/** A registration whose one seat is so. */
const seat = (place: Partial<Place>): Partial<Registration> => ({ places: [aSeat(place)] });

describe('the application form', () => {
  const form = (more: Partial<Parameters<typeof ApplyView>[0]> = {}) =>
    renderToString(<ApplyView course={course} pools={pools} centre={centre} now={now} {...more} />);

  test('is a plain post whose names the schema knows', () => {
    const html = form();
    expect(html).toContain('method="post"');
    expect(html).toContain('action="/api/registrations"');
    const known = new Set(Object.keys(RegistrationRequest.shape));
    const names = [...html.matchAll(/\sname="([^"]+)"/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(known).toContain(name.split('.')[0]);
  });

  test('takes its limits from the schemas that judge what is sent', () => {
    expect(fieldAttributes.name).toEqual({ maxlength: 60, required: true });
    expect(fieldAttributes.email).toEqual({ maxlength: 254 });
    expect(form()).toMatch(/id="applicant-name"[^>]*maxlength="60"/);
  });

  test('keeps everything typed and leads from each sentence to its field', () => {
    const html = form({
      typed: {
        applicant: { name: '髙﨑 <はるか>', kana: '日向', phone: '090', email: '' },
        participants: [
          { name: '', kana: '', birthDate: { year: '', month: '', day: '' } },
          { name: 'そら', kana: 'そら', birthDate: { year: '令和8', month: '５', day: '1' } },
        ],
        needs: '卵アレルギー',
        mailWithoutLink: 'on',
      },
      problems: [{ field: 'participants.0.birthDate', sentence: '生年月日を確認してください。' }],
    });
    expect(html).toContain('髙﨑 &lt;はるか>');
    expect(html).toContain('value="令和8"');
    expect(html).toContain('卵アレルギー');
    expect(html).toMatch(/name="mailWithoutLink"[^>]*checked/);
    expect(html).toContain('href="#participants-0-birthDate"');
    expect(html).toContain('＊生年月日を確認してください。');
    expect(html).toMatch(/id="participants-0-birthDate"[^>]*aria-invalid="true"/);
  });

  test('empty rows go before sentences are matched, as they went before it was judged', () => {
    const empty = { name: ' ', kana: '', birthDate: { year: '', month: '', day: '' } };
    const typed = typedFields({ participants: [empty, { ...empty, name: 'そら' }] });
    expect(typed['participants.0.name']).toBe('そら');
    expect(typed['participants.1.name']).toBeUndefined();
  });

  test('shows a refusal with the telephone, and no button when the window is closed', () => {
    expect(form({ refusal: '席がいっぱいになりました。' })).toContain('席がいっぱいになりました。');
    const later = form({ now: new Date('2026-12-09T09:00:00.000Z') });
    expect(later).not.toContain('type="submit"');
    expect(later).toContain(`tel:${centre.phones.main}`);
  });
});

describe('the form of a household', () => {
  const childcare = { places: 3, minMonths: 12, note: 'きょうだい児のみ' };
  const childcarePool = (key: string, free: number) =>
    SeatPool.parse({
      courseId: 'crs_zero',
      key,
      kind: 'childcare',
      capacity: 3,
      free,
      waitlistCapacity: 300,
      waiting: 0,
      waitingNumbers: [],
    });
  const form = (
    change: Partial<Course>,
    more: Partial<Parameters<typeof ApplyView>[0]> = {},
  ): string =>
    renderToString(
      <ApplyView
        course={Course.parse({ ...course, ...change })}
        pools={pools}
        centre={centre}
        now={now}
        {...more}
      />,
    );
  const namesIn = (html: string) =>
    new Set([...html.matchAll(/\sname="([A-Za-z]+)[^"]*"/g)].map(([, name]) => name));

  test('asks nothing that the course does not ask', () => {
    expect(namesIn(form({}))).toEqual(
      new Set(['courseId', 'participants', 'applicant', 'mailWithoutLink', 'needs']),
    );
  });

  test('asks for childcare within its own ages, and says what happens without a place', () => {
    const html = form({ childcare }, { pools: [...pools, childcarePool('childcare', 2)] });
    expect(namesIn(html)).toContain('childcare');
    expect(html).toContain('保育 あと 2 人');
    expect(html).toContain('1歳から小学校に入る前まで');
    expect(html).toContain('きょうだい児のみ');
    expect(html).toMatch(/name="courseWithoutChildcare"/);
    expect(html).toContain('講座と保育がそろったときだけお取りします。');
    // Folded away: most families do not need it.
    expect(html).not.toMatch(/<details[^>]*data-childcare-part[^>]*\sopen/);
    expect(html).not.toMatch(/<details[^>]*\sopen[^>]*data-childcare-part/);
  });

  test('keeps childcare open, and the tick, when the application was refused', () => {
    const sky = { name: 'そら', kana: 'そら', birthDate: { year: '5', month: '4', day: '1' } };
    const html = form(
      { childcare },
      {
        pools: [...pools, childcarePool('childcare', 0)],
        typed: { childcare: [sky], courseWithoutChildcare: 'on' },
        problems: [{ field: 'childcare.0.birthDate', sentence: '生年月日を確認してください。' }],
      },
    );
    expect(html).toMatch(/<details[^>]*\sopen[^>]*data-childcare-part/);
    expect(html).toMatch(/name="childcare.0.name"[^>]*value="そら"/);
    expect(html).toMatch(/name="courseWithoutChildcare"[^>]*checked/);
    expect(html).toContain('href="#childcare-0-birthDate"');
    expect(html).toContain('保育のお子さんの生年月日：生年月日を確認してください。');
  });

  test('asks for childcare only where the event needs no application', () => {
    const html = form(
      { childcare, application: { method: 'none' } },
      { pools: [childcarePool('childcare', 2)] },
    );
    expect(html).toContain('保育だけのお申し込み');
    expect(namesIn(html)).not.toContain('participants');
    expect(namesIn(html)).not.toContain('courseWithoutChildcare');
    expect(html).toMatch(
      /name="childcare.0.name"[^>]*required|required[^>]*name="childcare.0.name"/,
    );
    expect(html).toContain('この内容で申し込む');
  });

  const sessions = [
    { key: 'A', date: '2026-12-19', start: '10:00', end: '10:45' },
    { key: 'B', date: '2026-12-19', start: '11:15', end: '12:00' },
    { key: 'C', date: '2026-11-20', start: '11:15', end: '12:00' },
  ];
  const capacity = { ...course.capacity, perSession: true };
  const chosen = (sessionChoice: Course['sessionChoice'], more = {}) =>
    form(
      { sessions, sessionChoice, capacity, ...more },
      {
        pools: sessions.map(({ key }) => SeatPool.parse({ ...pools[0], key })),
        typed: { sessionKeys: ['B', 'A'] },
      },
    );

  test('asks for a first and a second wish among what has not begun', () => {
    const html = chosen('one_of');
    expect(html.match(/type="radio"/g)).toHaveLength(2);
    expect(html).toMatch(/value="B"[^>]*id="sessionKeys-0-B"[^>]*checked|checked[^>]*value="B"/);
    expect(html).toMatch(/<option[^>]*selected[^>]*value="A"|<option[^>]*value="A"[^>]*selected/);
    expect(html).not.toContain('value="C"');
    expect(html).toContain('残り 3 席');
  });

  test('has a box to tick for each date', () => {
    const html = chosen('each');
    const boxes = [...html.matchAll(/<input[^>]*name="sessionKeys\.\d"[^>]*>/g)].map(
      ([tag]) => tag,
    );
    expect(boxes).toHaveLength(2);
    for (const box of boxes) expect(box).toContain('checked');
  });

  test('gathers many short sessions by day', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({
      key: String(index),
      date: index < 6 ? '2026-12-16' : '2027-01-20',
      start: `10:${String((index % 6) * 10).padStart(2, '0')}`,
      end: `10:${String((index % 6) * 10 + 9).padStart(2, '0')}`,
    }));
    const html = form({ sessions: many, sessionChoice: 'one_of', capacity });
    expect(html.match(/class="choices__day"/g)).toHaveLength(2);
    expect(html.match(/type="radio"/g)).toHaveLength(12);
  });

  test('says of two ways to take part only what tells them apart', () => {
    const ways = [
      { key: 'A', date: '2027-01-22', start: '10:00', end: '11:30', venue: '研修室' },
      { key: 'B', date: '2027-01-22', start: '10:00', end: '11:30', venue: 'オンライン' },
    ];
    const html = form({ sessions: ways, sessionChoice: 'one_of', capacity });
    expect(html).toContain('<span>研修室</span>');
    expect(html).toContain('<span>オンライン</span>');
  });

  test('asks a lottery’s priorities by their labels, and links to how it is drawn', () => {
    const lottery = {
      tiers: [{ key: 'first', label: 'はじめて参加する方' }],
      publicValueName: '公表される数',
      confirmDays: 3,
    };
    const application = {
      ...course.application,
      method: 'lottery' as const,
      drawAt: '2026-12-10T01:00:00.000Z',
    };
    const html = form({ lottery, application });
    expect(html).toContain('name="tiers.first"');
    expect(html).toContain('はじめて参加する方');
    expect(html).toContain('お知らせから3日以内に');
    expect(html).toContain('href="/courses/crs_zero/draw/"');
    // After the draw what is left goes to whoever comes first: nobody is asked for a priority.
    const after = form({ lottery, application, drawnAt: '2026-11-21T01:00:00.000Z' });
    expect(after).not.toContain('name="tiers.first"');
  });

  test('asks for adults where the room is the limit, and for allergy and guardian where it says so', () => {
    const html = form({
      capacity: { ...course.capacity, countedBy: 'person' },
      asks: ['allergy', 'guardian'],
    });
    for (const name of ['adults', 'allergy', 'guardian.name', 'guardian.phone']) {
      expect(html).toContain(`name="${name}"`);
    }
  });

  test('asks one child’s age where the parent comes alone', () => {
    const html = form({ eligibility: { ...course.eligibility, who: 'parent' } });
    expect(html).toContain('この講座に、お子さんは参加しません。');
    expect(html).not.toContain('participants.1.name');
  });
});

describe('a booking’s page', () => {
  const page = (
    change: Partial<Registration>,
    more: { waitPositions?: Record<string, number>; now?: Date } = {},
  ) =>
    renderToString(
      <BookingView
        registration={registration(change)}
        course={course}
        centre={centre}
        now={now}
        {...more}
      />,
    );

  test('shows the number and one sentence of what comes next', () => {
    expect(page({})).toContain('482-103-937');
    expect(page({})).toContain('席は確保してあります。');
    expect(
      page(seat({ status: 'waiting', waitNumber: 4 }), { waitPositions: { all: 2 } }),
    ).toContain('キャンセル待ち 2 番目');
    const offered = page(seat({ status: 'offered', offerExpiresAt: '2026-11-24T01:30:00.000Z' }));
    expect(offered).toContain('11月24日（火）10時30分までに');
  });

  test('changes only by posts, and only what is possible now', () => {
    const actions = (html: string) =>
      [...html.matchAll(/<form method="post" action="\/bookings\/[^/"]+\/(\w+)"/g)].map(
        ([, action]) => action,
      );
    expect(actions(page({}))).toEqual(['cancel']);
    expect(actions(page(seat({ status: 'waiting', waitNumber: 1 })))).toEqual(['cancel']);
    expect(actions(page(seat({ status: 'offered' })))).toEqual(['accept', 'decline']);
    for (const status of ['cancelled', 'declined', 'lapsed', 'lost'] as const) {
      expect(actions(page(seat({ status })))).toEqual([]);
    }
    const late = page({}, { now: new Date('2026-12-09T08:00:01.000Z') });
    expect(actions(late)).toEqual([]);
    expect(late).toContain(`tel:${centre.phones.main}`);
  });

  test('gives up childcare alone, and answers an offer of childcare by its own pool', () => {
    const childcare = [{ name: '日向 うみ', kana: 'ヒナタ ウミ', birthDate: '2023-05-01' }];
    const beside = (place: Partial<Place>) =>
      page({ places: [aSeat(), aChildcarePlace(place)], childcare });
    const confirmed = beside({});
    expect(confirmed).toContain('保育だけ取り消す');
    expect(confirmed).toContain('日向 うみ さん');
    expect(confirmed).toMatch(/cancel"><input type="hidden" name="poolKey" value="childcare"/);
    const offered = beside({ status: 'offered', offerExpiresAt: '2026-11-24T01:30:00.000Z' });
    expect(offered).toMatch(/accept"><input type="hidden" name="poolKey" value="childcare"/);
    expect(offered).toContain('保育をたのみます');
  });

  test('has one calendar for all that is confirmed, and none for what is not', () => {
    expect(page({})).toContain('/calendar.ics"');
    expect(page(seat({ status: 'waiting', waitNumber: 1 }))).not.toContain('/calendar.ics"');
  });

  test('leads from a number in the lottery to its line in the draw', () => {
    const html = page({ ...seat({ status: 'applied' }), entry: { number: 12, tier: 0 } });
    expect(html).toContain('抽選番号 12 番');
    expect(html).toContain('href="/courses/crs_zero/draw/#n12"');
  });

  test('tells who has no e-mail to keep the number', () => {
    const { email: _, ...applicant } = registration().applicant;
    expect(page({ applicant })).toContain('書きとめるか');
  });
});

test('the look-up form repeats what was typed and says what was wrong', () => {
  const html = renderToString(
    <LookupView
      centre={centre}
      typed={{ bookingNumber: '123', phone: '042' }}
      problems={[{ field: 'bookingNumber', sentence: '受付番号は9けたの数字です。' }]}
    />,
  );
  expect(html).toContain('value="123"');
  expect(html).toContain('＊受付番号は9けたの数字です。');
});
