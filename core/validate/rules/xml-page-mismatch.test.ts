import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { xmlPageMismatch } from './xml-page-mismatch.ts';

const noted = (params: Record<string, string>) => ({ notes: [{ code: 'XML_PAGE_MISMATCH', params }] });

test('another total on the page blocks', () => {
  const reading = noted({ field: 'grossTotal', xml: '119', page: '191' });
  expect(said(xmlPageMismatch, { header: GOOD, reading })).toEqual([
    'error: Total: the XML says “119.00”, the page says “191.00”.',
  ]);
});

test('a value the page does not show, and a field of little weight, warn', () => {
  expect(said(xmlPageMismatch, { header: GOOD, reading: noted({ field: 'grossTotal', xml: '119' }) })).toEqual([
    'warning: Total: the XML says “119.00”, which the page does not show.',
  ]);
  expect(
    said(xmlPageMismatch, { header: GOOD, reading: noted({ field: 'buyerName', xml: 'A', page: 'B' }) })[0],
  ).toMatch(/^warning/);
});

test('a person who set the field has decided; other notes are not about it', () => {
  const header = { ...GOOD, grossTotal: { value: '119', actor: 'local:1' } };
  expect(said(xmlPageMismatch, { header, reading: noted({ field: 'grossTotal', xml: '1', page: '2' }) })).toEqual([]);
  expect(said(xmlPageMismatch, { header: GOOD, reading: { notes: [{ code: 'XML_ATTACHMENT', params: {} }] } })).toEqual(
    [],
  );
});
