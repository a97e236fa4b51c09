/** The demonstration's centre. A city that deploys ひだまり edits this file. All of it is fictional. */
import { contacts } from './contacts.ts';
import { Centre } from './model.ts';

export const centre: Centre = Centre.parse({
  name: 'ひだまり市子ども家庭支援センター',
  nickname: 'こもれび館',
  neutralName: 'ひだまり',
  municipality: 'ひだまり市',
  operator: '社会福祉法人ひだまり会（架空）',
  department: 'こども未来部こども家庭課',
  address: {
    postalCode: '000-0001',
    text: '東京都ひだまり市日向町1-2-3',
    building: 'ふれあいプラザ2階',
  },
  phones: {
    main: '042-000-0100',
    consultation: contacts.consultation.tel,
    teens: contacts.teens.tel,
  },
  fax: '042-000-0109',
  email: 'info@hidamari.example.jp',
  openWeekdays: [1, 2, 3, 4, 5, 6],
  opens: '09:00',
  closes: '17:00',
  hoursNote: '月曜日から土曜日の9時から17時（相談の受付は16時30分まで）',
  closedEachYear: ['12-29', '12-30', '12-31', '01-01', '01-02', '01-03'],
  closedDays: [],
  closedNote: '日曜日、国民の祝日、12月29日から1月3日',
  mission: 'ひとりで抱えこまない子育てを、まちのみんなで。',
  booking: {
    offerHours: 24,
    offerMinimumHours: 2,
    cancelUntil: '17:00',
    remindAt: '10:00',
    defaultWaitlist: 10,
    audienceNote: '市内に住んでいる方、働いている方、通学している方が対象です。',
    cancelRule:
      '来られなくなったときは、前日の17時までにお知らせください。空いた席は、キャンセル待ちの方にお声がけします。',
    childcareRule:
      '保育は、お申し込みのときに、お子さん一人ずつ書いていただきます。保育の席がいっぱいのときは、保育だけキャンセル待ちにもできます。',
    purposeNotice:
      'お書きいただいたことは、この講座の受付と連絡、当日の準備、人数の集計だけに使います。ほかの目的には使いません。講座が終わって1か月で電話番号とメールアドレス、配慮などの書きこみを消し、1年でお名前と生年月日も消します。',
    contactsDays: 31,
    retentionDays: 365,
    countsDays: 1_826,
  },
});
