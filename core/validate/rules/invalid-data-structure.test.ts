import { expect, test } from 'vitest';
import { GOOD, GOOD_LINES, said } from '../testing.ts';
import { invalidDataStructure } from './invalid-data-structure.ts';

test('a reminder is no bill', () => {
  expect(said(invalidDataStructure, { header: { documentType: 'reminder' } })).toEqual([
    'error: This document is a reminder, not an invoice: it must not become a bill.',
  ]);
});

test('an empty line is named by its place', () => {
  const lines = [...GOOD_LINES, { description: '' }];
  expect(said(invalidDataStructure, { header: GOOD, lines })).toEqual(['warning: Line 2 is empty.']);
});

test('bills of every kind pass, and so does an unknown kind', () => {
  for (const documentType of ['invoice', 'credit-note', 'correction', 'receipt'])
    expect(said(invalidDataStructure, { header: { documentType }, lines: GOOD_LINES })).toEqual([]);
  expect(said(invalidDataStructure, { header: {} })).toEqual([]);
});

test('an embedded e-invoice that could not be read is said', () => {
  const reading = {
    notes: [{ code: 'EMBEDDED_XML_REFUSED', params: { name: 'factur-x.xml', detail: 'not well-formed' } }],
  };
  expect(said(invalidDataStructure, { header: GOOD, lines: GOOD_LINES, reading })).toEqual([
    'warning: The e-invoice inside the PDF (factur-x.xml) could not be read (not well-formed); the page was read instead.',
  ]);
});
