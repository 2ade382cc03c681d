import { expect, test } from 'vitest';
import { isInstant } from './instant.ts';

test.each(['2026-05-01T06:00:00.000Z', '2024-02-29T23:59:59Z', '2026-05-01T06:00:00.123456Z'])('%s is one', (text) => {
  expect(isInstant(text)).toBe(true);
});

test.each([
  '',
  '-1',
  '0',
  '2026',
  '2026-05-01',
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '2026-05-01T24:00:00Z',
])('%j is none', (text) => {
  expect(isInstant(text)).toBe(false);
});
