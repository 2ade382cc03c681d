import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, canonicalDecimal, divide, multiply, near, negate, round, subtract, withDigits } from './decimal.ts';

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 6 }))
  .map(([units, digits]) => {
    const sign = units < 0n ? '-' : '';
    const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
    return (
      canonicalDecimal(digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`) ?? 'none'
    );
  });

test('canonical form drops what carries no value', () => {
  expect(canonicalDecimal('007.50')).toBe('7.5');
  expect(canonicalDecimal('-0.00')).toBe('0');
  expect(canonicalDecimal('1e3')).toBeUndefined();
  expect(canonicalDecimal('1.')).toBeUndefined();
});

test('sums are exact and canonical', () => {
  fc.assert(fc.property(decimals, decimals, (a, b) => subtract(add(a, b), b) === a && add(a, negate(a)) === '0'));
  expect(add('0.1', '0.2')).toBe('0.3');
});

test('rounding is half away from zero', () => {
  expect(round('1.005', 2)).toBe('1.01');
  expect(round('-1.005', 2)).toBe('-1.01');
  expect(round(multiply('3', '19.9'), 2)).toBe('59.7');
});

test('division rounds once and refuses zero', () => {
  expect(divide('1', '3', 4)).toBe('0.3333');
  expect(divide('2', '3', 2)).toBe('0.67');
  expect(divide('1', '0', 2)).toBeUndefined();
});

test('tolerance includes its bound', () => {
  expect(near('10', '10.01', '0.01')).toBe(true);
  expect(near('10', '10.02', '0.01')).toBe(false);
});

test('digits are added for show, never dropped', () => {
  expect(withDigits('7.5', 2)).toBe('7.50');
  expect(withDigits('7.125', 2)).toBe('7.125');
});
