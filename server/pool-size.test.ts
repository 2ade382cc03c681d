import { expect, test } from 'vitest';
import { readingThreads } from './pool-size.ts';

const GB = 1e9;

test('the pool leaves a core and fits into memory', () => {
  expect(readingThreads({ cores: 8, available: 32 * GB })).toBe(7);
  expect(readingThreads({ cores: 2, available: 16 * GB })).toBe(1);
  expect(readingThreads({ cores: 16, available: 2.2 * GB })).toBe(4);
  expect(readingThreads({ cores: 1, available: 64 * GB })).toBe(1);
  expect(readingThreads({ cores: 4, available: 0.4 * GB })).toBe(1);
});
