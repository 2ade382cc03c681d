/** How many cells have differing values, and on which invoices: one walk along the key of the heads. */
import type { InvoiceSummary } from '../../../core/contract/invoice.ts';
import type { ConflictCount } from '../station-sync-store.ts';
import type { Sqlite } from './open.ts';

const CELLS = `SELECT l.root FROM (
    SELECT min(op_id) AS op FROM cell_head WHERE field NOT LIKE '#%' GROUP BY entity, field
    HAVING count(*) > 1 AND count(DISTINCT coalesce('=' || value, '')) > 1
  ) JOIN op_log l ON l.op_id = op`;
const SHOWN = 20;

export function countConflicts(db: Sqlite): ConflictCount {
  const roots = db.prepare(CELLS).pluck().all() as string[];
  const invoices = [...new Set(roots)];
  const summary = db.prepare('SELECT summary FROM invoices WHERE id = ?').pluck();
  const first = invoices.slice(0, SHOWN).map((invoice) => {
    const text = summary.get(invoice) as string | undefined;
    return { invoice, name: text === undefined ? invoice : nameOf(JSON.parse(text) as InvoiceSummary) };
  });
  return { cells: roots.length, invoices: invoices.length, first };
}

const nameOf = ({ vendorName, invoiceNumber, documentName }: InvoiceSummary): string =>
  [vendorName, invoiceNumber].filter((part) => part !== null).join(' ') || documentName;
