/** Writes an invoice's projection: its row, its data, its lines, its place in the search. */
import { eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { packInvoice } from '../packed-invoice.ts';
import { projectionRow } from '../projection-row.ts';
import type { ProjectionWire } from '../projection-wire.ts';
import { invoiceData, invoices, lines } from './schema.ts';

const columns = (wire: ProjectionWire) => ({
  ...projectionRow(wire),
  search: wire.search,
  summary: JSON.stringify(wire.summary),
});
type Columns = ReturnType<typeof columns>;

export interface Projections {
  /** Revision of the stored projection; 0 where there is none. */
  revision(id: string): number;
  /** `anew`: the search is written even where its text is the one that stands in the row. */
  write(wire: ProjectionWire, anew?: boolean): void;
  /** Removes rows of invoices that no operation created. Their number. */
  dropStrays(): number;
}

export function createProjections(orm: BetterSQLite3Database): Projections {
  const names: readonly (keyof Columns)[] = [
    'id',
    'revision',
    'state',
    'status',
    'createdAt',
    'updatedAt',
    'documentSha',
    'vendorKey',
    'numberKey',
    'grossTotal',
    'vendorTaxId',
    'sortVendor',
    'sortNumber',
    'sortIssued',
    'sortDue',
    'sortGross',
    'attention',
    'conflicts',
    'suspects',
    'search',
    'summary',
  ];
  const values = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as never;
  const find = orm
    .select({ row: invoices.row, revision: invoices.revision, search: invoices.search })
    .from(invoices)
    .where(eq(invoices.id, sql.placeholder('id')))
    .prepare();
  const insert = orm.insert(invoices).values(values).returning({ row: invoices.row }).prepare();
  const update = orm
    .update(invoices)
    .set(values)
    .where(eq(invoices.row, sql.placeholder('row')))
    .prepare();
  const insertData = orm
    .insert(invoiceData)
    .values({ row: sql.placeholder('row'), data: sql.placeholder('data') })
    .onConflictDoUpdate({ target: invoiceData.row, set: { data: sql`excluded.data` } })
    .prepare();
  const deleteLines = orm
    .delete(lines)
    .where(eq(lines.invoice, sql.placeholder('row')))
    .prepare();
  const insertLine = orm
    .insert(lines)
    .values({
      invoice: sql.placeholder('invoice'),
      id: sql.placeholder('id'),
      ord: sql.placeholder('ord'),
      articleNumber: sql.placeholder('articleNumber'),
      description: sql.placeholder('description'),
      quantity: sql.placeholder('quantity'),
      unitPrice: sql.placeholder('unitPrice'),
      lineTotal: sql.placeholder('lineTotal'),
    })
    .prepare();
  const index = (row: number, text: string): void => {
    orm.run(sql`INSERT OR REPLACE INTO invoice_search (rowid, text) VALUES (${row}, ${text})`);
  };

  const strays = sql`SELECT ${invoices.row} AS row FROM ${invoices} WHERE NOT EXISTS (SELECT 1 FROM op_log o WHERE o.root = ${invoices.id})
    AND NOT EXISTS (SELECT 1 FROM gone_root g WHERE g.root = ${invoices.id})`;

  return {
    dropStrays() {
      const rows = orm.all<{ row: number }>(strays);
      for (const { row } of rows) {
        deleteLines.run({ row });
        orm.delete(invoiceData).where(eq(invoiceData.row, row)).run();
        orm.run(sql`DELETE FROM invoice_search WHERE rowid = ${row}`);
        orm.delete(invoices).where(eq(invoices.row, row)).run();
      }
      return rows.length;
    },
    revision: (id) => find.get({ id })?.revision ?? 0,
    write(wire, anew = false) {
      const known = find.get({ id: wire.id });
      if (known !== undefined) update.run({ ...columns(wire), row: known.row });
      const row = known?.row ?? insert.get(columns(wire)).row;
      insertData.run({ row, data: packInvoice(wire.invoice) });
      if (known !== undefined) deleteLines.run({ row });
      for (const line of wire.lines) insertLine.run({ invoice: row, ...line });
      if (anew || known?.search !== wire.search) index(row, wire.search);
    },
  };
}
