import type { CellMap, CellRef, Finding, Invoice } from '../../contract/invoice.ts';
import { isIsoDate } from '../../invoice/date.ts';
import { isDecimal } from '../../invoice/decimal.ts';
import { DOCUMENT_TYPES, fieldInfo } from '../../invoice/fields.ts';
import type { EntityType } from '../../invoice/fields.ts';
import { isBic } from '../../invoice/bank.ts';
import { says } from '../read.ts';
import type { Rule } from '../rule.ts';

/** Values come in canonical form from the readers; what is not is shown rather than dropped. */
export const invalidFieldFormat: Rule = {
  code: 'INVALID_FIELD_FORMAT',
  version: 1,
  needs: [],
  judge(invoice) {
    return [...cellsOf(invoice), ...refused(invoice)].flatMap(({ at, text }) => {
      const variant = problem(at.entity.type, at.field, text);
      if (variant === undefined) return [];
      return [wrong(this, invoice, at, text, variant)];
    });
  },
};

function wrong(rule: Rule, invoice: Invoice, at: CellRef, text: string, variant: string): Finding {
  const field = at.entity.type === 'invoice' ? at.field : `${at.entity.type}.${at.field}`;
  return says(rule, invoice, {
    severity: variant === 'email' ? 'info' : variant === 'bic' ? 'warning' : 'error',
    cells: [at],
    variant,
    params: { field, value: text },
    clear: 'correct-field',
  });
}

/** The variant of the sentence, or undefined where the form is right. IBAN, tax id and currency have rules of their own. */
function problem(entity: EntityType, field: string, text: string): string | undefined {
  const type = fieldInfo(entity, field)?.type;
  if (type === 'date') return isIsoDate(text) ? undefined : 'date';
  if (type === 'amount' || type === 'decimal' || type === 'percent') return isDecimal(text) ? undefined : 'number';
  if (field === 'documentType') return DOCUMENT_TYPES.some((known) => known === text) ? undefined : 'code';
  if (field === 'vendorBic') return isBic(text) ? undefined : 'bic';
  if (field === 'vendorEmail') return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? undefined : 'email';
  return undefined;
}

/** What an e-invoice held in a wrong form: its reader leaves the field empty and notes the text. */
function refused(invoice: Invoice): { at: CellRef; text: string }[] {
  const notes = (invoice.reading?.notes ?? []).filter(
    ({ code, params }) => code === 'XML_VALUE_INVALID' && !params['row'],
  );
  return notes.flatMap(({ params: { field = '', value: text = '' } }) => {
    const cells: Record<string, { value: string | null } | undefined> = invoice.header;
    if (cells[field]?.value) return [];
    return [{ at: { entity: { type: 'invoice' as const, id: invoice.id }, field }, text }];
  });
}

function* cellsOf(invoice: Invoice): Generator<{ at: CellRef; text: string }> {
  const entities = [
    { type: 'invoice' as const, id: invoice.id, cells: invoice.header },
    ...invoice.lines.map((line) => ({ type: 'line' as const, id: line.id, cells: line.cells as CellMap })),
    ...invoice.taxRows.map((row) => ({ type: 'taxRow' as const, id: row.id, cells: row.cells as CellMap })),
  ];
  for (const { type, id, cells } of entities)
    for (const [field, cell] of Object.entries(cells))
      if (cell?.value) yield { at: { entity: { type, id }, field }, text: cell.value };
}
