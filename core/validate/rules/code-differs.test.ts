import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { codeDiffers } from './code-differs.ts';

const differs = (params: Record<string, string>) => ({ notes: [{ code: 'CODE_DIFFERS', page: 1, params }] });
const AMOUNT = { field: 'amountDue', code: '191', print: '119', scheme: 'epc' };

test('another amount or account in the payment code warns', () => {
  expect(said(codeDiffers, { header: GOOD, reading: differs(AMOUNT) })).toEqual([
    'warning: Amount due: the payment code says “191.00”, the page says “119.00”.',
  ]);
  const account = { field: 'vendorIban', code: 'DE02120300000000202051', print: 'DE89370400440532013000' };
  expect(said(codeDiffers, { header: GOOD, reading: differs(account) })[0]).toContain(
    'says “DE02 1203 0000 0000 2020 51”',
  );
});

test('a person who set the field has decided', () => {
  const header = { ...GOOD, amountDue: { value: '119', actor: 'local:1' } };
  expect(said(codeDiffers, { header, reading: differs(AMOUNT) })).toEqual([]);
});

const invalid = (problem: string) => ({ code: 'CODE_INVALID', page: 2, params: { scheme: 'swiss-qr', problem } });

test('a code that cannot be paid is told once, one out of form is not', () => {
  expect(said(codeDiffers, { header: GOOD, reading: { notes: [invalid('iban'), invalid('amount')] } })).toEqual([
    'info: The Swiss QR code on page 2 breaks its standard (account number); what is wrong in it was not used.',
  ]);
  expect(said(codeDiffers, { header: GOOD, reading: { notes: [invalid('creditor:address')] } })).toEqual([]);
});
