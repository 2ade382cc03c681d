import { describe, expect, it } from 'vitest';
import type { Finding, Invoice } from '../../core/contract/invoice.ts';
import { isClean, leftOf, nextAttention } from './progress.ts';

const ref = (field: string) => ({ entity: { type: 'invoice' as const, id: 'i' }, field });
const finding = (code: string, severity: Finding['severity'], ...fields: string[]): Finding => ({
  code,
  severity,
  cells: fields.map(ref),
  params: {},
  clear: 'x',
  version: 1,
});

describe('leftOf', () => {
  it('counts doubts as fields and rules by themselves', () => {
    const invoice = {
      findings: [
        finding('LOW_CONFIDENCE', 'warning', 'dueDate'),
        finding('MISSING_REQUIRED_FIELD', 'error', 'invoiceNumber'),
        finding('TOTAL_MISMATCH', 'error', 'grossTotal', 'netTotal'),
        finding('OLD_INVOICE', 'info', 'issueDate'),
      ],
      attention: ['dueDate', 'invoiceNumber', 'vendorName', 'grossTotal', 'netTotal'].map(ref),
    } as unknown as Invoice;
    expect(leftOf(invoice)).toEqual({ fields: 3, rules: 1, errors: 1 });
    expect(isClean(leftOf({ ...invoice, findings: [], attention: [] }))).toBe(true);
  });
});

describe('nextAttention', () => {
  const list = ['a', 'b', 'c'];
  it('goes on from where it stands, around the end, past what was seen', () => {
    expect(nextAttention(list, null, new Set(), 1)).toBe('a');
    expect(nextAttention(list, 'a', new Set(), 1)).toBe('b');
    expect(nextAttention(list, 'c', new Set(), 1)).toBe('a');
    expect(nextAttention(list, 'a', new Set(['b']), 1)).toBe('c');
    expect(nextAttention(list, 'x', new Set(['a']), 1)).toBe('b');
    expect(nextAttention(list, 'c', new Set(['a', 'b']), 1)).toBeUndefined();
    expect(nextAttention([], 'a', new Set(), 1)).toBeUndefined();
  });
  it('goes back over everything', () => {
    expect(nextAttention(list, 'b', new Set(['a']), -1)).toBe('a');
    expect(nextAttention(list, null, new Set(), -1)).toBe('c');
  });
});
