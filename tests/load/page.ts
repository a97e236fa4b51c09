/** What a family's phone loads for each public page: HTML, styles and scripts, compressed. */
import { get } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { seed } from '../../infra/local/seed.ts';
import { startHidamari } from '../../infra/local/start.ts';
import { type Figure, figure } from './figure.ts';

const PAGES = [
  '/',
  '/courses/',
  '/courses/crs_multiples-2026-12/',
  '/courses/crs_multiples-2026-12/apply/',
  '/bookings/',
  '/about/',
  '/mail-help/',
  '/privacy/',
  '/accessibility/',
];

export async function* pageFigures(): AsyncGenerator<Figure> {
  const product = await startHidamari({
    dataDir: null,
    siteDist: join(import.meta.dirname, '../../site/dist'),
    seed,
  });
  try {
    for (const page of PAGES) {
      const html = await transfer(product.origin + page);
      const parts = [...html.text.matchAll(/(?:src|href)="(\/[^"]+\.(?:css|js|svg|png|woff2))"/g)];
      const addresses = new Set(parts.map(([, address]) => address ?? ''));
      let bytes = html.bytes;
      for (const address of addresses) bytes += (await transfer(product.origin + address)).bytes;
      const name = page === '/' ? 'home' : page.slice(1, -1).replaceAll('/', '.');
      yield figure(
        `page.${name.replaceAll(/crs_[^.]+/g, 'course')}.kb`,
        bytes / 1000,
        'kB',
        `HTML and ${addresses.size} files, compressed as sent`,
      );
    }
  } finally {
    await product.stop();
  }
}

export function transfer(address: string): Promise<{ bytes: number; text: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    get(address, { headers: { 'accept-encoding': 'br' } }, (response) => {
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        const isPacked = response.headers['content-encoding'] === 'br';
        const text = (isPacked ? brotliDecompressSync(body) : body).toString('utf8');
        if (response.statusCode !== 200) return reject(new Error(`No page at ${address}`));
        resolve({ bytes: body.length, text });
      });
    }).on('error', reject);
  });
}
