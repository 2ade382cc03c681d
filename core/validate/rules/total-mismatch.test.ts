import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { totalMismatch } from './total-mismatch.ts';

const total = (values: object) => said(totalMismatch, { header: { ...GOOD, ...values } });

test('net + tax = total', () => {
  expect(total({})).toEqual([]);
  expect(total({ grossTotal: '120' })).toEqual([
    'error: Net 100.00 + tax 19.00 = 119.00, the total says 120.00 (difference 1.00).',
  ]);
  expect(total({ netTotal: '-100', taxTotal: '-19', grossTotal: '-119' })).toEqual([]);
});

test('coins, withheld tax, and freight after the subtotal are lawful', () => {
  expect(total({ grossTotal: '119.05', rounding: '0.05' })).toEqual([]);
  expect(total({ grossTotal: '104', withheldTax: '15' })).toEqual([]);
  expect(total({ grossTotal: '124', chargeTotal: '5' })).toEqual([]);
  expect(total({ grossTotal: '121', chargeTotal: '5', allowanceTotal: '3' })).toEqual([]);
});

test('the amount due', () => {
  expect(total({ amountDue: '119' })).toEqual([]);
  expect(total({ amountDue: '69', prepaid: '50' })).toEqual([]);
  expect(total({ amountDue: '69', prepaid: '-50' })).toEqual([]);
  expect(total({ amountDue: '119.05', rounding: '0.05' })).toEqual([]);
  expect(total({ amountDue: '104', withheldTax: '15' })).toEqual([]);
  expect(total({ amountDue: '70', prepaid: '50' })).toEqual([
    'error: Total 119.00 − prepaid 50.00 + rounding 0.00 = 69.00, the amount due says 70.00.',
  ]);
  expect(total({ amountDue: '90', withheldTax: '15' })).toEqual([
    'error: Total 119.00 − prepaid 0.00 + rounding 0.00 − withheld tax 15.00 = 104.00, the amount due says 90.00.',
  ]);
});

test('a commission below the total is deducted once', () => {
  expect(total({ amountDue: '101.15', allowanceTotal: '17.85' })).toEqual([]);
  expect(total({ amountDue: '109', lineTotalSum: '110', allowanceTotal: '10' })).toHaveLength(1);
});

test('a total without a printed tax is judged by the rates of its lines, or by the taxes per rate', () => {
  const header = { currency: 'EUR', netTotal: '100', grossTotal: '191' };
  const lines = [{ lineTotal: '100', taxRate: '19' }];
  expect(said(totalMismatch, { header, lines })).toEqual([
    'error: Net 100.00 + tax at the rates of the lines 19.00 = 119.00, the total says 191.00 (difference 72.00).',
  ]);
  expect(said(totalMismatch, { header: { ...header, grossTotal: '119' }, lines })).toEqual([]);
  expect(said(totalMismatch, { header: { ...header, grossTotal: '100' }, lines })).toEqual([]);
  expect(said(totalMismatch, { header, lines: [{ lineTotal: '90', taxRate: '19' }] })).toEqual([]);
  expect(said(totalMismatch, { header, lines: [{ lineTotal: '100' }] })).toEqual([]);
  expect(said(totalMismatch, { header, taxRows: [{ rate: '19', amount: '19' }] })).toEqual([
    'error: Net 100.00 + tax 19.00 = 119.00, the total says 191.00 (difference 72.00).',
  ]);
});

test('missing amounts prove nothing', () => {
  expect(said(totalMismatch, { header: { netTotal: '1', grossTotal: '2' } })).toEqual([]);
  expect(said(totalMismatch, { header: { amountDue: '1' } })).toEqual([]);
});
