import { describe, expect, it } from 'vitest';
import type { Finding, Invoice } from '../../core/contract/invoice.ts';
import { isClean, leftOf, nextAttention, openCells } from './progress.ts';

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
      header: {},
      lines: [],
      taxRows: [],
      reading: null,
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

const dated = (severity: Finding['severity'], clear: string, actor: string | undefined) =>
  ({
    reading: null,
    header: { issueDate: { value: '2020-01-01', actor } },
    lines: [],
    taxRows: [],
    findings: [{ ...finding('OLD_INVOICE', severity, 'issueDate'), clear }],
    attention: [ref('issueDate')],
  }) as unknown as Invoice;

describe('accepting', () => {
  it('settles a warning whose way out is to look, once a person has accepted its values', () => {
    expect(leftOf(dated('warning', 'confirm-date', undefined)).rules).toBe(1);
    expect(isClean(leftOf(dated('warning', 'confirm-date', 'me')))).toBe(true);
    expect(openCells(dated('warning', 'confirm-date', 'me'))).toEqual([]);
  });

  it('settles neither errors nor what does not add up', () => {
    expect(leftOf(dated('error', 'confirm-date', 'me')).rules).toBe(1);
    expect(leftOf(dated('warning', 'correct-totals', 'me')).rules).toBe(1);
    expect(openCells(dated('warning', 'correct-totals', 'me'))).toHaveLength(1);
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
