/**
 * Every endpoint, once. `server/endpoint.ts` serves from it, `renderer/api.ts` calls by it, OpenAPI at /docs is made from it.
 * Errors are RFC 9457 problem details (`Problem`).
 */
import { z } from 'zod';
import { erasureApi } from './erasure-http.ts';
import { ERROR_CODES } from './errors.ts';
import { Invoice, InvoiceSummary } from './invoice.ts';
import { JobView } from './jobs.ts';
import { jobsApi } from './jobs-http.ts';
import { Box, Source, TermNode, Word } from './reading.ts';
import { RegionText, RegionWish } from './region.ts';
import { OcrLanguage, Settings } from './settings.ts';
import { settingsApi } from './settings-http.ts';
import { settlingApi } from './settling-http.ts';
import { SyncView } from './station-sync-http.ts';
import { Parcel, Together } from './together-http.ts';
import { INVOICE_STATUSES } from '../invoice/states.ts';
import { uploadsApi } from './uploads-http.ts';
import { vendorsApi } from './vendors-http.ts';

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(ERROR_CODES),
  details: z.record(z.string(), z.unknown()).default({}),
});
export type Problem = z.infer<typeof Problem>;

const Id = z.uuid();
const Sha = z.string().regex(/^[0-9a-f]{64}$/);
const Status = z.enum(
  INVOICE_STATUSES as readonly [(typeof INVOICE_STATUSES)[number], ...(typeof INVOICE_STATUSES)[number][]],
);

/** One edit of a cell. `value` null clears it. `parents`: the cell's `parents` as the author saw them; never refused as stale. */
export const Correction = z.object({
  entity: z.object({ type: z.enum(['invoice', 'line', 'taxRow']), id: Id }),
  field: z.string(),
  value: z.string().max(10_000).nullable(),
  parents: z.array(Id),
  source: Source.default('manual'),
  /** Where on the page the value was taken from (a click on words). */
  evidence: z.object({ page: z.int(), box: Box }).optional(),
  reason: z.string().max(2_000).optional(),
  /** Made by the client, so that a retried request is one operation. */
  opId: Id,
});
export type Correction = z.infer<typeof Correction>;

export const InvoiceQuery = z.object({
  /** Words to find in vendor, number, buyer, file name; all must occur. */
  q: z.string().max(200).optional(),
  status: z.array(Status).optional(),
  /** `conflict`: two people set something differently; `duplicate`: may be the same as another; `waiting`: decided at this station, not at its site yet. */
  only: z.enum(['conflict', 'duplicate', 'waiting']).optional(),
  sort: z
    .enum(['createdAt', 'issueDate', 'dueDate', 'vendorName', 'invoiceNumber', 'grossTotal', 'attention', 'updatedAt'])
    .default('createdAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
  /** Opaque; from `next` of the page before. */
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type InvoiceQuery = z.infer<typeof InvoiceQuery>;

export const Counters = z.object({
  /** Number of invoices by status. */
  byStatus: z.partialRecord(Status, z.int()),
  total: z.int(),
  /** Confirmed since midnight of the site's time zone. */
  doneToday: z.int(),
  /** Waiting for a person: exception + ready. */
  left: z.int(),
  /** Invoices on which two people set something differently, how many cells and rows that is, and invoices that may be the same as another. */
  conflicts: z.int().optional(),
  conflictCells: z.int().optional(),
  suspects: z.int().optional(),
  jobsWaiting: z.int(),
  jobsRunning: z.int(),
});
export type Counters = z.infer<typeof Counters>;

export const HistoryEntry = z.object({
  op: z.string(),
  kind: z.string(),
  at: z.string(),
  actor: z.string(),
  entity: z.object({ type: z.string(), id: z.string() }),
  field: z.string().nullable(),
  /** A cell's value; a transition as JSON `{from, to}`; of a reading its number of pages, or the reason it failed. */
  value: z.string().nullable(),
  /** Values of the parents: what stood there before. */
  before: z.array(z.string().nullable()),
  reason: z.string().nullable(),
  source: Source,
  verdict: z.string(),
  hash: z.string(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const EXPORT_FORMATS = ['csv', 'json', 'xlsx', 'ubl'] as const;
export const ExportBatch = z.object({
  id: Id,
  /** 1, 2, 3 ... */
  number: z.int(),
  format: z.enum(EXPORT_FORMATS),
  createdAt: z.string(),
  actor: z.string(),
  invoices: z.array(Id),
  fileName: z.string(),
  sha256: Sha,
  size: z.int(),
});
export type ExportBatch = z.infer<typeof ExportBatch>;

export const StationStatus = z.object({
  version: z.string(),
  contractVersion: z.int(),
  /** `site`: a shared server, where people sign in; it has no folder of the user's and no demo. */
  place: z.enum(['station', 'site']),
  /** `demo`: the bundled samples; the UI shows a banner with "start with my invoices". */
  workspace: z.enum(['demo', 'own']),
  /** Null at a site. */
  dataFolder: z.string().nullable(),
  /** Where the device key and tokens are kept, said plainly; null at a site. */
  secrets: z.string().nullable(),
  device: z.string(),
  actor: z.string(),
  today: z.string(),
  counters: Counters,
  rules: z.string(),
});
export type StationStatus = z.infer<typeof StationStatus>;

/** One server-sent event of `GET /api/v1/events`. */
export const StationEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('invoice'), id: Id, revision: z.int(), summary: InvoiceSummary }),
  z.object({ type: z.literal('job'), job: JobView }),
  z.object({ type: z.literal('counters'), counters: Counters }),
  z.object({ type: z.literal('settings'), settings: Settings }),
  /** Of a station: its connection to a site, or the way there, is another now. Whoever shows it asks. */
  z.object({ type: z.literal('siteLink') }),
  /** Of a station: how sync with its site stands. */
  z.object({ type: z.literal('sync'), sync: SyncView }),
  /** Who is at what, after every change. */
  z.object({ type: z.literal('together'), together: Together }),
  /** Of a station: what it has taken along. */
  z.object({ type: z.literal('parcels'), parcels: z.array(Parcel) }),
  /** Sent at connect and every 15 s. */
  z.object({ type: z.literal('hello'), version: z.string() }),
]);
export type StationEvent = z.infer<typeof StationEvent>;

const get = 'GET' as const;
const post = 'POST' as const;
const none = z.object({});
const PageNumber = z.coerce.number().int().min(1).max(10_000);
const byId = z.object({ id: Id });

/** `reply: 'bytes' | 'events'` marks replies that are no JSON. */
export const api = {
  health: {
    method: get,
    path: '/health',
    params: none,
    query: none,
    body: null,
    reply: z.object({ status: z.literal('ok'), version: z.string() }),
    open: true,
  },
  status: { method: get, path: '/api/v1/status', params: none, query: none, body: null, reply: StationStatus },
  events: { method: get, path: '/api/v1/events', params: none, query: none, body: null, reply: 'events' },

  ...uploadsApi,
  listInvoices: {
    method: get,
    path: '/api/v1/invoices',
    params: none,
    query: InvoiceQuery,
    body: null,
    reply: z.object({ items: z.array(InvoiceSummary), next: z.string().nullable(), total: z.int() }),
  },
  getInvoice: {
    method: get,
    path: '/api/v1/invoices/:id',
    params: byId,
    query: none,
    body: null,
    reply: Invoice,
    tagged: true,
  },
  getHistory: {
    method: get,
    path: '/api/v1/invoices/:id/history',
    params: byId,
    query: none,
    body: null,
    reply: z.object({ entries: z.array(HistoryEntry) }),
  },
  correctFields: {
    method: post,
    path: '/api/v1/invoices/:id/corrections',
    params: byId,
    query: none,
    body: z.object({ corrections: z.array(Correction).min(1).max(500) }),
    reply: Invoice,
    tagged: true,
  },
  addLine: {
    method: post,
    path: '/api/v1/invoices/:id/lines',
    params: byId,
    query: none,
    body: z.object({ opId: Id, lineId: Id, order: z.string().max(200) }),
    reply: Invoice,
    tagged: true,
  },
  deleteLine: {
    method: post,
    path: '/api/v1/invoices/:id/lines/:line/delete',
    params: z.object({ id: Id, line: Id }),
    query: none,
    body: z.object({ opId: Id, parents: z.array(Id), reason: z.string().optional() }),
    reply: Invoice,
    tagged: true,
  },
  /** Undo of a delete: a head on the line's tombstone. */
  restoreLine: {
    method: post,
    path: '/api/v1/invoices/:id/lines/:line/restore',
    params: z.object({ id: Id, line: Id }),
    query: none,
    body: z.object({ opId: Id }),
    reply: Invoice,
    tagged: true,
  },
  /**
   * Compare-and-set: refused (`stale`) where `digest` is not the invoice's any more or a cell is in conflict. If-Match with the ETag of the invoice as it was
   * seen says the same and more (its findings); one of the two is needed, and both count where both are given.
   */
  transition: {
    method: post,
    path: '/api/v1/invoices/:id/transitions',
    params: byId,
    query: none,
    body: z.object({
      opId: Id,
      to: z.string(),
      digest: z.string().optional(),
      reason: z.string().max(2_000).optional(),
    }),
    reply: Invoice,
    tagged: true,
    ifMatch: 'may' as const,
  },
  reprocess: {
    method: post,
    path: '/api/v1/invoices/:id/reprocess',
    params: byId,
    query: none,
    /** `languages`: with exactly these, whatever the settings say. */
    body: z.object({ languages: z.array(OcrLanguage).min(1).max(7).optional() }),
    reply: z.object({ job: z.string() }),
  },
  cancelReading: {
    method: post,
    path: '/api/v1/invoices/:id/cancel',
    params: byId,
    query: none,
    body: z.object({}),
    reply: z.object({ cancelled: z.boolean() }),
  },
  /** The BT/BG tree of an e-invoice, null for other documents. */
  getTree: {
    method: get,
    path: '/api/v1/invoices/:id/tree',
    params: byId,
    query: none,
    body: null,
    reply: z.object({ tree: TermNode.nullable() }),
  },

  /** Original bytes; nosniff, attachment; ranges. */
  getDocument: {
    method: get,
    path: '/api/v1/documents/:sha',
    params: z.object({ sha: Sha }),
    query: none,
    body: null,
    reply: 'bytes',
  },
  /** Words of a page from the newest reading of the invoice. */
  getWords: {
    method: get,
    path: '/api/v1/invoices/:id/pages/:page/words',
    params: z.object({ id: Id, page: PageNumber }),
    query: none,
    body: null,
    reply: z.object({ words: z.array(Word) }),
  },
  readRegion: {
    method: post,
    path: '/api/v1/invoices/:id/pages/:page/region',
    params: z.object({ id: Id, page: PageNumber }),
    query: none,
    body: RegionWish,
    reply: RegionText,
  },
  /** An area of this page may be asked for soon: the engine is started and the page drawn. */
  prepareRegion: {
    method: post,
    path: '/api/v1/invoices/:id/pages/:page/region/prepare',
    params: z.object({ id: Id, page: PageNumber }),
    query: none,
    body: none,
    reply: z.object({ ready: z.boolean() }),
  },
  /** WebP; made by the worker, kept in the rebuildable cache. */
  getPageImage: {
    method: get,
    path: '/api/v1/documents/:sha/pages/:page/image',
    params: z.object({ sha: Sha, page: z.coerce.number().int().min(1) }),
    query: z.object({ dpi: z.coerce.number().int().min(36).max(300).default(150) }),
    body: null,
    reply: 'bytes',
  },

  createExport: {
    method: post,
    path: '/api/v1/exports',
    params: none,
    query: none,
    body: z.object({
      format: z.enum(EXPORT_FORMATS),
      invoices: z.array(Id).optional(),
      dryRun: z.boolean().default(false),
      batchId: Id,
    }),
    reply: z.object({
      batch: ExportBatch.nullable(),
      invoices: z.array(Id),
      skipped: z.array(z.object({ id: Id, reason: z.string() })),
      preview: z.string().nullable(),
    }),
  },
  listExports: {
    method: get,
    path: '/api/v1/exports',
    params: none,
    query: none,
    body: null,
    reply: z.object({ items: z.array(ExportBatch) }),
  },
  getExportFile: {
    method: get,
    path: '/api/v1/exports/:id/file',
    params: byId,
    query: none,
    body: null,
    reply: 'bytes',
  },

  ...vendorsApi,
  ...erasureApi,

  listJobs: {
    method: get,
    path: '/api/v1/jobs',
    params: none,
    query: none,
    body: null,
    reply: z.object({ items: z.array(JobView) }),
  },
  ...jobsApi,
  ...settlingApi,
  ...settingsApi,
} as const;

export type Api = typeof api;
export type EndpointName = keyof Api;
