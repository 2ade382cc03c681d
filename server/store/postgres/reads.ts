/** Look-ups of the store: one invoice, its documents, possible duplicates, settings. */
import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { ExportBatch } from '../../../core/contract/http.ts';
import type { DocumentInfo, Invoice, InvoiceSummary } from '../../../core/contract/invoice.ts';
import { Settings } from '../../../core/contract/settings.ts';
import type { OpBody, StoredOp } from '../../../core/sync/op.ts';
import type { DuplicateCandidate } from '../../../core/validate/rule.ts';
import { candidateOf } from '../duplicate-candidate.ts';
import { type Printer, unpackInvoice } from '../packed-invoice.ts';
import type { DuplicateKeys, PrintedInvoice } from '../store.ts';
import type { Connections, Orm } from './connection.ts';
import { createGathering } from './gathering.ts';
import { SETTINGS_KEY } from './plan.ts';
import { documents, exportBatch, idempotency, invoices, opLog, opValue, settings } from './schema.ts';
import { createStatement } from './statement.ts';
import { givenContent } from './text.ts';

const MAX_CANDIDATES = 50;
const MAX_OPEN = 50;

const readInvoices = createStatement<{ site: string; ids: readonly string[] }>(
  (place) => sql`SELECT id, data FROM read_invoices(${place('site')}, ${place('ids')}::text[])`,
);

/** Every one by its id. Many at once: it is asked for more often than anything else. */
export function createInvoiceReads(connections: Connections, site: string, print: Printer) {
  const packed = createGathering<string, Buffer | undefined>({
    nameOf: (id) => id,
    async load(ids) {
      const rows = await connections.ask<{ id: string; data: Buffer }>(readInvoices({ site, ids }));
      const found = new Map(rows.map(({ id, data }) => [id, data]));
      return ids.map((id) => found.get(id));
    },
  });
  return {
    async invoiceJson(id: string): Promise<PrintedInvoice | undefined> {
      const data = await packed(id);
      return data === undefined ? undefined : print(data);
    },
    async invoice(id: string): Promise<Invoice | undefined> {
      const data = await packed(id);
      return data === undefined ? undefined : (JSON.parse(unpackInvoice(data).toString()) as Invoice);
    },
  };
}

interface IdsFilter {
  readonly status?: readonly string[];
  readonly document?: string;
}

const idsOfDocuments = createStatement<{ site: string; shas: readonly string[] }>(
  (place) => sql`SELECT id, sha FROM invoices_of(${place('site')}, ${place('shas')}::text[])`,
);

/** Those of a document are asked for with every file that comes in: many at once. */
export function createInvoiceIds(connections: Connections, site: string): (filter: IdsFilter) => Promise<string[]> {
  const ofDocument = createGathering<string, string[]>({
    nameOf: (sha) => sha,
    async load(shas) {
      const rows = await connections.ask<{ id: string; sha: string }>(idsOfDocuments({ site, shas }));
      return shas.map((sha) => rows.filter((row) => row.sha === sha).map(({ id }) => id));
    },
  });
  return (filter) =>
    filter.document !== undefined && filter.status === undefined
      ? ofDocument(filter.document)
      : connections.read(site, ({ orm }) => readInvoiceIds(orm, site, filter));
}

async function readInvoiceIds(orm: Orm, site: string, filter: IdsFilter): Promise<string[]> {
  const rows = await orm
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.site, site),
        filter.status === undefined ? undefined : inArray(invoices.status, [...filter.status]),
        filter.document === undefined ? undefined : eq(invoices.documentSha, filter.document),
      ),
    )
    .orderBy(asc(invoices.createdAt), asc(invoices.row));
  return rows.map(({ id }) => id);
}

/** The states are written out, so that the planner sees that the partial indexes hold what is asked for. */
const OPEN = sql`${invoices.status} IN ('exception', 'ready')`;

export async function readOpenOfVendor(
  orm: Orm,
  site: string,
  vendorKeys: readonly string[],
  taxIds: readonly string[],
): Promise<string[]> {
  const named = (one: SQL): SQL =>
    sql`SELECT ${invoices.id}, ${invoices.createdAt}, ${invoices.row} FROM ${invoices} WHERE ${invoices.site} = ${site} AND ${OPEN} AND ${one}`;
  const { rows } = await orm.execute<{ id: string }>(sql`
    SELECT id FROM (
      ${named(sql`${invoices.vendorKey} = ANY (${sql.param([...vendorKeys])}::text[])`)}
      UNION
      ${named(sql`${invoices.vendorTaxId} = ANY (${sql.param([...taxIds])}::text[])`)}
    ) AS open ORDER BY created_at, row LIMIT ${MAX_OPEN}`);
  return rows.map(({ id }) => id);
}

export async function readDocument(orm: Orm, site: string, sha256: string): Promise<DocumentInfo | undefined> {
  const [row] = await orm
    .select()
    .from(documents)
    .where(and(eq(documents.site, site), eq(documents.sha256, sha256)));
  if (row === undefined) return undefined;
  const { name, mime, size, kind, parent } = row;
  const known = kind === null ? {} : { kind: kind as NonNullable<DocumentInfo['kind']> };
  return { sha256, name, mime, size, ...known, ...(parent === null ? {} : { parent }) };
}

export async function readOps(orm: Orm, site: string, root: string): Promise<StoredOp[]> {
  const rows = await orm
    .select({
      body: opLog.body,
      hash: opLog.hash,
      receivedAt: opLog.receivedAt,
      verdict: opLog.verdict,
      value: opValue.value,
      reason: opValue.reason,
      salt: opValue.salt,
    })
    .from(opLog)
    .leftJoin(opValue, and(eq(opValue.site, opLog.site), eq(opValue.opId, opLog.opId)))
    .where(and(eq(opLog.site, site), eq(opLog.root, root)))
    .orderBy(asc(opLog.seq));
  return rows.map((row) => ({
    body: JSON.parse(row.body) as OpBody,
    hash: row.hash,
    content: givenContent(row),
    receivedAt: row.receivedAt,
    verdict: row.verdict as StoredOp['verdict'],
  }));
}

/** Same bytes; same number with the same vendor or the same amount; same vendor with the same amount. Each by its own index. */
export async function readDuplicates(
  orm: Orm,
  site: string,
  invoice: string,
  { documentSha, vendorKey, numberKey, grossTotal }: DuplicateKeys,
): Promise<DuplicateCandidate[]> {
  const same = [
    sql`${invoices.documentSha} = ${documentSha}`,
    ...(numberKey !== null && vendorKey !== null
      ? [sql`${invoices.numberKey} = ${numberKey} AND ${invoices.vendorKey} = ${vendorKey}`]
      : []),
    ...(numberKey !== null && grossTotal !== null
      ? [sql`${invoices.numberKey} = ${numberKey} AND ${invoices.grossTotal} = ${grossTotal}`]
      : []),
    ...(vendorKey !== null && grossTotal !== null
      ? [sql`${invoices.vendorKey} = ${vendorKey} AND ${invoices.grossTotal} = ${grossTotal}`]
      : []),
  ].map((one) => sql`SELECT ${invoices.row} FROM ${invoices} WHERE ${invoices.site} = ${site} AND ${one}`);
  const rows = await orm
    .select({ summary: invoices.summary, vendorTaxId: invoices.vendorTaxId })
    .from(invoices)
    .where(
      and(
        eq(invoices.site, site),
        sql`${invoices.row} = ANY (ARRAY(${sql.join(same, sql` UNION `)}))`,
        sql`${invoices.id} <> ${invoice}`,
      ),
    )
    .orderBy(desc(invoices.createdAt), desc(invoices.row))
    .limit(MAX_CANDIDATES);
  return rows.map(({ summary, vendorTaxId }) => candidateOf(summary as InvoiceSummary, vendorTaxId));
}

export async function readIdempotent(
  orm: Orm,
  site: string,
  key: string,
): Promise<{ requestHash: string; reply: string } | undefined> {
  const [row] = await orm
    .select({ requestHash: idempotency.requestHash, reply: idempotency.reply })
    .from(idempotency)
    .where(and(eq(idempotency.site, site), eq(idempotency.key, key)));
  return row;
}

export async function readExportBatches(orm: Orm, site: string): Promise<ExportBatch[]> {
  const rows = await orm
    .select({ data: exportBatch.data })
    .from(exportBatch)
    .where(eq(exportBatch.site, site))
    .orderBy(desc(exportBatch.number));
  return rows.map((row) => row.data as ExportBatch);
}

export async function readSettings(orm: Orm, site: string): Promise<Settings> {
  const [row] = await orm
    .select({ value: settings.value })
    .from(settings)
    .where(and(eq(settings.site, site), eq(settings.key, SETTINGS_KEY)));
  // Parsed at this edge: settings of an older version lack what came later.
  return Settings.parse(row?.value ?? {});
}
