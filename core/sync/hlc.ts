/**
 * Hybrid logical clock as text that sorts by time: `<milliseconds, 15 digits>-<counter, 6 digits>-<device>`. It orders what is shown; it never decides a
 * conflict. It does not run backwards when the wall clock does.
 */

const HLC = /^(\d{15})-(\d{6})-(.+)$/;
const COUNTER_LIMIT = 1_000_000;

const format = (ms: number, counter: number, device: string): string =>
  `${String(ms).padStart(15, '0')}-${String(counter).padStart(6, '0')}-${device}`;

/** Milliseconds since 1970 of an HLC, or undefined where the text is none. */
export function hlcMs(hlc: string): number | undefined {
  const match = HLC.exec(hlc);
  return match === null ? undefined : Number(match[1]);
}

/** The next stamp of `device` after `last` (its own last one, or the greatest it has seen; '' for none). */
export function tick(last: string, nowMs: number, device: string): string {
  const match = HLC.exec(last);
  const lastMs = match === null ? -1 : Number(match[1]);
  const now = Math.max(0, Math.floor(nowMs));
  if (now > lastMs) return format(now, 0, device);
  const counter = Number(match?.[2]) + 1;
  return counter < COUNTER_LIMIT ? format(lastMs, counter, device) : format(lastMs + 1, 0, device);
}
