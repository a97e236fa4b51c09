/** Which screen of the desk an address opens, for whom. */
import { expect, test } from 'vitest';
import { placeIn, sectionsFor } from '../../site/src/desk/sections.tsx';

const keysFor = (...groups: string[]) => sectionsFor({ groups }).map(({ key }) => key);

test('a role sees its own sections, and a log-in without a role none', () => {
  expect(keysFor('center_head')).toEqual([
    'board',
    'attendance',
    'courses',
    'lottery',
    'calls',
    'applications',
    'hiroba',
    'roster',
    'letters',
    'reports',
    'keys',
    'audit',
  ]);
  expect(keysFor('teens_worker')).toEqual(['letters', 'keys']);
  expect(keysFor('family_worker')).toEqual(['letters', 'reports', 'keys']);
  expect(keysFor('course_staff')).not.toContain('audit');
  expect(keysFor('hiroba_staff')).toEqual(['board', 'attendance', 'hiroba', 'roster']);
  expect(keysFor('some_other_group')).toEqual([]);
});

test('an address names a section and a place in it; any other opens the first section', () => {
  const open = sectionsFor({ groups: ['course_staff'] });
  const place = (hash: string) => {
    const { section, rest } = placeIn(open, hash);
    return [section?.key, rest];
  };
  expect(place('')).toEqual(['board', '']);
  expect(place('#courses/crs_zero-2026-12')).toEqual(['courses', 'crs_zero-2026-12']);
  expect(place('#hiroba')).toEqual(['hiroba', '']);
  expect(place('#hiroba/komorebi/2026-12')).toEqual(['hiroba', 'komorebi/2026-12']);
  expect(place('#attendance/crs_1/A')).toEqual(['attendance', 'crs_1/A']);
  expect(place('#elsewhere/1')).toEqual(['board', '']);
});

test('a section that is not for this role is not opened by its address', () => {
  const { section } = placeIn(sectionsFor({ groups: ['hiroba_staff'] }), '#courses/crs_1');
  expect(section?.key).toBe('board');
});
