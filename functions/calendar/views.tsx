/** How to take dates along: calendars to subscribe to, explained in plain words. Pure markup. */

export interface Feed {
  readonly name: string;
  /** Path on our own site, `/feeds/….ics`. */
  readonly path: string;
}

/** @param origin of the site; a calendar program needs the whole address */
export function SubscribeView({
  feeds,
  others,
  origin,
}: {
  readonly feeds: readonly Feed[];
  /** Parts of the first ones, for who wants no more than that. */
  readonly others?: { readonly name: string; readonly feeds: readonly Feed[] };
  readonly origin: string;
}) {
  return (
    <div class="subscribe">
      <p>
        お使いのカレンダーに一度つなぐと、日程が増えたり変わったりしたときも、自動で新しくなります。だれがつないだかは、わたしたちにはわかりません。
      </p>
      <Feeds feeds={feeds} origin={origin} />
      {others && (
        <details class="more">
          <summary>{others.name}</summary>
          <Feeds feeds={others.feeds} origin={origin} />
        </details>
      )}
      <details class="more">
        <summary>つなぎ方</summary>
        <ul class="subscribe__how">
          <li>
            iPhone・iPad・Mac：「カレンダーにつなぐ」を押して、出てきた画面で「照会」を選びます。
          </li>
          <li>
            Google カレンダー：パソコンで「他のカレンダー」の「＋」から「URL
            で追加」を選び、上のアドレスを貼り付けます。スマートフォンにも出るようになります。
          </li>
          <li>
            Outlook：「予定表の追加」から「Web から定期受信」を選び、上のアドレスを貼り付けます。
          </li>
          <li>やめたいときは、お使いのカレンダーから、そのカレンダーを消すだけです。</li>
        </ul>
      </details>
    </div>
  );
}

function Feeds({ feeds, origin }: { readonly feeds: readonly Feed[]; readonly origin: string }) {
  const { host } = new URL(origin);
  return (
    <ul class="subscribe__list" role="list">
      {feeds.map(({ name, path }) => (
        <li class="subscribe__feed" key={path}>
          <a class="onward" href={`webcal://${host}${path}`}>
            {name}をカレンダーにつなぐ
          </a>
          <span class="subscribe__address">
            アドレス <a href={path}>{`${origin}${path}`}</a>
          </span>
        </li>
      ))}
    </ul>
  );
}
