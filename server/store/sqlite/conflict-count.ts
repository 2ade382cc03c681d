/** How many cells have differing values, and on how many invoices: one walk along the key of the heads. */
import type { Sqlite } from './open.ts';

const CELLS = `SELECT min(op_id) AS op FROM cell_head WHERE field NOT LIKE '#%' GROUP BY entity, field
  HAVING count(*) > 1 AND count(DISTINCT coalesce('=' || value, '')) > 1`;

export function countConflicts(db: Sqlite): { cells: number; invoices: number } {
  const sql = `SELECT count(*) AS cells, count(DISTINCT l.root) AS invoices FROM (${CELLS}) JOIN op_log l ON l.op_id = op`;
  return db.prepare(sql).get() as { cells: number; invoices: number };
}
