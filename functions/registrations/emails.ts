/**
 * Mails about a registration: subject and text from the facts. Every mail makes sense without
 * opening a link; no child's name anywhere; the subject names nobody.
 */
import { formalDayName, momentName } from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import type { Course } from '../courses/model.ts';
import { cancelDeadline, firstSession } from '../courses/rules.ts';
import type { Place, Registration, RegistrationEvent } from './model.ts';
import { isLive, isQueued } from './places.ts';
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
        facts.registration.mailWithoutLink
          ? `お返事は、お電話（${centre.phones.main}）か、センターのサイトの「予約の確認」のページでできます。受付番号と電話番号を入れてください。`
          : `お返事は、次のページか、お電話（${centre.phones.main}）でできます。\n${link(facts)}`,
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
  }
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
    `費用　　　${course.fee.yen === 0 ? '無料' : `${course.fee.yen.toLocaleString('ja-JP')}円`}${
      course.fee.detail === undefined ? '' : `（${course.fee.detail}）`
    }`,
    ...(course.bring.length > 0 ? [`持ちもの　${course.bring.join('、')}`] : []),
  ].join('\n');
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
