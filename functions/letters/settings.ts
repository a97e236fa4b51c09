/**
 * How this centre takes letters: desks, hours, promises, the people who are woken, and the key that pages
 * trust. A city that deploys ひだまり edits this file. All of it is the demonstration's.
 */
import { contacts } from '../centre/contacts.ts';
import { DEMONSTRATION_CENTRE_KEY } from './rules.ts';
import { LetterSettings } from './settings-model.ts';

export const letterSettings: LetterSettings = LetterSettings.parse({
  centreId: 'hidamari',
  desks: {
    teens: {
      name: 'ティーンズ相談室',
      phone: contacts.teens.tel,
      // 火曜から土曜の13時から19時
      openWeekdays: [2, 3, 4, 5, 6],
      opens: '13:00',
      closes: '19:00',
      unopenedHours: 20,
      approval: 'two',
      readers: ['teens_worker', 'family_worker', 'center_head'],
    },
    general: {
      name: '子育ての相談',
      phone: contacts.consultation.tel,
      openWeekdays: [1, 2, 3, 4, 5, 6],
      opens: '09:00',
      closes: '16:30',
      unopenedHours: 24,
      approval: 'one',
      readers: ['family_worker', 'center_head'],
    },
  },
  urgentHours: 1,
  dutyMail: 'tooban@hidamari.example.jp',
  noticeFromName: 'おしらせ',
  retentionDays: 1_095,
  // A deployment refuses this one; docs/operations.md says how it gets its own.
  pinned: { centreKey: DEMONSTRATION_CENTRE_KEY },
});
