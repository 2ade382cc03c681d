/** Drafts of every kind of operation, each written once: what the server's handlers and jobs hand to `Store.commit`. */
import type { EntityType } from '../invoice/fields.ts';
import { canonicalJson } from './canonical.ts';
import type { Lesson } from '../memory/lesson.ts';
import type { EraseAsked, EraseConfirmed } from './erase.ts';
import type {
  DocumentAdded,
  DuplicateMerge,
  DuplicateSuspected,
  InvoiceCreated,
  LessonApplied,
  OpContent,
  OpDraft,
  OpKind,
  ReadingRecorded,
  Transition,
} from './op.ts';

/** Who writes, under which id; the salt is 32 random bytes as hex. */
export interface Author {
  readonly opId: string;
  readonly actor: string;
  readonly salt: string;
}

type Given = Pick<OpDraft, 'root' | 'entity' | 'parents' | 'source'> &
  Partial<Pick<OpDraft, 'field' | 'evidence'>> & { value: string | null; reason?: string | undefined };

function draft(author: Author, kind: OpKind, given: Given): OpDraft {
  const { value, reason, ...body } = given;
  const content: OpContent = { value, reason: reason ?? null, salt: author.salt };
  return { ...body, op_id: author.opId, actor: author.actor, kind, content };
}

export const documentAddedOp = (author: Author, sha256: string, info: DocumentAdded): OpDraft =>
  draft(author, 'document.added', {
    root: sha256,
    entity: { type: 'document', id: sha256 },
    parents: [],
    source: 'manual',
    value: canonicalJson({ ...info }),
  });

const onInvoice = (invoice: string) => ({ root: invoice, entity: { type: 'invoice', id: invoice } });

export const invoiceCreatedOp = (author: Author, invoice: string, created: InvoiceCreated): OpDraft =>
  draft(author, 'invoice.created', {
    ...onInvoice(invoice),
    parents: [],
    source: 'manual',
    value: canonicalJson({ ...created }),
  });

export const readingRecordedOp = (author: Author, invoice: string, recorded: ReadingRecorded): OpDraft =>
  draft(author, 'reading.recorded', {
    ...onInvoice(invoice),
    parents: [],
    source: 'rule',
    value: canonicalJson({ ...recorded, unreadable: recorded.unreadable && { ...recorded.unreadable } }),
  });

export interface FieldSet {
  readonly entity: { readonly type: EntityType; readonly id: string };
  readonly field: string;
  readonly value: string | null;
  readonly parents: readonly string[];
  readonly source: OpDraft['source'];
  readonly evidence?: OpDraft['evidence'];
  readonly reason?: string | undefined;
}

export const fieldSetOp = (author: Author, invoice: string, set: FieldSet): OpDraft =>
  draft(author, 'field.set', {
    root: invoice,
    entity: { ...set.entity },
    field: set.field,
    parents: [...set.parents],
    source: set.source,
    ...(set.evidence === undefined ? {} : { evidence: set.evidence }),
    value: set.value,
    reason: set.reason,
  });

type RowType = Exclude<EntityType, 'invoice'>;

export const rowAddedOp = (
  author: Author,
  invoice: string,
  row: { type: RowType; id: string; order: string },
): OpDraft =>
  draft(author, `${row.type}.added`, {
    root: invoice,
    entity: { type: row.type, id: row.id },
    parents: [],
    source: 'manual',
    value: canonicalJson({ order: row.order }),
  });

/** `parents`: `rowParents(row)` for a deletion, the row's tombstone heads for a restoration. */
const tombstone =
  (what: 'deleted' | 'restored') =>
  (
    author: Author,
    invoice: string,
    row: { type: RowType; id: string; parents: readonly string[]; reason?: string | undefined },
  ): OpDraft =>
    draft(author, `${row.type}.${what}`, {
      root: invoice,
      entity: { type: row.type, id: row.id },
      parents: [...row.parents],
      source: 'manual',
      value: null,
      reason: row.reason,
    });
export const rowDeletedOp = tombstone('deleted');
export const rowRestoredOp = tombstone('restored');

export const transitionOp = (author: Author, invoice: string, step: Transition, reason?: string): OpDraft =>
  draft(author, 'transition', {
    ...onInvoice(invoice),
    parents: [],
    source: 'manual',
    value: canonicalJson({ ...step }),
    reason,
  });

/** Entity of the pair: `duplicateEntity(invoice, other)` (core/invoice/duplicate-links.ts). */
type Pair = OpDraft['entity'];

const onPair = (
  author: Author,
  kind: 'duplicate.suspected' | 'duplicate.merge' | 'duplicate.not' | 'duplicate.reopened',
  pair: { invoice: string; entity: Pair; parents?: readonly string[]; value?: string; reason?: string | undefined },
): OpDraft =>
  draft(author, kind, {
    root: pair.invoice,
    entity: pair.entity,
    parents: [...(pair.parents ?? [])],
    source: kind === 'duplicate.suspected' ? 'rule' : 'manual',
    value: pair.value ?? null,
    reason: pair.reason,
  });

export const duplicateSuspectedOp = (
  author: Author,
  invoice: string,
  entity: Pair,
  suspected: DuplicateSuspected,
): OpDraft => onPair(author, 'duplicate.suspected', { invoice, entity, value: canonicalJson({ ...suspected }) });

export const duplicateMergeOp = (
  author: Author,
  invoice: string,
  entity: Pair,
  merge: DuplicateMerge,
  reason?: string,
): OpDraft => onPair(author, 'duplicate.merge', { invoice, entity, value: canonicalJson({ ...merge }), reason });

export const duplicateNotOp = (author: Author, invoice: string, entity: Pair, reason: string | undefined): OpDraft =>
  onPair(author, 'duplicate.not', { invoice, entity, reason });

/** `parents`: the operations that called it no duplicate, as far as its author has seen them. */
export const duplicateReopenedOp = (
  author: Author,
  invoice: string,
  entity: Pair,
  parents: readonly string[],
  reason?: string,
): OpDraft => onPair(author, 'duplicate.reopened', { invoice, entity, parents, reason });

const onVendor = (vendor: string, type: LessonEntity['type'], id: string) => ({ root: vendor, entity: { type, id } });

export const lessonLearnedOp = (author: Author, vendor: string, id: string, lesson: Lesson): OpDraft =>
  draft(author, 'lesson.learned', {
    ...onVendor(vendor, 'lesson', id),
    parents: [],
    source: 'rule',
    value: canonicalJson({ ...lesson }),
  });

export const lessonAppliedOp = (author: Author, vendor: string, applied: LessonApplied): OpDraft =>
  draft(author, 'lesson.applied', {
    ...onVendor(vendor, 'lessonUse', applied.invoice),
    parents: [],
    source: 'rule',
    value: canonicalJson({ ...applied }),
  });

/** `lessonField`: `<lesson id>/<field>`. */
export interface LessonEntity {
  readonly type: 'lesson' | 'lessonField' | 'lessonUse';
  readonly id: string;
}

/** `parents`: heads of the entity's tombstone. */
const lessonTombstone =
  (kind: 'lesson.forgotten' | 'lesson.restored') =>
  (author: Author, vendor: string, entity: LessonEntity, parents: readonly string[], reason?: string): OpDraft =>
    draft(author, kind, {
      ...onVendor(vendor, entity.type, entity.id),
      parents: [...parents],
      source: 'manual',
      value: null,
      reason,
    });
export const lessonForgottenOp = lessonTombstone('lesson.forgotten');
export const lessonRestoredOp = lessonTombstone('lesson.restored');

const onErasure = (erasure: string) => ({
  root: erasure,
  entity: { type: 'erasure', id: erasure },
  parents: [],
  source: 'manual' as const,
});

export const eraseAskedOp = (author: Author, erasure: string, asked: EraseAsked, reason: string): OpDraft =>
  draft(author, 'erase.asked', { ...onErasure(erasure), value: canonicalJson({ ...asked }), reason });
export const eraseConfirmedOp = (author: Author, erasure: string, confirmed: EraseConfirmed, reason: string): OpDraft =>
  draft(author, 'erase.confirmed', { ...onErasure(erasure), value: canonicalJson({ ...confirmed }), reason });
export const eraseWithdrawnOp = (author: Author, erasure: string): OpDraft =>
  draft(author, 'erase.withdrawn', { ...onErasure(erasure), value: null });
