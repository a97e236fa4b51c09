/**
 * Pages of the local helpers (mail reader, log-in): a template tag that escapes whatever is put into
 * it, one frame, and one stylesheet, with no inline script or style.
 */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

export class Html {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

type Piece = string | number | undefined | Html | readonly Piece[];

export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(String.raw({ raw: parts }, ...pieces.map(toSource)));
}

function toSource(piece: Piece): string {
  if (piece instanceof Html) return piece.source;
  if (Array.isArray(piece)) return piece.map(toSource).join('');
  return escapeHtml(String(piece ?? ''));
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}

/** @param stylesheet address of the one stylesheet */
export function renderPage(title: string, stylesheet: string, body: Html): string {
  return html`<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}｜ひだまり</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${stylesheet}">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.source;
}

export function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(page);
}

const stylesheet = readFileSync(new URL('./style.css', import.meta.url));

export function sendStylesheet(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.end(stylesheet);
}
