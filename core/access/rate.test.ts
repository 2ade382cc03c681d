import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bucket, takeOne } from './rate.ts';

const policy = { perSecond: 10, burst: 5 };

test('the reserve at once, then so many a second; who waits as told is let in', () => {
  let bucket: Bucket | undefined;
  const take = (nowMs: number): number => {
    const taken = takeOne(bucket, policy, nowMs);
    ({ bucket } = taken);
    return taken.waitMs;
  };
  expect([0, 0, 0, 0, 0, 0].map(() => take(1_000))).toEqual([0, 0, 0, 0, 0, 100]);
  expect(take(1_050)).toBe(50);
  expect(take(1_100)).toBe(0);
  expect(take(1_000)).toBe(100);
});

test('over any time no more than the reserve and the rate, however it is asked', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, (waits) => {
      let bucket: Bucket | undefined;
      let nowMs = 0;
      let letIn = 0;
      for (const wait of waits) {
        nowMs += wait;
        const taken = takeOne(bucket, policy, nowMs);
        ({ bucket } = taken);
        if (taken.waitMs === 0) letIn += 1;
      }
      expect(letIn).toBeLessThanOrEqual(policy.burst + (nowMs / 1_000) * policy.perSecond + 1e-6);
    }),
  );
});
