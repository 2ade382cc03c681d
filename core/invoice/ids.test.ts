import { expect, test } from 'vitest';
import { exactNumberKey, nameKey, numberKey, taxIdKey, vendorKey } from './ids.ts';

test('a number is found again after retyping and misreading', () => {
  const key = numberKey('RE-2024/00017');
  for (const other of ['re 2024 17', 'RE2O24-0017', 'RE_2024_O0017', 'RE-2O24/17']) expect(numberKey(other)).toBe(key);
  for (const other of ['RE-2024/00018', 'RE-2024/170', 'AR-2024/17', 'RE-2025/17'])
    expect(numberKey(other)).not.toBe(key);
});

test('letters that belong to a word stay letters', () => {
  expect(numberKey('ROI-1')).toBe('ROI1');
  expect(numberKey('OIL-7')).toBe('OIL7');
  expect(numberKey('INV 007')).toBe('INV7');
  expect(numberKey('---')).toBeNull();
  expect(numberKey('000')).toBe('0');
});

test('the exact key keeps punctuation', () => {
  expect(exactNumberKey(' re 1-2 ')).toBe('RE1-2');
  expect(exactNumberKey('RE12')).not.toBe(exactNumberKey('RE1-2'));
});

test('legal forms, accents and signs do not tell vendors apart', () => {
  expect(nameKey('Müller & Söhne GmbH & Co. KG')).toBe('muller sohne');
  expect(nameKey('MULLER + SOHNE')).toBe('muller sohne');
  expect(nameKey('Bäckerei Groß')).toBe('backerei gross');
  expect(nameKey('S.A.R.L. Dupont')).toBe('dupont');
  expect(nameKey('AG')).toBe('ag');
  expect(nameKey('  ')).toBeNull();
  expect(vendorKey('', 'DE 136 695 976')).toBe('DE136695976');
  expect(taxIdKey('CHE-107.787.577 MWST')).toBe('CHE107787577MWST');
});
