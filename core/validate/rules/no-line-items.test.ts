import { expect, test } from 'vitest';
import { GOOD, GOOD_LINES, said } from '../testing.ts';
import { noLineItems } from './no-line-items.ts';

test('an invoice without lines warns', () => {
  expect(said(noLineItems, { header: GOOD })).toEqual(['warning: No line items were read.']);
});

test('with lines, and on a receipt, nothing is said', () => {
  expect(said(noLineItems, { header: GOOD, lines: GOOD_LINES })).toEqual([]);
  expect(said(noLineItems, { header: { ...GOOD, documentType: 'receipt' } })).toEqual([]);
});
