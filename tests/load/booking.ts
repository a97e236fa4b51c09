/** Bookings on one hot course and spread over many, and reads, over HTTP on the in-memory engine. */
import { randomUUID } from 'node:crypto';
import { anApplication, startWorld, type World } from '../support/world.ts';
import { type Hit, type Shot, shoot } from './client.ts';
import { type Figure, figure, median, percentile } from './figure.ts';

const CONNECTIONS = 64;
const ROUNDS = 9;
const HOT = { applications: 100, seats: 20, waitlist: 10 };
const SPREAD = { courses: 50, applicationsEach: 8 };
const READS = 1_000;
/** As many as a centre has in a season. */
const LISTED = 30;

const capacity = (seats: number, waitlist: number) => ({
  capacity: {
    unit: '組' as const,
    countedBy: 'application' as const,
    seats,
    waitlist,
    perSession: false,
  },
});

let families = 0;

function application(courseId: string): Shot {
  families += 1;
  return {
    method: 'POST',
    path: '/api/registrations',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(
      anApplication(courseId, families % 10_000, {
        applicant: {
          name: '見本 花子',
          kana: 'ミホン ハナコ',
          phone: `0500${String(families).padStart(7, '0')}`,
          email: `family${families}@example.jp`,
        },
      }),
    ),
  };
}

const statusOf = ({ body }: Hit) => (JSON.parse(body) as { status?: unknown }).status;

/** Ten thousand families at nine o'clock. */
const RUSH = { applications: 10_000, connections: 100, seats: 20, waitlist: 10 };

/** Applications, a hundred at a time, for a course that is full after the first few. */
export async function* rushFigures(): AsyncGenerator<Figure> {
  const world = await startWorld({ stream: false });
  try {
    const { courseId } = await world.addCourse(capacity(RUSH.seats, RUSH.waitlist));
    const shots = Array.from({ length: RUSH.applications }, () => application(courseId));
    const { hits, seconds } = await shoot({
      origin: world.origin,
      shots,
      connections: RUSH.connections,
    });
    const times = hits.map(({ ms }) => ms);
    const count = (status: string) => hits.filter((hit) => statusOf(hit) === status).length;
    const [sold, waitlisted] = [count('confirmed'), count('waiting')];
    const refused = hits.filter(({ status }) => status === 409).length;
    const note = `${RUSH.applications} applications, ${RUSH.connections} connections, for ${RUSH.seats} seats and ${RUSH.waitlist} waitlist places`;
    yield figure('booking.rush.sold', sold, 'seats', note);
    yield figure('booking.rush.waitlisted', waitlisted, 'families', note);
    yield figure('booking.rush.refused', refused, 'families', note);
    yield figure(
      'booking.rush.unanswered',
      RUSH.applications - sold - waitlisted - refused,
      'families',
      `${note}; anything but a seat, a place in the waitlist or a plain no`,
    );
    yield figure('booking.rush.applications_per_second', shots.length / seconds, '1/s', note);
    yield figure('booking.rush.p50_ms', percentile(times, 0.5), 'ms', note);
    yield figure('booking.rush.p95_ms', percentile(times, 0.95), 'ms', note);
    yield figure('booking.rush.p99_ms', percentile(times, 0.99), 'ms', note);
  } finally {
    await world.stop();
  }
}

export async function* bookingFigures(): AsyncGenerator<Figure> {
  // Without the stream: what is measured is a booking, not what follows from it.
  for (const part of [hot, spread, reads]) {
    const world = await startWorld({ stream: false });
    try {
      yield* part(world);
    } finally {
      await world.stop();
    }
  }
}

async function* hot(world: World): AsyncGenerator<Figure> {
  const rates: number[] = [];
  const times: number[] = [];
  let oversold = 0;
  let undersold = 0;
  for (let round = -1; round < ROUNDS; round += 1) {
    const { courseId } = await world.addCourse(capacity(HOT.seats, HOT.waitlist));
    const shots = Array.from({ length: HOT.applications }, () => application(courseId));
    const { hits, seconds } = await shoot({
      origin: world.origin,
      shots,
      connections: CONNECTIONS,
    });
    const sold = hits.filter((hit) => statusOf(hit) === 'confirmed').length;
    oversold += Math.max(0, sold - HOT.seats);
    undersold += Math.max(0, HOT.seats - sold);
    if (round < 0) continue;
    rates.push(HOT.applications / seconds);
    times.push(...hits.map(({ ms }) => ms));
  }
  const note = `${HOT.applications} applications, ${CONNECTIONS} at a time, for ${HOT.seats} seats and ${HOT.waitlist} waitlist places`;
  yield figure(
    'booking.hot.applications_per_second',
    median(rates),
    '1/s',
    `${note}; median of ${ROUNDS} rounds after a warm-up`,
  );
  yield figure('booking.hot.p95_ms', percentile(times, 0.95), 'ms', `${note}; all rounds`);
  yield figure('booking.hot.oversold', oversold, 'seats', `${note}; sum of all rounds`);
  yield figure('booking.hot.undersold', undersold, 'seats', `${note}; sum of all rounds`);
}

async function* spread(world: World): AsyncGenerator<Figure> {
  const rates: number[] = [];
  for (let round = -1; round < 3; round += 1) {
    const shots: Shot[] = [];
    const ids: string[] = [];
    for (let course = 0; course < SPREAD.courses; course += 1) {
      ids.push((await world.addCourse(capacity(20, 10))).courseId);
    }
    for (let each = 0; each < SPREAD.applicationsEach; each += 1) {
      shots.push(...ids.map((courseId) => application(courseId)));
    }
    const { hits, seconds } = await shoot({
      origin: world.origin,
      shots,
      connections: CONNECTIONS,
    });
    if (!hits.every((hit) => statusOf(hit) === 'confirmed')) throw new Error('A booking failed');
    if (round >= 0) rates.push(shots.length / seconds);
  }
  yield figure(
    'booking.spread.applications_per_second',
    median(rates),
    '1/s',
    `${SPREAD.courses} courses, ${SPREAD.applicationsEach} applications each, ${CONNECTIONS} at a time`,
  );
}

async function* reads(world: World): AsyncGenerator<Figure> {
  for (let course = 1; course < LISTED; course += 1) await world.addCourse();
  const { courseId } = await world.addCourse();
  const rate = async (path: string, count: number) => {
    const shots = Array.from({ length: count }, (): Shot => ({ method: 'GET', path }));
    const { hits, seconds } = await shoot({ origin: world.origin, shots, connections: 16 });
    if (!hits.every(({ status }) => status === 200)) throw new Error('A read failed');
    return count / seconds;
  };
  yield figure(
    'courses.list.reads_per_second',
    await rate('/api/courses', READS / 10),
    '1/s',
    `GET /api/courses with ${LISTED} courses, straight from the engine, 16 at a time`,
  );
  yield figure(
    'courses.detail.reads_per_second',
    await rate(`/api/courses/${courseId}`, READS),
    '1/s',
    'GET /api/courses/{courseId}, straight from the engine, 16 at a time',
  );
}
