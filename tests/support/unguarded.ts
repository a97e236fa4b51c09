/** Databases that lack a condition: what a test of a limit is held against, to see that it can fail. */
import type { Database, TransactWrite } from '../../functions/platform/database.ts';

type Lacking = (write: TransactWrite) => TransactWrite;

/**
 * Commits what `lacking` makes of each write. The first `together` transactions that lose something by it
 * wait for each other: all of them have read by then what none of them has written, so that the rush which
 * the condition is there for happens every time, not only when the machine is quick.
 * @param lacking gives back the very same write where it takes nothing away
 */
export function unguarded(database: Database, lacking: Lacking, together: number): Database {
  const { promise, resolve } = Promise.withResolvers<void>();
  let come = 0;
  return {
    ...database,
    transact: async (writes) => {
      const left = writes.map(lacking);
      if (left.some((write, index) => write !== writes[index])) {
        come += 1;
        if (come >= together) resolve();
        await promise;
      }
      return database.transact(left);
    },
  };
}

/** Seats are taken whether there are any or not. @param sk of one pool; undefined: of every */
export const withoutSeatCondition =
  (sk?: string): Lacking =>
  (write) => {
    const { Update } = write;
    const isTaking = Update?.ConditionExpression?.startsWith('#free >= :seats');
    if (!Update || !isTaking || (sk !== undefined && Update.Key?.['sk'] !== sk)) return write;
    const { ConditionExpression: _, ExpressionAttributeValues, ...rest } = Update;
    const minus = ExpressionAttributeValues?.[':minus'];
    return { Update: { ...rest, ExpressionAttributeValues: { ':minus': minus } } };
  };

/** Whatever lies there is written over. */
export const withoutPutCondition: Lacking = (write) => {
  if (!write.Put?.ConditionExpression) return write;
  const { ConditionExpression: _, ExpressionAttributeValues: __, ...put } = write.Put;
  return { Put: put };
};
