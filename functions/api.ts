/** Every endpoint there is, in one list; read by the Lambdas, CDK, OpenAPI and the tests. */

import { attendanceEndpoints } from './attendance/endpoints.ts';
import { auditEndpoints } from './audit/endpoints.ts';
import { callEndpoints } from './calls/endpoints.ts';
import { courseEndpoints } from './courses/endpoints.ts';
import { hirobaEndpoints } from './hiroba/endpoints.ts';
import { lotteryEndpoints } from './lotteries/endpoints.ts';
import type { Endpoint } from './platform/endpoint.ts';
import { registrationDeskEndpoints } from './registrations/desk-endpoints.ts';
import { registrationEndpoints } from './registrations/endpoints.tsx';

export const endpoints: readonly Endpoint[] = [
  ...attendanceEndpoints,
  ...courseEndpoints,
  ...hirobaEndpoints,
  ...lotteryEndpoints,
  ...registrationEndpoints,
  ...callEndpoints,
  ...registrationDeskEndpoints,
  ...auditEndpoints,
];

/** Lambdas are split by privilege: the public one has no Query on persons, the other no visitors. */
export const publicEndpoints = endpoints.filter((endpoint) => endpoint.access === 'public');
export const staffEndpoints = endpoints.filter((endpoint) => endpoint.access !== 'public');
