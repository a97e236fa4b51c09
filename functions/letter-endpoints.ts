/** What who writes a letter reaches, in one list: all that the letters' Lambda carries. */
import { keyEndpoints } from './keys/endpoints.ts';
import { letterEndpoints as letters } from './letters/endpoints.ts';
import type { Endpoint } from './platform/endpoint.ts';

export const letterEndpoints: readonly Endpoint[] = [...letters, ...keyEndpoints];
