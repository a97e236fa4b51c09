/** What a booking, a roster and a search cost among a thousand registrations, and among a million. */
import { meterCapacity } from '../support/capacity.ts';
import { addManyRegistrations } from '../support/many-registrations.ts';
import { requestCosts } from '../support/request-costs.ts';
import { startWorld } from '../support/world.ts';
import { type Figure, figure } from './figure.ts';

const FEW = 1_000;
/** Several minutes of filling; fewer with ROWS=… in the environment. */
const MANY = Number(process.env['ROWS'] ?? 1_000_000);

export async function* scaleFigures(): AsyncGenerator<Figure> {
  const world = await startWorld({ stream: false });
  try {
    const { database } = world.deps;
    const meter = meterCapacity(database.client);
    await addManyRegistrations(database, FEW);
    const few = await requestCosts(world, meter);
    await addManyRegistrations(database, MANY);
    const many = await requestCosts(world, meter);
    for (const [name, cost] of Object.entries(many)) {
      yield figure(
        `scale.${name.replaceAll(' ', '_')}.units`,
        cost.units,
        'capacity units',
        `${cost.commands.length} commands among ${MANY} registrations; ${few[name]?.units} units and ${few[name]?.commands.length} commands among ${FEW}`,
      );
    }
  } finally {
    await world.stop();
  }
}
