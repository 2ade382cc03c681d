import { HEADER_FIELDS } from '../../invoice/fields.ts';
import type { HeaderField } from '../../invoice/fields.ts';
import { TRUST_NOTE } from '../../trust/apply.ts';
import { ref, says } from '../read.ts';
import type { Rule } from '../rule.ts';

/**
 * A PDF holds its text twice: as characters for programs and as a picture for people. The reader compares both where money, account and identity stand and
 * notes each difference. What was read is then not what people see.
 */
export const textLayerMismatch: Rule = {
  code: 'TEXT_LAYER_MISMATCH',
  version: 1,
  needs: [],
  judge(invoice) {
    const notes = (invoice.reading?.notes ?? []).filter((note) => note.code === TRUST_NOTE);
    return notes.flatMap(({ page, params: { field = '', value = '', seen, passedOver } }) => {
      if (!Object.hasOwn(HEADER_FIELDS, field)) return [];
      const name = field as HeaderField;
      const cell = invoice.header[name];
      const where = { field, value, page: String(page ?? 1) };
      // A hidden value beside the one that was read: whoever pays by program may pay to it, even if this station does not.
      if (passedOver !== undefined)
        return [
          says(this, invoice, {
            severity: 'warning',
            cells: [ref(invoice, name)],
            variant: 'beside',
            params: where,
            clear: 'hidden-text',
          }),
        ];
      // A person who has looked and set the field has decided which one counts.
      if (cell?.actor !== undefined) return [];
      return [
        says(this, invoice, {
          severity: 'error',
          cells: [ref(invoice, name)],
          ...(seen === undefined ? { variant: 'unseen', params: where } : { params: { ...where, seen } }),
          clear: 'compare-print',
        }),
      ];
    });
  },
};
