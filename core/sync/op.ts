/**
 * The operation: the one immutable event of which everything is made. The body commits to its content by a salted hash and does not contain it, so that
 * content can be erased later while the chain still verifies (SYNC.md, Data model).
 */
import { z } from 'zod';
import { Box, Source } from '../contract/reading.ts';

export const OP_KINDS = [
  'document.added',
  'invoice.created',
  'reading.recorded',
  'field.set',
  'line.added',
  'line.deleted',
  'line.restored',
  'taxRow.added',
  'taxRow.deleted',
  'taxRow.restored',
  'transition',
  'duplicate.suspected',
  'duplicate.merge',
  'duplicate.not',
  'duplicate.reopened',
  'lesson.learned',
  'lesson.applied',
  'lesson.forgotten',
  'lesson.restored',
  'erase.asked',
  'erase.confirmed',
  'erase.withdrawn',
] as const;
export type OpKind = (typeof OP_KINDS)[number];

export const OpEntity = z.object({ type: z.string(), id: z.string() });

export const OpBody = z.object({
  v: z.literal(1),
  schema: z.int(),
  /** UUIDv7. */
  op_id: z.string(),
  /** UUIDv4 of the installation's database. */
  device: z.string(),
  /** 1-based, dense per device. */
  dev_seq: z.int(),
  /** Hash of this device's op before; 64 zeros for the first. */
  dev_prev: z.string(),
  actor: z.string(),
  /** Hybrid logical clock: display order only, never decides a conflict. */
  hlc: z.string(),
  kind: z.string(),
  /** Aggregate: invoice id, sha256 of a document, vendor id (core/memory/ids.ts), or id of an erasure. */
  root: z.string(),
  entity: OpEntity,
  field: z.string().optional(),
  /** Exactly the heads the author saw; the shown reading's op where the cell has no head; empty only where there is neither. */
  parents: z.array(z.string()),
  /** sha256(salt || canonical({value, reason})). */
  commit: z.string(),
  source: Source,
  evidence: z.object({ doc: z.string(), page: z.int().optional(), box: Box.optional() }).optional(),
  /** The same operation under the id it had first, before its database got a device id of its own (reissue.ts); rows of a reading are called by it. */
  reissued_from: z.string().optional(),
});
export type OpBody = z.infer<typeof OpBody>;

/** Stands beside the op; erasable. `salt` is 32 bytes as hex. `value` is a canonical string for a cell, JSON text for the other kinds, null for "no value". */
export const OpContent = z.object({ value: z.string().nullable(), reason: z.string().nullable(), salt: z.string() });
export type OpContent = z.infer<typeof OpContent>;

/** What an author makes; the store adds device, dev_seq, dev_prev, hlc and commit when it seals the op inside its transaction. */
export type OpDraft = Omit<OpBody, 'v' | 'schema' | 'device' | 'dev_seq' | 'dev_prev' | 'hlc' | 'commit'> & {
  content: OpContent;
};

/** An op as kept: its canonical text, its hash, its content (null where erased) and when this database took it in (ISO instant). */
export interface StoredOp {
  readonly body: OpBody;
  readonly hash: string;
  readonly content: OpContent | null;
  readonly receivedAt: string;
  readonly verdict: 'accepted' | `refused:${string}`;
}

/** Injected: core does no I/O and binds to no runtime. Returns lower-case hex. */
export type Sha256 = (text: string) => string;

/* Content values of the kinds that are no cells (JSON text in `content.value`). */

export const DocumentAdded = z.object({
  name: z.string(),
  mime: z.string(),
  size: z.int(),
  kind: z.string().optional(),
  channel: z.string(),
  parent: z.string().optional(),
});
export type DocumentAdded = z.infer<typeof DocumentAdded>;
export const InvoiceCreated = z.object({ document: z.string(), part: z.int().optional() });
export type InvoiceCreated = z.infer<typeof InvoiceCreated>;
export const ReadingRecorded = z.object({
  document: z.string(),
  engineVersion: z.string(),
  pages: z.int(),
  /** sha256 of the reading's blob (gzip of Reading JSON); absent where unreadable. */
  blob: z.string().optional(),
  unreadable: z.object({ reason: z.string(), detail: z.string() }).optional(),
});
export type ReadingRecorded = z.infer<typeof ReadingRecorded>;
export const LineAdded = z.object({ order: z.string() });
export const Transition = z.object({ from: z.string(), to: z.string(), digest: z.string() });
export type Transition = z.infer<typeof Transition>;
/** Of two invoices of one file, or of one vendor, number, date and total. */
export const DuplicateSuspected = z.object({ why: z.enum(['same-file', 'same-values']) });
export type DuplicateSuspected = z.infer<typeof DuplicateSuspected>;
/** A decision like any other, and which invoice stays. */
export const DuplicateMerge = Transition.extend({ to: z.literal('duplicate'), kept: z.string() });
export type DuplicateMerge = z.infer<typeof DuplicateMerge>;
/** How remembered values of one confirmed invoice turned out: fields by name. */
export const LessonApplied = z.object({
  invoice: z.string(),
  lessons: z.array(z.string()),
  right: z.array(z.string()),
  wrong: z.array(z.string()),
});
export type LessonApplied = z.infer<typeof LessonApplied>;
