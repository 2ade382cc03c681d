import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildLayout } from '../layout/lines.ts';
import { sheet } from '../testing.ts';
import { decimalMark, findNumbers, parseNumber, valueOf } from './amount.ts';

const read = (text: string) => {
  const numbers = buildLayout([sheet(text)]).lines.flatMap(findNumbers);
  return numbers.map((n) => valueOf(n, decimalMark(numbers)));
};

test.each([
  ['1.234,56', '1234.56'],
  ['1,234.56', '1234.56'],
  ['1 234,56', '1234.56'],
  ['12 345 678,90', '12345678.9'],
  ["1'234.56", '1234.56'],
  ['1’234.56', '1234.56'],
  ['(123.45)', '-123.45'],
  ['123.45-', '-123.45'],
  ['-123,45', '-123.45'],
  ['123.45 CR', '-123.45'],
  ['€ 1.234,56', '1234.56'],
  ['$1,234.56', '1234.56'],
  ['-$12.00', '-12'],
  ['1.234,56 EUR', '1234.56'],
  ['6,00,000.00', '600000'],
  ['27946 ,00', '27946'],
  ['RM12.60', '12.6'],
])('%s is %s', (text, value) => {
  expect(read(text)).toEqual([value]);
});

test('a separator before three digits follows the document', () => {
  expect(parseNumber('1.234', ',')).toBe('1234');
  expect(parseNumber('1.234', '.')).toBe('1.234');
  expect(parseNumber('5,000', ',')).toBe('5');
  expect(parseNumber('5,000', undefined)).toBe('5000');
  expect(parseNumber('0.125', undefined)).toBe('0.125');
});

test('what is no number is none: dates, phone numbers, words with digits, groups that do not fit', () => {
  expect(read('A4 12:30 x99 10-12-2024')).toEqual([]);
  expect(parseNumber('1.23.456,7', ',')).toBeUndefined();
  expect(parseNumber('', '.')).toBeUndefined();
});

test('columns apart are two numbers, a thousands space is one', () => {
  expect(read('2        100,00')).toEqual(['2', '100']);
  expect(read('2 100,00')).toEqual(['2100']);
});

test('in letters of a typewriter a thousands space is as wide as a digit', () => {
  const page = sheet('Rue de la Gare 4\nMontant net de la facture   4 397,69\nTotal de la facture   4 960,18', {
    columns: 48,
  });
  const numbers = buildLayout([page]).lines.flatMap(findNumbers);
  expect(numbers.map((n) => valueOf(n, ','))).toEqual(['4', '4397.69', '4960.18']);
});

const group = (digits: string, mark: string) => digits.replace(/\B(?=(\d{3})+$)/g, mark);

test('whatever is written with cents in either style reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
      const fraction = String(cents).padStart(2, '0');
      const expected = parseNumber(`${whole}.${fraction}`, '.');
      const styles = [
        `${group(String(whole), '.')},${fraction}`,
        `${group(String(whole), ',')}.${fraction}`,
        `${group(String(whole), ' ')},${fraction}`,
        `${group(String(whole), "'")}.${fraction}`,
      ];
      return styles.every((text) => parseNumber(text, undefined) === expected);
    }),
  );
});
