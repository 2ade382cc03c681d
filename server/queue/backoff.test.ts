import { expect, test } from 'vitest';
import { delayAfter, failuresOf, triesOf } from './backoff.ts';

const all = (byte: number) => () => new Uint8Array(4).fill(byte);
const HOUR = 3_600_000;

test('a webhook is tried eight times in about a day, work on invoices three times in seconds', () => {
  const waits = Array.from({ length: triesOf('webhook') - 1 }, (_, index) =>
    delayAfter('webhook', index + 1, all(128)),
  );
  expect(waits).toHaveLength(7);
  expect(waits.every((ms, index) => index === 0 || ms > (waits[index - 1] ?? 0))).toBe(true);
  const whole = waits.reduce((sum, ms) => sum + ms, 0);
  expect(whole).toBeGreaterThan(24 * HOUR);
  expect(whole).toBeLessThan(26 * HOUR);
  expect(failuresOf('webhook')).toBe(8);
  expect([triesOf('read'), failuresOf('read')]).toEqual([3, 5]);
  expect(delayAfter('read', 3, all(255))).toBe(4_000);
});

test('what failed together does not come back together', () => {
  expect(delayAfter('webhook', 1, all(0))).toBe(4_000);
  expect(delayAfter('webhook', 1, all(255))).toBe(6_000);
  expect(delayAfter('webhook', 99, all(0))).toBe(0.8 * 16 * HOUR);
});
