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

export const endpoints: readonly Endpoint[] = [
  ...publicEndpoints,
  ...letterEndpoints,
  ...staffEndpoints,
];
