/** Run by the test runner before the journeys: ends in one sentence when there is no browser. */
import { findOrInstallChromium, installShell } from './browser.ts';

try {
  if (process.env.CI === 'true') installShell();
  console.log(findOrInstallChromium());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
