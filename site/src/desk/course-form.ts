/**
 * A course as the fields of the desk's form, and back; what each field is called, and how its value
 * is said. A date of the course is one field: two people who change it have to agree on all of it.
 */
import {
  addDays,
  type Course,
  type CourseDraft,
  clockName,
  copyOf,
  dayInTokyo,
  firstSession,
  instantInTokyo,
  isDay,
  momentName,
  type Problem,
  problemsOf,
  schoolYearName,
  shortDayName,
} from '../rules.ts';
import type { Draft } from './merge.ts';

type Publication = Course['publication'];
type Session = Course['sessions'][number];

export const publicationName: Readonly<Record<Publication, string>> = {
  draft: '下書き',
  published: '公開',
  hidden: '非公開',
  cancelled: '中止',
  template: 'ひな形',
};

export const methodName: Readonly<Record<Course['application']['method'], string>> = {
  first_come: '先着',
  lottery: '抽選',
  none: '申込不要',
  staff: '職員が受け付ける',
};

export const whoName: Readonly<Record<Course['eligibility']['who'], string>> = {
  child: 'お子さんの年齢で（お子さんも参加する）',
  parent: 'お子さんの年齢で（参加するのは保護者）',
  self: '参加する本人の年齢で',
  anyone: '年齢を問わない',
};

export const choiceName: Readonly<Record<Course['sessionChoice'], string>> = {
  all: '全部の回に参加する（1回だけのときも）',
  one_of: 'どれか1回を選ぶ',
  each: '来たい日を、日ごとに申し込む',
};

export const countedByName: Readonly<Record<Course['capacity']['countedBy'], string>> = {
  application: '申し込み1件を1と数える',
  participant: '参加する人を数える',
  person: 'つきそいのおとなも数える',
};

/** The sections of the editor, with their fields in order. */
export const sections = [
  { key: 'basic', name: '基本', fields: ['title', 'titleKana', 'category', 'summary'] },
  { key: 'audience', name: '対象', fields: ['audience', 'eligibility'] },
  { key: 'dates', name: '日時', fields: ['session:', 'sessionChoice', 'venue'] },
  { key: 'seats', name: '定員と保育', fields: ['capacity', 'childcare'] },
  { key: 'apply', name: '申し込み', fields: ['application', 'lottery', 'asks'] },
  { key: 'cost', name: '費用と持ちもの', fields: ['fee', 'bring', 'accessibility', 'notes'] },
  { key: 'site', name: '公開', fields: ['publication', 'listed', 'surveyUrl'] },
] as const;
export type SectionKey = (typeof sections)[number]['key'];

/** The section in which a field stands. */
export function sectionOf(field: string): SectionKey {
  const found = sections.find(({ fields }) =>
    fields.some(
      (known) => field === known || field.startsWith(known.endsWith(':') ? known : `${known}.`),
    ),
  );
  return found?.key ?? 'basic';
}

const NAMES: Readonly<Record<string, string>> = {
  title: '講座の名前',
  titleKana: 'よみ（カタカナ）',
  category: '種類',
  summary: '紹介',
  audience: '対象（サイトに出すことば）',
  'eligibility.who': 'だれの年齢で決めるか',
  'eligibility.minMonths': '下の月齢',
  'eligibility.maxMonthsExclusive': '上の月齢',
  'eligibility.minSchoolYear': '下の学年',
  'eligibility.maxSchoolYear': '上の学年',
  'eligibility.judgedOn': '年齢を数える日',
  'eligibility.expecting': '妊娠中の方',
  'eligibility.conditions': '確かめること',
  sessionChoice: '回の選びかた',
  venue: '会場',
  'capacity.unit': '定員の単位',
  'capacity.countedBy': '定員の数えかた',
  'capacity.unlimited': '定員なし',
  'capacity.seats': '定員',
  'capacity.waitlist': 'キャンセル待ちの数',
  'capacity.perSession': '回ごとの定員',
  childcare: '保育',
  'application.method': '申し込みのしかた',
  'application.opensAt': '受付の始まり',
  'application.closesAt': '締め切り',
  'application.drawAt': '抽選の日時',
  'application.note': '申し込みのひとこと',
  lottery: '抽選のしかた',
  'asks.allergy': 'アレルギーをたずねる',
  'asks.guardian': '保護者の同意をたずねる',
  'fee.yen': '費用',
  'fee.detail': '費用の説明',
  bring: '持ちもの',
  accessibility: '会場のつくり',
  notes: 'ご案内',
  surveyUrl: 'アンケートのアドレス',
  publication: '公開',
  listed: '一覧に出す',
};

/** What a field is called; a date by itself where there is one. */
export function fieldName(field: string, ...values: readonly (string | undefined)[]): string {
  if (!field.startsWith(SESSION)) return NAMES[field] ?? field;
  const date = values.flatMap((value) => (value === undefined ? [] : sessionIn(value).date))[0];
  return date !== undefined && isDay(date) ? `${shortDayName(date)}の回` : '回';
}

const YES = 'yes';
const yes = (is: boolean) => (is ? YES : '');
const LISTS = new Set(['bring', 'accessibility', 'notes', 'eligibility.conditions']);
const TICKS = new Set([
  'capacity.unlimited',
  'capacity.perSession',
  'asks.allergy',
  'asks.guardian',
  'listed',
]);

/** How a value is said beside another. */
export function valueName(field: string, value: string | undefined): string {
  if (value === undefined) return 'なし（消す）';
  if (field.startsWith(SESSION)) return sessionWords(sessionIn(value));
  if (TICKS.has(field)) return value === YES ? 'はい' : 'いいえ';
  if (value === '') return field === 'eligibility.judgedOn' ? '最初に参加する日' : '（空欄）';
  if (LISTS.has(field)) return linesOf(value).join('、');
  switch (field) {
    case 'publication':
      return publicationName[value as Publication];
    case 'application.method':
      return methodName[value as keyof typeof methodName];
    case 'eligibility.who':
      return whoName[value as keyof typeof whoName];
    case 'sessionChoice':
      return choiceName[value as keyof typeof choiceName];
    case 'capacity.countedBy':
      return countedByName[value as keyof typeof countedByName];
    case 'eligibility.minSchoolYear':
    case 'eligibility.maxSchoolYear':
      return schoolYearName(Number(value));
    case 'application.opensAt':
    case 'application.closesAt':
    case 'application.drawAt':
      return momentName(new Date(value));
    case 'childcare': {
      const { places, minMonths, note } = childcareIn(value);
      return `${places}人、${minMonths}か月から${note === '' ? '' : `（${note}）`}`;
    }
    case 'lottery': {
      const { publicValueName, confirmDays, tiers } = lotteryIn(value);
      return `${publicValueName}、お返事 ${confirmDays}日${
        tiers === '' ? '' : `、優先：${linesOf(tiers).join('、')}`
      }`;
    }
    default:
      return value;
  }
}

const SESSION = 'session:';

export function sessionField(key: string): string {
  return `${SESSION}${key}`;
}

/** Keys of the dates in a draft, in the order in which they stand there. */
export function sessionKeys(draft: Draft): readonly string[] {
  return Object.keys(draft).flatMap((field) =>
    field.startsWith(SESSION) ? [field.slice(SESSION.length)] : [],
  );
}

/** One date as its inputs hold it. */
export interface TypedSession {
  readonly date: string;
  readonly start: string;
  readonly end: string;
  readonly venue: string;
  readonly seats: string;
}

export function sessionIn(value: string): TypedSession {
  return JSON.parse(value) as TypedSession;
}

/** Always in the same order, so that equal dates are equal texts. */
export function sessionText({ date, start, end, venue, seats }: TypedSession): string {
  return JSON.stringify({ date, start, end, venue, seats });
}

function sessionWords({ date, start, end, venue, seats }: TypedSession): string {
  const day = isDay(date) ? shortDayName(date) : '日にちなし';
  return [
    `${day} ${start === '' ? '' : clockName(start)}〜${end === '' ? '' : clockName(end)}`,
    ...(venue === '' ? [] : [venue]),
    ...(seats === '' ? [] : [`定員 ${seats}`]),
  ].join('、');
}

/** A key that no date of these drafts has: the next number, or the next letter. */
export function freeKey(...drafts: readonly Draft[]): string {
  const taken = new Set(drafts.flatMap(sessionKeys));
  const areLetters = taken.size > 0 && [...taken].every((key) => /^[A-Z]$/.test(key));
  const letters = areLetters ? [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'] : [];
  const numbers = Array.from({ length: 999 }, (_, index) => String(index + 1));
  return [...letters, ...numbers].find((key) => !taken.has(key)) ?? 'Z999';
}

/**
 * The draft with keys of its own for dates that were added here, where a colleague has added another
 * date under the same key: both dates stay.
 */
export function makeRoom(base: Draft, draft: Draft, latest: Draft): Draft {
  let made = draft;
  for (const key of sessionKeys(draft)) {
    const field = sessionField(key);
    const theirs = latest[field];
    if (base[field] !== undefined || theirs === undefined || theirs === draft[field]) continue;
    const { [field]: mine = '', ...others } = made;
    made = { ...others, [sessionField(freeKey(made, latest))]: mine };
  }
  return made;
}

export interface TypedChildcare {
  readonly places: string;
  readonly minMonths: string;
  readonly note: string;
}

/** Childcare as its inputs hold it; an empty text stands for none. */
export function childcareIn(value: string): TypedChildcare {
  return value === ''
    ? { places: '', minMonths: '', note: '' }
    : (JSON.parse(value) as TypedChildcare);
}

export function childcareText({ places, minMonths, note }: TypedChildcare): string {
  return JSON.stringify({ places, minMonths, note });
}

export interface TypedLottery {
  /** One priority a line; the keys of those that were there stay with their lines. */
  readonly tiers: string;
  readonly keys: readonly string[];
  readonly publicValueName: string;
  readonly confirmDays: string;
}

export function lotteryIn(value: string): TypedLottery {
  return value === ''
    ? { tiers: '', keys: [], publicValueName: '', confirmDays: '3' }
    : (JSON.parse(value) as TypedLottery);
}

export function lotteryText({ tiers, keys, publicValueName, confirmDays }: TypedLottery): string {
  return JSON.stringify({ tiers, keys, publicValueName, confirmDays });
}

const text = (value: string | number | undefined) => (value === undefined ? '' : String(value));

/** The fields of a course. */
export function fieldsOf(course: CourseDraft): Draft {
  const { eligibility, capacity, childcare, application, lottery, fee } = course;
  return {
    title: course.title,
    titleKana: course.titleKana,
    category: course.category,
    summary: course.summary,
    audience: course.audience,
    'eligibility.who': eligibility.who,
    'eligibility.minMonths': text(eligibility.minMonths),
    'eligibility.maxMonthsExclusive': text(eligibility.maxMonthsExclusive),
    'eligibility.minSchoolYear': text(eligibility.minSchoolYear),
    'eligibility.maxSchoolYear': text(eligibility.maxSchoolYear),
    'eligibility.judgedOn': eligibility.judgedOn === 'first_session' ? '' : eligibility.judgedOn,
    'eligibility.expecting': text(eligibility.expecting?.label),
    'eligibility.conditions': eligibility.conditions.join('\n'),
    ...Object.fromEntries(
      course.sessions.map(({ key, date, start, end, venue, seats }) => [
        sessionField(key),
        sessionText({ date, start, end, venue: text(venue), seats: text(seats) }),
      ]),
    ),
    sessionChoice: course.sessionChoice,
    venue: course.venue,
    'capacity.unit': capacity.unit,
    'capacity.countedBy': capacity.countedBy,
    'capacity.unlimited': yes(capacity.seats === null),
    'capacity.seats': text(capacity.seats ?? undefined),
    'capacity.waitlist': text(capacity.waitlist),
    'capacity.perSession': yes(capacity.perSession),
    childcare: childcare
      ? childcareText({
          places: text(childcare.places),
          minMonths: text(childcare.minMonths),
          note: text(childcare.note),
        })
      : '',
    'application.method': application.method,
    'application.opensAt': text(application.opensAt),
    'application.closesAt': text(application.closesAt),
    'application.drawAt': text(application.drawAt),
    'application.note': text(application.note),
    lottery: lottery
      ? lotteryText({
          tiers: lottery.tiers.map(({ label }) => label).join('\n'),
          keys: lottery.tiers.map(({ key }) => key),
          publicValueName: lottery.publicValueName,
          confirmDays: text(lottery.confirmDays),
        })
      : '',
    'asks.allergy': yes(course.asks.includes('allergy')),
    'asks.guardian': yes(course.asks.includes('guardian')),
    'fee.yen': text(fee.yen),
    'fee.detail': text(fee.detail),
    bring: course.bring.join('\n'),
    accessibility: course.accessibility.join('\n'),
    notes: course.notes.join('\n'),
    surveyUrl: text(course.surveyUrl),
    publication: course.publication,
    listed: yes(course.listed),
  };
}

function linesOf(value: string): string[] {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** A whole number however it is typed; undefined when it is none. */
function numberIn(value: string): number | undefined {
  const plain = value.normalize('NFKC').trim();
  return /^\d{1,7}$/.test(plain) ? Number(plain) : undefined;
}

const optional = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
const filled = (value: string | undefined) => (value?.trim() ? value.trim() : undefined);

/** What the fields say as a course; and the sentences for those that say nothing yet. */
export interface ReadForm {
  readonly course: CourseDraft;
  readonly problems: readonly Problem[];
}

/** Reads the fields. Problems stand at fields, those of a date at `session:<key>`. */
export function readForm(draft: Draft): ReadForm {
  const problems: Problem[] = [];
  const say = (field: string, sentence: string) => problems.push({ field, sentence });
  const get = (field: string) => draft[field] ?? '';
  const number = (field: string, value: string, what: string): number => {
    const read = numberIn(value);
    if (read === undefined) say(field, `${what}を、数字で書いてください。`);
    return read ?? 1;
  };
  const orNothing = (field: string, what: string) =>
    get(field).trim() === '' ? undefined : number(field, get(field), what);

  if (get('title').trim() === '') say('title', '講座の名前を書いてください。');
  const sessions = sessionKeys(draft)
    .map((key): Session => {
      const field = sessionField(key);
      const typed = sessionIn(get(field));
      if (!isDay(typed.date)) say(field, '日にちを書いてください。');
      if (typed.start === '' || typed.end === '')
        say(field, '始まりと終わりの時刻を書いてください。');
      return {
        key,
        date: isDay(typed.date) ? typed.date : '2000-01-01',
        start: typed.start,
        end: typed.end,
        ...optional('venue', filled(typed.venue)),
        ...optional(
          'seats',
          typed.seats.trim() === '' ? undefined : number(field, typed.seats, 'この回の定員'),
        ),
      };
    })
    .sort((a, b) => `${a.date}${a.start}${a.key}`.localeCompare(`${b.date}${b.start}${b.key}`));
  if (sessions.length === 0) say('sessionChoice', '日にちを一つは書いてください。');

  const isUnlimited = get('capacity.unlimited') === YES;
  const childcare = childcareIn(get('childcare'));
  const lottery = lotteryIn(get('lottery'));
  const method = get('application.method') as Course['application']['method'];
  const expecting = filled(get('eligibility.expecting'));
  const course: CourseDraft = {
    title: get('title').trim(),
    titleKana: get('titleKana').trim(),
    category: get('category').trim(),
    summary: get('summary').trim(),
    audience: get('audience').trim(),
    eligibility: {
      who: get('eligibility.who') as Course['eligibility']['who'],
      ...optional('minMonths', orNothing('eligibility.minMonths', '月齢')),
      ...optional('maxMonthsExclusive', orNothing('eligibility.maxMonthsExclusive', '月齢')),
      ...optional('minSchoolYear', orNothing('eligibility.minSchoolYear', '学年')),
      ...optional('maxSchoolYear', orNothing('eligibility.maxSchoolYear', '学年')),
      judgedOn: filled(get('eligibility.judgedOn')) ?? 'first_session',
      ...optional('expecting', expecting === undefined ? undefined : { label: expecting }),
      conditions: linesOf(get('eligibility.conditions')),
    },
    sessions,
    sessionChoice: get('sessionChoice') as Course['sessionChoice'],
    venue: get('venue').trim(),
    capacity: {
      unit: get('capacity.unit') as Course['capacity']['unit'],
      countedBy: get('capacity.countedBy') as Course['capacity']['countedBy'],
      seats: isUnlimited ? null : number('capacity.seats', get('capacity.seats'), '定員'),
      waitlist: number('capacity.waitlist', get('capacity.waitlist'), 'キャンセル待ちの数'),
      perSession: get('capacity.perSession') === YES,
    },
    ...optional(
      'childcare',
      get('childcare') === ''
        ? undefined
        : {
            places: number('childcare', childcare.places, '保育の席の数'),
            minMonths: number('childcare', childcare.minMonths, '保育の月齢'),
            ...optional('note', filled(childcare.note)),
          },
    ),
    fee: {
      yen: number('fee.yen', get('fee.yen'), '費用'),
      ...optional('detail', filled(get('fee.detail'))),
    },
    bring: linesOf(get('bring')),
    accessibility: linesOf(get('accessibility')),
    notes: linesOf(get('notes')),
    application: {
      method,
      ...optional('opensAt', filled(get('application.opensAt'))),
      ...optional('closesAt', filled(get('application.closesAt'))),
      ...optional('drawAt', filled(get('application.drawAt'))),
      ...optional('note', filled(get('application.note'))),
    },
    ...optional('lottery', get('lottery') === '' ? undefined : readLottery(lottery, number)),
    asks: [
      ...(get('asks.allergy') === YES ? (['allergy'] as const) : []),
      ...(get('asks.guardian') === YES ? (['guardian'] as const) : []),
    ],
    ...optional('surveyUrl', filled(get('surveyUrl'))),
    publication: get('publication') as Publication,
    listed: get('listed') === YES,
  };
  if (method === 'lottery' && lottery.publicValueName.trim() === '') {
    say('lottery', '公正さのために使う番号の名前を書いてください。');
  }
  // What does not fit together is worth saying once each field says something.
  const others = problems.length > 0 ? [] : problemsOf(course);
  return {
    course,
    problems: [
      ...problems,
      ...others.map(({ field, sentence }) => ({ field: fieldAt(field, course), sentence })),
    ],
  };
}

function readLottery(
  { tiers, keys, publicValueName, confirmDays }: TypedLottery,
  number: (field: string, value: string, what: string) => number,
): NonNullable<CourseDraft['lottery']> {
  const letters = [...'abcdefghijklmnop'];
  const free = letters.filter((letter) => !keys.includes(letter));
  return {
    tiers: linesOf(tiers).map((label, index) => ({
      key: keys[index] ?? free[index] ?? 'z',
      label,
    })),
    publicValueName: publicValueName.trim(),
    confirmDays: number('lottery', confirmDays, 'お返事の日数'),
  };
}

/** The field of the form that a path of the API is about. */
export function fieldAt(path: string, course: Pick<CourseDraft, 'sessions'>): string {
  const plain = path.replace(/^changes\./, '');
  const session = /^sessions\.(\d+)/.exec(plain);
  if (session) {
    const at = course.sessions[Number(session[1])];
    return at ? sessionField(at.key) : 'sessionChoice';
  }
  const known = Object.keys(NAMES)
    .filter((field) => plain === field || plain.startsWith(`${field}.`))
    .sort((a, b) => b.length - a.length);
  return known[0] ?? (plain.startsWith('eligibility') ? 'eligibility.who' : 'title');
}

/** A course with nothing in it, four weeks from a day. */
export function blankCourse(now: Date): CourseDraft {
  const date = addDays(dayInTokyo(now), 28);
  return {
    title: '',
    titleKana: '',
    category: '',
    summary: '',
    audience: '',
    eligibility: { who: 'child', judgedOn: 'first_session', conditions: [] },
    sessions: [{ key: '1', date, start: '10:00', end: '11:30' }],
    sessionChoice: 'all',
    venue: '',
    capacity: {
      unit: '組',
      countedBy: 'application',
      seats: 10,
      waitlist: 10,
      perSession: false,
    },
    fee: { yen: 0 },
    bring: [],
    accessibility: [],
    notes: [],
    application: {
      method: 'first_come',
      opensAt: instantInTokyo(addDays(date, -21), '09:00').toISOString(),
      closesAt: instantInTokyo(addDays(date, -1), '17:00').toISOString(),
    },
    asks: [],
    publication: 'draft',
    listed: true,
  };
}

/** The day that is proposed for a copy: the same weekday, four weeks later or when it is not too near. */
export function proposedDay(course: Pick<Course, 'sessions'>, now: Date): string {
  const least = addDays(dayInTokyo(now), 14);
  let day = addDays(firstSession(course.sessions).date, 28);
  while (day < least) day = addDays(day, 7);
  return day;
}

/** What a new course begins with. */
export function starterFrom(course: Course | undefined, firstDate: string, now: Date): CourseDraft {
  return course ? copyOf(course, firstDate) : copyOf(blankCourse(now), firstDate);
}
