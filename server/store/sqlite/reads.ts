/** Look-ups of the store: one invoice, its documents, possible duplicates, settings. */
import { and, desc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { ExportBatch } from '../../../core/contract/http.ts';
import { Settings } from '../../../core/contract/settings.ts';
import type { DocumentInfo, InvoiceSummary } from '../../../core/contract/invoice.ts';
import type { DuplicateCandidate } from '../../../core/validate/rule.ts';
import { candidateOf } from '../duplicate-candidate.ts';
import { unpackInvoice } from '../packed-invoice.ts';
import type { DuplicateKeys } from '../store.ts';
import { SETTINGS_KEY } from './commit.ts';
import { documents, exportBatch, idempotency, invoiceData, invoices, settings } from './schema.ts';

const MAX_CANDIDATES = 50;
const MAX_OPEN = 50;

export function createReads(orm: BetterSQLite3Database) {
  const data = orm
    .select({ data: invoiceData.data })
    .from(invoices)
    .innerJoin(invoiceData, eq(invoiceData.row, invoices.row))
    .where(eq(invoices.id, sql.placeholder('id')))
    .prepare();

  return {
    /** JSON text; the caller parses it on its own thread. */
    invoice: (id: string): string | undefined => {
      const row = data.get({ id });
      return row === undefined ? undefined : unpackInvoice(row.data).toString();
    },
    invoiceIds: (filter: { status?: readonly string[]; document?: string }): string[] =>
      orm
        .select({ id: invoices.id })
        .from(invoices)
        .where(
          and(
            filter.status === undefined ? undefined : inArray(invoices.status, [...filter.status]),
            filter.document === undefined ? undefined : eq(invoices.documentSha, filter.document),
          ),
        )
        .orderBy(invoices.createdAt, invoices.row)
        .all()
        .map(({ id }) => id),
    openOfVendor: (vendorKeys: readonly string[], taxIds: readonly string[]): string[] =>
      orm
        .select({ id: invoices.id })
        .from(invoices)
        .where(
          and(
            inArray(invoices.status, ['exception', 'ready']),
            or(inArray(invoices.vendorKey, [...vendorKeys]), inArray(invoices.vendorTaxId, [...taxIds])),
          ),
        )
        .orderBy(invoices.createdAt, invoices.row)
        .limit(MAX_OPEN)
        .all()
        .map(({ id }) => id),
    document: (sha256: string): DocumentInfo | undefined => {
      const row = orm.select().from(documents).where(eq(documents.sha256, sha256)).get();
      if (row === undefined) return undefined;
      const { name, mime, size, kind, parent } = row;
      const known = kind === null ? {} : { kind: kind as NonNullable<DocumentInfo['kind']> };
      return { sha256, name, mime, size, ...known, ...(parent === null ? {} : { parent }) };
    },
    duplicateCandidates: (invoice: string, keys: DuplicateKeys): DuplicateCandidate[] => duplicates(orm, invoice, keys),
    idempotent: (key: string): { requestHash: string; reply: string } | undefined =>
      orm
        .select({ requestHash: idempotency.requestHash, reply: idempotency.reply })
        .from(idempotency)
        .where(eq(idempotency.key, key))
        .get(),
    exportBatches: (): ExportBatch[] =>
      orm
        .select({ data: exportBatch.data })
        .from(exportBatch)
        .orderBy(desc(exportBatch.number))
        .all()
        .map((row) => JSON.parse(row.data) as ExportBatch),
    settings: (): Settings => {
      const row = orm.select().from(settings).where(eq(settings.key, SETTINGS_KEY)).get();
      // Parsed at this edge: settings of an older version lack what came later.
      return Settings.parse(row === undefined ? {} : JSON.parse(row.value));
    },
  };
}

/** Same bytes; same number with the same vendor or the same amount; same vendor with the same amount. */
function duplicates(orm: BetterSQLite3Database, invoice: string, keys: DuplicateKeys): DuplicateCandidate[] {
  const { documentSha, vendorKey, numberKey, grossTotal } = keys;
  const same = [
    eq(invoices.documentSha, documentSha),
    numberKey !== null && vendorKey !== null
      ? and(eq(invoices.numberKey, numberKey), eq(invoices.vendorKey, vendorKey))
      : undefined,
    numberKey !== null && grossTotal !== null
      ? and(eq(invoices.numberKey, numberKey), eq(invoices.grossTotal, grossTotal))
      : undefined,
    vendorKey !== null && grossTotal !== null
      ? and(eq(invoices.vendorKey, vendorKey), eq(invoices.grossTotal, grossTotal))
      : undefined,
  ].filter((condition) => condition !== undefined);
  const rows = orm
    .select({ summary: invoices.summary, vendorTaxId: invoices.vendorTaxId })
    .from(invoices)
    .where(and(or(...same), ne(invoices.id, invoice)))
    .orderBy(desc(invoices.createdAt), desc(invoices.row))
    .limit(MAX_CANDIDATES)
    .all();
  return rows.map(({ summary, vendorTaxId }) => candidateOf(JSON.parse(summary) as InvoiceSummary, vendorTaxId));
}
