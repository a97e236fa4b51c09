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
import { aRegistration, aSeat } from '../support/registrations.ts';

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
