import { canonicalIban, ibanProblem } from '../../invoice/bank.ts';
import { ref, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

export const invalidIban: Rule = {
  code: 'INVALID_IBAN',
  version: 1,
  needs: [],
  judge(invoice) {
    const given = value(invoice, 'vendorIban');
    const iban = given === null ? null : canonicalIban(given);
    const problem = iban === null ? undefined : ibanProblem(iban);
    if (iban === null || problem === undefined) return [];
    return [
      says(this, invoice, {
        severity: 'error',
        cells: [ref(invoice, 'vendorIban')],
        ...(problem.kind === 'checksum' ? {} : { variant: problem.kind }),
        params: {
          value: iban.replaceAll(/(.{4})(?=.)/g, '$1 '),
          country: problem.country,
          actual: String(iban.length),
          ...(problem.kind === 'length' ? { expected: String(problem.expected) } : {}),
        },
        clear: 'correct-iban',
      }),
    ];
  },
};
