/** The queries that people and workers wait for, each by name: what the explain test runs, and what the bench times. */
import { InvoiceQuery } from '../../../core/contract/http.ts';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { duplicateKeys, projectionOf } from '../../../core/invoice/summary.ts';
import type { AccessStore } from '../../access/store/access-store.ts';
import type { Queue } from '../../queue/queue.ts';
import { pageOf, SORT_COLUMNS } from '../list-query.ts';
import { projectionRow } from '../projection-row.ts';
import { projectionWire } from '../projection-wire.ts';
import type { SiteStore } from './create.ts';
import { CROWD } from './testing-crowd.ts';

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

export interface HotParts extends Pick<SiteStore, 'store' | 'queue' | 'webhooks' | 'hub'> {
  readonly site: string;
  /** Jobs of every site. */
  readonly every: Queue;
  readonly access: AccessStore;
  /** From the middle of the archive: lists are paged from there, too. */
  readonly invoice: Invoice;
  /** A moment since which about a day's work was done. */
  readonly today: string;
}

/** Whatever order a list is in: the cursor of a page that ended at this invoice. */
function cursorAt(query: InvoiceQuery, invoice: Invoice): string {
  const row = projectionRow(projectionWire(0, projectionOf(invoice)));
  const last = { value: row[SORT_COLUMNS[query.sort]], row: 0 };
  return pageOf({ ...query, limit: 1 }, [last, last]).next ?? '';
}

export function hotQueries(parts: HotParts): Hot {
  const { queue, every } = parts;
  return { ...lists(parts), ...lookUps(parts), ...jobs(queue, every), ...others(parts) };
}

function lists({ store, invoice }: HotParts): Hot {
  const list = (more: Partial<InvoiceQuery> = {}) => store.invoices(InvoiceQuery.parse(more));
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
  const deep: Hot = Object.fromEntries(
    SORTS.flatMap((sort) =>
      (['asc', 'desc'] as const).map((order) => [
        `list by ${sort} ${order}, from the middle`,
        () => list({ sort, order, limit: 50, cursor: cursorAt(InvoiceQuery.parse({ sort, order }), invoice) }),
      ]),
    ),
  );
  const number = value(invoice, 'invoiceNumber');
  const searched = async (q: string): Promise<void> => {
    const { next } = await list({ q, limit: 10 });
    if (next !== null) await list({ q, limit: 10, cursor: next });
  };
  return {
    ...pages,
    ...deep,
    'list of open invoices': () => list({ status: ['exception', 'ready'] }),
    'list of one status': () => list({ status: ['exception'] }),
    'list of one status, from the middle': () =>
      list({ status: ['exception'], cursor: cursorAt(InvoiceQuery.parse({}), invoice) }),
    'search by number': () => list({ q: number }),
    'search by vendor': () => searched(value(invoice, 'vendorName')),
    'search by number and vendor': () => list({ q: `${number} ${value(invoice, 'vendorName')}` }),
    'search by number and two letters': () => list({ q: `${number} re` }),
    'search by number among open ones': () => list({ q: number, status: ['exception', 'ready'] }),
    'search for what is nowhere': () => list({ q: 'xyzzyqwk' }),
  };
}

function lookUps({ store, invoice, today }: HotParts): Hot {
  const keys = duplicateKeys(invoice);
  const { id } = invoice;
  const none = { documentSha: 'none', vendorKey: null, numberKey: null, grossTotal: null };
  return {
    invoice: () => store.invoice(id),
    history: () => store.opsOf(id),
    document: () => store.document(invoice.document.sha256),
    'invoices of a document': () => store.invoiceIds({ document: invoice.document.sha256 }),
    counters: () => store.counters(today),
    'possible duplicates': () => store.duplicateCandidates('none', keys),
    'possible duplicates by bytes': () => store.duplicateCandidates('none', { ...none, documentSha: keys.documentSha }),
    'open invoices of a vendor': () => store.openOfVendor([keys.vendorKey ?? ''], [value(invoice, 'vendorTaxId')]),
    'answer to a repeated request': () => store.idempotent('none'),
    settings: () => store.settings(),
    'export batches': () => store.exportBatches(),
    'lessons by keys': () => store.lessonsByKeys(['tax:DE1', 'web:example']),
    'lessons of a vendor': () => store.lessonsOf('none'),
    'lessons from an invoice': () => store.lessonsFrom(id),
  };
}

function jobs(queue: Queue, every: Queue): Hot {
  return {
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
    'lengths of the queues of a site': () => queue.lengths(),
    'jobs of a site': () => queue.list(),
    'numbers of jobs': () => queue.counts(),
    'jobs that there are': () => every.existing(['d1', 'd2', 'none']),
    'dead letters': () => every.deadLetters({ limit: 20 }),
  };
}

function others({ webhooks, hub, access, site, invoice }: HotParts): Hot {
  const { webhook } = CROWD;
  const deliveries = async (more: { state?: 'failed' }): Promise<void> => {
    const { next } = await webhooks.deliveries(webhook, { limit: 50, ...more });
    if (next !== null) await webhooks.deliveries(webhook, { limit: 50, cursor: next, ...more });
  };
  return {
    webhooks: () => webhooks.subscriptions(),
    'deliveries of a webhook': () => deliveries({}),
    'failed deliveries of a webhook': () => deliveries({ state: 'failed' }),
    'a delivery': () => webhooks.delivery(webhook, 'd1'),
    'the history of a site': () => hub.history(),
    'a page of the log': () => hub.page(1_000, 100),
    'devices of a site': () => hub.devices(['none']),
    'files that are waited for': () => hub.waitedFor([invoice.document.sha256]),
    'whom a token means': () => access.bearer(site, 'none', 'none'),
    'a browser session': () => access.record('BrowserSession', { id: 'r1' }, Date.now()),
    'a sign-in by its code': () => access.record('DeviceCode', { userCode: 'none' }, Date.now()),
    'security events': () => access.events(site, { limit: 50 }),
    'security events, an older page': () => access.events(site, { before: CROWD.each / 2, limit: 50 }),
    'security events after one': () => access.eventsAfter(site, CROWD.each / 2, 100),
  };
}
