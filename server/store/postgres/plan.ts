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
import { createStatement } from './statement.ts';
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

export function createPlan(orm: Orm, start: PlanStart): Plan {
  const { site } = start;
  const log = createLogPlan(orm, start);
  const projections = createProjectionPlan(orm, start);
  const files = createDocumentPlan(site);
  const answers: (typeof idempotency.$inferInsert)[] = [];
  const others: Statement[] = [];
  return {
    add(change, clock) {
      const { idempotency: answer } = change;
      const ops = log.append(change.ops, clock);
      for (const wire of change.projections) projections.write(wire);
      files.write(change, clock.at);
      if (answer !== undefined) answers.push({ site, ...answer, createdAt: clock.at });
      others.push(...stationStatements(orm, site, change));
      return ops;
    },
    end: log.end,
    statements: () => [
      ...log.statements(),
      ...projections.statements(),
      ...files.statements(),
      ...(answers.length === 0 ? [] : [insertRows(idempotency, answers)]),
      ...others,
      ...log.erasing(),
    ],
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
    'conflicts',
    'suspects',
    'summary',
  ]
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`,
);

const writeData = createStatement<{ site: string; ids: readonly string[]; data: readonly Buffer[] }>(
  (place) => sql`
  INSERT INTO ${invoiceData} (site, invoice, data) SELECT ${place('site')}, r.id, r.data FROM unnest(${place('ids')}::text[], ${place('data')}::bytea[]) AS r (id, data)
  ON CONFLICT (site, invoice) DO UPDATE SET data = excluded.data`,
);
const indexTexts = createStatement<{ ids: readonly string[]; texts: readonly string[] }>(
  (place) => sql`SELECT index_invoices(${place('ids')}::text[], ${place('texts')}::text[])`,
);
const addCounts = createStatement<{ site: string; statuses: readonly string[]; by: readonly number[] }>(
  (place) => sql`
  INSERT INTO ${invoiceCount} AS c (site, status, n) SELECT ${place('site')}, r.status, r.n FROM unnest(${place('statuses')}::text[], ${place('by')}::int[]) AS r (status, n)
  ON CONFLICT (site, status) DO UPDATE SET n = c.n + excluded.n`,
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
        writeData({ site, ids, data: all.map((wire) => packInvoice(wire.invoice)) }),
        ...(known.length === 0
          ? []
          : [orm.delete(lines).where(and(eq(lines.site, site), inArray(lines.invoice, known)))]),
        ...(lineRows.length === 0 ? [] : [insertRows(lines, lineRows)]),
        indexTexts({ ids, texts: all.map((wire) => withoutNul(wire.search)) }),
        ...(changes.length === 0
          ? []
          : [addCounts({ site, statuses: changes.map(([status]) => status), by: changes.map(([, n]) => n) })]),
      ];
    },
  };
}

/** The same bytes under another name keep their first name; what is learned about them later is added. */
const KEEP_NAME = sql`ON CONFLICT (site, sha256) DO UPDATE SET mime = excluded.mime, kind = coalesce(excluded.kind, ${documents.kind})`;

function createDocumentPlan(site: string) {
  const rows = new Map<string, typeof documents.$inferInsert>();
  return {
    write(change: ChangeWire, at: string): void {
      for (const { sha256: id, name, mime, size, kind = null, parent = null } of change.documents) {
        const known = rows.get(id) ?? { site, sha256: id, name: withoutNul(name), size, parent, addedAt: at };
        rows.set(id, { ...known, mime, kind: kind ?? ('kind' in known ? known.kind : null) });
      }
    },
    statements: (): Statement[] => (rows.size === 0 ? [] : [insertRows(documents, [...rows.values()], KEEP_NAME)]),
  };
}

function stationStatements(orm: Orm, site: string, change: ChangeWire): Statement[] {
  const { exportBatch: batch, settings: value } = change;
  return [
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
