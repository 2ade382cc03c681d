import { expect, test } from 'vitest';
import { fieldInfo, type EntityType } from '../invoice/fields.ts';
import { habitsOf } from '../invoice/typed-value.ts';
import { regionValue } from './value.ts';

const valueOf = (field: string, text: string, language = 'en', entity: EntityType = 'invoice'): string | null =>
  regionValue(field, fieldInfo(entity, field)!, text, habitsOf(language));

test.each([
  ['grossTotal', '1,234.50', 'en', '1234.5'],
  ['grossTotal', 'Gesamtbetrag 1.234,50 EUR', 'de', '1234.5'],
  ['grossTotal', 'Total: €1,234.50', 'en', '1234.5'],
  ['grossTotal', '1.2O4,5O', 'de', '1204.5'],
  ['issueDate', '03.04.2026', 'de', '2026-04-03'],
  ['issueDate', 'Date of issue 3 March 2026', 'en', '2026-03-03'],
  ['issueDate', 'Rechnungsdatum: 14.09.2026', 'de', '2026-09-14'],
  ['currency', 'EUR', 'en', 'EUR'],
  ['vendorIban', 'IBAN: DE89 3704 0044 0532 0130 00', 'en', 'DE89370400440532013000'],
  ['vendorIban', 'Elbufer Bank DE89 37O4 0044 0532 0130 00', 'de', 'DE89370400440532013000'],
  ['vendorIban', 'DE89 3704 0044 0532 0130 01', 'de', 'DE89370400440532013001'],
  ['vendorName', 'Nordlicht  Papier\nGmbH', 'de', 'Nordlicht Papier GmbH'],
  ['invoiceNumber', 'RE-2026-0417', 'de', 'RE-2026-0417'],
])('%s in "%s"', (field, text, language, value) => {
  expect(valueOf(field, text, language)).toBe(value);
});

test('what is no value, or more than one, is none', () => {
  expect(valueOf('grossTotal', 'Total')).toBeNull();
  expect(valueOf('grossTotal', '19.00 of 119.00')).toBeNull();
  expect(valueOf('issueDate', 'soon')).toBeNull();
  expect(valueOf('issueDate', '')).toBeNull();
});

test('cells of lines have the form of their column', () => {
  expect(valueOf('quantity', '12 pcs', 'en', 'line')).toBe('12');
  expect(valueOf('taxRate', '19 %', 'de', 'line')).toBe('19');
});
