/** Makes sure of a browser once, before any journey starts, so that one sentence tells what is missing. */
import { findOrInstallChromium } from './browser.ts';

export function setup(): void {
  findOrInstallChromium();
}
