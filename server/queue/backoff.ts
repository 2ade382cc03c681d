/**
 * When a job that failed is tried again, and how often. Work on invoices: soon and few times, with full jitter, which spreads what failed together (M. Brooker,
 * "Exponential Backoff and Jitter"). Telling other programs: over a day, as their servers are repaired by people.
 */
import type { JobName } from '../../core/contract/jobs.ts';

const BASE_MS = 1_000;
const CAP_MS = 60_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Between the tries of a webhook: eight of them in about 25 hours. */
const WEBHOOK_MS = [5_000, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 16 * HOUR_MS] as const;

type Random = (bytes: number) => Uint8Array;

/** Uniform between 0 and 1, 1 excluded. */
function share(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4);
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 2 ** 32;
}

/** Milliseconds before the try after `attempt` (1 for the first): uniform between 0 and min(cap, base * 2^(attempt - 1)). */
export function fullJitter(attempt: number, random: Random): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(Math.max(attempt, 1) - 1, 16));
  return Math.floor(share(random) * (ceiling + 1));
}

/** A fifth more or less, so that what failed together does not come back together. */
function webhookDelay(attempt: number, random: Random): number {
  const ms = WEBHOOK_MS[Math.min(Math.max(attempt, 1), WEBHOOK_MS.length) - 1] ?? HOUR_MS;
  return Math.round(ms * (0.8 + 0.4 * share(random)));
}

export const delayAfter = (name: JobName, attempt: number, random: Random): number =>
  name === 'webhook' ? webhookDelay(attempt, random) : fullJitter(attempt, random);

/** Claims after which an error is the last. */
export const triesOf = (name: JobName): number => (name === 'webhook' ? WEBHOOK_MS.length + 1 : 3);

/** Errors before a job is dead, whatever its worker says. */
export const failuresOf = (name: JobName): number => (name === 'webhook' ? WEBHOOK_MS.length + 1 : 5);
