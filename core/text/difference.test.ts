import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf } from './difference.ts';

/** Differing parts in brackets. */
const marked = (text: string, other: string): string =>
  differenceOf(text, other)
    .map((part) => (part.differs ? `[${part.text}]` : part.text))
    .join('');

test('marks the characters that the other text has not', () => {
  expect(marked('1,284.50', '1,234.50')).toBe('1,2[8]4.50');
  expect(marked('INV-2026-01', 'INV-2026-07')).toBe('INV-2026-0[1]');
  expect(marked('Harrowfield Ltd', 'Harrowfield')).toBe('Harrowfield[ Ltd]');
  expect(marked('Harrowfield', 'Harrowfield Ltd')).toBe('Harrowfield');
  expect(marked('abc', 'abc')).toBe('abc');
  expect(marked('abc', '')).toBe('[abc]');
  expect(marked('', 'abc')).toBe('');
  expect(marked('a😀c', 'a😁c')).toBe('a[😀]c');
});

const common = (x: string, y: string) =>
  differenceOf(x, y)
    .filter((part) => !part.differs)
    .map((part) => part.text)
    .join('');

test('the parts are the text, and what is left of both is the same', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(
        differenceOf(a, b)
          .map((part) => part.text)
          .join(''),
      ).toBe(a);
      expect(common(a, b).length).toBe(common(b, a).length);
    }),
  );
});

test('long texts cost no more than the table may', () => {
  const long = 'x'.repeat(9_000);
  expect(marked(`a${long}b`, `b${'y'.repeat(9_000)}a`)).toBe(`[a${long}b]`);
});
