import { expect, test } from 'vitest';
import { said } from '../testing.ts';
import { subtotalMismatch } from './subtotal-mismatch.ts';

const lines = [{ lineTotal: '60' }, { lineTotal: '40' }];
const net = (values: object) => said(subtotalMismatch, { header: { currency: 'EUR', ...values }, lines });

test('lines that do not add up to the net total are said', () => {
  expect(net({ netTotal: '110' })).toEqual([
    'error: The lines add up to 100.00, the net total says 110.00 (difference 10.00).',
  ]);
  expect(net({ netTotal: '100' })).toEqual([]);
  expect(net({ netTotal: '100.01' })).toEqual([]);
  expect(net({ netTotal: '100.02' })).toHaveLength(1);
});

test('allowances and charges count', () => {
  expect(net({ netTotal: '95', allowanceTotal: '10', chargeTotal: '5' })).toEqual([]);
  expect(net({ netTotal: '95', allowanceTotal: '-10', chargeTotal: '5' })).toEqual([]);
  expect(net({ netTotal: '90', allowanceTotal: '10', chargeTotal: '5' })).toEqual([]); // freight printed as a line
  expect(net({ netTotal: '80', allowanceTotal: '10', chargeTotal: '5' })).toEqual([
    'error: Lines 100.00 − allowances 10.00 + charges 5.00 = 95.00, the net total says 80.00.',
  ]);
});

test('a printed sum of lines is compared with both sides', () => {
  expect(net({ lineTotalSum: '90', netTotal: '90' })).toEqual([
    'error: The lines add up to 100.00, the sum of lines says 90.00 (difference 10.00).',
  ]);
  expect(net({ lineTotalSum: '100', allowanceTotal: '10', netTotal: '95' })).toEqual([
    'error: Sum of lines 100.00 − allowances 10.00 + charges 0.00 = 90.00, the net total says 95.00.',
  ]);
  expect(net({ lineTotalSum: '100', allowanceTotal: '10', netTotal: '90' })).toEqual([]);
});

test('prices with tax add up to the gross total', () => {
  expect(net({ netTotal: '84.03', grossTotal: '100' })).toEqual([]);
});

test('a line without a total, or no net total, proves nothing', () => {
  expect(said(subtotalMismatch, { header: { netTotal: '1' }, lines: [...lines, { quantity: '1' }] })).toEqual([]);
  expect(net({ grossTotal: '1' })).toEqual([]);
  expect(said(subtotalMismatch, { header: { netTotal: '1' } })).toEqual([]);
});

test('an issuer who rounds only the total is right too', () => {
  const third = { quantity: '1', unitPrice: '3.335', lineTotal: '3.34' };
  const header = { currency: 'EUR', netTotal: '16.68' }; // 5 x 3.335 = 16.675, the lines say 16.70
  expect(said(subtotalMismatch, { header, lines: [third, third, third, third, third] })).toEqual([]);
  expect(
    said(subtotalMismatch, { header: { ...header, netTotal: '16.6' }, lines: [third, third, third, third, third] }),
  ).toHaveLength(1);
});

test('a credit note with negative lines', () => {
  expect(
    said(subtotalMismatch, { header: { netTotal: '-100' }, lines: [{ lineTotal: '-60' }, { lineTotal: '-40' }] }),
  ).toEqual([]);
});

test('a credit note that takes its allowances back', () => {
  const header = { lineTotalSum: '-7.9', allowanceTotal: '-0.23', chargeTotal: '0', netTotal: '-7.67' };
  expect(said(subtotalMismatch, { header, lines: [{ lineTotal: '-5' }, { lineTotal: '-2.9' }] })).toEqual([]);
});

test('sub lines whose amount another line holds are not counted twice', () => {
  const below = { lineTotal: { value: '40', reasons: ['not-in-sum'] } };
  expect(said(subtotalMismatch, { header: { netTotal: '100' }, lines: [{ lineTotal: '100' }, below, below] })).toEqual(
    [],
  );
});
