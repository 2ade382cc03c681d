/** Every kind of operation: the aggregate it belongs to, what its content is, how concurrent ones merge, and who may write it. */
import type { z } from 'zod';
import { Lesson } from '../memory/lesson.ts';
import { EraseAsked, EraseConfirmed } from './erase.ts';
import {
  DocumentAdded,
  DuplicateMerge,
  DuplicateSuspected,
  InvoiceCreated,
  LessonApplied,
  LineAdded,
  type OpBody,
  type OpKind,
  ReadingRecorded,
  Transition,
} from './op.ts';

/**
 * `register`: multi-value register, conflicts are decided by parents. `tombstone`: a register that says whether the entity is deleted; the parents also
 * name the heads of the entity's other cells that the author saw. `append`: a set to which one only adds. `reading`: immutable, never a head.
 * `decided`: compare-and-set in the order of the log, not merged.
 */
export type MergeRule = 'register' | 'tombstone' | 'append' | 'reading' | 'decided';
export type Role = 'reviewer' | 'approver' | 'admin' | 'service';

export interface KindInfo {
  readonly root: 'document' | 'invoice' | 'vendor' | 'erasure';
  readonly merge: MergeRule;
  readonly writers: readonly Role[];
  /** Content value: canonical text of a cell, or JSON text parsed by `json`, or none. */
  readonly content: 'cell' | 'none' | { readonly json: z.ZodType };
}

const people = ['reviewer', 'approver', 'admin'] as const;
const anyone = [...people, 'service'] as const;

export const KINDS: Record<OpKind, KindInfo> = {
  'document.added': { root: 'document', merge: 'append', writers: anyone, content: { json: DocumentAdded } },
  'invoice.created': { root: 'invoice', merge: 'append', writers: anyone, content: { json: InvoiceCreated } },
  'reading.recorded': { root: 'invoice', merge: 'reading', writers: ['service'], content: { json: ReadingRecorded } },
  'field.set': { root: 'invoice', merge: 'register', writers: anyone, content: 'cell' },
  'line.added': { root: 'invoice', merge: 'append', writers: anyone, content: { json: LineAdded } },
  'line.deleted': { root: 'invoice', merge: 'tombstone', writers: people, content: 'none' },
  'line.restored': { root: 'invoice', merge: 'tombstone', writers: people, content: 'none' },
  'taxRow.added': { root: 'invoice', merge: 'append', writers: anyone, content: { json: LineAdded } },
  'taxRow.deleted': { root: 'invoice', merge: 'tombstone', writers: people, content: 'none' },
  'taxRow.restored': { root: 'invoice', merge: 'tombstone', writers: people, content: 'none' },
  transition: { root: 'invoice', merge: 'decided', writers: anyone, content: { json: Transition } },
  // On an invoice of the pair, or on each of them; `duplicateEntity` names the other one.
  'duplicate.suspected': {
    root: 'invoice',
    merge: 'append',
    writers: ['service'],
    content: { json: DuplicateSuspected },
  },
  'duplicate.merge': { root: 'invoice', merge: 'decided', writers: people, content: { json: DuplicateMerge } },
  // Stands until an operation that has seen it takes it back: whoever has not seen it does not (add wins).
  'duplicate.not': { root: 'invoice', merge: 'append', writers: people, content: 'none' },
  'duplicate.reopened': { root: 'invoice', merge: 'append', writers: people, content: 'none' },
  // A lesson learned again from the same invoice is a newer operation on the same entity; the newest one counts.
  'lesson.learned': { root: 'vendor', merge: 'append', writers: anyone, content: { json: Lesson } },
  'lesson.applied': { root: 'vendor', merge: 'append', writers: anyone, content: { json: LessonApplied } },
  // On a lesson, or on one field of it (`lessonField`).
  'lesson.forgotten': { root: 'vendor', merge: 'tombstone', writers: people, content: 'none' },
  'lesson.restored': { root: 'vendor', merge: 'tombstone', writers: people, content: 'none' },
  // By the site itself, for an admin; by a station only of what nobody else worked on (verdict.ts).
  'erase.asked': { root: 'erasure', merge: 'append', writers: people, content: { json: EraseAsked } },
  'erase.confirmed': { root: 'erasure', merge: 'append', writers: people, content: { json: EraseConfirmed } },
  'erase.withdrawn': { root: 'erasure', merge: 'append', writers: people, content: 'none' },
};

/** The kind's rules; undefined for a kind of a newer version, which is kept and not projected. */
export const kindInfo = (kind: string): KindInfo | undefined =>
  Object.hasOwn(KINDS, kind) ? KINDS[kind as OpKind] : undefined;

/** Whether it is a step of the workflow: compare-and-set, in the order of the log. */
export const isDecision = (kind: string): boolean => kindInfo(kind)?.merge === 'decided';

/** Field name under which an entity's tombstone stands. */
export const TOMBSTONE = '#deleted';

/** The root is part of it: an operation that names an entity of another aggregate writes to a cell of its own, and moves nothing of the other one. */
export interface CellKey {
  readonly root: string;
  /** `<type>:<id>` */
  readonly entity: string;
  readonly field: string;
}

export const entityKey = (entity: OpBody['entity']): string => `${entity.type}:${entity.id}`;

/** The register an operation writes to; undefined where it writes to none. */
export function cellOf(op: {
  kind: string;
  root: string;
  entity: OpBody['entity'];
  field?: string | undefined;
}): CellKey | undefined {
  const merge = kindInfo(op.kind)?.merge;
  const { root } = op;
  if (merge === 'tombstone') return { root, entity: entityKey(op.entity), field: TOMBSTONE };
  if (merge !== 'register' || op.field === undefined) return undefined;
  return { root, entity: entityKey(op.entity), field: op.field };
}

/** Canonical value that an operation gives its register: for a tombstone 'deleted' or null. */
export const headValue = (kind: string, value: string | null): string | null =>
  kindInfo(kind)?.merge === 'tombstone' ? (/\.(deleted|forgotten)$/.test(kind) ? 'deleted' : null) : value;
