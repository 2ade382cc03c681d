/** Two invoices, field by field and line by line, in the order of the form. */
import type { CellRef, Invoice } from '../../core/contract/invoice.ts';
import { HEADER_FIELD_NAMES, LINE_FIELD_NAMES } from '../../core/invoice/fields.ts';

export interface Compared {
  readonly ref: CellRef;
  /** 1-based, of a line. */
  readonly line: number | null;
  readonly left: string | null;
  readonly right: string | null;
  readonly same: boolean;
}

export function comparedFields(left: Invoice, right: Invoice): Compared[] {
  const header = HEADER_FIELD_NAMES.map((field) =>
    row(
      { entity: { type: 'invoice', id: left.id }, field },
      null,
      left.header[field]?.value,
      right.header[field]?.value,
    ),
  );
  const lines = Array.from({ length: Math.max(left.lines.length, right.lines.length) }, (_, i) =>
    LINE_FIELD_NAMES.map((field) =>
      row(
        { entity: { type: 'line', id: String(i) }, field },
        i + 1,
        left.lines[i]?.cells[field]?.value,
        right.lines[i]?.cells[field]?.value,
      ),
    ),
  );
  return [...header, ...lines.flat()].filter((one) => one.left !== null || one.right !== null);
}

const row = (ref: CellRef, line: number | null, left: string | null = null, right: string | null = null): Compared => ({
  ref,
  line,
  left,
  right,
  same: left === right,
});
