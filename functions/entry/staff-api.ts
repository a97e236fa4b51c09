/** The Lambda that the desk's requests reach. */
import { makeBlobs } from '../platform/blobs.ts';
import { loadConfig } from '../platform/config.ts';
import { makeApiDeps } from '../platform/deps.ts';
import { makeApi } from '../platform/http.ts';
import { messagePage } from '../registrations/endpoints.tsx';
import { staffEndpoints } from '../staff-endpoints.ts';

const config = loadConfig(process.env);
const deps = makeApiDeps(config, { blobs: makeBlobs(config) });
export const handler = makeApi(staffEndpoints, deps, messagePage);
