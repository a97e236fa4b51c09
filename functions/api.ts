/**
 * Every endpoint there is; read by CDK, OpenAPI and the tests. Lambdas are split by privilege, and each
 * carries the code of its own list only: the public one has no Query on persons and never sees a letter, the
 * letters' one sees no family, the desk's no visitors.
 */
import { letterEndpoints } from './letter-endpoints.ts';
import type { Endpoint } from './platform/endpoint.ts';
import { publicEndpoints } from './public-endpoints.ts';
import { staffEndpoints } from './staff-endpoints.ts';

export { letterEndpoints, publicEndpoints, staffEndpoints };

/** Which Lambda serves which endpoints. */
export const apis = {
  'public-api': publicEndpoints,
  'letters-api': letterEndpoints,
  'staff-api': staffEndpoints,
} as const satisfies Record<string, readonly Endpoint[]>;

export const endpoints: readonly Endpoint[] = Object.values(apis).flat();
