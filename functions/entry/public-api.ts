/** The Lambda that families' requests reach. */
import { publicEndpoints } from '../api.ts';
import { loadConfig } from '../platform/config.ts';
import { makeApiDeps } from '../platform/deps.ts';
import { makeApi } from '../platform/http.ts';
import { messagePage } from '../registrations/endpoints.tsx';

export const handler = makeApi(publicEndpoints, makeApiDeps(loadConfig(process.env)), messagePage);
