import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tryNow, type ThrottlePolicy, type ThrottleState } from './throttle.ts';

const policy: ThrottlePolicy = { free: 3, firstWaitMs: 1_000, longestWaitMs: 60_000, forgetMs: 3_600_000 };

function tries(count: number, at: (index: number) => number): { looked: number; state: ThrottleState | undefined } {
  let state: ThrottleState | undefined;
  let looked = 0;
  for (let index = 0; index < count; index += 1) {
    const one = tryNow(state, policy, at(index));
    if (one.kind === 'go') {
      looked += 1;
      state = one.state;
    }
  }
  return { looked, state };
}

test('of a thousand at once only the free ones are looked at', () => {
  expect(tries(1_000, () => 0).looked).toBe(3);
});

test('in an hour of guessing without pause hardly anything is looked at', () => {
  expect(tries(3_600, (second) => second * 1_000).looked).toBeLessThanOrEqual(3 + 7 + 60);
});

test('the wait is told, and after it there is a try', () => {
  const { state } = tries(3, () => 0);
  expect(tryNow(state, policy, 400)).toEqual({ kind: 'wait', retryAfterMs: 600 });
  expect(tryNow(state, policy, 1_000).kind).toBe('go');
});

test('a free try makes nobody wait, not even one whose clock is behind', () => {
  const first = tryNow(undefined, policy, 5_000);
  const state = first.kind === 'go' ? first.state : undefined;
  expect(tryNow(state, policy, 4_000).kind).toBe('go');
});

test('nobody waits longer than the longest wait, however long the attack was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.nat(1e9), (tried, now) => {
      const one = tryNow({ tries: tried, lastMs: now, untilMs: 0 }, policy, now);
      expect(one.kind).toBe('go');
      const until = one.kind === 'go' ? one.state.untilMs : Infinity;
      expect(until - now).toBeLessThanOrEqual(policy.longestWaitMs);
    }),
  );
});

test('after a quiet time it begins anew', () => {
  const one = tryNow({ tries: 50, lastMs: 0, untilMs: 60_000 }, policy, 3_600_000);
  expect(one).toEqual({ kind: 'go', state: { tries: 1, lastMs: 3_600_000, untilMs: 0 } });
});
