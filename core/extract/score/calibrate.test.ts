import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HEADER_FIELD_NAMES } from '../../invoice/fields.ts';
import { calibrated, EVIDENCE, evidenceOf, shareAt, withConfidence } from './calibrate.ts';

const field = fc.constantFrom(...HEADER_FIELD_NAMES);
const origin = fc.constantFrom('text' as const, 'ocr' as const);
const evidence = fc.constantFrom(...EVIDENCE);
const score = fc.double({ min: 0, max: 1, noNaN: true });

test('a better score never means less confidence, and nothing is certain', () => {
  fc.assert(
    fc.property(field, origin, evidence, score, score, (name, from, kind, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      return (
        calibrated(name, from, kind, low) <= calibrated(name, from, kind, high) &&
        calibrated(name, from, kind, high) < 1
      );
    }),
  );
});

test('a tie between two readings stays doubtful, on a picture most of all', () => {
  expect(calibrated('issueDate', 'text', 'labelled', 0.3)).toBeLessThan(0.8);
  expect(calibrated('issueDate', 'ocr', 'labelled', 0.3)).toBeLessThan(0.8);
});

test('between two points of a curve the share rises in a straight line, beyond its ends it stays', () => {
  const curve = [
    [0.2, 0.4],
    [0.6, 0.8],
  ] as const;
  expect([0, 0.2, 0.4, 0.6, 1].map((x) => shareAt(curve, x))).toEqual([0.4, 0.4, 0.6000000000000001, 0.8, 0.8]);
});

test('the raw score stays in the cell', () => {
  const cell = { value: '1', text: '1', source: 'ocr' as const, confidence: 0.83, reasons: [], candidates: [] };
  const { score: raw, confidence } = withConfidence('line.quantity', cell);
  expect(raw).toBe(0.83);
  expect(confidence).toBeLessThan(1);
});

const of = (value: string, ...reasons: string[]) => evidenceOf({ value, reasons });

test('a sum says more than check digits, these more than a label, and that more than a place', () => {
  expect(of('119', 'label:Total', 'arithmetic')).toBe('sum');
  expect(of('19', 'sum:tax-rows')).toBe('sum');
  expect(of('DE02', 'label:IBAN', 'checksum')).toBe('checked');
  expect(of('4711', 'label:Invoice no.', 'position:top')).toBe('labelled');
  expect(of('Blue Heron', 'position:letterhead', 'domain')).toBe('confirmed');
  expect(of('Blue Heron Ltd.', 'position:letterhead', 'repeated')).toBe('confirmed');
  expect(of('Radio Heron', 'position:letterhead', 'repeated')).toBe('confirmed');
  expect(of('Blue Heron Ltd.', 'position:letterhead')).toBe('formed');
  expect(of('12 Heron Street', 'position:letterhead', 'repeated')).toBe('placed');
});
