/** The single door through which pages, at build time, reach what the system knows. */
export { centre } from '../../functions/centre/settings.ts';
export { OpeningsView } from '../../functions/courses/views.tsx';
export { hirobaSites } from '../../functions/hiroba/settings.ts';
export { hoursLines } from '../../functions/hiroba/words.ts';
export { letterSettings } from '../../functions/letters/settings.ts';
export { LookupView } from '../../functions/registrations/views.tsx';
