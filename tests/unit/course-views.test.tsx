/** What a parent reads about courses: words, seats, the way on, and filters that need no script. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import renderToString from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { centre } from '../../functions/centre/settings.ts';
import { Course, SeatPool } from '../../functions/courses/model.ts';
import { type CourseStatus, courseStatus, statusEntry } from '../../functions/courses/rules.ts';
import {
  ageGroups,
  ageGroupsOf,
  CourseListView,
  CourseView,
  OpeningsView,
} from '../../functions/courses/views.tsx';
import {
  callsFor,
  childcareLeftName,
  childcareName,
  drawLinkName,
  formLinkName,
  seatsName,
  statusSentence,
} from '../../functions/courses/words.ts';

const now = new Date('2026-11-21T03:00:00.000Z');
const origin = 'https://hidamari.example.jp';

function course(change: Partial<Course> = {}): Course {
  return Course.parse({
    courseId: 'crs_zero',
    version: 1,
    title: 'ゼロ歳さんの日',
    titleKana: 'ゼロサイサンノヒ',
    category: '親子あそび',
    summary: 'ふれあいあそびのあと、気軽に話しましょう。',
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
    venue: '子育て交流広場「こもれび」',
    capacity: {
      unit: '組',
      countedBy: 'application',
      seats: 15,
      waitlist: 5,
      perSession: false,
    },
    fee: { yen: 0 },
    bring: ['バスタオル'],
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
    ...change,
  });
}

function pool(free: number, waiting = 0): SeatPool {
  return SeatPool.parse({
    courseId: 'crs_zero',
    key: 'all',
    capacity: 15,
    free,
    waitlistCapacity: 5,
    waiting,
    waitingNumbers: Array.from({ length: waiting }, (_, index) => index + 1),
  });
}

describe('words', () => {
  const entry = statusEntry(course(), [pool(3)]);

  test('seats are a number, the waitlist is the place that one would get', () => {
    expect(seatsName(entry, 'open', now)).toBe('残り 3 席');
    expect(seatsName(statusEntry(course(), [pool(0, 2)]), 'full_waitlist', now)).toBe(
      'いま申し込むと 3 番目',
    );
    expect(seatsName(entry, 'soon', now)).toBe('11月20日（金）9時から');
    expect(seatsName(entry, 'closed', now)).toBe('');
  });

  test('every status has a sentence, and the form or the telephone where one is left', () => {
    const statuses: readonly CourseStatus[] = [
      'open',
      'soon',
      'full_waitlist',
      'full',
      'lottery_open',
      'closed',
      'cancelled',
      'no_application',
      'phone_only',
    ];
    for (const status of statuses) {
      expect(statusSentence(entry, status, now)).toMatch(/。$/);
      expect(formLinkName(entry, status, now) !== undefined && callsFor(status)).toBe(false);
    }
    expect(statuses.filter((status) => formLinkName(entry, status, now) !== undefined)).toEqual([
      'open',
      'soon',
      'full_waitlist',
      'lottery_open',
    ]);
  });

  test('what cannot be booked here never leads to the form', () => {
    const byStaff = statusEntry(
      course({ application: { ...course().application, method: 'staff' } }),
      [pool(15)],
    );
    expect(courseStatus(byStaff, now)).toBe('phone_only');
    expect(formLinkName(byStaff, 'soon', now)).toBeUndefined();
    expect(callsFor('phone_only')).toBe(true);
  });
});

describe('words about childcare, draws and what needs no application', () => {
  const childcarePool = (free: number, waiting = 0, key = 'childcare'): SeatPool => ({
    ...pool(free, waiting),
    key,
    kind: 'childcare',
  });
  const childcare = { places: 5, minMonths: 6 };
  const wordsOf = (change: Partial<Course>, pools: SeatPool[], at = now) => {
    const entry = statusEntry(course(change), pools);
    const status = courseStatus(entry, at);
    return {
      status,
      sentence: statusSentence(entry, status, at),
      link: formLinkName(entry, status, at),
      childcare: childcareName(entry, at),
      left: childcareLeftName(entry, at),
      draw: drawLinkName(entry, at),
    };
  };

  test('childcare places are a number; a place that somebody waits for is not free', () => {
    expect(wordsOf({ childcare }, [pool(3), childcarePool(2)])).toMatchObject({
      childcare: '保育 あと 2 人',
      left: 'あと 2 人',
    });
    expect(wordsOf({ childcare }, [pool(3), childcarePool(1, 1)])).toMatchObject({
      childcare: '保育はキャンセル待ち',
      left: 'キャンセル待ち',
    });
    expect(wordsOf({}, [pool(3)]).childcare).toBe('');
  });

  test('where no application is needed, childcare has its own window', () => {
    const change = {
      childcare,
      application: { method: 'none' as const, closesAt: '2026-12-01T08:00:00.000Z' },
    };
    expect(wordsOf(change, [childcarePool(2)])).toMatchObject({
      status: 'no_application',
      sentence:
        '申し込みはいりません。当日、そのままお越しください。保育を希望する方だけ、12月1日（火）17時まで申し込めます。',
      link: '保育だけ申し込む',
    });
    expect(wordsOf(change, [childcarePool(0)]).link).toBe('保育のキャンセル待ちに申し込む');
    expect(wordsOf(change, [childcarePool(2)], new Date('2026-12-02T00:00:00Z'))).toMatchObject({
      sentence:
        '申し込みはいりません。当日、そのままお越しください。保育の申し込みは終わりました。',
      link: undefined,
    });
    expect(wordsOf({ application: { method: 'none' } }, [])).toMatchObject({
      sentence: '申し込みはいりません。当日、そのままお越しください。',
      link: undefined,
    });
  });

  test('a lottery is applied for here; after the draw what is left is first-come', () => {
    const application = {
      ...course().application,
      method: 'lottery' as const,
      leftoverClosesAt: '2026-12-09T12:00:00.000Z',
    };
    expect(wordsOf({ application, childcare }, [pool(15), childcarePool(5)])).toMatchObject({
      status: 'lottery_open',
      sentence:
        '抽選です。12月9日（水）17時まで申し込めます。早く申し込んでも、当たりやすさは変わりません。',
      link: '抽選に申し込む',
      childcare: '保育 5 人まで',
      draw: '抽選のしくみを見る',
    });
    const before = new Date('2026-11-19T00:00:00Z');
    expect(wordsOf({ application }, [pool(15)], before)).toMatchObject({
      status: 'soon',
      draw: undefined,
    });
    const closed = new Date('2026-12-09T09:00:00Z');
    expect(wordsOf({ application }, [pool(15)], closed)).toMatchObject({
      status: 'closed',
      sentence: '申し込みは終わりました。抽選の結果をお待ちください。',
    });
    expect(
      wordsOf({ application, drawnAt: '2026-12-09T08:30:00.000Z' }, [pool(2)], closed),
    ).toMatchObject({
      status: 'open',
      sentence: '抽選のあとに残った席です。先着順で、12月9日（水）21時まで申し込めます。',
      link: '申し込みに進む',
      draw: '抽選の結果を見る',
    });
  });

  test('what staff take says so, and never leads to the form', () => {
    expect(wordsOf({ application: { method: 'staff' } }, [pool(3)])).toMatchObject({
      status: 'phone_only',
      sentence: '担当の職員が受け付けます。参加したい方は、職員かお電話でお申し出ください。',
      link: undefined,
    });
  });

  test('a session that has begun has no seats left for anybody', () => {
    const change = {
      sessionChoice: 'each' as const,
      sessions: [
        { key: 'A', date: '2026-11-20', start: '10:00', end: '11:30' },
        { key: 'B', date: '2026-12-10', start: '10:00', end: '11:30' },
      ],
      capacity: { ...course().capacity, perSession: true },
    };
    const entry = statusEntry(course(change), [
      { ...pool(3), key: 'A' },
      { ...pool(2), key: 'B' },
    ]);
    expect(seatsName(entry, courseStatus(entry, now), now)).toBe('残り 2 席');
    const last = new Date('2026-12-10T01:00:00.000Z');
    expect(courseStatus({ ...entry, closesAt: '2026-12-11T00:00:00.000Z' }, last)).toBe('closed');
  });
});

describe('age groups', () => {
  test('a course belongs to every group that its ages touch', () => {
    expect(ageGroupsOf(course())).toEqual(['m0', 'm3', 'm6']);
  });

  test('before school means no primary school, and primary school no kindergarten', () => {
    const eligibility = course().eligibility;
    const { maxMonthsExclusive: _, ...open } = eligibility;
    const before = ageGroupsOf({ eligibility: { ...open, maxSchoolYear: 0 } });
    expect(before).toContain('y3');
    expect(before).not.toContain('primary');
    const { minMonths: __, ...school } = open;
    const sixth = ageGroupsOf({
      eligibility: { ...school, minSchoolYear: 6, maxSchoolYear: 6 },
    });
    expect(sixth).toContain('primary');
    expect(sixth).not.toContain('y3');
  });

  test('a course that asks nobody’s age is found whatever is chosen', () => {
    const eligibility = { who: 'anyone', judgedOn: 'first_session', conditions: [] } as const;
    expect(ageGroupsOf({ eligibility: { ...eligibility, conditions: [] } })).toHaveLength(
      ageGroups.length,
    );
  });

  test('the stylesheet can filter by every group and every month without script', () => {
    const css = readFileSync(
      join(import.meta.dirname, '../../site/src/styles/courses.css'),
      'utf8',
    );
    const keys = [
      ...ageGroups.map(({ key }) => key),
      ...Array.from({ length: 12 }, (_, month) => `month-${month + 1}`),
    ];
    for (const key of keys) expect(css).toContain(`:has([value='${key}']:checked)`);
  });
});

describe('pages', () => {
  test('a course page answers what a parent asks', () => {
    const html = renderToString(
      <CourseView course={course()} pools={[pool(3)]} centre={centre} now={now} />,
    );
    for (const fact of [
      '0歳の子どもと保護者',
      '2026年12月10日（令和8年）木曜日',
      '10時から11時30分',
      '子育て交流広場',
      'バスタオル',
      '無料',
      '15組',
      '12月9日（水）17時',
      '残り 3 席',
      'href="/courses/crs_zero/apply/"',
      `href="tel:${centre.phones.main}"`,
    ]) {
      expect(html).toContain(fact);
    }
  });

  test('nothing in a view needs an inline script or style', () => {
    const html = [
      renderToString(
        <CourseListView
          courses={[{ course: course(), pools: [pool(3)] }]}
          centre={centre}
          now={now}
          origin={origin}
        />,
      ),
      renderToString(<CourseView course={course()} pools={[pool(0)]} centre={centre} now={now} />),
    ].join('');
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=/);
  });

  test('drafts, hidden, unlisted and past courses are not in the list', () => {
    const unseen = [
      course({ publication: 'draft', title: '下書きの講座' }),
      course({ publication: 'hidden', title: '下げた講座' }),
      course({ listed: false, title: '案内した方だけの講座' }),
      course({
        title: '終わった講座',
        sessions: [{ key: '1', date: '2026-11-01', start: '10:00', end: '11:00' }],
      }),
    ].map((each) => ({ course: each, pools: [pool(3)] }));
    const html = renderToString(
      <CourseListView courses={unseen} centre={centre} now={now} origin={origin} />,
    );
    expect(html).toContain('いま申し込める講座はありません');
    for (const { course: each } of unseen) expect(html).not.toContain(each.title);
  });

  test('the home page shows what can be booked before what opens later, and helps when empty', () => {
    const soon = course({
      courseId: 'crs_soon',
      title: 'これからの講座',
      sessions: [{ key: '1', date: '2026-12-01', start: '10:00', end: '11:00' }],
      application: {
        method: 'first_come',
        opensAt: '2026-11-25T00:00:00.000Z',
        closesAt: '2026-11-30T08:00:00.000Z',
      },
    });
    const html = renderToString(
      <OpeningsView
        courses={[
          { course: soon, pools: [pool(3)] },
          { course: course(), pools: [pool(3)] },
        ]}
        now={now}
      />,
    );
    expect(html.indexOf('ゼロ歳さんの日')).toBeLessThan(html.indexOf('これからの講座'));
    expect(renderToString(<OpeningsView courses={[]} now={now} />)).toContain(
      '予約なしで来られます',
    );
  });

  test('what staff write is text, never markup', () => {
    const html = renderToString(
      <CourseView
        course={course({ title: '<img src=x onerror=alert(1)>' })}
        pools={[pool(3)]}
        centre={centre}
        now={now}
      />,
    );
    expect(html).not.toContain('<img');
  });
});
