import { HEADER_FIELDS } from '../../invoice/fields.ts';
import type { HeaderField } from '../../invoice/fields.ts';
import { ref, says } from '../read.ts';
import type { Rule } from '../rule.ts';

/**
 * A payment code on the page says something else than its print. A code stuck over another one, or made for another invoice, sends the money elsewhere:
 * a person decides.
 */
export const codeDiffers: Rule = {
  code: 'CODE_DIFFERS',
  version: 1,
  needs: [],
  judge(invoice) {
    const notes = invoice.reading?.notes ?? [];
    const differences = notes.filter((note) => note.code === 'CODE_DIFFERS');
    const broken = notes.filter((note) => note.code === 'CODE_INVALID' && SERIOUS.test(note.params['problem'] ?? ''));
    const found = differences.flatMap(({ params }) => {
      const { field = '', code = '', print = '' } = params;
      if (!Object.hasOwn(HEADER_FIELDS, field)) return [];
      const name = field as HeaderField;
      // A person who has looked and set the field has decided which one counts.
      if (invoice.header[name]?.actor !== undefined) return [];
      const currency = invoice.header.currency?.value;
      return [
        says(this, invoice, {
          severity: 'warning',
          cells: [ref(invoice, name)],
          params: { field, code, print, ...(typeof currency === 'string' ? { currency } : {}) },
          clear: 'compare-code',
        }),
      ];
    });
    const [first] = broken;
    if (first === undefined) return found;
    const { scheme = '', problem = '' } = first.params;
    const invalid = says(this, invoice, {
      severity: 'info',
      variant: 'invalid',
      cells: [ref(invoice, 'vendorIban')],
      params: { page: String(first.page ?? 1), scheme, problem },
      clear: 'ignore-code',
    });
    return [...found, invalid];
  },
};

/** What keeps a code from being paid; a wrong BIC or an address out of form does not. */
const SERIOUS = /^(version|coding|trailer|length|charset|identification|iban|amount|currency|reference)/;
