import { daysBetween } from '../../invoice/date.ts';
import { date, ref, says } from '../read.ts';
import type { Rule } from '../rule.ts';

export const futureDate: Rule = {
  code: 'FUTURE_DATE',
  version: 1,
  needs: ['today'],
  judge(invoice, { today }) {
    const issue = date(invoice, 'issueDate');
    if (issue === null || issue <= today) return [];
    return [
      says(this, invoice, {
        severity: 'warning',
        cells: [ref(invoice, 'issueDate')],
        params: { field: 'issueDate', date: issue, today, days: String(daysBetween(today, issue)) },
        clear: 'confirm-date',
      }),
    ];
  },
};
