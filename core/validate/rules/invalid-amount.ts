import { HEADER_FIELD_NAMES, HEADER_FIELDS } from '../../invoice/fields.ts';
import { minorUnits } from '../../invoice/money.ts';
import { amount, lineAmount, lineRef, ref, says, taxAmount, taxRef, value } from '../read.ts';
import type { Rule } from '../rule.ts';

/** An amount with more decimals than its currency has cannot be booked, and is never rounded in secret. Unit prices may have any number of them. */
export const invalidAmount: Rule = {
  code: 'INVALID_AMOUNT',
  version: 1,
  needs: [],
  judge(invoice) {
    const currency = value(invoice, 'currency');
    if (currency === null) return [];
    const amounts = [
      ...HEADER_FIELD_NAMES.filter((name) => HEADER_FIELDS[name].type === 'amount').map((name) => ({
        field: name as string,
        at: ref(invoice, name),
        text: amount(invoice, name),
        // BT-111 is written in the accounting currency (BT-6).
        currency: name === 'accountingTaxTotal' ? (value(invoice, 'accountingCurrency') ?? currency) : currency,
      })),
      ...invoice.taxRows.flatMap((row) =>
        (['base', 'amount'] as const).map((name) => ({
          field: `taxRow.${name}`,
          at: taxRef(row, name),
          text: taxAmount(row, name),
          currency,
        })),
      ),
      ...invoice.lines.map((line) => ({
        field: 'line.lineTotal',
        at: lineRef(line, 'lineTotal'),
        text: lineAmount(line, 'lineTotal'),
        currency,
      })),
    ];
    return amounts.flatMap((found) => {
      const fit = found.text === null ? undefined : minorUnits(found.text, found.currency);
      if (fit?.kind !== 'does-not-fit') return [];
      return [
        says(this, invoice, {
          // Only totals are booked; a line may be printed more exactly than it is summed.
          severity: found.at.entity.type === 'line' ? 'info' : 'error',
          cells: [found.at],
          params: {
            field: found.field,
            value: found.text ?? '',
            currency: found.currency,
            digits: String(fit.digits),
          },
          clear: 'correct-field',
        }),
      ];
    });
  },
};
