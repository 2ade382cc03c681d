/**
 * The store port: queries, and one `commit`. A change carries operations, the new projection, the jobs that follow and the job it finishes, all in one
 * transaction over the revision that was read. Two implementations: SQLite (station), Postgres (site); `store.contract.test.ts` runs both.
 */
import type { ExportBatch, Counters, InvoiceQuery } from '../../core/contract/http.ts';
import type { Settings } from '../../core/contract/settings.ts';
import type { DocumentInfo, Invoice, InvoiceSummary } from '../../core/contract/invoice.ts';
import type { NewJob } from '../../core/contract/jobs.ts';
import type { Lesson } from '../../core/memory/lesson.ts';
import type { OpDraft, StoredOp } from '../../core/sync/op.ts';
import type { ConflictPage, ConflictQuery, ConflictTotals } from './open-conflicts.ts';
import type { DuplicateCandidate } from '../../core/validate/rule.ts';

/** Normalised keys under which duplicates are looked up; null where the invoice has no value. */
export interface DuplicateKeys {
  readonly documentSha: string;
  readonly vendorKey: string | null;
  readonly numberKey: string | null;
  readonly grossTotal: string | null;
}

export interface Projection {
  readonly invoice: Invoice;
  readonly summary: InvoiceSummary;
  /** Lower-case folded text that `InvoiceQuery.q` searches. */
  readonly search: string;
  readonly keys: DuplicateKeys;
}

/** What has to be so still when a change is written, beside the revisions of its projections; 'conflict' over `revision` where it is not. */
export interface Expected {
  /** Documents that no invoice is of. */
  readonly unknown?: readonly string[];
  readonly settings?: Settings;
  /** Of an aggregate there are so many operations. */
  readonly ops?: { readonly root: string; readonly count: number };
}

export interface Change {
  readonly ops: readonly OpDraft[];
  /** The invoice's projection after these ops; `expect` is the revision it was made from (0: it must not exist yet). */
  readonly projections: readonly { readonly expect: number; readonly projection: Projection }[];
  readonly documents: readonly DocumentInfo[];
  readonly jobs: readonly NewJob[];
  /** The claimed job whose effect this is: done in the same transaction, and 'conflict' where its lease was lost. */
  readonly finishes?: { readonly job: string; readonly lease: string };
  /** Answer to be given again when the same request is repeated. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string; readonly reply: string };
  readonly exportBatch?: ExportBatch;
  readonly settings?: Settings;
  readonly expects?: Expected;
  /** Instant (ISO) that the projections take these operations to be received at; the store's own clock where absent. */
  readonly at?: string;
}

export type CommitResult =
  | { readonly kind: 'ok'; readonly ops: readonly StoredOp[] }
  /** A revision or lease was stale, or an id exists: read again, decide again. */
  | { readonly kind: 'conflict'; readonly what: 'revision' | 'lease' | 'op-exists' | 'job-exists' };

export interface AuditReport {
  readonly ops: number;
  readonly devices: number;
  /** Ops whose content was erased; their chain still verifies. */
  readonly erased: number;
  /** Ops of closed invoices whose texts the site alone keeps: what is here of their chains was verified, they were not. */
  readonly gone: number;
  /** Problems left by a salvage of a damaged database, which named them; all others are in `problems`. */
  readonly known: number;
  readonly problems: readonly { readonly op: string; readonly devSeq: number; readonly what: string }[];
}

/** A lesson about a vendor as it stands: learned, and perhaps forgotten, whole or in part. */
export interface StoredLesson {
  readonly id: string;
  readonly vendor: string;
  readonly op: string;
  readonly actor: string;
  readonly learnedAt: string;
  readonly forgotten: boolean;
  readonly forgottenFields: readonly string[];
  readonly lesson: Lesson;
}

export interface FoundLessons {
  readonly lessons: readonly StoredLesson[];
  /** With how many vendors each of the keys occurs. */
  readonly vendorsOf: Readonly<Record<string, number>>;
}

export interface LearntVendor {
  readonly vendor: string;
  readonly name: string;
  readonly learnedAt: string;
  readonly lessons: number;
  /** Lessons that are not forgotten. */
  readonly active: number;
  /** Confirmed invoices on which something was remembered, and how many values of theirs stood or were corrected. */
  readonly uses: number;
  readonly right: number;
  readonly wrong: number;
}

/** An invoice as it is handed on. */
export interface PrintedInvoice {
  /** Of its text (`contentTag`): known without having that. */
  readonly tag: string;
  /** In UTF-8, as `JSON.stringify` prints it. */
  readonly json: () => Uint8Array;
}

export interface Store {
  readonly device: string;
  commit(change: Change): Promise<CommitResult>;

  invoice(id: string): Promise<Invoice | undefined>;
  /** The same for whoever hands it on. */
  invoiceJson(id: string): Promise<PrintedInvoice | undefined>;
  invoices(query: InvoiceQuery): Promise<{ items: InvoiceSummary[]; next: string | null; total: number }>;
  invoiceIds(filter: { status?: readonly string[]; document?: string }): Promise<string[]>;
  counters(startOfToday: string): Promise<Omit<Counters, 'jobsWaiting' | 'jobsRunning'>>;
  document(sha256: string): Promise<DocumentInfo | undefined>;
  /** Every op of an aggregate, in the order this database took them in. */
  opsOf(root: string): Promise<StoredOp[]>;
  /** At most 50, newest first, itself excluded. */
  /** What two people changed without seeing each other, invoice by invoice. */
  conflicts(query: ConflictQuery): Promise<ConflictPage>;
  /** How many of these there are; where operations came a moment ago, as of before. */
  conflictTotals(): Promise<ConflictTotals>;
  duplicateCandidates(invoice: string, keys: DuplicateKeys): Promise<DuplicateCandidate[]>;
  idempotent(key: string): Promise<{ requestHash: string; reply: string } | undefined>;
  exportBatches(): Promise<ExportBatch[]>;
  settings(): Promise<Settings>;
  /** At most 20 lessons that are not forgotten, those that share most with the keys first, newer ones before older. */
  lessonsByKeys(keys: readonly string[]): Promise<FoundLessons>;
  /** Forgotten ones too, newest first. */
  lessonsOf(vendor: string): Promise<StoredLesson[]>;
  lessonsFrom(invoice: string): Promise<StoredLesson[]>;
  learntVendors(): Promise<LearntVendor[]>;
  /** Open invoices, oldest first, at most 50, whose vendor is read as one of these names (normalised) or tax ids. */
  openOfVendor(vendorKeys: readonly string[], taxIds: readonly string[]): Promise<string[]>;
  /** Operations of every erasure, in the order of the log. */
  erasures(): Promise<StoredOp[]>;
  /** Which of these aggregates were erased. */
  erased(targets: readonly string[]): Promise<string[]>;
  /** Bytes that an erasure takes away; `waiting`: those that may still be there. */
  doomedBlobs(which: 'waiting' | 'all'): Promise<string[]>;
  /** They are not there any more. */
  droppedBlobs(sha256s: readonly string[]): Promise<void>;
  /** Verifies every op hash, commitment and chain, in slices that nobody else waits for. */
  verifyAudit(progress?: (done: number, total: number) => void): Promise<AuditReport>;
  /** Rebuilds heads, lessons and the duplicate keys from the log; projections are rebuilt by the shell, which can read blobs. */
  rebuildHeads(): Promise<{ cells: number }>;
  /** SQLite: a copy of the database by VACUUM INTO + fsync + rename. Postgres refuses: there a backup is of all sites at once, by the site's own command. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}
