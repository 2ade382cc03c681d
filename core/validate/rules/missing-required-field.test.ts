import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { missingRequiredField } from './missing-required-field.ts';

test('each missing field is named', () => {
  const { grossTotal: _, ...header } = GOOD;
  expect(said(missingRequiredField, { header })).toEqual(['error: Total is missing.']);
  expect(said(missingRequiredField, { header: { ...GOOD, issueDate: '' } })).toEqual([
    'error: Invoice date is missing.',
  ]);
});

test('a receipt needs no number, a reminder and an empty draft need nothing', () => {
  const receipt = { ...GOOD, documentType: 'receipt', invoiceNumber: '' };
  expect(said(missingRequiredField, { header: receipt })).toEqual([]);
  expect(said(missingRequiredField, { header: { documentType: 'reminder' } })).toEqual([]);
  expect(said(missingRequiredField, { header: {} })).toEqual([]);
  expect(said(missingRequiredField, { header: GOOD })).toEqual([]);
});
