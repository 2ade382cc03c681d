import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HEADER_FIELD_NAMES } from '../../invoice/fields.ts';
import { calibrated } from './calibrate.ts';

const field = fc.constantFrom(...HEADER_FIELD_NAMES);
const score = fc.double({ min: 0, max: 1, noNaN: true });

test('a better score never means less confidence, and nothing is certain', () => {
  fc.assert(
    fc.property(field, score, score, (name, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      return calibrated(name, low) <= calibrated(name, high) && calibrated(name, high) < 1;
    }),
  );
});

test('a date with a tie between two readings stays doubtful', () => {
  expect(calibrated('issueDate', 0.3)).toBeLessThan(0.7);
});
