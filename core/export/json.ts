/** JSON: every value as a canonical string (decimals exact), with where it was read and who confirmed it. */
import type { Cell, Invoice } from '../contract/invoice.ts';
import { findingAlias } from './aliases.ts';
import { directionOf } from './columns.ts';
import type { Batch } from './columns.ts';

/** Raised when a name or a meaning changes; new names may come at any time. */
export const EXPORT_JSON_VERSION = 1;

type Cells = Readonly<Record<string, Cell | undefined>>;

const values = (cells: Cells): Record<string, string> =>
  Object.fromEntries(Object.entries(cells).flatMap(([field, cell]) => (cell?.value ? [[field, cell.value]] : [])));

/** Where each value stands on the document: for the proof that nothing was invented. */
const evidence = (cells: Cells) =>
  Object.fromEntries(
    Object.entries(cells).flatMap(([field, cell]) => {
      if (!cell?.value) return [];
      const { source, confidence, text, page, box, actor, at } = cell;
      return [[field, { source, confidence, text, page, box, confirmedBy: actor, confirmedAt: at }]];
    }),
  );

export function exportedInvoice(invoice: Invoice) {
  return {
    id: invoice.id,
    document: { name: invoice.document.name, sha256: invoice.document.sha256 },
    direction: directionOf(invoice),
    ...values(invoice.header),
    lines: invoice.lines.map(({ id, cells }) => ({ id, ...values(cells) })),
    taxBreakdown: invoice.taxRows.map(({ cells }) => values(cells)),
    evidence: evidence(invoice.header),
    findings: invoice.findings.map(({ code, severity, params }) => ({
      code,
      alias: findingAlias(code),
      severity,
      params,
    })),
    judged: invoice.judged,
  };
}

export function toJson(invoices: readonly Invoice[], batch: Batch): string {
  const content = { version: EXPORT_JSON_VERSION, batch, invoices: invoices.map(exportedInvoice) };
  return `${JSON.stringify(content, null, 2)}\n`;
}
