import { expect, test } from 'vitest';
import { GOOD, GOOD_LINES, said } from '../testing.ts';
import { invalidFieldFormat } from './invalid-field-format.ts';

test('values in a wrong form are shown as they stand', () => {
  const header = {
    ...GOOD,
    issueDate: '2024-02-30',
    grossTotal: '1.234,56',
    vendorBic: 'XX',
    vendorEmail: 'info(at)x',
  };
  expect(said(invalidFieldFormat, { header }).toSorted()).toEqual([
    'error: Invoice date: “2024-02-30” is no date.',
    'error: Total: “1.234,56” is no number.',
    'info: “info(at)x” is no e-mail address.',
    'warning: “XX” is no BIC (8 or 11 characters: bank, country, place, branch).',
  ]);
  expect(said(invalidFieldFormat, { header: GOOD, lines: [{ quantity: 'four' }] })).toEqual([
    'error: Quantity: “four” is no number.',
  ]);
});

test('what an e-invoice gives in a wrong form is shown until the field has a value', () => {
  const reading = {
    notes: [{ code: 'XML_VALUE_INVALID', params: { field: 'dueDate', value: '20240231', term: 'BT-9' } }],
  };
  const { dueDate: _, ...header } = GOOD;
  expect(said(invalidFieldFormat, { header, reading })).toEqual(['error: Due date: “20240231” is no date.']);
  expect(said(invalidFieldFormat, { header: GOOD, reading })).toEqual([]);
});

test('canonical values pass', () => {
  const header = { ...GOOD, vendorBic: 'COBADEFFXXX', vendorEmail: 'rechnung@nordlicht.example' };
  expect(said(invalidFieldFormat, { header, lines: GOOD_LINES, taxRows: [{ rate: '19', amount: '19' }] })).toEqual([]);
});
