/** What the desk reaches, in one list. */
import { attendanceEndpoints } from './attendance/endpoints.ts';
import { auditEndpoints } from './audit/endpoints.ts';
import { callEndpoints } from './calls/endpoints.ts';
import { courseDeskEndpoints } from './courses/desk-endpoints.ts';
import { hirobaEndpoints } from './hiroba/endpoints.ts';
import { keyDeskEndpoints } from './keys/desk-endpoints.ts';
import { letterDeskEndpoints } from './letters/desk-endpoints.ts';
import { lotteryEndpoints } from './lotteries/endpoints.ts';
import type { Endpoint } from './platform/endpoint.ts';
import { registrationDeskEndpoints } from './registrations/desk-endpoints.ts';

export const staffEndpoints: readonly Endpoint[] = [
  ...attendanceEndpoints,
  ...courseDeskEndpoints,
  ...hirobaEndpoints,
  ...lotteryEndpoints,
  ...callEndpoints,
  ...registrationDeskEndpoints,
  ...auditEndpoints,
  ...letterDeskEndpoints,
  ...keyDeskEndpoints,
];
