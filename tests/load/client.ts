/** Sends requests over keep-alive connections from a thread of its own, so that it steals no time. */
import { Agent, request } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Hit {
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

export interface Volley {
  readonly hits: readonly Hit[];
  readonly seconds: number;
}

interface Order {
  readonly origin: string;
  readonly shots: readonly Shot[];
  readonly connections: number;
}

/** Sends all shots, `connections` at a time. */
export function shoot(order: Order): Promise<Volley> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: order });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread) parentPort?.postMessage(await fire(workerData as Order));

async function fire({ origin, shots, connections }: Order): Promise<Volley> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const hits: Hit[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let shot = shots[next++]; shot; shot = shots[next++]) {
        hits.push(await send(origin, shot, agent));
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { hits, seconds };
}

function send(origin: string, shot: Shot, agent: Agent): Promise<Hit> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = request(
      origin + shot.path,
      { method: shot.method, agent, headers: { ...shot.headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
            ms: performance.now() - began,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(shot.body);
  });
}
