/**
 * What a change writes, as statements: planned in memory over what was read under the lock of the site's head, sent in one step. Several changes may be planned
 * before they are sent (a bulk load).
 */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { StoredOp } from '../../../core/sync/op.ts';
import { packInvoice } from '../packed-invoice.ts';
import { projectionRow } from '../projection-row.ts';
import type { ProjectionWire } from '../projection-wire.ts';
import type { Change } from '../store.ts';
import type { Orm, Statement } from './connection.ts';
import { insertRows } from './insert.ts';
import { type Clock, createLogPlan, type LogPlan, type LogStart } from './log-plan.ts';
import { documents, exportBatch, idempotency, invoiceCount, invoiceData, invoices, lines, settings } from './schema.ts';
import { withoutNul } from './text.ts';

export const SETTINGS_KEY = 'station';

export type ChangeWire = Omit<Change, 'projections'> & { readonly projections: readonly ProjectionWire[] };

export interface PlanStart extends LogStart {
  /** Status of the invoices that exist, by id. */
  readonly statuses: ReadonlyMap<string, string>;
}

export interface Plan {
  add(change: ChangeWire, clock: Clock): StoredOp[];
  /** Where the log ends after all of it. */
  readonly end: LogPlan['end'];
  statements(): Statement[];
}

/** Rows a statement: far below the 65,535 parameters that one may have. */
const CHUNK = 1_000;

export function chunks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, at) => rows.slice(at * CHUNK, (at + 1) * CHUNK));
}

export function createPlan(orm: Orm, start: PlanStart): Plan {
  const { site } = start;
  const log = createLogPlan(orm, start);
  const projections = createProjectionPlan(orm, start);
  const others: Statement[] = [];
  return {
    add(change, clock) {
      const ops = log.append(change.ops, clock);
      for (const wire of change.projections) projections.write(wire);
      others.push(...documentStatements(site, change, clock.at), ...stationStatements(orm, site, change, clock.at));
      return ops;
    },
    end: log.end,
    statements: () => [...log.statements(), ...projections.statements(), ...others],
  };
}

type InvoiceRow = typeof invoices.$inferInsert;

const rowOf = (site: string, wire: ProjectionWire): InvoiceRow => {
  const row = projectionRow(wire);
  return {
    ...row,
    site,
    vendorKey: withoutNul(row.vendorKey),
    numberKey: withoutNul(row.numberKey),
    grossTotal: withoutNul(row.grossTotal),
    vendorTaxId: withoutNul(row.vendorTaxId),
    sortVendor: withoutNul(row.sortVendor),
    sortNumber: withoutNul(row.sortNumber),
    sortIssued: withoutNul(row.sortIssued),
    sortDue: withoutNul(row.sortDue),
    summary: wire.summary,
  };
};

/** Every column but the key is taken from the row that could not be inserted. */
const REPLACE = sql.raw(
  `ON CONFLICT (site, id) DO UPDATE SET ${[
    'revision',
    'state',
    'status',
    'created_at',
    'updated_at',
    'document_sha',
    'vendor_key',
    'number_key',
    'gross_total',
    'vendor_tax_id',
    'sort_vendor',
    'sort_number',
    'sort_issued',
    'sort_due',
    'sort_gross',
    'attention',
    'summary',
  ]
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`,
);

function createProjectionPlan(orm: Orm, { site, statuses }: PlanStart) {
  const wires = new Map<string, ProjectionWire>();
  /** How the number of invoices of each status changes. */
  const counted = (): [string, number][] => {
    const by = new Map<string, number>();
    const count = (status: string, n: number): void => void by.set(status, (by.get(status) ?? 0) + n);
    for (const [id, wire] of wires) {
      const before = statuses.get(id);
      if (before !== undefined) count(before, -1);
      count(wire.summary.status, 1);
    }
    return [...by].filter(([, n]) => n !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  };
  const dataOf = (wire: ProjectionWire) => ({ site, invoice: wire.id, data: packInvoice(wire.invoice) });
  const linesOf = (wire: ProjectionWire) =>
    wire.lines.map((line) => ({
      site,
      invoice: wire.id,
      ...line,
      articleNumber: withoutNul(line.articleNumber),
      description: withoutNul(line.description),
      quantity: withoutNul(line.quantity),
      unitPrice: withoutNul(line.unitPrice),
      lineTotal: withoutNul(line.lineTotal),
    }));
  return {
    /** The last one of an invoice counts. */
    write: (wire: ProjectionWire): void => void wires.set(wire.id, wire),
    statements(): Statement[] {
      const all = [...wires.values()];
      if (all.length === 0) return [];
      const ids = all.map((wire) => wire.id);
      const known = ids.filter((id) => statuses.has(id));
      const changes = counted();
      const lineRows = all.flatMap(linesOf);
      return [
        insertRows(
          invoices,
          all.map((wire) => rowOf(site, wire)),
          REPLACE,
        ),
        ...chunks(all.map(dataOf)).map((rows) =>
          orm
            .insert(invoiceData)
            .values(rows)
            .onConflictDoUpdate({ target: [invoiceData.site, invoiceData.invoice], set: { data: sql`excluded.data` } }),
        ),
        ...(known.length === 0
          ? []
          : [orm.delete(lines).where(and(eq(lines.site, site), inArray(lines.invoice, known)))]),
        ...(lineRows.length === 0 ? [] : [insertRows(lines, lineRows)]),
        sql`SELECT index_invoices(${sql.param(ids)}::text[], ${sql.param(all.map((wire) => withoutNul(wire.search)))}::text[])`,
        ...(changes.length === 0
          ? []
          : [
              orm
                .insert(invoiceCount)
                .values(changes.map(([status, n]) => ({ site, status, n })))
                .onConflictDoUpdate({
                  target: [invoiceCount.site, invoiceCount.status],
                  set: { n: sql`${invoiceCount.n} + excluded.n` },
                }),
            ]),
      ];
    },
  };
}

/** The same bytes under another name keep their first name; what is learned about them later is added. */
const KEEP_NAME = sql`ON CONFLICT (site, sha256) DO UPDATE SET mime = excluded.mime, kind = coalesce(excluded.kind, ${documents.kind})`;

function documentStatements(site: string, change: ChangeWire, at: string): Statement[] {
  const rows = new Map<string, typeof documents.$inferInsert>();
  for (const { sha256: id, name, mime, size, kind = null, parent = null } of change.documents) {
    const known = rows.get(id) ?? { site, sha256: id, name: withoutNul(name), size, parent, addedAt: at };
    rows.set(id, { ...known, mime, kind: kind ?? ('kind' in known ? known.kind : null) });
  }
  return rows.size === 0 ? [] : [insertRows(documents, [...rows.values()], KEEP_NAME)];
}

function stationStatements(orm: Orm, site: string, change: ChangeWire, at: string): Statement[] {
  const { idempotency: answer, exportBatch: batch, settings: value } = change;
  return [
    ...(answer === undefined ? [] : [orm.insert(idempotency).values({ site, ...answer, createdAt: at })]),
    ...(batch === undefined
      ? []
      : [
          orm
            .insert(exportBatch)
            .values({ site, id: batch.id, number: batch.number, createdAt: batch.createdAt, data: batch }),
        ]),
    ...(value === undefined
      ? []
      : [
          orm
            .insert(settings)
            .values({ site, key: SETTINGS_KEY, value })
            .onConflictDoUpdate({ target: [settings.site, settings.key], set: { value } }),
        ]),
  ];
}
