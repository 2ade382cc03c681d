import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, canonicalDecimal, divide, multiply, round } from '../../invoice/decimal.ts';
import { GOOD, said } from '../testing.ts';
import { taxCalculationError } from './tax-calculation-error.ts';

const header = { currency: 'EUR', netTotal: '150', taxTotal: '22.5' };
const rows = [
  { rate: '19', base: '100', amount: '19' },
  { rate: '7', base: '50', amount: '3.5' },
];

test('each rate is checked', () => {
  expect(said(taxCalculationError, { header, taxRows: rows })).toEqual([]);
  expect(said(taxCalculationError, { header, taxRows: [rows[0]!, { rate: '7', base: '50', amount: '3.1' }] })).toEqual([
    'error: 7 % of 50.00 = 3.50, the invoice says 3.10.',
    'error: The taxes by rate add up to 22.10, the tax total says 22.50.',
  ]);
});

test('bases beyond the net total are said, an untaxed rest is lawful', () => {
  const [first] = rows;
  expect(said(taxCalculationError, { header: { ...header, netTotal: '140' }, taxRows: rows })).toEqual([
    'warning: The amounts taxed by rate add up to 150.00, the net total says 140.00.',
  ]);
  expect(
    said(taxCalculationError, { header: { ...header, netTotal: '140', chargeTotal: '10' }, taxRows: rows }),
  ).toEqual([]);
  expect(said(taxCalculationError, { header: { ...header, taxTotal: '19' }, taxRows: [first!] })).toEqual([]);
});

test('the only rate is on the net total where the row does not repeat it', () => {
  const taxRows = [{ rate: '19', amount: '19' }];
  expect(said(taxCalculationError, { header: GOOD, taxRows })).toEqual([]);
  expect(said(taxCalculationError, { header: { ...GOOD, netTotal: '90' }, taxRows })).toEqual([
    'error: 19 % of 90.00 = 17.10, the invoice says 19.00.',
  ]);
});

test('tax rounded line by line is lawful', () => {
  // 5 x 0.98 at 19 %: 0.1862 a line -> 0.19 x 5 = 0.95; 4.90 x 19 % = 0.931 -> 0.93
  const line = { taxRate: '19', lineTotal: '0.98' };
  const taxRows = [{ rate: '19', base: '4.9', amount: '0.95' }];
  const lines = [line, line, line, line, line];
  expect(said(taxCalculationError, { header: { currency: 'EUR' }, taxRows, lines })).toEqual([]);
  expect(said(taxCalculationError, { header: { currency: 'EUR' }, taxRows })).toHaveLength(1);
});

test('without a breakdown the rates of the lines decide', () => {
  const lines = [
    { taxRate: '19', lineTotal: '100' },
    { taxRate: '7', lineTotal: '50' },
  ];
  expect(said(taxCalculationError, { header, lines })).toEqual([]);
  expect(said(taxCalculationError, { header: { ...header, taxTotal: '28.5' }, lines })).toEqual([
    'error: The taxes by rate add up to 22.50, the tax total says 28.50.',
  ]);
  expect(said(taxCalculationError, { header: { ...GOOD, taxTotal: '7' }, lines: [lines[0]!] })).toEqual([
    'error: 19 % of 100.00 = 19.00, the invoice says 7.00.',
  ]);
  expect(said(taxCalculationError, { header: { ...header, netTotal: '160' }, lines })).toEqual([]);
});

const one = (currency: string, rate: string, base: string, amount: string) =>
  said(taxCalculationError, { header: { currency }, taxRows: [{ rate, base, amount }] });

test('Swiss coins, yen rounded down, reverse charge', () => {
  expect(one('CHF', '8.1', '123.4', '10')).toEqual([]);
  expect(one('EUR', '8.1', '123.4', '10.05')).toHaveLength(1);
  expect(one('JPY', '10', '1239', '123')).toEqual([]);
  expect(one('EUR', '0', '1000', '0')).toEqual([]);
  expect(one('EUR', '19', '-100', '-19')).toEqual([]);
});

test('the tax of any base at any rate, rounded once, is never an error', () => {
  const amounts = fc
    .integer({ min: -10_000_000, max: 10_000_000 })
    .map((cents) => canonicalDecimal((cents / 100).toFixed(2)) ?? '0');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(amounts, fc.constantFrom('0', '2.1', '5.5', '7', '8.1', '19', '21', '25'))),
      (bases) => {
        const taxRows = bases.map(([base, rate]) => {
          const amount = round(divide(multiply(base, rate), '100', 10) ?? '0', 2);
          return { base, rate, amount };
        });
        const sums = { netTotal: add(...taxRows.map((r) => r.base)), taxTotal: add(...taxRows.map((r) => r.amount)) };
        expect(said(taxCalculationError, { header: { currency: 'EUR', ...sums }, taxRows })).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});
