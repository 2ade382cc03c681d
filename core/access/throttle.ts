/**
 * Slowing down guesses. The first failures are free, then each doubles the wait up to a maximum, and all are forgotten some time after the last: an attacker
 * is slowed for as long as he goes on, and nobody is locked out for ever.
 */
export interface ThrottlePolicy {
  /** Tries without any wait. */
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Without a try for this long, it begins anew. */
  readonly forgetMs: number;
}

export interface ThrottleState {
  readonly tries: number;
  readonly lastMs: number;
  /** No try is looked at before this instant. */
  readonly untilMs: number;
}

export type Try =
  | { readonly kind: 'go'; readonly state: ThrottleState }
  | { readonly kind: 'wait'; readonly retryAfterMs: number };

/** A try counts before it is looked at, so that a thousand at once are not a thousand free ones; success clears the count. */
export function tryNow(before: ThrottleState | undefined, policy: ThrottlePolicy, nowMs: number): Try {
  const known = before !== undefined && nowMs - before.lastMs < policy.forgetMs ? before : undefined;
  if (known !== undefined && nowMs < known.untilMs) return { kind: 'wait', retryAfterMs: known.untilMs - nowMs };
  const tries = (known?.tries ?? 0) + 1;
  const beyond = tries - policy.free;
  // 2^30 is beyond any longest wait: the exponent must not overflow after a long attack.
  const wait = beyond < 0 ? 0 : Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** Math.min(beyond, 30));
  // Without a wait no instant at all: another process whose clock is a moment behind must not wait for it.
  return { kind: 'go', state: { tries, lastMs: nowMs, untilMs: wait === 0 ? 0 : nowMs + wait } };
}
