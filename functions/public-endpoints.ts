/** What families reach, in one list: all that the public Lambda carries. */
import { courseEndpoints } from './courses/endpoints.ts';
import type { Endpoint } from './platform/endpoint.ts';
import { registrationEndpoints } from './registrations/endpoints.tsx';

export const publicEndpoints: readonly Endpoint[] = [...courseEndpoints, ...registrationEndpoints];
