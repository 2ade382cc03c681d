import { expect, test } from 'vitest';
import { canonicalIban, ibanProblem, isBic } from './bank.ts';

test('IBANs of the registry pass', () => {
  for (const iban of [
    'DE89 3704 0044 0532 0130 00',
    'GB29 NWBK 6016 1331 9268 19',
    'CH44 3199 9123 0008 8901 2',
    'nl91abna0417164300',
  ])
    expect(ibanProblem(canonicalIban(iban))).toBeUndefined();
  expect(canonicalIban('IBAN: DE89 3704-0044')).toBe('DE8937040044');
});

test('each fault has its name', () => {
  expect(ibanProblem('DE88370400440532013000')).toEqual({ kind: 'checksum', country: 'DE' });
  expect(ibanProblem('DE8937040044053201300')).toEqual({ kind: 'length', country: 'DE', expected: 22 });
  expect(ibanProblem('DE8937040044053201300X')).toEqual({ kind: 'form', country: 'DE' });
  expect(ibanProblem('US8937040044053201300')).toEqual({ kind: 'country', country: 'US' });
  expect(ibanProblem('')).toEqual({ kind: 'country', country: '' });
});

test('BIC has 8 or 11 characters', () => {
  expect(isBic('COBADEFF')).toBe(true);
  expect(isBic('COBADEFFXXX')).toBe(true);
  expect(isBic('COBADEFFX')).toBe(false);
});
