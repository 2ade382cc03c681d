import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CURRENCIES, currencyDigits, minorUnit } from './currency.ts';
import { canonicalDecimal, multiply, round } from './decimal.ts';
import { direction, minorUnits } from './money.ts';

test('minor units are exact, or said not to fit', () => {
  expect(minorUnits('1234.5', 'EUR')).toEqual({ kind: 'minor', units: 123_450n });
  expect(minorUnits('-0.01', 'EUR')).toEqual({ kind: 'minor', units: -1n });
  expect(minorUnits('1.005', 'EUR')).toEqual({ kind: 'does-not-fit', digits: 2 });
  expect(minorUnits('1.005', 'KWD')).toEqual({ kind: 'minor', units: 1005n });
  expect(minorUnits('0.5', 'JPY')).toEqual({ kind: 'does-not-fit', digits: 0 });
  expect(minorUnits('1', 'XYZ')).toEqual({ kind: 'unknown-currency' });
  expect(minorUnits('1,5', 'EUR')).toEqual({ kind: 'no-decimal' });
});

test('every amount of minor units comes back as it was', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CURRENCIES), fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (code, units) => {
      const amount = multiply(units.toString(), minorUnit(code));
      const found = minorUnits(amount, code);
      return found.kind === 'minor' && found.units === units;
    }),
  );
});

test('an amount fits exactly when rounding to its currency changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CURRENCIES), fc.integer(), fc.integer({ min: 0, max: 5 }), (code, units, digits) => {
      const amount = canonicalDecimal((units / 10 ** digits).toFixed(digits)) ?? '0';
      const fits = round(amount, currencyDigits(code) ?? -1) === amount;
      return fits === (minorUnits(amount, code).kind === 'minor');
    }),
  );
});

test('a credit note counts against the vendor', () => {
  expect(direction('381')).toBe(-1);
  expect(direction(null, 'credit-note')).toBe(-1);
  expect(direction('380', 'credit-note')).toBe(1);
  expect(direction(undefined, 'invoice')).toBe(1);
});
