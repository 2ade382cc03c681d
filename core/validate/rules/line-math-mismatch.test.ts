import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencyDigits } from '../../invoice/currency.ts';
import { canonicalDecimal, multiply, round } from '../../invoice/decimal.ts';
import { GOOD, said } from '../testing.ts';
import type { Values } from '../testing.ts';
import type { LineField } from '../../invoice/fields.ts';
import { lineMathMismatch } from './line-math-mismatch.ts';

const line = (values: Values<LineField>, header: object = GOOD) => said(lineMathMismatch, { header, lines: [values] });

test('a wrong line total is said with its numbers', () => {
  expect(line({ quantity: '3', unitPrice: '19.9', lineTotal: '69.7' })).toEqual([
    'error: Line 1: 3 × 19.90 = 59.70, the line says 69.70.',
  ]);
  expect(line({ quantity: '3', unitPrice: '20', discount: '5', lineTotal: '50' })).toEqual([
    'error: Line 1: 3 × 20.00 − 5.00 = 55.00, the line says 50.00.',
  ]);
});

test('discounts: an amount with either sign, a price net of it already, a rate', () => {
  expect(line({ quantity: '3', unitPrice: '20', discount: '6', lineTotal: '54' })).toEqual([]);
  expect(line({ quantity: '3', unitPrice: '20', discount: '-6', lineTotal: '54' })).toEqual([]);
  expect(line({ quantity: '3', unitPrice: '18', discount: '6', lineTotal: '54' })).toEqual([]);
  expect(line({ quantity: '3', unitPrice: '20', discount: { value: '10', text: '10 %' }, lineTotal: '54' })).toEqual(
    [],
  );
  expect(line({ quantity: '3', unitPrice: '20', discount: '10', lineTotal: '54' })).toEqual([]);
  expect(line({ quantity: '3', unitPrice: '20', discount: '10', lineTotal: '53' })).toHaveLength(1);
});

test('price bases: from the XML, as printed, and as a hint', () => {
  expect(line({ quantity: '250', unitPrice: '12.4', priceBase: '100', lineTotal: '31' })).toEqual([]);
  expect(line({ quantity: '250', unitPrice: { value: '12.4', text: '12.40 per 100' }, lineTotal: '31' })).toEqual([]);
  expect(line({ quantity: '2500', unitPrice: '12.4', unit: 'je 1.000', lineTotal: '31' })).toEqual([]);
  expect(line({ quantity: '250', unitPrice: '12.4', lineTotal: '31' })).toEqual([
    'warning: Line 1: 250 × 12.40 = 3,100.00, the line says 31.00; it would agree for a price per 100.',
  ]);
  expect(line({ quantity: '250', unitPrice: '12.4', priceBase: '100', lineTotal: '32' })).toEqual([
    'error: Line 1: 250 × 12.40 per 100 = 31.00, the line says 32.00.',
  ]);
});

test('a charge on the line, and a base that is not meant', () => {
  expect(line({ quantity: '2', unitPrice: '10', discount: '-3', lineTotal: '23' })).toEqual([]);
  expect(line({ quantity: '15', unitPrice: '10', priceBase: '15', lineTotal: '150' })).toEqual([]);
});

test('a printed price that looks rounded is a note', () => {
  expect(line({ quantity: '1000', unitPrice: '0.33', lineTotal: '333.3' })).toEqual([
    'info: Line 1: 1,000 × 0.33 = 330.00, the line says 333.30; the printed price looks rounded.',
  ]);
});

test('goods taken back: the sign may stand on the total only', () => {
  expect(line({ quantity: '6', unitPrice: '18.33', lineTotal: '-109.98' })).toEqual([
    'info: Line 1: 6 × 18.33 = 109.98, the line says −109.98: goods taken back?',
  ]);
});

test('credits, free lines, prices with tax and missing amounts are lawful', () => {
  expect(line({ quantity: '-2', unitPrice: '10', lineTotal: '-20' })).toEqual([]);
  expect(line({ quantity: '2', unitPrice: '10', lineTotal: '-20' }, { ...GOOD, documentType: 'credit-note' })).toEqual(
    [],
  );
  expect(line({ quantity: '1', unitPrice: '10', lineTotal: '0' })).toEqual([]);
  expect(line({ quantity: '2', unitPrice: '50', taxRate: '19', lineTotal: '119' })).toEqual([]);
  expect(line({ quantity: '2', lineTotal: '119' })).toEqual([]);
  expect(line({ quantity: '2', unitPrice: 'ten', lineTotal: '119' })).toEqual([]);
});

test('one yen is the least tolerance for yen', () => {
  expect(line({ quantity: '1.5', unitPrice: '333', lineTotal: '499' }, { ...GOOD, currency: 'JPY' })).toEqual([]);
  expect(line({ quantity: '1.5', unitPrice: '333', lineTotal: '497' }, { ...GOOD, currency: 'JPY' })).toHaveLength(1);
});

const decimal = (max: number, digits: number) =>
  fc.integer({ min: -max, max }).map((units) => canonicalDecimal((units / 10 ** digits).toFixed(digits)) ?? '0');

test('a line that multiplies out is never a finding', () => {
  fc.assert(
    fc.property(
      decimal(100_000, 3),
      decimal(1_000_000, 2),
      fc.constantFrom('EUR', 'JPY', 'KWD'),
      (quantity, unitPrice, currency) => {
        const lineTotal = round(multiply(quantity, unitPrice), currencyDigits(currency) ?? 2);
        expect(line({ quantity, unitPrice, lineTotal }, { ...GOOD, currency })).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
