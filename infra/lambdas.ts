/** The Lambdas as data: how long, how large, and who is hurt when one fails or is held back. */
import type { AlarmText } from './alarms.ts';
import type { LambdaName } from './grants.ts';

export interface LambdaDefinition {
  readonly does: string;
  readonly seconds: number;
  readonly megabytes: number;
  readonly onErrors: AlarmText;
  readonly onThrottles: AlarmText;
}

/** Most Lambdas run out of the account's concurrency together. */
const RAISE_LIMIT =
  'Lambda の同時実行数の上限（アカウント全体）を確認し、足りなければ引き上げを申請してください。';

export const lambdas: Readonly<Record<LambdaName, LambdaDefinition>> = {
  'public-api': {
    does: 'Answers families: courses, applications, their own booking',
    // API Gateway gives up after 30; our own sentence should come first.
    seconds: 28,
    megabytes: 1769,
    onErrors: {
      hurts: '講座に申し込む保護者と、予約を見る・取り消す保護者。画面にエラーが出ています。',
      todo: 'public-api のログで error の行を見て、直近の変更を戻すか直してください。電話の受付に知らせてください。',
    },
    onThrottles: {
      hurts: '講座に申し込む保護者。「混み合っています」と出て、受け付けられていません。',
      todo: RAISE_LIMIT,
    },
  },
  'letters-api': {
    does: 'Takes and hands out sealed letters; opens none',
    seconds: 28,
    megabytes: 1769,
    onErrors: {
      hurts: '相談室に手紙を書く子どもと保護者。送れないか、返事を読めません。',
      todo: 'letters-api のログで error の行を見て、直近の変更を戻すか直してください。ティーンズの電話の受付に知らせてください。',
    },
    onThrottles: {
      hurts: '相談室に手紙を書く子どもと保護者。「混み合っています」と出て、送れていません。',
      todo: RAISE_LIMIT,
    },
  },
  'staff-api': {
    does: 'Answers the desk: courses to look after',
    seconds: 28,
    megabytes: 1024,
    onErrors: {
      hurts: '講座担当の職員。定員や公開の変更ができていません。',
      todo: 'staff-api のログで error の行を見てください。急ぐ変更は、直るまで電話で保護者に伝えてください。',
    },
    onThrottles: {
      hurts: '講座担当の職員。定員や公開の変更が遅れています。',
      todo: RAISE_LIMIT,
    },
  },
  worker: {
    does: 'Reacts to what happened: mails, offers, published pages',
    // As long as a reaction's lease, so that nobody else begins one that is still running.
    seconds: 60,
    megabytes: 1024,
    onErrors: {
      hurts: '申し込んだ保護者。受付のメール、空席の案内、講座のページが遅れています。',
      todo: 'worker のログで error の行を見てください。直れば、たまった分は自動で進みます。',
    },
    onThrottles: {
      hurts: '申し込んだ保護者。受付のメールや講座のページが遅れています。',
      todo: RAISE_LIMIT,
    },
  },
  clock: {
    does: 'Does every minute what is due: offers that end, windows that open, second tries',
    seconds: 55,
    megabytes: 1024,
    onErrors: {
      hurts: '空席の案内を待つ保護者と、受付開始を待つ保護者。期限の処理が遅れています。',
      todo: 'clock のログで error の行を見てください。直れば、次の1分から自動で進みます。',
    },
    onThrottles: {
      hurts: '空席の案内や受付開始を待つ保護者。期限の処理が遅れています。',
      todo: RAISE_LIMIT,
    },
  },
  bounces: {
    does: 'Turns mails that came back into calls for staff',
    seconds: 20,
    megabytes: 512,
    onErrors: {
      hurts: 'メールが届かなかった保護者。電話連絡の一覧に載っていません。',
      todo: 'bounces のログで error の行を見てください。それまでは docs/operations.md の「届かなかったメール」に従って申込みを見つけ、電話してください。',
    },
    onThrottles: {
      hurts: 'メールが届かなかった保護者。電話連絡の一覧に載るのが遅れています。',
      todo: RAISE_LIMIT,
    },
  },
};
