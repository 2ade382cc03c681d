import { expect, test } from 'vitest';
import { UNREADABLE_REASONS } from '../contract/intake.ts';
import { ERROR_CODES } from '../contract/errors.ts';
import { DOCUMENT_TYPES, HEADER_FIELD_NAMES, LINE_FIELD_NAMES, TAX_ROW_FIELD_NAMES } from '../invoice/fields.ts';
import { INVOICE_STATUSES } from '../invoice/states.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import {
  formatAmount,
  formatDate,
  formatForEditing,
  formatMoney,
  formatNumber,
  formatPercent,
  LANGUAGES,
} from './format.ts';
import { fieldName, findingText, lookup, reasonText, text, whyText } from './text.ts';

const places = (template: string) => [...new Set(template.match(/\{\w+/g) ?? [])].toSorted().join(' ');

test('both languages say the same things with the same values', () => {
  expect(Object.keys(de).toSorted()).toEqual(Object.keys(en).toSorted());
  const differing = Object.keys(en).filter((key) => {
    const name = key as keyof typeof en;
    return places(en[name]) !== places(de[name]);
  });
  expect(differing).toEqual([]);
});

test('everything a person meets has a name in both languages', () => {
  for (const language of LANGUAGES) {
    for (const name of HEADER_FIELD_NAMES) expect(fieldName(language, 'invoice', name)).not.toBe(name);
    for (const name of LINE_FIELD_NAMES) expect(lookup(language, `field.line.${name}`)).toBeDefined();
    for (const name of TAX_ROW_FIELD_NAMES) expect(lookup(language, `field.taxRow.${name}`)).toBeDefined();
    for (const reason of UNREADABLE_REASONS) expect(reasonText(language, reason).clear).not.toBe('');
    for (const status of INVOICE_STATUSES) expect(lookup(language, `status.${status}`)).toBeDefined();
    for (const type of DOCUMENT_TYPES) expect(lookup(language, `documentType.${type}`)).toBeDefined();
    for (const code of ERROR_CODES) expect(lookup(language, `error.${code}`)).toBeDefined();
  }
});

test('numbers are written as each language writes them', () => {
  expect(formatNumber('en', '-1234567.5')).toBe('−1,234,567.5');
  expect(formatNumber('de', '1234567.5', 2)).toBe('1.234.567,50');
  expect(formatAmount('en', '1234', 'JPY')).toBe('1,234');
  expect(formatAmount('en', '0.1234', 'EUR')).toBe('0.1234');
  expect(formatMoney('de', '5', 'KWD')).toBe('5,000\u00a0KWD');
  expect(formatNumber('en', '12x')).toBe('12x');
  expect(formatPercent('en', '0.997')).toBe('99%');
  expect(formatDate('en', '2024-12-03')).toBe('3 Dec 2024');
  expect(formatDate('de', '2024-12-03')).toBe('03.12.2024');
  expect(formatDate('de', '2024-13-03')).toBe('2024-13-03');
  expect(formatForEditing('de', 'amount', '1234.5')).toBe('1234,5');
  expect(formatForEditing('de', 'id', '1234.5')).toBe('1234.5');
});

test('a finding is a sentence with its numbers and a way out', () => {
  const finding = {
    code: 'LINE_MATH_MISMATCH',
    clear: 'correct-line',
    params: { line: '2', quantity: '3', unitPrice: '19.9', expected: '59.7', actual: '69.7', currency: 'EUR' },
  };
  expect(findingText('en', finding).sentence).toBe('Line 2: 3 × 19.90 = 59.70, the line says 69.70.');
  expect(findingText('de', finding).sentence).toBe('Position 2: 3 × 19,90 = 59,70, die Zeile sagt 69,70.');
  expect(findingText('en', finding).clear).toContain('Correct quantity');
  expect(findingText('en', { code: 'NEW', clear: 'none', params: {} })).toEqual({ sentence: 'NEW', clear: '' });
});

test('an account is written in groups, as it is printed and compared', () => {
  const params = { field: 'vendorIban', code: 'DE02120300000000202051', print: 'DE89370400440532013000' };
  expect(text('en', 'finding.CODE_DIFFERS', params)).toBe(
    'IBAN: the payment code says “DE02 1203 0000 0000 2020 51”, the page says “DE89 3704 0044 0532 0130 00”.',
  );
  expect(text('en', 'finding.BANK_DETAILS_CHANGED', { known: 'NO9386011117947' })).toContain(': NO93 8601 1117 947.');
});

test('reasons and plurals', () => {
  expect(whyText('en', 'label:Invoice no.: x')).toBe('stands at the label “Invoice no.: x”');
  expect(whyText('en', 'unheard-of')).toBe('unheard-of');
  for (const language of LANGUAGES)
    for (const reason of ['position:side-column', 'date-order:other', 'equals:grossTotal'])
      expect(lookup(language, `why.${reason.replace(':', '.')}`)).toBe(whyText(language, reason));
  const params = { due: '2024-01-01', issue: '2024-01-02', days: '1' };
  expect(text('en', 'finding.DUE_BEFORE_ISSUE', params)).toBe(
    'Due on 1 Jan 2024, 1 day before it was issued (2 Jan 2024).',
  );
});
