/** Which invoices go into a batch, what it is called, and that asking twice makes one. */
import type { ExportBatch } from '../contract/http.ts';
import type { Invoice } from '../contract/invoice.ts';
import { isInConflict } from '../invoice/transitions.ts';

export type ExportFormat = ExportBatch['format'];
export type SkipReason = 'not-confirmed' | 'already-exported' | 'in-conflict' | 'not-a-bill' | 'not-found';

export type BatchPlan =
  /** The batch was made already: the same file is given again, nothing is exported twice. */
  | { readonly kind: 'repeat'; readonly batch: ExportBatch }
  | {
      readonly kind: 'new';
      readonly number: number;
      readonly include: readonly Invoice[];
      readonly skipped: readonly { readonly id: string; readonly reason: SkipReason }[];
    };

interface Request {
  /** Made by the client: a retried request is the same batch. */
  readonly batchId: string;
  /** Ids asked for; all that are ready for export where none are named. */
  readonly requested?: readonly string[] | undefined;
  /** The invoices found for it. */
  readonly invoices: readonly Invoice[];
  readonly batches: readonly ExportBatch[];
}

export function planBatch({ batchId, requested, invoices, batches }: Request): BatchPlan {
  const made = batches.find(({ id }) => id === batchId);
  if (made !== undefined) return { kind: 'repeat', batch: made };
  const exported = new Set(batches.flatMap((batch) => batch.invoices));
  const found = invoices.map((invoice) => ({ invoice, reason: refusal(invoice, exported) }));
  const known = new Set(invoices.map(({ id }) => id));
  return {
    kind: 'new',
    number: Math.max(0, ...batches.map((batch) => batch.number)) + 1,
    // By time of arrival, then id: the same invoices give the same file wherever it is made.
    include: found
      .flatMap(({ invoice, reason }) => (reason === undefined ? [invoice] : []))
      .toSorted((a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id)),
    skipped: [
      ...found.flatMap(({ invoice, reason }) => (reason === undefined ? [] : [{ id: invoice.id, reason }])),
      ...(requested ?? []).filter((id) => !known.has(id)).map((id) => ({ id, reason: 'not-found' as const })),
    ],
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Only what a person has confirmed and no batch holds goes out; nothing two people disagree about, and no reminder. */
function refusal(invoice: Invoice, exported: ReadonlySet<string>): SkipReason | undefined {
  if (invoice.state === 'exported' || exported.has(invoice.id)) return 'already-exported';
  if (invoice.state !== 'approved' && invoice.state !== 'staged') return 'not-confirmed';
  if (isInConflict(invoice)) return 'in-conflict';
  // What was approved is not what stands there now.
  if (invoice.changed !== undefined) return 'not-confirmed';
  const type = invoice.header.documentType?.value ?? 'invoice';
  return ['invoice', 'credit-note', 'correction', 'receipt'].includes(type) ? undefined : 'not-a-bill';
}

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = { csv: 'csv', json: 'json', xlsx: 'xlsx', ubl: 'zip' };

/** "bills-000017-2024-05-02.csv": sorts by number, tells the day. `today` as an ISO date. */
export function batchFileName(number: number, today: string, format: ExportFormat): string {
  return `bills-${String(number).padStart(6, '0')}-${today}.${EXTENSIONS[format]}`;
}
