/** Writes /api/openapi.json into the built site, where every server of files finds it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpoints } from '../functions/api.ts';
import { openApiDocument } from './openapi.ts';

const folder = join(import.meta.dirname, '../site/dist/api');
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'openapi.json'),
  `${JSON.stringify(openApiDocument(endpoints), null, 2)}\n`,
);
