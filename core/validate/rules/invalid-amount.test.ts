import { expect, test } from 'vitest';
import { GOOD, GOOD_LINES, said } from '../testing.ts';
import { invalidAmount } from './invalid-amount.ts';

test('an amount that does not fit its currency is not rounded but said', () => {
  expect(said(invalidAmount, { header: { ...GOOD, grossTotal: '119.005' } })).toEqual([
    'error: Total: 119.005 has more decimals than EUR has (2); it was not rounded.',
  ]);
  expect(said(invalidAmount, { header: { ...GOOD, currency: 'JPY', taxTotal: '19.5' } })).toHaveLength(1);
  expect(said(invalidAmount, { header: GOOD, taxRows: [{ base: '1.001' }] })[0]).toMatch(/^error: Tax base/);
});

test('lines may be printed more exactly, unit prices anyhow', () => {
  expect(said(invalidAmount, { header: GOOD, lines: [{ lineTotal: '1.001', unitPrice: '0.00001' }] })[0]).toMatch(
    /^info/,
  );
  expect(said(invalidAmount, { header: GOOD, lines: GOOD_LINES })).toEqual([]);
  expect(said(invalidAmount, { header: { ...GOOD, currency: 'KWD', grossTotal: '1.005' } })).toEqual([]);
  expect(said(invalidAmount, { header: { grossTotal: '1.00005' } })).toEqual([]);
});

test('the tax in the accounting currency has the decimals of that one', () => {
  const header = { ...GOOD, currency: 'JPY', taxTotal: '19', accountingCurrency: 'EUR', accountingTaxTotal: '0.12' };
  expect(said(invalidAmount, { header })).toEqual([]);
});
