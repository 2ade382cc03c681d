/** The queries that people and workers wait for, each by name: what the explain test runs, and what the bench times. */
import { InvoiceQuery } from '../../../core/contract/http.ts';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { duplicateKeys } from '../../../core/invoice/summary.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Store } from '../store.ts';

const SORTS = [
  'createdAt',
  'updatedAt',
  'issueDate',
  'dueDate',
  'vendorName',
  'invoiceNumber',
  'grossTotal',
  'attention',
] as const;

type Hot = Record<string, () => Promise<unknown>>;

const value = (invoice: Invoice, field: 'vendorName' | 'invoiceNumber' | 'vendorTaxId'): string =>
  invoice.header[field]?.value ?? '';

export function hotQueries(store: Store, queue: Queue, every: Queue, invoice: Invoice): Hot {
  const list = (more: Partial<InvoiceQuery> = {}) => store.invoices(InvoiceQuery.parse(more));
  const keys = duplicateKeys(invoice);
  const { id } = invoice;
  const none = { documentSha: 'none', vendorKey: null, numberKey: null, grossTotal: null };
  const pages: Hot = Object.fromEntries(
    SORTS.flatMap((sort) =>
      (['asc', 'desc'] as const).map((order) => [
        `list by ${sort} ${order}, two pages`,
        async () => {
          const { next } = await list({ sort, order, limit: 50 });
          if (next !== null) await list({ sort, order, limit: 50, cursor: next });
        },
      ]),
    ),
  );
  return {
    ...pages,
    'list of open invoices': () => list({ status: ['exception', 'ready'] }),
    'list of one status': () => list({ status: ['exception'] }),
    'search by number': () => list({ q: value(invoice, 'invoiceNumber') }),
    'search by vendor': () => list({ q: value(invoice, 'vendorName') }),
    'search by number and vendor': () =>
      list({ q: `${value(invoice, 'invoiceNumber')} ${value(invoice, 'vendorName')}` }),
    'search by number and two letters': () => list({ q: `${value(invoice, 'invoiceNumber')} re` }),
    invoice: () => store.invoice(id),
    history: () => store.opsOf(id),
    document: () => store.document(invoice.document.sha256),
    'invoices of a document': () => store.invoiceIds({ document: invoice.document.sha256 }),
    counters: () => store.counters(new Date().toISOString()),
    'possible duplicates': () => store.duplicateCandidates('none', keys),
    'possible duplicates by bytes': () => store.duplicateCandidates('none', { ...none, documentSha: keys.documentSha }),
    'open invoices of a vendor': () => store.openOfVendor([keys.vendorKey ?? ''], [value(invoice, 'vendorTaxId')]),
    'answer to a repeated request': () => store.idempotent('none'),
    settings: () => store.settings(),
    'export batches': () => store.exportBatches(),
    'lessons by keys': () => store.lessonsByKeys(['tax:DE1', 'web:example']),
    'lessons of a vendor': () => store.lessonsOf('none'),
    'lessons from an invoice': () => store.lessonsFrom(id),
    'claim of a job': async () => {
      const job = await every.claim(['read', 'validate'], 60_000);
      if (job === undefined) return;
      await every.heartbeat(job, 60_000);
      await every.progress(job, 0.5, 'half');
      await every.release(job);
    },
    'claim of a job of one site': async () => {
      const job = await queue.claim(['validate'], 60_000);
      if (job !== undefined) await queue.release(job);
    },
    'hand out jobs': async () => {
      const due = await every.handOut(['validate'], { limit: 10, patienceMs: 60_000 });
      await every.claimThese(
        due.map((one) => one.id),
        1,
      );
      await every.takeBack(due.map((one) => one.id));
    },
    'lengths of the queues': () => every.lengths(),
    'dead letters': () => every.deadLetters({ limit: 20 }),
  };
}
