/**
 * The page /mail/, where the mails that the demonstration sent can be read; nothing leaves the machine.
 */
import type { ServerResponse } from 'node:http';
import { escapeHtml, Html, html, renderPage, sendPage, sendStylesheet } from './html.ts';
import type { CaughtMail } from './mail.ts';
import type { Mount } from './web-server.ts';

export interface MailReaderOptions {
  mails: () => readonly CaughtMail[];
  /** Links to this origin can be followed; links to anywhere else stay text. */
  origin: string;
}

export function makeMailReader({ mails, origin }: MailReaderOptions): Mount {
  return (request, response) => {
    const [, , id = '', part, index] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    if (id === 'style.css') return sendStylesheet(response);
    if (id === '') return show(response, 200, '届いたメール', listPage(mails()));
    const mail = mails().find((candidate) => candidate.id === id);
    if (mail && part === 'attachments') return sendAttachment(response, mail, Number(index));
    if (mail) return show(response, 200, mail.subject, mailPage(mail, origin));
    const gone = html`<h1>このメールはありません</h1>
<p>古いメールは、新しいものから順に残して消えていきます。</p>
<p><a href="/mail/">届いたメールの一覧へ</a></p>`;
    show(response, 404, 'このメールはありません', gone);
  };
}

function show(response: ServerResponse, status: number, title: string, body: Html): void {
  sendPage(response, status, renderPage(title, '/mail/style.css', body));
}

function listPage(mails: readonly CaughtMail[]): Html {
  const newestFirst = mails.toReversed().map(
    (mail) => html`<li><a href="/mail/${mail.id}/">
<strong>${mail.subject || '（件名なし）'}</strong>
<span>${mail.to.join('、')}</span>
${timeOf(mail)}
</a></li>
`,
  );
  const list =
    mails.length > 0
      ? html`<ul class="list">
${newestFirst}</ul>`
      : html`<p class="empty">まだ届いていません。講座に申し込むと、確認のメールがここに届きます。</p>`;
  return html`<div class="bar"><h1>届いたメール</h1><a href="/mail/">更新</a></div>
<p class="note">練習用です。ここに出るメールは、実際にはどこへも送られていません。</p>
${list}`;
}

function mailPage(mail: CaughtMail, origin: string): Html {
  const files = mail.attachments.map(
    ({ filename }, index) =>
      html`<li><a href="/mail/${mail.id}/attachments/${index}" download>${filename}</a></li>
`,
  );
  return html`<div class="bar"><a href="/mail/">届いたメールの一覧へ</a></div>
<h1>${mail.subject || '（件名なし）'}</h1>
<dl>
<dt>宛先</dt><dd>${mail.to.join('、')}</dd>
<dt>差出人</dt><dd>${mail.from.replace(/^"(.*)" </, '$1 <')}</dd>
<dt>日時</dt><dd>${timeOf(mail)}</dd>
</dl>
<div class="mail">${withLinks(mail.text, origin)}</div>
${files.length > 0 ? html`<h2>添付</h2><ul class="files">${files}</ul>` : undefined}`;
}

function withLinks(text: string, origin: string): Html {
  const pieces = text.split(/(https?:\/\/[\w\-./?%&=+#:@~]*[\w\-/=])/);
  const marked = pieces.map((piece) => {
    const own = URL.canParse(piece) && new URL(piece).origin === origin;
    const shown = escapeHtml(piece);
    return own ? `<a href="${shown}">${shown}</a>` : shown;
  });
  return new Html(marked.join(''));
}

const clock = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'full',
  timeStyle: 'short',
});

function timeOf(mail: CaughtMail): Html {
  return html`<time datetime="${mail.at}">${clock.format(new Date(mail.at))}</time>`;
}

function sendAttachment(response: ServerResponse, mail: CaughtMail, index: number): void {
  const attachment = mail.attachments[index];
  if (!attachment) {
    response.writeHead(404).end();
    return;
  }
  const calendar = attachment.contentType.startsWith('text/calendar');
  const name = encodeURIComponent(attachment.filename).replace(/['()*]/g, '_');
  response.writeHead(200, {
    'content-type': calendar ? 'text/calendar; charset=utf-8' : 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
    'cache-control': 'no-store',
  });
  response.end(Buffer.from(attachment.content, 'base64'));
}
