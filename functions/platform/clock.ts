/** Time and chance come in through here, so that tests can hold them still. */
import { randomBytes, randomInt } from 'node:crypto';

export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export interface Ids {
  /** A registration's id: `reg_` and nine random digits. */
  registration(): string;
  /** 128 random bits, URL-safe. */
  secret(): string;
  /**
   * Order in a waitlist: microseconds of the time, the last three digits drawn by lot. Nobody has to
   * ask for the next number, so a rush on the waitlist does not retry against itself.
   */
  waitNumber(at: Date): number;
  /** 256 bits in hexadecimal digits: the seed of a draw. */
  seed(): string;
  /** An event's id; sorts by the time it was made. */
  event(at: Date): string;
}

export const randomIds: Ids = {
  registration: () => `reg_${randomInt(100_000_000, 1_000_000_000)}`,
  secret: () => randomBytes(16).toString('base64url'),
  waitNumber: (at) => at.getTime() * 1_000 + randomInt(1_000),
  seed: () => randomBytes(32).toString('hex'),
  event: (at) =>
    `evt_${at.getTime().toString(36).padStart(9, '0')}${randomBytes(10).toString('hex')}`,
};
