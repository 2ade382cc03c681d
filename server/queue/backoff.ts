/** Waiting times between tries: full jitter spreads what failed together (M. Brooker, "Exponential Backoff and Jitter"). */

const BASE_MS = 1_000;
const CAP_MS = 60_000;

/** Milliseconds before the try after `attempt` (1 for the first): uniform between 0 and min(cap, base * 2^(attempt - 1)). */
export function fullJitter(attempt: number, random: (bytes: number) => Uint8Array): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(Math.max(attempt, 1) - 1, 16));
  const [a = 0, b = 0, c = 0, d = 0] = random(4);
  return Math.floor(((((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 2 ** 32) * (ceiling + 1));
}
