/** The Lambda that letters reach: it sees sealed boxes, and no family and no course. */
import * as z from 'zod';
import { letterEndpoints } from '../letter-endpoints.ts';
import { makeBlobs } from '../platform/blobs.ts';
import { loadConfig } from '../platform/config.ts';
import { makeApiDeps } from '../platform/deps.ts';
import { makeApi } from '../platform/http.ts';
import { messagePage } from '../registrations/endpoints.tsx';

// Compiling a parser for each schema pays after thousands of calls; somebody waits for the first.
z.config({ jitless: true });

const config = loadConfig(process.env);
const deps = makeApiDeps(config, { blobs: makeBlobs(config) });
export const handler = makeApi(letterEndpoints, deps, messagePage);
