/** What follows from letters: somebody is woken, somebody is told once, sending becomes harder or easier. */
import type { DomainEvent } from '../events.ts';
import type { DeadlineHandler, Reaction, Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { SET_LEVEL, setLevel } from './difficulty.ts';
import { LetterEvent } from './model.ts';
import { UNNAMED } from './parts.ts';
import { UNANSWERED, UNOPENED } from './post.ts';
import { sweepParts } from './sweep.ts';
import { tellDuty, tellUnanswered, tellUnopened, tellWriterOnce } from './tell.ts';

export const letterReactions: readonly Reaction<DomainEvent, WorkerDeps>[] = [
  {
    name: 'tell_duty',
    on: ['letter_received'],
    hurts:
      '「いますぐ」の手紙を書いた子どもや保護者。当番の電話に知らせが届いていません。手紙を開いてください。',
    run: (event, deps) => tellDuty(deps, LetterEvent.parse(event)),
  },
  {
    name: 'tell_writer_once',
    on: ['letter_answered'],
    hurts: '返事が来たら知らせてほしいと頼んだ方に、知らせが届いていません。',
    run: (event, deps) => tellWriterOnce(deps, LetterEvent.parse(event)),
  },
];

export const letterRefreshes: readonly Refresh<DomainEvent, WorkerDeps>[] = [
  {
    name: 'set_letters_level',
    on: ['letter_received'],
    hurts: 'たくさん送りつけられたときに、相談室の手紙がうもれやすくなります。',
    keys: () => ['level'],
    all: async () => ['level'],
    run: (_key, deps) => setLevel(deps),
  },
];

export const letterDeadlines: readonly DeadlineHandler<WorkerDeps>[] = [
  {
    kind: UNOPENED,
    hurts: '手紙を書いた子どもや保護者。だれも開いていないことが、当番の電話に知らされていません。',
    run: (mailbox, deps) => tellUnopened(deps, mailbox),
  },
  {
    kind: UNANSWERED,
    hurts:
      '手紙を書いた子どもや保護者。返事が約束の時刻を過ぎていることが、当番の電話に知らされていません。',
    run: (mailbox, deps) => tellUnanswered(deps, mailbox),
  },
  {
    kind: UNNAMED,
    hurts: '送られなかった手紙の写真が、消えずにのこっています。',
    run: (subject, deps) => sweepParts(deps, subject),
  },
  {
    kind: SET_LEVEL,
    hurts: '相談室の手紙が、いつもより送りにくいままです。',
    run: (_subject, deps) => setLevel(deps),
  },
];
