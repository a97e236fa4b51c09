/** Counts what every command consumes in an engine: the measure of a read that does not grow. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

interface Consumed {
  readonly CapacityUnits?: number;
}

export interface CapacityMeter {
  /** Capacity units and number of commands since the last call, by kind of command. */
  take(): { readonly units: number; readonly commands: readonly string[] };
}

/** Has every command of this client report its consumed capacity from now on. */
export function meterCapacity(client: DynamoDBDocumentClient): CapacityMeter {
  let units = 0;
  let commands: string[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const input = args.input as { ReturnConsumedCapacity?: string };
      input.ReturnConsumedCapacity = 'TOTAL';
      const result = await next(args);
      const output = result.output as { ConsumedCapacity?: Consumed | readonly Consumed[] };
      for (const each of [output.ConsumedCapacity ?? []].flat()) units += each.CapacityUnits ?? 0;
      commands.push(String(context.commandName ?? 'unknown'));
      return result;
    },
    { step: 'initialize', name: 'meterCapacity', priority: 'low' },
  );
  return {
    take() {
      const taken = { units, commands };
      units = 0;
      commands = [];
      return taken;
    },
  };
}
