/** The columns of the lines: which there are, how wide, and which hold numbers. */
import type { Finding, Line } from '../../core/contract/invoice.ts';
import { LINE_FIELD_NAMES, LINE_FIELDS } from '../../core/invoice/fields.ts';
import type { FieldInfo, LineField } from '../../core/invoice/fields.ts';

/** Why a cell is on the list of work: a rule's severity, or a doubt of the reading. */
export type Alert = Finding['severity'] | 'doubtful';

const NUMERIC: ReadonlySet<FieldInfo['type']> = new Set(['amount', 'decimal', 'percent']);
/** Width of a column in the grid's template. */
export const WIDTHS: Partial<Record<LineField, string>> = {
  position: '44px',
  articleNumber: '84px',
  description: 'minmax(150px, 1fr)',
  quantity: '64px',
  unit: '52px',
  unitPrice: '84px',
  taxRate: '52px',
  lineTotal: '96px',
};

/** Columns that every invoice has, and those that a line of this one uses. */
export function lineColumns(lines: readonly Line[]): LineField[] {
  return LINE_FIELD_NAMES.filter(
    (name) =>
      (LINE_FIELDS[name] as FieldInfo).core ||
      lines.some((line, i) => {
        const value = line.cells[name]?.value ?? null;
        // Numbers that only repeat the place of the line say nothing.
        return value !== null && !(name === 'position' && value === String(i + 1));
      }),
  );
}

export const isNumeric = (field: LineField): boolean => NUMERIC.has(LINE_FIELDS[field].type);
