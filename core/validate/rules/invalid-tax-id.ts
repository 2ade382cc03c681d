import { taxIdProblem } from '../../invoice/tax-id.ts';
import { ref, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

/** A warning: the number may be printed so; what it costs is the deduction of the tax, not the payment. */
export const invalidTaxId: Rule = {
  code: 'INVALID_TAX_ID',
  version: 1,
  needs: [],
  judge(invoice) {
    return (['vendorTaxId', 'buyerTaxId'] as const).flatMap((field) => {
      const id = value(invoice, field);
      const problem = id === null ? undefined : taxIdProblem(id);
      if (id === null || problem === undefined) return [];
      return [
        says(this, invoice, {
          severity: 'warning',
          cells: [ref(invoice, field)],
          ...(problem.kind === 'form' ? { variant: 'form' } : {}),
          params: { value: id, country: problem.country, party: field === 'vendorTaxId' ? 'vendor' : 'buyer' },
          clear: 'correct-tax-id',
        }),
      ];
    });
  },
};
