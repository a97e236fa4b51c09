/** The lines of the queue: how urgent, what about, since when, and how much time is left. */
import type { RefObject } from 'preact';
import {
  closeOutcomeName,
  deskAgeName,
  deskTopicName,
  momentName,
  type QueueItem,
  urgencyName,
} from '../rules.ts';
import { Dial } from './dial.tsx';
import { dueName, duesOf, splitBurst } from './letters-due.ts';
import { memberName, type Vault } from './vault.ts';

export function QueueList({
  items,
  chosen,
  vault,
  now,
  list,
  onChoose,
}: {
  readonly items: readonly QueueItem[];
  readonly chosen: string;
  readonly vault: Vault;
  readonly now: Date;
  readonly list: RefObject<HTMLDivElement | null>;
  readonly onChoose: (mailbox: string) => void;
}) {
  const { apart, together } = splitBurst(items);
  const line = (item: QueueItem) => (
    <Line
      key={item.mailbox}
      item={item}
      isChosen={item.mailbox === chosen}
      vault={vault}
      now={now}
      onChoose={onChoose}
    />
  );
  return (
    <div ref={list}>
      <ul class="letters" role="list">
        {apart.map(line)}
      </ul>
      {together.length > 0 && (
        <details class="burst" open={together.some(({ mailbox }) => mailbox === chosen)}>
          <summary class="burst__name">
            同じころに届いた、はじめての手紙 {together.length}通
          </summary>
          <ul class="letters" role="list">
            {together.map(line)}
          </ul>
        </details>
      )}
    </div>
  );
}

export function UrgencyChip({ urgency }: Pick<QueueItem, 'urgency'>) {
  return (
    <span class="chip urgency" data-urgency={urgency}>
      {urgencyName[urgency]}
    </span>
  );
}

/** A word for each thing that somebody should do or know. */
export function Marks({ item, vault }: { readonly item: QueueItem; readonly vault: Vault }) {
  const { draft, reviewDue, unopenable, assignee, helped, closed, reported } = item;
  const marks = [
    draft === 'proposed' ? '確認まち' : draft === 'writing' ? '下書きあり' : undefined,
    reviewDue ? 'あとから確認' : undefined,
    unopenable.length > 0 ? '開けない手紙' : undefined,
    helped === 'yes' ? '助けになった' : helped === 'no' ? '助けにならなかった' : undefined,
    reported ? '通告を受理ずみ' : undefined,
    closed ? (closeOutcomeName as Readonly<Record<string, string>>)[closed.outcome] : undefined,
    assignee === undefined
      ? undefined
      : `担当 ${assignee === vault.me ? '自分' : memberName(vault, assignee)}`,
  ].filter((mark) => mark !== undefined);
  return (
    <>
      {marks.map((mark) => (
        <span class="letter-line__mark" key={mark}>
          {mark}
        </span>
      ))}
    </>
  );
}

/** What the writer chose to show: topic and age. */
export function aboutName({ topic, ageBand }: Pick<QueueItem, 'topic' | 'ageBand'>): string {
  const parts = [
    topic === undefined ? '話題なし' : deskTopicName[topic],
    ageBand === undefined ? undefined : deskAgeName[ageBand],
  ];
  return parts.filter((part) => part !== undefined).join('・');
}

function Line({
  item,
  isChosen,
  vault,
  now,
  onChoose,
}: {
  readonly item: QueueItem;
  readonly isChosen: boolean;
  readonly vault: Vault;
  readonly now: Date;
  readonly onChoose: (mailbox: string) => void;
}) {
  const [due] = duesOf(item, now);
  const isNew = item.letters.in <= 1 && item.letters.out === 0 && item.round === 1;
  return (
    <li class="letter-line" data-chosen={isChosen ? '' : undefined}>
      <UrgencyChip urgency={item.urgency} />
      <a
        class="letter-line__link"
        href={`#letters/${item.mailbox}`}
        aria-current={isChosen ? 'true' : undefined}
        onClick={(event) => {
          event.preventDefault();
          onChoose(item.mailbox);
        }}
      >
        {aboutName(item)}
      </a>
      <span class="letter-line__due" data-late={due?.isLate ? '' : undefined}>
        {due && (
          <>
            <Dial gone={due.gone} />
            {dueName[due.what]} {due.left}
          </>
        )}
      </span>
      <span class="letter-line__facts">
        <span>{item.conversation}</span>
        <span>
          {item.waitingSince === undefined
            ? `${momentName(new Date(item.receivedAt))} の手紙まで`
            : `${momentName(new Date(item.waitingSince))} から`}
        </span>
        <span>{isNew ? 'はじめて' : `手紙 ${item.letters.in}・返事 ${item.letters.out}`}</span>
        <Marks item={item} vault={vault} />
      </span>
    </li>
  );
}
