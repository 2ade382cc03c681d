import { daysBetween } from '../../invoice/date.ts';
import { date, ref, says } from '../read.ts';
import type { Rule } from '../rule.ts';

const LIMIT_DAYS = 365;

export const oldInvoice: Rule = {
  code: 'OLD_INVOICE',
  version: 1,
  needs: ['today'],
  judge(invoice, { today }) {
    const issue = date(invoice, 'issueDate');
    const days = issue === null ? 0 : daysBetween(issue, today);
    if (issue === null || days <= LIMIT_DAYS) return [];
    return [
      says(this, invoice, {
        severity: 'warning',
        cells: [ref(invoice, 'issueDate')],
        params: { date: issue, days: String(days), limit: String(LIMIT_DAYS) },
        clear: 'confirm-date',
      }),
    ];
  },
};
