/** The Lambda that the desk's requests reach. */
import { loadConfig } from '../platform/config.ts';
import { makeApiDeps } from '../platform/deps.ts';
import { makeApi } from '../platform/http.ts';
import { messagePage } from '../registrations/endpoints.tsx';
import { staffEndpoints } from '../staff-endpoints.ts';

export const handler = makeApi(staffEndpoints, makeApiDeps(loadConfig(process.env)), messagePage);
