/** The single door through which pages, at build time, reach what the system knows. */
export { centre } from '../../functions/centre/settings.ts';
export { OpeningsView } from '../../functions/courses/views.tsx';
export { LookupView } from '../../functions/registrations/views.tsx';
