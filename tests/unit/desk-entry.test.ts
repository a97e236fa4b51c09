/** What staff type into the desk's form becomes the body that the site's own form sends. */
import { describe, expect, test } from 'vitest';
import { EntryRequest } from '../../functions/registrations/desk-model.ts';
import { bodyOf, rowsOf, withoutEmptyRows } from '../../site/src/desk/entry.ts';
import { aCourse } from '../support/world.ts';

const typed = {
  'applicant.name': '見本 花子',
  'applicant.kana': 'みほん はなこ',
  'applicant.phone': '０４２－０００－０１００',
  'participants.0.name': '',
  'participants.0.kana': ' ',
  'participants.1.name': '見本 光',
  'participants.1.kana': 'みほん ひかり',
  'participants.1.birthDate': 'R8.6.1',
};

test('rows in which nothing is written go, so that what is said of the first row stands at it', () => {
  const compact = withoutEmptyRows(typed);
  expect(rowsOf(compact, 'participants')).toBe(1);
  expect(compact['participants.0.name']).toBe('見本 光');
  expect(rowsOf(compact, 'childcare')).toBe(0);
});

describe('the body', () => {
  test('is one that the API takes, as a call unless it is said otherwise', () => {
    const body = EntryRequest.parse(bodyOf(aCourse(), withoutEmptyRows(typed)));
    expect(body).toMatchObject({
      channel: 'phone',
      applicant: { phone: '0420000100', kana: 'ミホン ハナコ' },
      participants: [{ birthDate: '2026-06-01' }],
      sessionKeys: [],
      childcare: [],
    });
    expect(bodyOf(aCourse(), { channel: 'counter' })['channel']).toBe('counter');
  });

  test('holds only what this course asks, whatever was typed for another', () => {
    const all = {
      ...typed,
      adults: '2',
      allergy: '卵',
      'guardian.name': '見本 親',
      'childcare.0.name': '見本 兄',
      'sessionKeys.0': 'A',
      meetsConditions: 'on',
      'dueMonth.year': '2027',
    };
    const keys = Object.keys(bodyOf(aCourse(), all)).sort();
    expect(keys).toEqual(
      ['applicant', 'channel', 'courseId', 'mailWithoutLink', 'needs', 'participants'].sort(),
    );
  });

  test('holds everything that a course can ask', () => {
    const course = aCourse({
      sessionChoice: 'each',
      sessions: [
        { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
        { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' },
      ],
      eligibility: {
        who: 'child',
        judgedOn: 'first_session',
        conditions: ['多胎'],
        expecting: { label: '妊娠中の方' },
      },
      capacity: { unit: '人', countedBy: 'person', seats: 9, waitlist: 1, perSession: true },
      childcare: { places: 2, minMonths: 6 },
      asks: ['allergy', 'guardian'],
      application: { method: 'lottery' },
      lottery: {
        tiers: [{ key: 'first', label: 'はじめての方' }],
        publicValueName: '番号',
        confirmDays: 5,
      },
    });
    const body = EntryRequest.parse(
      bodyOf(course, {
        ...typed,
        'session.B': 'on',
        adults: '2',
        allergy: '卵',
        'guardian.name': '見本 親',
        'guardian.phone': '042-000-0101',
        'childcare.0.name': '見本 兄',
        'childcare.0.kana': 'みほん あに',
        'childcare.0.birthDate': '2024/6/1',
        courseWithoutChildcare: 'on',
        meetsConditions: 'on',
        'tiers.first': 'on',
        'dueMonth.year': '令和9',
        'dueMonth.month': '2',
      }),
    );
    expect(body).toMatchObject({
      sessionKeys: ['B'],
      adults: 2,
      allergy: '卵',
      guardian: { phone: '0420000101' },
      childcare: [{ birthDate: '2024-06-01' }],
      courseWithoutChildcare: true,
      meetsConditions: true,
      tiers: ['first'],
      dueMonth: '2027-02',
    });
  });
});
