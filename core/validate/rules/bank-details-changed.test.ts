import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { bankDetailsChanged } from './bank-details-changed.ts';

const KNOWN = 'DE02120300000000202051';
const OTHER = 'DE89370400440532013000';
const reading = { notes: [{ code: 'IBAN_DIFFERS_FROM_KNOWN', page: 1, params: { read: OTHER, known: KNOWN } }] };

test('another account than on the confirmed invoices of the vendor is an error, whoever typed it', () => {
  for (const actor of [undefined, 'local:1']) {
    const vendorIban = { value: OTHER, ...(actor === undefined ? {} : { actor }) };
    expect(said(bankDetailsChanged, { header: { ...GOOD, vendorIban }, reading })).toEqual([
      'error: This vendor’s confirmed invoices name another account: DE02 1203 0000 0000 2020 51.',
    ]);
  }
});

test('the known account is no finding', () => {
  expect(said(bankDetailsChanged, { header: { ...GOOD, vendorIban: { value: KNOWN } }, reading })).toEqual([]);
  expect(said(bankDetailsChanged, { header: { ...GOOD, vendorIban: { value: OTHER } } })).toEqual([]);
});
