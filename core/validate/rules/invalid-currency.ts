import { isCurrency } from '../../invoice/currency.ts';
import { ref, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

export const invalidCurrency: Rule = {
  code: 'INVALID_CURRENCY',
  version: 1,
  needs: [],
  judge(invoice) {
    return (['currency', 'accountingCurrency'] as const).flatMap((field) => {
      const code = value(invoice, field);
      if (code === null || isCurrency(code)) return [];
      return [
        says(this, invoice, {
          severity: 'error',
          cells: [ref(invoice, field)],
          params: { value: code },
          clear: 'correct-field',
        }),
      ];
    });
  },
};
