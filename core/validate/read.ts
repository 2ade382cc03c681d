/** What rules ask an invoice: canonical values only (a value in a wrong form is INVALID_FIELD_FORMAT's matter and counts as missing for all others). */
import type { Cell, CellRef, Finding, Invoice, Line, TaxRow } from '../contract/invoice.ts';
import { minorUnit } from '../invoice/currency.ts';
import { isIsoDate } from '../invoice/date.ts';
import { compare, isDecimal, isZero } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import type { HeaderField, LineField, TaxRowField } from '../invoice/fields.ts';
import type { Rule, RuleContext } from './rule.ts';

export const value = (invoice: Invoice, field: HeaderField): string | null => filled(invoice.header[field]);
export const lineValue = (line: Line, field: LineField): string | null => filled(line.cells[field]);

const filled = (cell: Cell | undefined): string | null => (cell?.value ? cell.value : null);
const decimal = (text: string | null): Decimal | null => (text !== null && isDecimal(text) ? text : null);

export const amount = (invoice: Invoice, field: HeaderField): Decimal | null => decimal(value(invoice, field));
export const lineAmount = (line: Line, field: LineField): Decimal | null => decimal(lineValue(line, field));
export const taxAmount = (row: TaxRow, field: TaxRowField): Decimal | null => decimal(filled(row.cells[field]));

export function date(invoice: Invoice, field: HeaderField): string | null {
  const text = value(invoice, field);
  return text !== null && isIsoDate(text) ? text : null;
}

export const ref = (invoice: Invoice, field: HeaderField): CellRef => ({
  entity: { type: 'invoice', id: invoice.id },
  field,
});
export const lineRef = (line: Line, field: LineField): CellRef => ({ entity: { type: 'line', id: line.id }, field });
export const taxRef = (row: TaxRow, field: TaxRowField): CellRef => ({ entity: { type: 'taxRow', id: row.id }, field });

/** How a line is called in a sentence: its place on the form. */
export const lineLabel = (invoice: Invoice, line: Line): string => String(invoice.lines.indexOf(line) + 1);

/** Anything typed or read at all? */
export const hasValues = (invoice: Invoice): boolean =>
  invoice.lines.length > 0 || Object.values(invoice.header).some((cell) => filled(cell) !== null);

/** Reminders, statements and the like are kept and shown, but no bill is made of them. An unknown type counts as a bill. */
export function isBill(invoice: Invoice): boolean {
  const type = value(invoice, 'documentType');
  return type === null || ['invoice', 'credit-note', 'correction', 'receipt'].includes(type);
}

/** The tolerance of a rule in the invoice's currency; at least one minor unit (a yen, a cent, a fils) unless it was set to zero. */
export function tolerance(code: string, invoice: Invoice, context: RuleContext): Decimal {
  const set = context.tolerances[code] ?? context.tolerances['default'] ?? '0.01';
  if (!isDecimal(set)) return minorUnit(value(invoice, 'currency'));
  const unit = minorUnit(value(invoice, 'currency'));
  return isZero(set) || compare(set, unit) >= 0 ? set : unit;
}

type Said = Omit<Finding, 'code' | 'version' | 'params'> & { params?: Record<string, string> };

/** A finding of `rule`; the invoice's currency goes along, so that sentences write amounts with its decimals. */
export function says(rule: Pick<Rule, 'code' | 'version'>, invoice: Invoice, said: Said): Finding {
  const currency = value(invoice, 'currency');
  const params = { ...(currency === null ? {} : { currency }), ...said.params };
  return { ...said, code: rule.code, version: rule.version, params };
}
