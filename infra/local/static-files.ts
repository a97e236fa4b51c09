/**
 * Answers for files: several folders laid over each other, as the bucket and the CDN would answer.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { METADATA_SUFFIX } from '../../functions/platform/folder-store.ts';

const contentTypes: Record<string, string> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.ics': 'text/calendar; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

const compressible = /^(text\/|application\/(json|xml|manifest\+json)|image\/svg)/;

/** Templates are built for the worker; metadata and drafts are the object store's own. */
const hidden = new RegExp(`^/templates(/|$)|\\.draft$|${METADATA_SUFFIX.replaceAll('.', '\\.')}$`);

interface StoredFile {
  version: string;
  body: Buffer;
  type: string;
  cacheControl: string;
  etag: string;
  encoded: Map<string, Promise<Buffer>>;
}

export type StaticFiles = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Folders are searched in order: what staff published first, then what a deployment built. */
export function makeStaticFiles(folders: readonly string[]): StaticFiles {
  const cache = new Map<string, StoredFile>();

  async function find(path: string): Promise<StoredFile | undefined> {
    for (const folder of folders) {
      const file = join(folder, path);
      const found = await stat(file).catch(() => undefined);
      if (!found?.isFile()) continue;
      const version = `${found.ino}-${found.mtimeMs}-${found.size}`;
      const known = cache.get(file);
      if (known?.version === version) return known;
      const body = await readFile(file);
      const etag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
      const stored = await readMetadata(file);
      const fresh: StoredFile = {
        version,
        body,
        type: stored.contentType ?? contentTypes[extname(path)] ?? 'application/octet-stream',
        cacheControl: stored.cacheControl ?? cacheControl(path),
        etag,
        encoded: new Map(),
      };
      if (cache.size > 1_000) cache.clear();
      cache.set(file, fresh);
      return fresh;
    }
    return undefined;
  }

  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return send(request, response, 405, await find('404.html'));
    }
    const [, rawPath = '/', query = ''] = /^([^?#]*)(.*)$/.exec(request.url ?? '/') ?? [];
    const path = safePath(rawPath);
    if (path === undefined) return send(request, response, 404, await find('404.html'));
    const file = await find(path.endsWith('/') ? `${path}index.html` : path);
    if (file) return send(request, response, 200, file);
    if (!path.endsWith('/') && (await find(`${path}/index.html`))) {
      response.writeHead(308, { location: `${rawPath}/${query}`, 'cache-control': 'max-age=0' });
      response.end();
      return;
    }
    return send(request, response, 404, await find('404.html'));
  };
}

/** What the object store was told about the file; nothing for a file of the build. */
async function readMetadata(
  file: string,
): Promise<{ contentType?: string; cacheControl?: string }> {
  try {
    return JSON.parse(await readFile(file + METADATA_SUFFIX, 'utf8'));
  } catch {
    return {};
  }
}

/** The decoded path, or undefined for whatever could leave the folder or reach a hidden file. */
function safePath(rawPath: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    return undefined;
  }
  const odd = !path.startsWith('/') || /[\\\0]|\/\/|\/\./.test(path) || hidden.test(path);
  return odd ? undefined : path;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  file: StoredFile | undefined,
): Promise<void> {
  if (!file) {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('お探しのページは見つかりませんでした。');
    return;
  }
  const { type } = file;
  // CloudFront, too, leaves files under 1,000 bytes as they are.
  const packable = compressible.test(type) && file.body.length >= 1_000;
  const encoding = packable ? chooseEncoding(request) : undefined;
  const etag = `"${file.etag}${encoding ? `-${encoding}` : ''}"`;
  response.setHeader('content-type', type);
  // What headers.ts says of a path goes before what the file says of itself, as at the CDN.
  if (!response.hasHeader('cache-control')) {
    response.setHeader('cache-control', status === 200 ? file.cacheControl : 'no-cache');
  }
  if (packable) response.setHeader('vary', 'Accept-Encoding');
  if (status === 200) {
    response.setHeader('etag', etag);
    if (matches(request.headers['if-none-match'], etag)) {
      response.removeHeader('content-type');
      response.writeHead(304).end();
      return;
    }
  }
  if (encoding) response.setHeader('content-encoding', encoding);
  const body = await encodedBody(file, encoding);
  response.writeHead(status, { 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function cacheControl(path: string): string {
  if (path.startsWith('/_astro/')) return 'public, max-age=31536000, immutable';
  return path.endsWith('.json') ? 'public, max-age=5' : 'public, max-age=0, must-revalidate';
}

function chooseEncoding(request: IncomingMessage): 'br' | 'gzip' | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0]?.trim());
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

function encodedBody(file: StoredFile, encoding: 'br' | 'gzip' | undefined): Promise<Buffer> {
  if (!encoding) return Promise.resolve(file.body);
  const known = file.encoded.get(encoding);
  if (known) return known;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 6 };
  const made = encoding === 'br' ? brotli(file.body, { params }) : zip(file.body);
  file.encoded.set(encoding, made);
  return made;
}
