import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { textLayerMismatch } from './text-layer-mismatch.ts';

const noted = (params: Record<string, string>) => ({ notes: [{ code: 'TEXT_LAYER_MISMATCH', page: 2, params }] });

test('another value in the print than in the text of the PDF blocks', () => {
  const reading = noted({ field: 'grossTotal', value: '119', seen: '191.00' });
  expect(said(textLayerMismatch, { header: GOOD, reading })).toEqual([
    'error: Total: the text of the PDF says “119.00”, but page 2 shows “191.00”.',
  ]);
});

test('so does a value that nobody can see', () => {
  const reading = noted({ field: 'vendorIban', value: 'DE89370400440532013000' });
  expect(said(textLayerMismatch, { header: GOOD, reading })).toEqual([
    'error: IBAN: the text of the PDF says “DE89 3704 0044 0532 0130 00”, but nothing of it can be seen on page 2.',
  ]);
});

test('a hidden account beside the visible one warns', () => {
  const reading = noted({ field: 'vendorIban', value: 'DE00', passedOver: 'yes' });
  expect(said(textLayerMismatch, { header: GOOD, reading })).toEqual([
    'warning: IBAN: the PDF also holds “DE00” on page 2, hidden from the eye.',
  ]);
});

test('a person who set the field has decided; other notes are not about it', () => {
  const header = { ...GOOD, grossTotal: { value: '119', actor: 'local:1' } };
  const reading = noted({ field: 'grossTotal', value: '1', seen: '2' });
  expect(said(textLayerMismatch, { header, reading })).toEqual([]);
  expect(said(textLayerMismatch, { header: GOOD, reading: { notes: [{ code: 'OTHER', params: {} }] } })).toEqual([]);
});
