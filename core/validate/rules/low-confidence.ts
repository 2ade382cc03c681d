import type { Cell, Finding, Invoice, Line } from '../../contract/invoice.ts';
import { HEADER_FIELDS, HEADER_FIELD_NAMES } from '../../invoice/fields.ts';
import type { HeaderField, LineField } from '../../invoice/fields.ts';
import { proofsOf } from '../../invoice/proof.ts';
import { lineLabel, lineRef, ref, says } from '../read.ts';
import type { Rule } from '../rule.ts';

/** What is paid and matched; a doubtful word in a description costs nobody money. */
const LINE_CELLS: readonly LineField[] = ['quantity', 'unitPrice', 'lineTotal'];

/** One finding per doubtful header field that nothing else proves, one for all lines together (a poor scan would otherwise bury the rest). */
export const lowConfidence: Rule = {
  code: 'LOW_CONFIDENCE',
  version: 2,
  needs: [],
  judge(invoice, { minimumConfidence }) {
    const doubtful = (cell: Cell | undefined): cell is Cell =>
      cell !== undefined && cell.value !== null && cell.actor === undefined && cell.confidence < minimumConfidence;
    const proofs = proofsOf(invoice, []);
    const header = HEADER_FIELD_NAMES.flatMap((field) => {
      const cell = invoice.header[field];
      if (!('core' in HEADER_FIELDS[field]) || !doubtful(cell) || proofs[field] !== undefined) return [];
      return [
        says(this, invoice, {
          severity: 'warning',
          cells: [ref(invoice, field)],
          params: { field, value: cell.value ?? '', confidence: String(cell.confidence) },
          clear: 'check-field',
        }),
      ];
    });
    const lines = invoice.lines.flatMap((line) => {
      const cells = LINE_CELLS.filter((field) => doubtful(line.cells[field])).map((field) => lineRef(line, field));
      return cells.length === 0 ? [] : [{ line, cells }];
    });
    const doubts = [...header, ...ambiguousDates(this, invoice)];
    if (lines.length === 0) return doubts;
    const cells = lines.flatMap((found) => found.cells);
    const folded = says(this, invoice, {
      severity: 'warning',
      cells,
      variant: 'lines',
      params: {
        count: String(cells.length),
        lineCount: String(lines.length),
        lines: labels(
          invoice,
          lines.map(({ line }) => line),
        ),
      },
      clear: 'check-field',
    });
    return [...doubts, folded];
  },
};

/** Day and month could be swapped, and the reader found nothing that decides it: a person must, until one has set the field. */
function ambiguousDates(rule: Rule, invoice: Invoice): Finding[] {
  return (invoice.reading?.notes ?? []).flatMap(
    ({ code, params: { field = '', text = '', value = '', other = '' } }) => {
      if (code !== 'DATE_AMBIGUOUS' || !Object.hasOwn(HEADER_FIELDS, field)) return [];
      const name = field as HeaderField;
      if (invoice.header[name]?.value !== value || invoice.header[name].actor !== undefined) return [];
      return [
        says(rule, invoice, {
          severity: 'warning',
          cells: [ref(invoice, name)],
          variant: 'ambiguous-date',
          params: { field, text, value, other },
          clear: 'confirm-date',
        }),
      ];
    },
  );
}

const NAMED = 6;

/** "2, 3, 5", at most six by number. */
function labels(invoice: Invoice, lines: readonly Line[]): string {
  const named = lines.slice(0, NAMED).map((line) => lineLabel(invoice, line));
  return lines.length > NAMED ? `${named.join(', ')} …` : named.join(', ');
}
