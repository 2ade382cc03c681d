import fc from 'fast-check';
import { expect, test } from 'vitest';
import { given, kept, withoutNul } from './text.ts';

test('every text comes back as it was, and none is kept with a NUL', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '0', '\0', '\uE0FF', 'ü') });
  fc.assert(fc.property(text, (one) => given(kept(one)) === one && !kept(one).includes('\0')));
  expect(kept('plain')).toBe('plain');
  expect(given(kept(null))).toBeNull();
  expect(withoutNul('a\0b')).toBe('ab');
});
