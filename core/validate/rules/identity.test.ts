import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { invalidIban } from './invalid-iban.ts';
import { invalidTaxId } from './invalid-tax-id.ts';

const iban = (vendorIban: string) => said(invalidIban, { header: { vendorIban } });

test('IBAN: each fault has its sentence', () => {
  expect(iban('DE88370400440532013000')).toEqual([
    'error: IBAN “DE88 3704 0044 0532 0130 00” is wrong: its check digits do not fit.',
  ]);
  expect(iban('DE8937040044053201300')).toEqual([
    'error: IBAN “DE89 3704 0044 0532 0130 0” is wrong: DE has 22 characters, here are 21.',
  ]);
  expect(iban('DE8937040044053201300X')[0]).toContain('the form of DE');
  expect(iban('XY89370400440532013000')[0]).toContain('no country with IBANs has the code XY');
  expect(iban('DE89370400440532013000')).toEqual([]);
  expect(said(invalidIban, { header: {} })).toEqual([]);
});

test('tax id: vendor and buyer are told apart', () => {
  expect(said(invalidTaxId, { header: { ...GOOD, vendorTaxId: 'DE136695977', buyerTaxId: 'ATU1358562' } })).toEqual([
    'warning: Tax id “DE136695977” of the vendor is wrong: its check digits do not fit (DE).',
    'warning: Tax id “ATU1358562” of the buyer does not have the form of AT.',
  ]);
  expect(said(invalidTaxId, { header: { ...GOOD, buyerTaxId: '12/345/67890' } })).toEqual([]);
});
