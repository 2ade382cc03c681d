import { daysBetween } from '../../invoice/date.ts';
import { date, ref, says } from '../read.ts';
import type { Rule } from '../rule.ts';

/** Mostly a day and a month read the wrong way round. */
export const dueBeforeIssue: Rule = {
  code: 'DUE_BEFORE_ISSUE',
  version: 1,
  needs: [],
  judge(invoice) {
    const issue = date(invoice, 'issueDate');
    const due = date(invoice, 'dueDate');
    if (issue === null || due === null || due >= issue) return [];
    return [
      says(this, invoice, {
        severity: 'error',
        cells: [ref(invoice, 'dueDate'), ref(invoice, 'issueDate')],
        params: { due, issue, days: String(daysBetween(due, issue)) },
        clear: 'correct-dates',
      }),
    ];
  },
};
