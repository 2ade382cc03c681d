import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { invalidCurrency } from './invalid-currency.ts';

test('a code that is none is said', () => {
  expect(said(invalidCurrency, { header: { ...GOOD, currency: 'DEM' } })).toEqual([
    'error: “DEM” is no currency code of ISO 4217.',
  ]);
  expect(said(invalidCurrency, { header: GOOD })).toEqual([]);
  expect(said(invalidCurrency, { header: { grossTotal: '1' } })).toEqual([]);
});
