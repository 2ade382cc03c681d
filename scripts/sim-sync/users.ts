/** What people do on a station or at the site: they look, and some time later they save what they made of it. */
import { digestOf, stateOf } from '../../core/invoice/decided.ts';
import { readLog } from '../../core/invoice/log.ts';
import { isOpen, TRANSITIONS } from '../../core/invoice/transitions.ts';
import { conflictsOf } from '../../core/sync/conflicts.ts';
import { fieldSetOp, rowAddedOp, rowDeletedOp, rowRestoredOp, transitionOp } from '../../core/sync/drafts.ts';
import { entityKey, TOMBSTONE } from '../../core/sync/kinds.ts';
import { inOfferOrder } from '../../core/sync/offer.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { cellKey, fieldsOf, headsOf } from '../../core/sync/reducer.ts';
import { asLogOp, NEWER_KIND, type Replica, type Row, sha256 } from './replica.ts';

export const ROOTS = ['00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000001'] as const;
const FIELDS = ['grossTotal', 'invoiceNumber', 'issueDate'] as const;
const LINE_FIELDS = ['description', 'lineTotal'] as const;
const VALUES = ['1', '2', '3', '4', null] as const;

export type Deed = 'stray' | 'edit' | 'newer-edit' | 'add-line' | 'delete-line' | 'restore-line' | 'decide';

/** What an author had before the eyes: kept beside the operation, so that the end can be judged by it and not by what the operation says. */
export interface Seen {
  /** The register written to, and its heads then; of a decision every operation of the invoice and its verdict. */
  readonly cell: string | undefined;
  readonly heads: readonly string[];
  readonly log: readonly string[];
}

export interface Wish {
  readonly seen: Seen;
  readonly drafts: (parentsNow: boolean) => OpDraft[];
}

export interface Desk {
  readonly replica: Replica;
  readonly epoch: number | null;
  readonly actor: string;
  readonly newId: () => string;
}

/** Random numbers that came with the plan: the same deed whatever else happened. */
export interface Dice {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const pick = <T>(list: readonly [T, ...T[]], dice: number): T => list[Math.floor(dice * list.length)] ?? list[0];

const asOffer = ({ body, hash, place }: Row) => ({ device: body.device, devSeq: body.dev_seq, hash, bytes: 0, place });

/** Every operation of an invoice, in the order of the log as far as the log shows it. */
export function rowsOf(replica: Replica, root: string, epoch: number | null): Row[] {
  const rows = [...replica.rows.values()].filter((row) => row.body.root === root);
  const shown = (row: Row): boolean => row.place !== null && row.place.epoch === epoch;
  return rows.toSorted((a, b) => {
    if (shown(a) && shown(b)) return (a.place?.seq ?? 0) - (b.place?.seq ?? 0);
    if (shown(a) !== shown(b)) return shown(a) ? -1 : 1;
    return inOfferOrder(asOffer(a), asOffer(b));
  });
}

type Entity = { type: 'invoice' | 'line'; id: string };

const headsAt = (desk: Desk, root: string, entity: Entity, field: string): readonly string[] =>
  headsOf(desk.replica.registers, { root, entity: entityKey(entity), field });

const readingOf = (desk: Desk, root: string): string[] => {
  const reading = [...desk.replica.rows.values()].find(
    (row) => row.body.root === root && row.body.kind === 'reading.recorded' && row.verdict === 'accepted',
  );
  return reading === undefined ? [] : [reading.body.op_id];
};

interface LineOf {
  readonly root: string;
  readonly id: string;
  readonly deleted: boolean;
}

function linesOf(desk: Desk): LineOf[] {
  const lines: LineOf[] = [];
  for (const { body, verdict } of desk.replica.rows.values()) {
    if (body.kind !== 'line.added' || verdict !== 'accepted') continue;
    const heads = headsAt(desk, body.root, { type: 'line', id: body.entity.id }, TOMBSTONE);
    const deleted = heads.some((id) => desk.replica.rows.get(id)?.body.kind === 'line.deleted');
    lines.push({ root: body.root, id: body.entity.id, deleted });
  }
  return lines;
}

const author = (desk: Desk) => ({ opId: desk.newId(), actor: desk.actor, salt: '' });

function edit(desk: Desk, { a, b, c }: Dice, kind: 'field.set' | typeof NEWER_KIND): Wish {
  const lines = linesOf(desk).filter((line) => !line.deleted);
  const line = b < 0.4 ? lines[Math.floor(c * lines.length)] : undefined;
  // Every fifth edit goes to one cell, whoever makes it.
  const hot = a < 0.2;
  const root = line === undefined || hot ? (hot ? ROOTS[0] : pick(ROOTS, c)) : line.root;
  const entity: Entity = line === undefined || hot ? { type: 'invoice', id: root } : { type: 'line', id: line.id };
  const field = hot ? FIELDS[0] : entity.type === 'invoice' ? pick(FIELDS, a) : pick(LINE_FIELDS, a);
  const value = pick(VALUES, (b * 7 + c * 3) % 1);
  const heads = headsAt(desk, root, entity, field);
  const parents = heads.length > 0 ? heads : readingOf(desk, root);
  return {
    seen: { cell: cellKey({ root, entity: entityKey(entity), field }), heads, log: [] },
    drafts(parentsNow) {
      const set = { entity, field, value, parents: parentsNow ? headsAt(desk, root, entity, field) : parents };
      const draft = fieldSetOp(author(desk), root, { ...set, source: 'manual' });
      return [kind === 'field.set' ? draft : { ...draft, kind }];
    },
  };
}

/** A program with an error, or somebody who wishes ill: under one invoice it names a line of another, and all that stands there as what it has seen. */
function stray(desk: Desk, { a, b, c }: Dice): Wish | undefined {
  const lines = linesOf(desk);
  const line = lines[Math.floor(c * lines.length)];
  const root = ROOTS.find((one) => one !== line?.root);
  if (line === undefined || root === undefined) return undefined;
  const entity: Entity = { type: 'line', id: line.id };
  const field = pick(LINE_FIELDS, a);
  const heads = headsAt(desk, root, entity, field);
  const parents = [...heads, ...headsAt(desk, line.root, entity, field)];
  const set = { entity, field, value: pick(VALUES, b), parents, source: 'manual' as const };
  return {
    seen: { cell: cellKey({ root, entity: entityKey(entity), field }), heads, log: [] },
    drafts: () => [fieldSetOp(author(desk), root, set)],
  };
}

function addLine(desk: Desk, { c }: Dice): Wish {
  return {
    seen: { cell: undefined, heads: [], log: [] },
    drafts: () => {
      const by = author(desk);
      return [rowAddedOp(by, pick(ROOTS, c), { type: 'line', id: `line-${by.opId}`, order: 'V' })];
    },
  };
}

/** The heads of every cell of the row, its tombstone's too: everything its author saw of it. */
function allHeads(desk: Desk, { root, id }: LineOf): string[] {
  const entity: Entity = { type: 'line', id };
  const fields = fieldsOf(desk.replica.registers, root, entityKey(entity));
  return fields.flatMap((field) => headsAt(desk, root, entity, field)).toSorted();
}

function bury(desk: Desk, { c }: Dice, deed: 'delete-line' | 'restore-line'): Wish | undefined {
  const lines = linesOf(desk).filter((one) => one.deleted === (deed === 'restore-line'));
  const line = lines[Math.floor(c * lines.length)];
  if (line === undefined) return undefined;
  const tombstones = headsAt(desk, line.root, { type: 'line', id: line.id }, TOMBSTONE);
  const parents = deed === 'delete-line' ? allHeads(desk, line) : [...tombstones];
  const make = deed === 'delete-line' ? rowDeletedOp : rowRestoredOp;
  return {
    seen: {
      cell: cellKey({ root: line.root, entity: `line:${line.id}`, field: TOMBSTONE }),
      heads: tombstones,
      log: [],
    },
    drafts(parentsNow) {
      const named = parentsNow && deed === 'delete-line' ? allHeads(desk, line) : parents;
      return [make(author(desk), line.root, { type: 'line', id: line.id, parents: named })];
    },
  };
}

/** Like `decideTransition`: over what is there, never over a conflict. */
function decide(desk: Desk, { a, c }: Dice): Wish | undefined {
  const root = pick(ROOTS, c);
  const log = rowsOf(desk.replica, root, desk.epoch).map((row) => asLogOp(desk.replica, row));
  const from = stateOf(log);
  const choices = TRANSITIONS[from].filter((to) => to !== 'approved' && to !== 'staged' && to !== 'exported');
  const to = from === 'received' || a < 0.2 ? choices[Math.floor(a * choices.length)] : 'received';
  if (to === undefined || !TRANSITIONS[from].includes(to) || conflictsOf(readLog(log)).length > 0) return undefined;
  const digest = digestOf(log, sha256);
  return {
    seen: { cell: undefined, heads: [], log: log.map((op) => `${op.body.op_id} ${op.verdict}`).toSorted() },
    drafts: () => {
      const first = transitionOp(author(desk), root, { from, to, digest });
      return to === 'confirmed'
        ? [first, transitionOp(author(desk), root, { from: to, to: 'approved', digest })]
        : [first];
    },
  };
}

/** Undefined where there is nothing to do it with, or where the screen would not let one. */
export function look(desk: Desk, deed: Deed, dice: Dice): Wish | undefined {
  switch (deed) {
    case 'edit':
      return edit(desk, dice, 'field.set');
    case 'newer-edit':
      return edit(desk, dice, desk.replica.version === 2 ? NEWER_KIND : 'field.set');
    case 'stray':
      return stray(desk, dice);
    case 'add-line':
      return addLine(desk, dice);
    case 'delete-line':
    case 'restore-line':
      return bury(desk, dice, deed);
    case 'decide':
      return decide(desk, dice);
    default:
      return deed satisfies never;
  }
}

/** What was confirmed is not edited without a reopening. */
export const mayEdit = (desk: Desk, root: string): boolean =>
  isOpen(stateOf(rowsOf(desk.replica, root, desk.epoch).map((row) => asLogOp(desk.replica, row))));
