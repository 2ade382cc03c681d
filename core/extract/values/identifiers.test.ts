import { expect, test } from 'vitest';
import { buildLayout } from '../layout/lines.ts';
import { sheet } from '../testing.ts';
import { findIbans } from './iban.ts';
import { idAt } from './id.ts';
import { findVatIds } from './tax-id.ts';

const lines = (text: string) => buildLayout([sheet(text)]).lines;

test('IBANs in groups or in one piece, checked', () => {
  expect(lines('IBAN: DE02 1203 0000 0000 2020 51 BIC X').flatMap(findIbans)).toMatchObject([
    { value: 'DE02120300000000202051', valid: true },
  ]);
  expect(lines('DE02120300000000202052').flatMap(findIbans)).toMatchObject([{ valid: false }]);
  expect(lines('Order DE02 of 1203').flatMap(findIbans)).toEqual([]);
});

const scanned = (text: string) => buildLayout([sheet(text, { source: 'ocr' })]).lines.flatMap(findIbans);

test('on a scan letters that look like digits are mended where the checksum then holds', () => {
  expect(scanned('IBAN DEO2 12O3 0000 0000 2020 S1')).toMatchObject([{ value: 'DE02120300000000202051', valid: true }]);
  expect(scanned('IBAN DEO2 1203 0000 0000 2020 52')).toEqual([]);
  expect(lines('IBAN DEO2 1203 0000 0000 2020 51').flatMap(findIbans)).toEqual([]);
});

test('VAT ids with their country, checked where the country has a checksum', () => {
  expect(lines('USt-IdNr. DE 136 695 976').flatMap(findVatIds)).toMatchObject([
    { value: 'DE136695976', country: 'DE', valid: true },
  ]);
  expect(lines('VAT DE136695977').flatMap(findVatIds)).toMatchObject([{ valid: false }]);
  expect(lines('ATU12345678').flatMap(findVatIds)).toHaveLength(1);
  expect(lines('FRANKFURT 60325 DEPOT 123456789').flatMap(findVatIds)).toEqual([]);
});

const at = (text: string) => idAt(lines(text).flatMap((l) => l.tokens))?.value;

test('references: prefix and digit groups belong to the number, prose does not', () => {
  expect(at('INV 00123')).toBe('INV 00123');
  expect(at('12 345 678')).toBe('12 345 678');
  expect(at('#RE-2024/17, please')).toBe('RE-2024/17');
  expect(at('see below 17')).toBeUndefined();
});
