/** Numbered migrations, forward only. A released one never changes; a newer program adds to the list (expand first, contract in a later release). */

import { ERASURE } from './migration-erase.ts';
import { GONE } from './migration-gone.ts';
import { HEADS_OF_ROOTS } from './migration-heads.ts';
import { SUSPECTS } from './migration-suspects.ts';
import { TOGETHER } from './migration-together.ts';

import { NAMED } from './migration-named.ts';
import { SHAPES } from './migration-shapes.ts';
import { STAMPS } from './migration-stamps.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

const LOG = `
CREATE TABLE device_self (
  id INTEGER PRIMARY KEY CHECK (id = 1), device TEXT NOT NULL, dev_seq INTEGER NOT NULL, head_hash TEXT NOT NULL, hlc TEXT NOT NULL
) STRICT;
CREATE TABLE sync_state (
  site TEXT PRIMARY KEY NOT NULL, epoch INTEGER NOT NULL, cursor INTEGER NOT NULL, site_hash TEXT NOT NULL
) STRICT;
CREATE TABLE op_log (
  local_seq INTEGER PRIMARY KEY AUTOINCREMENT, op_id TEXT NOT NULL, device TEXT NOT NULL, dev_seq INTEGER NOT NULL, root TEXT NOT NULL,
  kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL, received_at TEXT NOT NULL, seq INTEGER, verdict TEXT NOT NULL, erased_by TEXT,
  CONSTRAINT op_log_op_id UNIQUE (op_id), CONSTRAINT op_log_device UNIQUE (device, dev_seq)
) STRICT;
CREATE INDEX op_log_root ON op_log (root, local_seq);
CREATE INDEX op_log_transitions ON op_log (received_at) WHERE kind = 'transition';
CREATE TABLE op_value (
  op_id TEXT PRIMARY KEY NOT NULL REFERENCES op_log (op_id), value TEXT, reason TEXT, salt TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE op_deferred (
  op_id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL, content TEXT, received_at TEXT NOT NULL
) STRICT;
CREATE TABLE cell_head (
  entity TEXT NOT NULL, field TEXT NOT NULL, op_id TEXT NOT NULL, value TEXT, PRIMARY KEY (entity, field, op_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE superseded (
  entity TEXT NOT NULL, field TEXT NOT NULL, op_id TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (entity, field, op_id)
) STRICT, WITHOUT ROWID;
`;

const PROJECTIONS = `
CREATE TABLE invoices (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL, status TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, document_sha TEXT NOT NULL, vendor_key TEXT, number_key TEXT, gross_total TEXT,
  vendor_tax_id TEXT, sort_vendor TEXT NOT NULL, sort_number TEXT NOT NULL, sort_issued TEXT NOT NULL, sort_due TEXT NOT NULL,
  sort_gross REAL NOT NULL, attention INTEGER NOT NULL, search TEXT NOT NULL, summary TEXT NOT NULL,
  CONSTRAINT invoices_id UNIQUE (id)
) STRICT;
CREATE INDEX invoices_by_status ON invoices (status, created_at, row);
CREATE INDEX invoices_by_created ON invoices (created_at, row, status);
CREATE INDEX invoices_by_updated ON invoices (updated_at, row, status);
CREATE INDEX invoices_by_vendor ON invoices (sort_vendor, row, status);
CREATE INDEX invoices_by_number ON invoices (sort_number, row, status);
CREATE INDEX invoices_by_issued ON invoices (sort_issued, row, status);
CREATE INDEX invoices_by_due ON invoices (sort_due, row, status);
CREATE INDEX invoices_by_gross ON invoices (sort_gross, row, status);
CREATE INDEX invoices_by_attention ON invoices (attention, row, status);
CREATE INDEX invoices_document ON invoices (document_sha);
CREATE INDEX invoices_number ON invoices (number_key, vendor_key);
CREATE INDEX invoices_amount ON invoices (vendor_key, gross_total);
CREATE TABLE invoice_data (row INTEGER PRIMARY KEY REFERENCES invoices (row), data BLOB NOT NULL) STRICT;
CREATE VIRTUAL TABLE invoice_search USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');
CREATE TABLE lines (
  invoice INTEGER NOT NULL REFERENCES invoices (row), id TEXT NOT NULL, ord TEXT NOT NULL, article_number TEXT, description TEXT,
  quantity TEXT, unit_price TEXT, line_total TEXT, PRIMARY KEY (invoice, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
  sha256 TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL, kind TEXT, parent TEXT,
  added_at TEXT NOT NULL
) STRICT;
`;

const STATION = `
CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE export_batch (
  id TEXT PRIMARY KEY NOT NULL, number INTEGER NOT NULL, created_at TEXT NOT NULL, data TEXT NOT NULL,
  CONSTRAINT export_batch_number UNIQUE (number)
) STRICT;
CREATE TABLE idempotency (key TEXT PRIMARY KEY NOT NULL, request_hash TEXT NOT NULL, reply TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
CREATE TABLE job (
  id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, root TEXT NOT NULL, data TEXT NOT NULL, priority INTEGER NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, failures INTEGER NOT NULL, progress REAL NOT NULL, stage TEXT NOT NULL, error TEXT, lease TEXT,
  lease_until INTEGER, run_at INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX job_waiting_once ON job (name, root) WHERE state = 'waiting';
CREATE INDEX job_next ON job (state, priority, created_at);
CREATE INDEX job_root ON job (root);
CREATE INDEX job_recent ON job (updated_at);
`;

const LESSONS = `
CREATE TABLE lesson (
  id TEXT PRIMARY KEY NOT NULL, vendor TEXT NOT NULL, vendor_name TEXT NOT NULL, invoice TEXT NOT NULL, op_id TEXT NOT NULL,
  actor TEXT NOT NULL, learned_at TEXT NOT NULL, data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX lesson_vendor ON lesson (vendor, learned_at);
CREATE INDEX lesson_invoice ON lesson (invoice);
CREATE TABLE lesson_key (
  key TEXT NOT NULL, vendor TEXT NOT NULL, lesson TEXT NOT NULL, PRIMARY KEY (key, vendor, lesson)
) STRICT, WITHOUT ROWID;
CREATE INDEX lesson_key_lesson ON lesson_key (lesson);
CREATE TABLE lesson_use (
  invoice TEXT NOT NULL, vendor TEXT NOT NULL, used_at TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (vendor, invoice)
) STRICT, WITHOUT ROWID;
`;

/** Of a site on one machine: who is told of what, and what came of it. */
const WEBHOOKS = `
CREATE TABLE webhook (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE webhook_delivery (
  id TEXT PRIMARY KEY NOT NULL, webhook TEXT NOT NULL, state TEXT NOT NULL, created_at TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_delivery_recent ON webhook_delivery (webhook, created_at, id);
`;

/**
 * Of the site: the epoch in which an operation's seq was last heard (an older one, or none: it is to be offered), signed heads by which others' can be offered
 * again, what was refused, and bytes on their way.
 */
const SYNC = `
ALTER TABLE op_log ADD COLUMN epoch INTEGER;
CREATE INDEX op_log_place ON op_log (epoch, seq);
CREATE TABLE sync_head (
  hash TEXT PRIMARY KEY NOT NULL, device TEXT NOT NULL, dev_seq INTEGER NOT NULL, signature TEXT NOT NULL, public_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_refused (op_id TEXT PRIMARY KEY NOT NULL, code TEXT NOT NULL, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sync_blob (
  row INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, direction TEXT NOT NULL, purpose TEXT NOT NULL, root TEXT NOT NULL, device TEXT NOT NULL,
  state TEXT NOT NULL, tries INTEGER NOT NULL, run_at INTEGER NOT NULL,
  CONSTRAINT sync_blob_once UNIQUE (sha256, direction, root)
) STRICT;
CREATE INDEX sync_blob_next ON sync_blob (direction, state, purpose, run_at);
`;

/** By which role the site judged what a head covers, as it signed: brought back with what is offered again. */
const RECEIPTS = `
CREATE TABLE sync_receipt (hash TEXT PRIMARY KEY NOT NULL, role TEXT NOT NULL, signature TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Of a station: the site that it is connected to, and the devices that it was before. */
const LINK = `
CREATE TABLE site_link (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL, incarnation TEXT NOT NULL) STRICT;
CREATE TABLE device_former (device TEXT PRIMARY KEY NOT NULL, replaced_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'operation log, projections, jobs', sql: LOG + PROJECTIONS + STATION },
  { version: 2, name: 'what was learned of vendors', sql: LESSONS },
  { version: 3, name: 'webhooks', sql: WEBHOOKS },
  { version: 4, name: 'sync with a site', sql: SYNC },
  { version: 5, name: 'the site of a station', sql: LINK },
  { version: 6, name: 'cells of a root, conflicts of an invoice', sql: HEADS_OF_ROOTS },
  { version: 7, name: 'erasure', sql: ERASURE },
  { version: 8, name: 'operations that are at the site alone', sql: GONE },
  { version: 9, name: 'invoices that may be here twice', sql: SUSPECTS },
  { version: 10, name: 'roles that operations were judged by', sql: RECEIPTS },
  { version: 11, name: 'people and parcels', sql: TOGETHER },
  { version: 12, name: 'lessons by the clocks of their authors', sql: STAMPS },
  { version: 13, name: 'bytes that something names', sql: NAMED },
  { version: 14, name: 'tables of sync in one form', sql: SHAPES },
];
