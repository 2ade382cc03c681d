import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalEdit } from './canonical-value.ts';
import { HEADER_FIELDS, type HeaderField } from './fields.ts';

const edit = (field: HeaderField, raw: string | null) => canonicalEdit(field, HEADER_FIELDS[field], raw);

test('amounts lose what carries no value, and nothing is guessed', () => {
  expect(edit('grossTotal', ' 0119.00 ')).toEqual({ kind: 'value', value: '119' });
  expect(edit('grossTotal', '1.234,56').kind).toBe('invalid');
  expect(edit('grossTotal', '1e3').kind).toBe('invalid');
});

test('dates are real days', () => {
  expect(edit('issueDate', '2024-02-29')).toEqual({ kind: 'value', value: '2024-02-29' });
  expect(edit('issueDate', '2023-02-29').kind).toBe('invalid');
  expect(edit('issueDate', '31.03.2024').kind).toBe('invalid');
});

test('empty text clears a field', () => {
  expect(edit('vendorName', '  \n ')).toEqual({ kind: 'value', value: null });
  expect(edit('vendorName', null)).toEqual({ kind: 'value', value: null });
});

test('invisible characters go, lines of an address stay', () => {
  expect(edit('vendorName', 'A\u202ECME\u0000 Ltd')).toEqual({ kind: 'value', value: 'ACME Ltd' });
  expect(edit('vendorAddress', 'Street 1\r\n  12345  Town ')).toEqual({ kind: 'value', value: 'Street 1\n12345 Town' });
});

test('codes and accounts have one spelling', () => {
  expect(edit('currency', 'eur')).toEqual({ kind: 'value', value: 'EUR' });
  expect(edit('vendorIban', 'de89 3704 0044 0532 0130 00')).toEqual({ kind: 'value', value: 'DE89370400440532013000' });
  expect(edit('documentType', 'bill').kind).toBe('invalid');
});

test('a canonical value is its own canonical value', () => {
  const fields = Object.keys(HEADER_FIELDS) as HeaderField[];
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.string({ unit: 'binary' }), (field, raw) => {
      const once = edit(field, raw);
      return once.kind === 'invalid' || JSON.stringify(edit(field, once.value)) === JSON.stringify(once);
    }),
  );
});
