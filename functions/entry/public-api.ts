/** The Lambda that families' requests reach. */
import * as z from 'zod';
import { loadConfig } from '../platform/config.ts';
import { makeApiDeps } from '../platform/deps.ts';
import { makeApi } from '../platform/http.ts';
import { publicEndpoints } from '../public-endpoints.ts';
import { messagePage } from '../registrations/endpoints.tsx';

// Compiling a parser for each schema pays after thousands of calls; a parent waits for the first.
z.config({ jitless: true });

export const handler = makeApi(publicEndpoints, makeApiDeps(loadConfig(process.env)), messagePage);
