/** The station's tables for drizzle-orm. `migrations.ts` makes them; `schema.test.ts` holds the two together. */
import { sql } from 'drizzle-orm';
import {
  blob,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

export const schemaVersion = sqliteTable('schema_version', {
  version: integer().primaryKey(),
  name: text().notNull(),
  appliedAt: text('applied_at').notNull(),
});

/** One row: who this database is, and where its own chain of operations ends. */
export const deviceSelf = sqliteTable('device_self', {
  id: integer().primaryKey(),
  device: text().notNull(),
  devSeq: integer('dev_seq').notNull(),
  headHash: text('head_hash').notNull(),
  hlc: text().notNull(),
});

export const syncState = sqliteTable('sync_state', {
  site: text().primaryKey(),
  epoch: integer().notNull(),
  cursor: integer().notNull(),
  siteHash: text('site_hash').notNull(),
});

export const opLog = sqliteTable(
  'op_log',
  {
    /** Order in which this database took the operations in. */
    localSeq: integer('local_seq').primaryKey({ autoIncrement: true }),
    opId: text('op_id').notNull(),
    device: text().notNull(),
    devSeq: integer('dev_seq').notNull(),
    root: text().notNull(),
    kind: text().notNull(),
    /** Canonical text: hashed as it stands, never printed again. */
    body: text().notNull(),
    hash: text().notNull(),
    receivedAt: text('received_at').notNull(),
    /** Order of the site, once it has acknowledged the operation. */
    seq: integer(),
    verdict: text().notNull(),
    /** The operation that erased this one's content. */
    erasedBy: text('erased_by'),
    /** History of the site that `seq` was last heard in; null before the first one. */
    epoch: integer(),
  },
  (t) => [
    unique('op_log_op_id').on(t.opId),
    unique('op_log_device').on(t.device, t.devSeq),
    index('op_log_root').on(t.root, t.localSeq),
    index('op_log_place').on(t.epoch, t.seq),
    index('op_log_undecided')
      .on(t.epoch, t.root)
      .where(sql`kind IN ('transition', 'duplicate.merge')`),
    index('op_log_transitions')
      .on(t.receivedAt)
      .where(sql`kind = 'transition'`),
    index('op_log_erasures')
      .on(t.localSeq)
      .where(sql`kind IN ('erase.asked', 'erase.confirmed', 'erase.withdrawn')`),
    index('op_log_lessons_refused')
      .on(t.localSeq)
      .where(sql`kind IN ('lesson.learned', 'lesson.applied') AND verdict <> 'accepted'`),
  ],
);

/** Content beside the operation: erasable, while the body's commitment stays. */
export const opValue = sqliteTable(
  'op_value',
  {
    opId: text('op_id')
      .primaryKey()
      .references(() => opLog.opId),
    value: text(),
    reason: text(),
    salt: text().notNull(),
  },
  (t) => [
    index('op_value_reading')
      .on(sql`substr(${t.value}, 10, 16)`)
      .where(sql`substr(${t.value}, 1, 9) = '{"blob":"'`),
  ],
);

/** Operations of a newer version, kept verbatim and replayed after the update. */
export const opDeferred = sqliteTable('op_deferred', {
  opId: text('op_id').primaryKey(),
  body: text().notNull(),
  content: text(),
  receivedAt: text('received_at').notNull(),
});

export const cellHead = sqliteTable(
  'cell_head',
  {
    root: text().notNull(),
    entity: text().notNull(),
    field: text().notNull(),
    opId: text('op_id').notNull(),
    value: text(),
  },
  (t) => [primaryKey({ columns: [t.root, t.entity, t.field, t.opId] })],
);

/** How many accepted operations of the cell name the operation as parent. */
export const superseded = sqliteTable(
  'superseded',
  {
    root: text().notNull(),
    entity: text().notNull(),
    field: text().notNull(),
    opId: text('op_id').notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.root, t.entity, t.field, t.opId] })],
);

/** A column a list can be sorted by; the row number makes the order total, the status lets a filter read the index alone. */
export const invoices = sqliteTable(
  'invoices',
  {
    row: integer().primaryKey(),
    id: text().notNull(),
    revision: integer().notNull(),
    state: text().notNull(),
    status: text().notNull(),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
    documentSha: text('document_sha').notNull(),
    vendorKey: text('vendor_key'),
    numberKey: text('number_key'),
    grossTotal: text('gross_total'),
    vendorTaxId: text('vendor_tax_id'),
    sortVendor: text('sort_vendor').notNull(),
    sortNumber: text('sort_number').notNull(),
    sortIssued: text('sort_issued').notNull(),
    sortDue: text('sort_due').notNull(),
    /** For sorting only: amounts are decimal text everywhere else. */
    sortGross: real('sort_gross').notNull(),
    attention: integer().notNull(),
    conflicts: integer().notNull().default(0),
    suspects: integer().notNull().default(0),
    search: text().notNull(),
    summary: text().notNull(),
  },
  (t) => [
    unique('invoices_id').on(t.id),
    index('invoices_by_status').on(t.status, t.createdAt, t.row),
    index('invoices_by_created').on(t.createdAt, t.row, t.status),
    index('invoices_by_updated').on(t.updatedAt, t.row, t.status),
    index('invoices_by_vendor').on(t.sortVendor, t.row, t.status),
    index('invoices_by_number').on(t.sortNumber, t.row, t.status),
    index('invoices_by_issued').on(t.sortIssued, t.row, t.status),
    index('invoices_by_due').on(t.sortDue, t.row, t.status),
    index('invoices_by_gross').on(t.sortGross, t.row, t.status),
    index('invoices_by_attention').on(t.attention, t.row, t.status),
    index('invoices_document').on(t.documentSha),
    index('invoices_number').on(t.numberKey, t.vendorKey),
    index('invoices_amount').on(t.vendorKey, t.grossTotal),
    index('invoices_conflicts')
      .on(t.id)
      .where(sql`conflicts > 0`),
    index('invoices_suspects')
      .on(t.createdAt, t.row)
      .where(sql`suspects > 0`),
  ],
);

/** The whole projection (deflated JSON), apart from the narrow rows that lists scan. */
export const invoiceData = sqliteTable('invoice_data', {
  row: integer()
    .primaryKey()
    .references(() => invoices.row),
  data: blob({ mode: 'buffer' }).notNull(),
});

export const lines = sqliteTable(
  'lines',
  {
    invoice: integer()
      .notNull()
      .references(() => invoices.row),
    id: text().notNull(),
    ord: text().notNull(),
    articleNumber: text('article_number'),
    description: text(),
    quantity: text(),
    unitPrice: text('unit_price'),
    lineTotal: text('line_total'),
  },
  (t) => [primaryKey({ columns: [t.invoice, t.id] })],
);

export const documents = sqliteTable('documents', {
  sha256: text().primaryKey(),
  name: text().notNull(),
  mime: text().notNull(),
  size: integer().notNull(),
  kind: text(),
  parent: text(),
  addedAt: text('added_at').notNull(),
});

export const settings = sqliteTable('settings', {
  key: text().primaryKey(),
  value: text().notNull(),
});

export const exportBatch = sqliteTable(
  'export_batch',
  {
    id: text().primaryKey(),
    number: integer().notNull(),
    createdAt: text('created_at').notNull(),
    /** The batch as the contract has it. */
    data: text().notNull(),
  },
  (t) => [unique('export_batch_number').on(t.number)],
);

export const idempotency = sqliteTable('idempotency', {
  key: text().primaryKey(),
  requestHash: text('request_hash').notNull(),
  reply: text().notNull(),
  createdAt: text('created_at').notNull(),
});

export const job = sqliteTable(
  'job',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    root: text().notNull(),
    data: text().notNull(),
    priority: integer().notNull(),
    state: text().notNull(),
    /** Claims, the running one included. */
    attempts: integer().notNull(),
    /** Tries that ended in an error: a process that was killed is not the job's fault. */
    failures: integer().notNull(),
    progress: real().notNull(),
    stage: text().notNull(),
    error: text(),
    lease: text(),
    /** Milliseconds since 1970. */
    leaseUntil: integer('lease_until'),
    runAt: integer('run_at').notNull(),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('job_waiting_once')
      .on(t.name, t.root)
      .where(sql`state = 'waiting'`),
    index('job_next').on(t.state, t.priority, t.createdAt),
    index('job_root').on(t.root),
    index('job_recent').on(t.updatedAt),
  ],
);

/** What was learned of vendors: rows made of the log's operations, and made again from them (`lessons.ts`). */
export const lesson = sqliteTable(
  'lesson',
  {
    id: text().primaryKey(),
    vendor: text().notNull(),
    vendorName: text('vendor_name').notNull(),
    invoice: text().notNull(),
    opId: text('op_id').notNull(),
    actor: text().notNull(),
    learnedAt: text('learned_at').notNull(),
    /** [Note: The newest lesson] in lesson-op.ts. */
    stamp: text().notNull().default(''),
    /** Lesson as JSON. */
    data: text().notNull(),
  },
  (t) => [index('lesson_vendor').on(t.vendor, t.learnedAt), index('lesson_invoice').on(t.invoice)],
);

/** Keys that a vendor's pages carry. */
export const lessonKey = sqliteTable(
  'lesson_key',
  { key: text().notNull(), vendor: text().notNull(), lesson: text().notNull() },
  (t) => [primaryKey({ columns: [t.key, t.vendor, t.lesson] }), index('lesson_key_lesson').on(t.lesson)],
);

/** How remembered values turned out, by invoice. */
export const lessonUse = sqliteTable(
  'lesson_use',
  {
    invoice: text().notNull(),
    vendor: text().notNull(),
    usedAt: text('used_at').notNull(),
    stamp: text().notNull().default(''),
    /** LessonApplied as JSON. */
    data: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.vendor, t.invoice] })],
);

/** Who is told of what, at a site on one machine: a parsed document beside what it is looked up by. */
export const webhook = sqliteTable('webhook', {
  id: text().primaryKey(),
  version: integer().notNull(),
  /** Subscription as JSON. */
  body: text().notNull(),
});

export const webhookDelivery = sqliteTable(
  'webhook_delivery',
  {
    id: text().primaryKey(),
    webhook: text().notNull(),
    state: text().notNull(),
    createdAt: text('created_at').notNull(),
    /** Delivery as JSON. */
    body: text().notNull(),
  },
  (t) => [index('webhook_delivery_recent').on(t.webhook, t.createdAt, t.id)],
);

/** Where devices signed their chains, as pages of the site's log said. */
export const syncHead = sqliteTable('sync_head', {
  hash: text().primaryKey(),
  device: text().notNull(),
  devSeq: integer('dev_seq').notNull(),
  signature: text().notNull(),
  publicKey: text('public_key').notNull(),
});

export const syncReceipt = sqliteTable('sync_receipt', {
  hash: text().primaryKey(),
  role: text().notNull(),
  signature: text().notNull(),
});

/** This device's own operations that the site refused. */
export const syncRefused = sqliteTable('sync_refused', {
  opId: text('op_id').primaryKey(),
  code: text().notNull(),
  /** Whether a person has looked at it. */
  seen: integer().notNull(),
});

/** Bytes to be sent (`up`) or fetched (`down`). */
export const syncBlob = sqliteTable(
  'sync_blob',
  {
    row: integer().primaryKey(),
    sha256: text().notNull(),
    direction: text().notNull(),
    purpose: text().notNull(),
    root: text().notNull(),
    device: text().notNull(),
    /** waiting, late (not at the site yet), done, wrong */
    state: text().notNull(),
    tries: integer().notNull(),
    runAt: integer('run_at').notNull(),
  },
  (t) => [
    unique('sync_blob_once').on(t.sha256, t.direction, t.root),
    index('sync_blob_next').on(t.direction, t.state, t.purpose, t.runAt),
  ],
);

/** One row: the site that this database belongs to. */
export const siteLink = sqliteTable('site_link', {
  id: integer().primaryKey(),
  /** As JSON (server/enrol/link-store.ts). */
  body: text().notNull(),
  incarnation: text().notNull(),
});

/** How the people of the site are called. */
export const person = sqliteTable('person', { actor: text().primaryKey(), name: text().notNull() });

/** What was taken along, as JSON (server/sync/station/parcels.ts). */
export const parcel = sqliteTable('parcel', { id: text().primaryKey(), body: text().notNull() });

/** Devices that this database was before. */
export const deviceFormer = sqliteTable('device_former', {
  device: text().primaryKey(),
  replacedAt: text('replaced_at').notNull(),
});
