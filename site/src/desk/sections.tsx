/** The sections of the desk, as data: who may open which, and the screen that it shows. */
import type { ComponentType } from 'preact';
import { ApplicationsScreen } from './applications-screen.tsx';
import { AttendanceScreen } from './attendance-screen.tsx';
import { AuditScreen } from './audit-screen.tsx';
import { BoardScreen } from './board-screen.tsx';
import { CallsScreen } from './calls.tsx';
import { CoursesScreen } from './courses-screen.tsx';
import { HirobaScreen } from './hiroba.tsx';
import { later } from './later.tsx';
import type { Session } from './log-in.ts';
import { LotteryScreen } from './lottery.tsx';
import { ReportsScreen } from './reports-screen.tsx';
import { RosterScreen } from './roster-screen.tsx';

/** What every screen is given. The address is `#<key>/<rest>`. */
export interface ScreenProps {
  readonly session: Session;
  /** What follows the section's key in the address; empty on the section's first view. */
  readonly rest: string;
  /** Moves within the section. */
  readonly onGo: (rest: string) => void;
  /** The session has run out. */
  readonly onLoggedOut: () => void;
}

export interface Section {
  readonly key: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly Screen: ComponentType<ScreenProps>;
  /** Reached from a screen of this section; not in the navigation itself. */
  readonly within?: string;
}

export const roleName: Readonly<Record<string, string>> = {
  course_staff: '講座担当',
  center_head: 'センター長',
  hiroba_staff: 'ひろば担当',
  teens_worker: 'ティーンズ担当',
  family_worker: '相談担当',
};

// What seals is fetched when somebody comes to the letters, and never before.
const LettersScreen = later(() =>
  import('./letters-screen.tsx').then(({ LettersScreen }) => LettersScreen),
);

const KeysScreen = later(() => import('./keys-screen.tsx').then(({ KeysScreen }) => KeysScreen));

const EVERYBODY = ['hiroba_staff', 'course_staff', 'center_head'];

const sections: readonly Section[] = [
  { key: 'board', name: '今日', roles: EVERYBODY, Screen: BoardScreen },
  {
    key: 'attendance',
    name: '出欠',
    roles: EVERYBODY,
    Screen: AttendanceScreen,
    within: 'board',
  },
  { key: 'courses', name: '講座', roles: ['course_staff', 'center_head'], Screen: CoursesScreen },
  { key: 'lottery', name: '抽選', roles: ['course_staff', 'center_head'], Screen: LotteryScreen },
  { key: 'calls', name: '電話連絡', roles: ['course_staff', 'center_head'], Screen: CallsScreen },
  {
    key: 'applications',
    name: '申し込み',
    roles: ['course_staff', 'center_head'],
    Screen: ApplicationsScreen,
  },
  {
    key: 'hiroba',
    name: 'ひろば',
    roles: ['hiroba_staff', 'course_staff', 'center_head'],
    Screen: HirobaScreen,
  },
  {
    key: 'roster',
    name: '名簿',
    roles: ['hiroba_staff', 'course_staff', 'center_head'],
    Screen: RosterScreen,
  },
  {
    key: 'letters',
    name: '手紙',
    roles: ['teens_worker', 'family_worker', 'center_head'],
    Screen: LettersScreen,
  },
  { key: 'reports', name: '通告', roles: ['family_worker', 'center_head'], Screen: ReportsScreen },
  {
    key: 'keys',
    name: '鍵',
    roles: ['teens_worker', 'family_worker', 'center_head'],
    Screen: KeysScreen,
  },
  { key: 'audit', name: '記録', roles: ['center_head'], Screen: AuditScreen },
];

/** What this session may open, in the order of the navigation. */
export function sectionsFor(session: Pick<Session, 'groups'>): readonly Section[] {
  return sections.filter(({ roles }) => roles.some((role) => session.groups.includes(role)));
}

/** The section of an address such as `#courses/crs_1`, else the first one, and what follows. */
export function placeIn(
  open: readonly Section[],
  hash: string,
): { readonly section: Section | undefined; readonly rest: string } {
  const [key = '', ...rest] = hash.replace(/^#/, '').split('/');
  const section = open.find((candidate) => candidate.key === key);
  return section ? { section, rest: rest.join('/') } : { section: open[0], rest: '' };
}
