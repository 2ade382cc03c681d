/**
 * How much a site may ask for: so many requests a second, with a reserve for a moment that needs more (a token bucket). What is over it is told when to come
 * again, before anything else was done for it, so that one site's storm costs the others next to nothing.
 */
export interface RatePolicy {
  readonly perSecond: number;
  /** Requests at once after a quiet time. */
  readonly burst: number;
}

export interface Bucket {
  readonly left: number;
  readonly atMs: number;
}

/** `waitMs` 0: let in. Refusals leave the bucket as it is, or a storm would keep itself out for ever. */
export function takeOne(
  before: Bucket | undefined,
  { perSecond, burst }: RatePolicy,
  nowMs: number,
): { readonly bucket: Bucket; readonly waitMs: number } {
  // A clock that was set back gives nothing and takes nothing.
  const passed = before === undefined ? 0 : Math.max(0, nowMs - before.atMs);
  const left = before === undefined ? burst : Math.min(burst, before.left + (passed / 1_000) * perSecond);
  if (left >= 1) return { bucket: { left: left - 1, atMs: nowMs }, waitMs: 0 };
  return { bucket: { left, atMs: nowMs }, waitMs: Math.ceil(((1 - left) / perSecond) * 1_000) };
}
