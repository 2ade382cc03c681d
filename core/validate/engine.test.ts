import { expect, test } from 'vitest';
import { rulesWithoutNeeds, validateInvoice } from './engine.ts';
import { RULES } from './rules.ts';
import { RULES_VERSION } from './rules-version.ts';
import { CONTEXT, GOOD, GOOD_LINES, invoiceOf } from './testing.ts';

test('a good invoice has no findings', () => {
  expect(validateInvoice(invoiceOf({ header: GOOD, lines: GOOD_LINES }), CONTEXT)).toEqual([]);
});

test('an invoice that is not read yet is not judged', () => {
  expect(validateInvoice(invoiceOf({ reading: null }), CONTEXT)).toEqual([]);
});

test('a rule that fails is a finding of its own and silences nobody', () => {
  const failing = {
    code: 'FAILS',
    version: 3,
    needs: [],
    judge: () => {
      throw new Error('no such line');
    },
  };
  const found = validateInvoice(invoiceOf({ header: { grossTotal: '1' } }), CONTEXT, [failing, ...RULES]);
  expect(found.find(({ code }) => code === 'VALIDATION_ERROR')).toMatchObject({
    severity: 'error',
    params: { rule: 'FAILS', message: 'no such line' },
    version: 3,
  });
  expect(found.some(({ code }) => code === 'MISSING_REQUIRED_FIELD')).toBe(true);
});

test('errors come first', () => {
  const header = { ...GOOD, issueDate: '2024-06-01', vendorTaxId: 'DE136695977', grossTotal: '7' };
  const severities = validateInvoice(invoiceOf({ header }), CONTEXT).map(({ severity }) => severity);
  expect(severities).toEqual([...severities].toSorted());
  expect(new Set(severities)).toEqual(new Set(['error', 'warning']));
});

test('what runs while typing asks nothing of the store', () => {
  const codes = rulesWithoutNeeds.map(({ code }) => code);
  expect(codes).toContain('LINE_MATH_MISMATCH');
  for (const code of ['DUPLICATE_INVOICE', 'DUPLICATE_SUSPECT', 'FUTURE_DATE', 'OLD_INVOICE'])
    expect(codes).not.toContain(code);
});

test('the version of the rule set stands for exactly these rules', () => {
  // A change here is a change of what was judged: raise RULES_VERSION with it.
  const versions = RULES.map(({ code, version }) => `${code}@${version}`).join(' ');
  expect({ [RULES_VERSION]: versions }).toMatchInlineSnapshot(`
    {
      "6": "EXTRACTION_ERROR@1 DOCUMENT_QUALITY_POOR@1 INVALID_DATA_STRUCTURE@1 MISSING_REQUIRED_FIELD@1 NO_LINE_ITEMS@1 INVALID_FIELD_FORMAT@1 INVALID_CURRENCY@1 INVALID_AMOUNT@1 LOW_CONFIDENCE@2 XML_PAGE_MISMATCH@1 TEXT_LAYER_MISMATCH@1 CODE_DIFFERS@1 BANK_DETAILS_CHANGED@1 LINE_MATH_MISMATCH@1 SUBTOTAL_MISMATCH@1 TAX_CALCULATION_ERROR@1 TOTAL_MISMATCH@2 DUE_BEFORE_ISSUE@1 FUTURE_DATE@1 OLD_INVOICE@1 INVALID_TAX_ID@1 INVALID_IBAN@1 DUPLICATE_INVOICE@2 DUPLICATE_SUSPECT@2",
    }
  `);
  expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length);
});
