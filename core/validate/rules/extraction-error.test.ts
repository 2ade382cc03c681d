import { expect, test } from 'vitest';
import { said } from '../testing.ts';
import { extractionError } from './extraction-error.ts';

const unreadable = { unreadable: { reason: 'encrypted' as const, detail: 'needs a password' } };

test('an unread document blocks with its reason', () => {
  expect(said(extractionError, { reading: unreadable })).toEqual([
    'error: The document could not be read: it is protected by a password.',
  ]);
});

test('typed in by hand, the reason is only a note', () => {
  expect(said(extractionError, { reading: unreadable, header: { invoiceNumber: '1' } })[0]).toMatch(/^info: /);
});

test('a page without an invoice on it is said', () => {
  expect(said(extractionError, {})).toEqual(['error: The document was read, but nothing on it looks like an invoice.']);
  expect(said(extractionError, { header: { grossTotal: '1' } })).toEqual([]);
  expect(said(extractionError, { reading: null })).toEqual([]);
});
