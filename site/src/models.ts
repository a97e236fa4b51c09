/** The single door through which pages, at build time, reach what the system knows. */
export { contacts, LAST_VERIFIED } from '../../functions/centre/contacts.ts';
export { centre } from '../../functions/centre/settings.ts';
export { OpeningsView } from '../../functions/courses/views.tsx';
export { hirobaSites } from '../../functions/hiroba/settings.ts';
export { hoursLines } from '../../functions/hiroba/words.ts';
export { readFurigana, withoutReadings } from '../../functions/letters/furigana.ts';
export { letterSettings } from '../../functions/letters/settings.ts';
export { fullDateName, hoursOfDesk, readersOfDesk } from '../../functions/letters/words.ts';
export { LookupView } from '../../functions/registrations/views.tsx';
