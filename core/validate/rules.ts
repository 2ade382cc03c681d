/** Every rule, in the order their findings are shown. A change of what a rule finds raises its version, and with it `RULES_VERSION`. */
import type { Rule } from './rule.ts';
import { bankDetailsChanged } from './rules/bank-details-changed.ts';
import { codeDiffers } from './rules/code-differs.ts';
import { documentQualityPoor } from './rules/document-quality-poor.ts';
import { dueBeforeIssue } from './rules/due-before-issue.ts';
import { duplicateInvoice } from './rules/duplicate-invoice.ts';
import { duplicateSuspect } from './rules/duplicate-suspect.ts';
import { extractionError } from './rules/extraction-error.ts';
import { futureDate } from './rules/future-date.ts';
import { invalidAmount } from './rules/invalid-amount.ts';
import { invalidCurrency } from './rules/invalid-currency.ts';
import { invalidDataStructure } from './rules/invalid-data-structure.ts';
import { invalidFieldFormat } from './rules/invalid-field-format.ts';
import { invalidIban } from './rules/invalid-iban.ts';
import { invalidTaxId } from './rules/invalid-tax-id.ts';
import { lineMathMismatch } from './rules/line-math-mismatch.ts';
import { lowConfidence } from './rules/low-confidence.ts';
import { missingRequiredField } from './rules/missing-required-field.ts';
import { noLineItems } from './rules/no-line-items.ts';
import { oldInvoice } from './rules/old-invoice.ts';
import { subtotalMismatch } from './rules/subtotal-mismatch.ts';
import { taxCalculationError } from './rules/tax-calculation-error.ts';
import { textLayerMismatch } from './rules/text-layer-mismatch.ts';
import { totalMismatch } from './rules/total-mismatch.ts';
import { xmlPageMismatch } from './rules/xml-page-mismatch.ts';

export const RULES: readonly Rule[] = [
  extractionError,
  documentQualityPoor,
  invalidDataStructure,
  missingRequiredField,
  noLineItems,
  invalidFieldFormat,
  invalidCurrency,
  invalidAmount,
  lowConfidence,
  xmlPageMismatch,
  textLayerMismatch,
  codeDiffers,
  bankDetailsChanged,
  lineMathMismatch,
  subtotalMismatch,
  taxCalculationError,
  totalMismatch,
  dueBeforeIssue,
  futureDate,
  oldInvoice,
  invalidTaxId,
  invalidIban,
  duplicateInvoice,
  duplicateSuspect,
];
