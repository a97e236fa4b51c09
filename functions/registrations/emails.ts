/**
 * Mails about a registration: subject and text from the facts. Every mail makes sense without
 * opening a link; no child's name anywhere; the subject names nobody.
 */
import { formalDayName, momentName, shortDayName } from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import type { Course, Session } from '../courses/model.ts';
import { cancelDeadline, firstSession } from '../courses/rules.ts';
import { drawPath } from '../lotteries/words.ts';
import type { Place, Registration, RegistrationEvent } from './model.ts';
import { isLive, isQueued, mainPlaces, statusOf } from './places.ts';
import { bookingNumberName, sessionsOf } from './rules.ts';
import { placeLines } from './words.ts';

export interface EmailText {
  readonly subject: string;
  readonly text: string;
}

interface Facts {
  readonly registration: Registration;
  readonly course: Course;
  readonly centre: Centre;
  readonly siteOrigin: string;
  /** The places that the mail is about. */
  readonly meant: readonly Place[];
  /** By pool, 1 for the next in line. */
  readonly waitPositions: Readonly<Record<string, number>>;
  /** The session that a reminder is for. */
  readonly sessionKey?: string | undefined;
  /** Sessions as they were before they were moved, where that is known. */
  readonly was?: readonly Session[] | undefined;
  /** The seal of the draw's seed, where the mail is to prove that it was there. */
  readonly commitment?: string | undefined;
}

/** The mail for an event. */
export function registrationEmail(kind: RegistrationEvent['kind'], facts: Facts): EmailText {
  const { registration, course, centre } = facts;
  const number = bookingNumberName(registration.registrationId);
  const title = `「${course.title}」`;
  const letter = (subject: string, paragraphs: readonly string[]): EmailText => ({
    subject: `【${centre.name}】${subject}（${number}）`,
    text: `${[`${registration.applicant.name} 様`, ...paragraphs, signature(facts)].join(
      '\n\n',
    )}\n`,
  });
  const [waiting] = Object.values(facts.waitPositions);
  const [onlyChildcare] = facts.meant.every((place) => place.kind === 'childcare')
    ? ['保育の席']
    : [];
  switch (kind) {
    case 'registration_confirmed':
      return letter('お申し込みを受け付けました', [
        `${title}のお申し込みを受け付けました。参加は確定しています。`,
        courseFacts(facts),
        cancelling(facts),
      ]);
    case 'registration_entered':
      return letter('抽選のお申し込みを受け付けました', [
        `${title}の抽選のお申し込みを受け付けました。`,
        `抽選番号は ${registration.entry?.number ?? '—'} 番です。${
          course.application.drawAt === undefined
            ? '結果が決まりしだい、お知らせします。'
            : `${momentName(new Date(course.application.drawAt))}ごろに抽選し、結果をお知らせします。`
        }`,
        courseFacts(facts),
        page(facts, '内容を見る・取り消す'),
        ...(facts.commitment === undefined
          ? []
          : [
              `次の文字列は、だれも結果を選べないように、抽選に使う「たね」に封をした印です。このメールをとっておくと、たねがあとから取りかえられていないことを確かめられます。\n${facts.commitment}`,
            ]),
        drawPage(facts, '抽選のしくみ'),
      ]);
    case 'registration_won':
      return letter('抽選に当たりました', [
        `${title}の抽選に当たりました。おめでとうございます。席をお取りしています。`,
        `${deadlineOf(facts.meant)}までに、参加するかどうかをお知らせください。お返事がないときは、補欠の方にご案内します。`,
        answering(facts),
        courseFacts(facts),
        drawPage(facts, '抽選の結果'),
      ]);
    case 'registration_reserve':
      return letter('抽選の結果（補欠）', [
        `${title}の抽選の結果、補欠になりました。${
          waiting === undefined ? '' : `いま ${waiting} 番目です。`
        }席が空いたら、順番にお知らせします。`,
        courseFacts(facts),
        page(facts, '順番を見る・補欠をやめる'),
        drawPage(facts, '抽選の結果'),
      ]);
    case 'registration_lost':
      return letter('抽選の結果', [
        `${title}には、たくさんのお申し込みをいただきました。抽選の結果、今回は席をご用意できませんでした。申し訳ありません。`,
        `席が残っているときや、あとで空いたときは、どなたも先着順で申し込めます。ほかの講座や、申し込みのいらない行事もあります。${
          registration.mailWithoutLink
            ? 'センターのサイトの「講座・行事」のページをごらんください。'
            : `\n${facts.siteOrigin}/courses/`
        }`,
        drawPage(facts, '抽選の結果'),
      ]);
    case 'registration_accepted':
      return letter('参加が決まりました', [
        `${title}への参加が決まりました。お待ちしています。`,
        courseFacts(facts),
        cancelling(facts),
      ]);
    case 'registration_waitlisted':
      return letter('キャンセル待ちを受け付けました', [
        `${title}は、いま席がいっぱいです。キャンセル待ちを受け付けました。`,
        waiting === undefined
          ? '席が空いたら、順番にお知らせします。'
          : `いま ${waiting} 番目です。席が空いたら、順番にお知らせします。`,
        courseFacts(facts),
        page(facts, '順番を見る・キャンセル待ちをやめる'),
      ]);
    case 'registration_offered':
      return letter(`${onlyChildcare ?? '席'}が空きました`, [
        onlyChildcare === undefined
          ? `${title}に空きが出ました。席をお取りしています。`
          : `${title}の${onlyChildcare}に空きが出ました。お子さんの席をお取りしています。`,
        `${deadlineOf(facts.meant)}までに、参加するかどうかをお知らせください。お返事がないときは、次の方にご案内します。`,
        answering(facts),
        courseFacts(facts),
      ]);
    case 'registration_applied_again':
      return letter('お申し込みの確認', [
        `${title}に、もう一度お申し込みがありました。はじめのお申し込みを、そのままお預かりしています。`,
        courseFacts(facts),
        page(facts, '見る・取り消す'),
        'お心あたりがないときは、このメールはそのままにしてください。お申し込みは変わりません。',
      ]);
    case 'registration_lapsed':
      return letter('ご案内の期限が過ぎました', [
        `${title}の空席のご案内は、お返事の期限が過ぎました。席は、ほかの方にご案内することがあります。`,
        '参加したいときは、もう一度お申し込みいただくか、お電話ください。',
      ]);
    case 'registration_cancelled':
      // Who once waited may have held a seat in the end: what is kept does not tell.
      if (registration.places.some(isLive)) {
        return letter('一部の取り消しを受け付けました', [
          `${title}のお申し込みのうち、次のとおり取り消しました。`,
          courseFacts(facts),
          page(facts, '見る・取り消す'),
        ]);
      }
      if (facts.meant.some(({ waitNumber }) => waitNumber !== undefined)) {
        return letter('取り消しを受け付けました', [
          `${title}のキャンセル待ち（お申し込み）を取り消しました。お知らせくださり、ありがとうございました。`,
        ]);
      }
      return letter('取り消しを受け付けました', [
        `${title}のお申し込みを取り消しました。お知らせくださり、ありがとうございました。`,
      ]);
    case 'registration_moved':
      return letter('参加する回が変わりました', [
        `${title}のお申し込みを、次の回に移しました。`,
        ...(facts.meant.some(isQueued)
          ? [
              waiting === undefined
                ? 'この回は、いまキャンセル待ちです。席が空いたら、順番にお知らせします。'
                : `この回は、いまキャンセル待ちの ${waiting} 番目です。席が空いたら、順番にお知らせします。`,
            ]
          : []),
        courseFacts(facts),
        cancelling(facts),
      ]);
    case 'registration_declined':
      return letter('お返事を受け付けました', [
        `${title}の空席のご案内を見送られたことを受け付けました。お知らせくださり、ありがとうございました。`,
      ]);
    case 'registration_course_called_off':
      return letter('講座が中止になりました', [
        ...calledOff(facts),
        [
          `受付番号　${number}`,
          ...whenAndWhere(course, sessionsOf(course, facts.meant.filter(isLive))),
        ].join('\n'),
        `取り消しの手続きはいりません。わからないことがあるときは、お電話（${centre.phones.main}）ください。`,
      ]);
    case 'registration_course_moved':
      return letter('講座の日時か会場が変わりました', [
        `${title}の日時か会場が変わりました。予定を立ててくださっていたのに、申し訳ありません。`,
        ...moved(facts),
        ...whatNow(facts),
      ]);
    case 'registration_reminder':
      return reminder(facts, letter);
    case 'registration_survey':
      return letter('講座はいかがでしたか', [
        `${title}にお申し込みくださり、ありがとうございました。`,
        `よろしければ、感想をお聞かせください。これからの講座づくりに使います。\n${course.surveyUrl ?? ''}`,
        '来られなかった方は、このメールはそのままにしてください。',
      ]);
  }
}

type Letter = (subject: string, paragraphs: readonly string[]) => EmailText;

/** What a called-off course means to who was to come, who waited, and who hoped for the draw. */
function calledOff({ course, meant }: Facts): readonly string[] {
  const title = `「${course.title}」`;
  switch (statusOf(meant.filter(isLive))) {
    case 'waiting':
      return [`キャンセル待ちをいただいていた${title}は、中止になりました。申し訳ありません。`];
    case 'offered':
      return [
        `空いた席をご案内していた${title}は、中止になりました。申し訳ありません。`,
        'ご案内へのお返事は、いりません。',
      ];
    case 'applied':
      return [
        `抽選にお申し込みいただいていた${title}は、中止になりました。申し訳ありません。抽選は行いません。`,
      ];
    default:
      return [
        `お申し込みいただいていた${title}は、中止になりました。楽しみにしてくださっていたのに、申し訳ありません。`,
      ];
  }
}

/** Where and when it was, as far as that is known, and where and when it now is. */
function moved({ course, meant, was = [] }: Facts): readonly string[] {
  const block = (heading: string, lines: readonly string[]) => [heading, ...lines].join('\n');
  if (was.length === 0) {
    const now = sessionsOf(course, meant.filter(isLive));
    return [block('新しい日時と会場', whenAndWhere(course, now))];
  }
  const isGone = ({ key }: Session) => !course.sessions.some((session) => session.key === key);
  const gone = was.filter(isGone);
  const now = course.sessions.filter(({ key }) => was.some((earlier) => earlier.key === key));
  return [
    block('変わる前', whenAndWhere(course, was)),
    block('変わったあと', [
      ...(now.length > 0 ? whenAndWhere(course, now) : []),
      ...(gone.length > 0
        ? [`${gone.map(({ date }) => shortDayName(date)).join('、')}の回は、なくなりました。`]
        : []),
    ]),
  ];
}

/** What a family whose course was moved can do. */
function whatNow(facts: Facts): readonly string[] {
  const { centre, meant } = facts;
  const live = meant.filter(isLive);
  const call = `お電話（${centre.phones.main}）`;
  switch (statusOf(live)) {
    case 'waiting':
      return [
        'キャンセル待ちは、そのまま続いています。席が空いたら、順番にお知らせします。',
        page(facts, 'キャンセル待ちをやめる'),
      ];
    case 'offered':
      return [
        `席は、お取りしたままです。新しい日時と会場をお確かめのうえ、${deadlineOf(live)}までに、参加するかどうかをお知らせください。`,
        page(facts, 'お返事をする'),
      ];
    case 'applied':
      return [
        '抽選のお申し込みは、そのままお預かりしています。',
        page(facts, '内容を見る・取り消す'),
      ];
    default:
      return [
        'そのまま来てくださる方は、手続きはいりません。席はお取りしてあります。付けたファイルを開くと、カレンダーの予定も新しくなります。',
        `ご都合がつかないときは、お手数ですが、取り消すか、${call}でお知らせください。空いた席は、待っている方におゆずりします。`,
        page(facts, '見る・取り消す'),
      ];
  }
}

/** The day before: where, when, what to bring, and how to stay away. */
function reminder(facts: Facts, letter: Letter): EmailText {
  const { course, centre, registration, sessionKey } = facts;
  const mine = sessionsOf(course, mainPlaces(facts.meant));
  const session = course.sessions.find(({ key }) => key === sessionKey) ?? firstSession(mine);
  const day = shortDayName(session.date);
  const begun = course.sessionChoice === 'all' && session !== firstSession(course.sessions);
  const childcare = registration.places.some(
    ({ kind, status, sessionKey: key }) =>
      kind === 'childcare' && status === 'confirmed' && (key === undefined || key === session.key),
  );
  const until = momentName(cancelDeadline([session], centre.booking.cancelUntil));
  return letter(`${day}の講座のご案内`, [
    `${day}は、「${course.title}」の日です。お待ちしています。`,
    [
      `受付番号　${bookingNumberName(registration.registrationId)}`,
      ...whenAndWhere(course, [session]),
      ...(childcare ? [`保育　　　${registration.counts.childcare}人（お預かりします）`] : []),
      ...feeAndThings(course),
    ].join('\n'),
    // A course of several dates can be given up as a whole only before the first of them.
    begun
      ? `お休みされるときは、お電話（${centre.phones.main}）でお知らせください。`
      : `来られなくなったときは、${until}までに取り消してください。そのあとは、お電話（${centre.phones.main}）でお知らせください。空いた席は、待っている方におゆずりします。\n${page(
          facts,
          '見る・取り消す',
        )}`,
  ]);
}

/** Dates and venues; the venue beside each date where there are several. */
function whenAndWhere(
  course: Pick<Course, 'venue'>,
  sessions: readonly Session[],
): readonly string[] {
  const venues = [...new Set(sessions.map(({ venue }) => venue ?? course.venue))];
  const lines = sessions.map(
    ({ date, start, end, venue }, index) =>
      `${index === 0 ? '日時　　　' : '　　　　　'}${formalDayName(date)} ${start}〜${end}${
        venues.length > 1 ? `　${venue ?? course.venue}` : ''
      }`,
  );
  return [...lines, ...(venues.length > 1 ? [] : [`会場　　　${venues.join('、')}`])];
}

function courseFacts({ registration, course, waitPositions }: Facts): string {
  const sessions = sessionsOf(course, registration.places);
  const dates = sessions.map(
    (session) => `${formalDayName(session.date)} ${session.start}〜${session.end}`,
  );
  const venues = new Set(sessions.map((session) => session.venue ?? course.venue));
  const { participants, childcare } = registration.counts;
  const lines = placeLines(course, registration.places, waitPositions);
  const isPlain = lines.length < 2;
  return [
    `受付番号　${bookingNumberName(registration.registrationId)}`,
    ...dates.map((date, index) => `${index === 0 ? '日時　　　' : '　　　　　'}${date}`),
    `会場　　　${[...venues].join('、')}`,
    ...(participants > 0 ? [`人数　　　${participants}人（申し込みに書かれた方）`] : []),
    ...(childcare > 0 ? [`保育　　　${childcare}人`] : []),
    ...(isPlain
      ? []
      : lines.map((line, index) => `${index === 0 ? 'いまの状態' : '　　　　　'}${line}`)),
    ...feeAndThings(course),
  ].join('\n');
}

function feeAndThings({ fee, bring }: Pick<Course, 'fee' | 'bring'>): readonly string[] {
  return [
    `費用　　　${fee.yen === 0 ? '無料' : `${fee.yen.toLocaleString('ja-JP')}円`}${
      fee.detail === undefined ? '' : `（${fee.detail}）`
    }`,
    ...(bring.length > 0 ? [`持ちもの　${bring.join('、')}`] : []),
  ];
}

function cancelling(facts: Facts): string {
  const { registration, course, centre } = facts;
  const live = sessionsOf(course, registration.places.filter(isLive));
  const first = firstSession(live.length > 0 ? live : course.sessions);
  const until = momentName(cancelDeadline([first], centre.booking.cancelUntil));
  return `来られなくなったときは、${until}までに取り消してください。空いた席は、待っている方におゆずりします。\n${page(
    facts,
    '見る・取り消す',
  )}`;
}

/** How to say yes or no. */
function answering(facts: Facts): string {
  const { main } = facts.centre.phones;
  return facts.registration.mailWithoutLink
    ? `お返事は、お電話（${main}）か、センターのサイトの「予約の確認」のページでできます。受付番号と電話番号を入れてください。`
    : `お返事は、次のページか、お電話（${main}）でできます。\n${link(facts)}`;
}

/** Where the draw can be checked by everybody: this page may be sent on. */
function drawPage({ registration, course, siteOrigin }: Facts, what: string): string {
  return registration.mailWithoutLink
    ? `${what}は、センターのサイトの、この講座のページから見られます。`
    : `${what}（だれでも確かめられます）\n${siteOrigin}${drawPath(course.courseId)}`;
}

function page(facts: Facts, what: string): string {
  return facts.registration.mailWithoutLink
    ? `${what}には、センターのサイトの「予約の確認」のページで、受付番号と電話番号を入れてください。お電話でもできます。`
    : `${what}ページ（ほかの人に送らないでください）\n${link(facts)}`;
}

function link({ registration, siteOrigin }: Facts): string {
  return `${siteOrigin}/bookings/${registration.secret}`;
}

function deadlineOf(meant: readonly Place[]): string {
  const [expiresAt] = meant.flatMap((place) => place.offerExpiresAt ?? []).sort();
  return expiresAt === undefined ? 'お早め' : momentName(new Date(expiresAt));
}

function signature({ centre }: Facts): string {
  return [
    '-- ',
    `${centre.name}（${centre.nickname}）`,
    `電話 ${centre.phones.main}（${centre.hoursNote}）`,
    'このメールには返信できません。ご用のときは、お電話ください。',
  ].join('\n');
}
