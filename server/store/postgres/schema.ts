/** The site's tables for drizzle-orm. `migrations.ts` makes them; `schema.pg.test.ts` holds the two together. Every key begins with the site. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  doublePrecision,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { big, bytes, instant, ordered } from './columns.ts';

export const schemaVersion = pgTable('schema_version', {
  version: integer().primaryKey(),
  name: text().notNull(),
  /** Programs that know fewer migrations than this cannot work on the database any more. */
  needs: integer().notNull(),
  appliedAt: instant('applied_at').notNull(),
});

/** One row a site: its own device's chain, and the dense order of the site's log. Its lock makes commits of a site one after the other. */
export const siteHead = pgTable('site_head', {
  site: text().primaryKey(),
  device: text().notNull(),
  devSeq: big('dev_seq').notNull(),
  headHash: text('head_hash').notNull(),
  hlc: text().notNull(),
  seq: big().notNull(),
  siteHash: text('site_hash').notNull(),
  /** Raised when the site goes back to an older copy of itself. */
  epoch: integer().notNull(),
  createdAt: instant('created_at').notNull(),
  /** Operations up to here are in a verified backup. */
  durableSeq: big('durable_seq').notNull().default(0),
});

export const opLog = pgTable(
  'op_log',
  {
    site: text().notNull(),
    /** Dense order of the site: nothing missing, nothing twice. */
    seq: big().notNull(),
    opId: text('op_id').notNull(),
    device: text().notNull(),
    devSeq: big('dev_seq').notNull(),
    root: text().notNull(),
    kind: text().notNull(),
    /** Canonical text: hashed as it stands, never printed again. */
    body: text().notNull(),
    hash: text().notNull(),
    /** Chain over the site's order and verdicts (core/sync/site-chain.ts). */
    siteHash: text('site_hash').notNull(),
    receivedAt: instant('received_at').notNull(),
    verdict: text().notNull(),
    /** The operation that erased this one's content. */
    erasedBy: text('erased_by'),
    /** By its device's key, where a batch of sync ended here: it covers all of the device's operations up to this one. */
    headSig: text('head_sig'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.seq] }),
    unique('op_log_op_id').on(t.site, t.opId),
    unique('op_log_device').on(t.site, t.device, t.devSeq),
    index('op_log_root').on(t.site, t.root, t.seq),
    index('op_log_transitions')
      .on(t.site, t.receivedAt)
      .where(sql`kind = 'transition'`),
    index('op_log_erasures')
      .on(t.site, t.seq)
      .where(sql`kind = ANY (ARRAY['erase.asked', 'erase.confirmed', 'erase.withdrawn'])`),
    index('op_log_lessons_refused')
      .on(t.site, t.seq)
      .where(sql`kind = ANY (ARRAY['lesson.learned', 'lesson.applied']) AND verdict <> 'accepted'`),
    index('op_log_lessons')
      .on(t.site, t.seq)
      .where(sql`kind = ANY (ARRAY['lesson.learned', 'lesson.applied'])`),
  ],
);

/** Content beside the operation: erasable, while the body's commitment stays. */
export const opValue = pgTable(
  'op_value',
  { site: text().notNull(), opId: text('op_id').notNull(), value: text(), reason: text(), salt: text().notNull() },
  (t) => [
    primaryKey({ columns: [t.site, t.opId] }),
    index('op_value_reading')
      .on(t.site, sql`substr(${t.value}, 10, 16)`)
      .where(sql`left(${t.value}, 9) = '{"blob":"'`),
  ],
);

export const cellHead = pgTable(
  'cell_head',
  {
    site: text().notNull(),
    root: text().notNull(),
    entity: ordered().notNull(),
    field: text().notNull(),
    opId: text('op_id').notNull(),
    value: text(),
  },
  (t) => [primaryKey({ columns: [t.site, t.entity, t.field, t.opId] })],
);

/** How many accepted operations of the cell name the operation as parent. */
export const superseded = pgTable(
  'superseded',
  {
    site: text().notNull(),
    root: text().notNull(),
    entity: ordered().notNull(),
    field: text().notNull(),
    opId: text('op_id').notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.entity, t.field, t.opId, t.root] })],
);

/** A column a list can be sorted by; the row number makes the order total, the status lets a filter read the index alone. */
export const invoices = pgTable(
  'invoices',
  {
    row: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    site: text().notNull(),
    id: text().notNull(),
    revision: integer().notNull(),
    state: text().notNull(),
    status: text().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    documentSha: text('document_sha').notNull(),
    vendorKey: text('vendor_key'),
    numberKey: text('number_key'),
    grossTotal: text('gross_total'),
    vendorTaxId: text('vendor_tax_id'),
    sortVendor: ordered('sort_vendor').notNull(),
    sortNumber: ordered('sort_number').notNull(),
    sortIssued: ordered('sort_issued').notNull(),
    sortDue: ordered('sort_due').notNull(),
    /** For sorting only: amounts are decimal text everywhere else. */
    sortGross: doublePrecision('sort_gross').notNull(),
    attention: integer().notNull(),
    conflicts: integer().notNull().default(0),
    suspects: integer().notNull().default(0),
    /** InvoiceSummary. */
    summary: json().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    unique('invoices_row').on(t.site, t.row),
    index('invoices_by_status').on(t.site, t.status, t.createdAt, t.row),
    index('invoices_by_created').on(t.site, t.createdAt, t.row, t.status),
    index('invoices_by_updated').on(t.site, t.updatedAt, t.row, t.status),
    index('invoices_by_vendor').on(t.site, t.sortVendor, t.row, t.status),
    index('invoices_by_number').on(t.site, t.sortNumber, t.row, t.status),
    index('invoices_by_issued').on(t.site, t.sortIssued, t.row, t.status),
    index('invoices_by_due').on(t.site, t.sortDue, t.row, t.status),
    index('invoices_by_gross').on(t.site, t.sortGross, t.row, t.status),
    index('invoices_by_attention').on(t.site, t.attention, t.row, t.status),
    index('invoices_document').on(t.site, t.documentSha),
    index('invoices_number').on(t.site, t.numberKey, t.vendorKey),
    index('invoices_amount').on(t.site, t.vendorKey, t.grossTotal),
    index('invoices_conflicts')
      .on(t.site, t.id)
      .where(sql`conflicts > 0`),
    index('invoices_suspects')
      .on(t.site, t.createdAt, t.row)
      .where(sql`suspects > 0`),
    index('invoices_open_vendor')
      .on(t.site, t.vendorKey)
      .where(sql`status = ANY (ARRAY['exception', 'ready'])`),
    index('invoices_open_tax_id')
      .on(t.site, t.vendorTaxId)
      .where(sql`status = ANY (ARRAY['exception', 'ready'])`),
  ],
);

/** How many invoices there are of a status: counting them for every list would read the whole index. */
export const invoiceCount = pgTable(
  'invoice_count',
  { site: text().notNull(), status: text().notNull(), n: integer().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.status] })],
);

/** The whole projection (deflated JSON), apart from the narrow rows that lists scan. */
export const invoiceData = pgTable(
  'invoice_data',
  { site: text().notNull(), invoice: text().notNull(), data: bytes().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.invoice] })],
);

/** What a search looks into. The application reaches it by two functions only (see [Note: Search beside the policy] in migrations.ts). */
export const invoiceSearch = pgTable(
  'invoice_search',
  { site: text().notNull(), row: big().notNull(), text: text().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.row] }), index('invoice_search_text').using('gin', t.site, t.text)],
);

export const lines = pgTable(
  'lines',
  {
    site: text().notNull(),
    invoice: text().notNull(),
    id: text().notNull(),
    ord: text().notNull(),
    articleNumber: text('article_number'),
    description: text(),
    quantity: text(),
    unitPrice: text('unit_price'),
    lineTotal: text('line_total'),
  },
  (t) => [primaryKey({ columns: [t.site, t.invoice, t.id] })],
);

export const documents = pgTable(
  'documents',
  {
    site: text().notNull(),
    sha256: text().notNull(),
    name: text().notNull(),
    mime: text().notNull(),
    size: big().notNull(),
    kind: text(),
    parent: text(),
    addedAt: instant('added_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.sha256] })],
);

export const settings = pgTable(
  'settings',
  { site: text().notNull(), key: text().notNull(), value: json().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.key] })],
);

export const exportBatch = pgTable(
  'export_batch',
  {
    site: text().notNull(),
    id: text().notNull(),
    number: integer().notNull(),
    createdAt: instant('created_at').notNull(),
    /** The batch as the contract has it. */
    data: json().notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] }), unique('export_batch_number').on(t.site, t.number)],
);

export const idempotency = pgTable(
  'idempotency',
  {
    site: text().notNull(),
    key: text().notNull(),
    requestHash: text('request_hash').notNull(),
    reply: text().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.key] }), index('idempotency_age').on(t.site, t.createdAt)],
);

/** Jobs of all sites, and the outbox of what delivers them (`handed_at`). */
export const job = pgTable(
  'job',
  {
    site: text().notNull(),
    id: ordered().notNull(),
    name: text().notNull(),
    root: text().notNull(),
    data: json().notNull(),
    priority: integer().notNull(),
    state: text().notNull(),
    /** Claims, the running one included. */
    attempts: integer().notNull(),
    /** Tries that ended in an error: a process that was killed is not the job's fault. */
    failures: integer().notNull(),
    progress: doublePrecision().notNull(),
    stage: text().notNull(),
    error: text(),
    lease: text(),
    leaseUntil: instant('lease_until'),
    runAt: instant('run_at').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** When a delivery was told of it last; the beginning of time where it must be told again. */
    handedAt: instant('handed_at'),
    /** Not used since version 5. */
    turn: integer().notNull().default(0),
  },
  (t) => [
    // A delivery brings ids alone.
    primaryKey({ columns: [t.id, t.site] }),
    uniqueIndex('job_waiting_once')
      .on(t.site, t.name, t.root)
      .where(sql`state = 'waiting'`),
    uniqueIndex('job_running_once')
      .on(t.site, t.name, t.root)
      .where(sql`state = 'running'`),
    index('job_next')
      .on(t.site, t.priority, t.createdAt, t.id, t.name, t.runAt)
      .where(sql`state = 'waiting'`),
    index('job_fresh')
      .on(t.site, t.priority, t.createdAt, t.id, t.name)
      .where(sql`state = 'waiting' AND handed_at IS NULL`),
    index('job_handed')
      .on(t.handedAt)
      .where(sql`state = 'waiting' AND handed_at IS NOT NULL`),
    index('job_dead')
      .on(t.updatedAt, t.id)
      .where(sql`state = 'dead'`),
    index('job_ended')
      .on(t.site, t.updatedAt)
      .where(sql`state = ANY (ARRAY['done', 'cancelled'])`),
  ],
);

/** What was learned of vendors: rows made of the log's operations, and made again from them (`lessons.ts`). */
export const lesson = pgTable(
  'lesson',
  {
    site: text().notNull(),
    id: text().notNull(),
    vendor: text().notNull(),
    vendorName: text('vendor_name').notNull(),
    invoice: text().notNull(),
    opId: text('op_id').notNull(),
    actor: text().notNull(),
    learnedAt: instant('learned_at').notNull(),
    /** [Note: The newest lesson] in lesson-op.ts. */
    stamp: ordered().notNull().default(''),
    data: json().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    index('lesson_vendor').on(t.site, t.vendor, t.learnedAt),
    index('lesson_invoice').on(t.site, t.invoice),
  ],
);

/** Keys that a vendor's pages carry. */
export const lessonKey = pgTable(
  'lesson_key',
  { site: text().notNull(), key: text().notNull(), vendor: text().notNull(), lesson: text().notNull() },
  (t) => [
    primaryKey({ columns: [t.site, t.key, t.vendor, t.lesson] }),
    index('lesson_key_lesson').on(t.site, t.lesson),
  ],
);

/** How remembered values turned out, by invoice. */
export const lessonUse = pgTable(
  'lesson_use',
  {
    site: text().notNull(),
    vendor: text().notNull(),
    invoice: text().notNull(),
    usedAt: instant('used_at').notNull(),
    stamp: ordered().notNull().default(''),
    rightValues: integer('right_values').notNull(),
    wrongValues: integer('wrong_values').notNull(),
    data: json().notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.vendor, t.invoice] })],
);
