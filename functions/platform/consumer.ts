/**
 * What happens after an event: reactions. Each is done at least once, claimed by event × reaction
 * with a lease, and safe to repeat. One that fails is tried again by the clock while the stream
 * goes on; one that keeps failing is given up with an alarm that says who is hurt.
 */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type * as z from 'zod';
import {
  claimReaction,
  type Deadline,
  type DueReaction,
  deployedVersion,
  finishDeadline,
  finishReaction,
  postponeDeadline,
  postponeReaction,
  putDeadline,
  rememberDeployedVersion,
  takeDue,
} from './agenda.ts';
import type { ApiDeps } from './deps.ts';
import { errorFields } from './log.ts';

/** An event as every reaction sees it. */
export interface AnyEvent {
  readonly eventId: string;
  readonly kind: string;
  readonly at: string;
}

/** Done once for each event (and once more after a crash in the middle of it). */
export interface Reaction<Event extends AnyEvent, Deps> {
  readonly name: string;
  readonly on: readonly Event['kind'][];
  /** Who is hurt when it is given up; the text of the alarm. */
  readonly hurts: string;
  run(event: Event, deps: Deps): Promise<void>;
}

/** Brings something up to date; one run serves all events of a batch that share a key. */
export interface Refresh<Event extends AnyEvent, Deps> {
  readonly name: string;
  readonly on: readonly Event['kind'][];
  readonly hurts: string;
  keys(event: Event): readonly string[];
  /** Every key there is now, for when a deployment has changed what all of them look like. */
  all(deps: Deps): Promise<readonly string[]>;
  run(key: string, deps: Deps): Promise<void>;
}

/** Handles a deadline that is due. Must be safe to repeat. */
export interface DeadlineHandler<Deps> {
  readonly kind: string;
  readonly hurts: string;
  run(subject: string, deps: Deps): Promise<void>;
}

export interface Wiring<Event extends AnyEvent, Deps> {
  readonly event: z.ZodType<Event>;
  readonly reactions: readonly Reaction<Event, Deps>[];
  readonly refreshes: readonly Refresh<Event, Deps>[];
  readonly deadlines: readonly DeadlineHandler<Deps>[];
}

export const LEASE_MS = 60_000;
/** With pauses that grow to a quarter of an hour: given up after about a day. */
export const MOST_ATTEMPTS = 100;
const LONGEST_PAUSE_MS = 15 * 60_000;
const DUE_AT_ONCE = 100;
/** The clock begins nothing new after this; its Lambda has 55 seconds, a mail up to 8. */
const WORK_MS = 40_000;
/** Kind of the deadline that tries a refresh again; its subject is `name key`. */
const REFRESH = 'refresh';

/** Pause before the next attempt, in milliseconds: 5 s, 10 s, 20 s … a quarter of an hour. */
export function pauseAfter(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, 5_000 * 2 ** Math.min(20, attempt - 1));
}

/** The handler of the events table's stream. */
export function makeWorker<Event extends AnyEvent, Deps extends ApiDeps>(
  wiring: Wiring<Event, Deps>,
  deps: Deps,
): (batch: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  return async (batch) => {
    const failures: { itemIdentifier: string }[] = [];
    const stale = new Map<string, { refresh: Refresh<Event, Deps>; key: string }>();
    for (const record of batch.Records) {
      const image = record.dynamodb?.NewImage;
      if (record.eventName !== 'INSERT' || !image) continue;
      const { pk, sk, expiresAt, ...row } = unmarshall(image as never);
      try {
        const event = wiring.event.parse(row);
        for (const reaction of wiring.reactions) {
          if (reaction.on.includes(event.kind)) await react(reaction, event, deps);
        }
        for (const refresh of wiring.refreshes) {
          if (!refresh.on.includes(event.kind)) continue;
          for (const key of refresh.keys(event))
            stale.set(`${refresh.name} ${key}`, { refresh, key });
        }
      } catch (error) {
        // Only the engine itself, or a row of unknown shape, leads here: the stream must come back.
        deps.log.error('An event could not be taken', errorFields(error));
        failures.push({ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' });
        break;
      }
    }
    for (const { refresh, key } of stale.values()) await refreshNow(refresh, key, deps);
    return { batchItemFailures: failures };
  };
}

/** The handler of the schedule: everything that is due, in order. */
export function makeClockHandler<Event extends AnyEvent, Deps extends ApiDeps>(
  wiring: Wiring<Event, Deps>,
  deps: Deps,
): () => Promise<void> {
  let isCurrent = false;
  return async () => {
    if (!isCurrent) {
      await refreshAfterDeployment(wiring, deps);
      isCurrent = true;
    }
    const due = await takeDue(deps.database, deps.clock.now(), DUE_AT_ONCE);
    // Deadlines first: a mail endpoint that hangs must not hold up offers and nine o'clock.
    const work = [
      ...due.deadlines.map((deadline) => () => meet(wiring, deadline, deps)),
      ...due.reactions.map((reaction) => () => reactAgain(wiring, reaction, deps)),
    ];
    const stopAt = performance.now() + WORK_MS;
    for (const next of work) {
      if (performance.now() > stopAt) return;
      await next();
    }
  };
}

/** A reaction that is due again. One that no code knows any more is given up, with an alarm. */
async function reactAgain<Event extends AnyEvent, Deps extends ApiDeps>(
  wiring: Wiring<Event, Deps>,
  due: DueReaction,
  deps: Deps,
): Promise<void> {
  const reaction = wiring.reactions.find((candidate) => candidate.name === due.reaction);
  const event = wiring.event.safeParse(due.event);
  if (reaction && event.success) return react(reaction, event.data, deps);
  await finishReaction(deps.database, due.eventId, due.reaction, 'given_up');
  deps.log.metric('reaction_given_up', {
    reaction: due.reaction,
    eventId: due.eventId,
    hurts: reaction?.hurts ?? '以前の版で決まったことが、行われていません。',
  });
}

/**
 * Pages that were published into the templates of an earlier deployment are published again, once,
 * by whichever clock sees the new templates first.
 */
async function refreshAfterDeployment<Event extends AnyEvent, Deps extends ApiDeps>(
  wiring: Wiring<Event, Deps>,
  deps: Deps,
): Promise<void> {
  const version = deps.templates.version();
  if ((await deployedVersion(deps.database)) === version) return;
  const dueAt = deps.clock.now().toISOString();
  for (const refresh of wiring.refreshes) {
    for (const key of await refresh.all(deps)) {
      const subject = `${refresh.name} ${key}`;
      await putDeadline(deps.database, { key: subject, kind: REFRESH, subject, dueAt });
    }
  }
  await rememberDeployedVersion(deps.database, version);
}

async function react<Event extends AnyEvent, Deps extends ApiDeps>(
  reaction: Reaction<Event, Deps>,
  event: Event,
  deps: Deps,
): Promise<void> {
  const { database, clock, log } = deps;
  const attempt = await claimReaction(database, event, reaction.name, clock.now(), LEASE_MS);
  if (attempt === undefined) return;
  const fields = { reaction: reaction.name, eventId: event.eventId, kind: event.kind, attempt };
  try {
    await reaction.run(event, deps);
  } catch (error) {
    log.error('A reaction failed', { ...fields, ...errorFields(error) });
    if (attempt >= MOST_ATTEMPTS) {
      await finishReaction(database, event.eventId, reaction.name, 'given_up');
      log.metric('reaction_given_up', { ...fields, hurts: reaction.hurts });
      return;
    }
    const next = new Date(clock.now().getTime() + pauseAfter(attempt));
    await postponeReaction(database, event.eventId, reaction.name, next);
    return;
  }
  await finishReaction(database, event.eventId, reaction.name, 'done');
}

async function refreshNow<Event extends AnyEvent, Deps extends ApiDeps>(
  refresh: Refresh<Event, Deps>,
  key: string,
  deps: Deps,
): Promise<void> {
  try {
    await refresh.run(key, deps);
  } catch (error) {
    deps.log.error('A refresh failed', { reaction: refresh.name, ...errorFields(error) });
    const subject = `${refresh.name} ${key}`;
    const dueAt = new Date(deps.clock.now().getTime() + pauseAfter(1)).toISOString();
    await putDeadline(deps.database, { key: subject, kind: REFRESH, subject, dueAt });
  }
}

async function meet<Event extends AnyEvent, Deps extends ApiDeps>(
  wiring: Wiring<Event, Deps>,
  deadline: Deadline,
  deps: Deps,
): Promise<void> {
  const { database, clock, log } = deps;
  const [name = '', key = ''] = deadline.subject.split(' ');
  const refresh =
    deadline.kind === REFRESH
      ? wiring.refreshes.find((candidate) => candidate.name === name)
      : undefined;
  const handler = wiring.deadlines.find((candidate) => candidate.kind === deadline.kind);
  const hurts = (refresh ?? handler)?.hurts ?? 'a deadline that no code knows';
  const fields = { deadline: deadline.kind, attempt: deadline.attempt };
  try {
    if (refresh) await refresh.run(key, deps);
    else if (handler) await handler.run(deadline.subject, deps);
    else throw new Error('A deadline that no code knows');
  } catch (error) {
    log.error('A deadline could not be met', { ...fields, ...errorFields(error) });
    if (deadline.attempt + 1 === MOST_ATTEMPTS) log.metric('deadline_missed', { ...fields, hurts });
    const next = new Date(clock.now().getTime() + pauseAfter(deadline.attempt + 1));
    await postponeDeadline(database, deadline, next);
    return;
  }
  await finishDeadline(database, deadline);
}
