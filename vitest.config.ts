/** The kinds of test. `npm run check` runs unit and property, `npm test` runs them all. */
import { defineConfig } from 'vitest/config';

interface Kind {
  name: string;
  seconds: number;
  workers: number;
  setup?: string;
}

// Two workers at most: the machines this must pass on have two cores, and every integration file
// starts an engine of its own. What measures time in a browser runs by itself.
const kinds: Kind[] = [
  { name: 'unit', seconds: 10, workers: 2 },
  { name: 'property', seconds: 60, workers: 2 },
  { name: 'integration', seconds: 60, workers: 2 },
  { name: 'infra', seconds: 120, workers: 1 },
  { name: 'e2e', seconds: 120, workers: 2, setup: 'tests/support/browser-setup.ts' },
  { name: 'timed', seconds: 120, workers: 1, setup: 'tests/support/browser-setup.ts' },
];

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    projects: kinds.map(({ name, seconds, workers, setup }, groupOrder) => ({
      extends: true as const,
      test: {
        name,
        environment: 'node',
        include: [`tests/${name}/**/*.test.{ts,tsx}`],
        testTimeout: seconds * 1000,
        hookTimeout: seconds * 1000,
        teardownTimeout: 10_000,
        maxWorkers: workers,
        // Projects with different numbers of workers run after one another.
        sequence: { groupOrder },
        ...(setup ? { globalSetup: [setup] } : {}),
      },
    })),
  },
});
