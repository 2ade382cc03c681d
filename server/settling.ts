/** Settling what two people did without seeing each other, and invoices that are here twice. As with every change, only what was seen is named (change.ts). */
import { AppError } from '../core/contract/errors.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import { atDecision } from '../core/invoice/changed.ts';
import { duplicateEntity, standingNots } from '../core/invoice/duplicate-links.ts';
import { readLog } from '../core/invoice/log.ts';
import type { RowType } from '../core/invoice/rows.ts';
import { decideTransition, isClosed } from '../core/invoice/transitions.ts';
import { assertNever } from '../core/assert.ts';
import { conflictsOf } from '../core/sync/conflicts.ts';
import {
  duplicateMergeOp,
  duplicateNotOp,
  duplicateReopenedOp,
  fieldSetOp,
  rowDeletedOp,
  rowRestoredOp,
} from '../core/sync/drafts.ts';
import { TOMBSTONE, cellOf } from '../core/sync/kinds.ts';
import type { OpDraft } from '../core/sync/op.ts';
import { idsOfToday } from '../core/sync/reissue.ts';
import { type Unsettling, unsettling } from '../core/sync/settling.ts';
import { type ChangeBoth, type ChangeInvoice, type DecideBoth, requireOpen } from './change.ts';
import type { Base } from './context.ts';
import type { Judge } from './judge.ts';
import type { Loaded, Model } from './model.ts';
import { stepsOf } from './steps.ts';

export interface RowSettlement {
  readonly opId: string;
  readonly entity: { readonly type: RowType; readonly id: string };
  readonly keep: boolean;
  readonly parents: readonly string[];
  readonly reason?: string | undefined;
}

export interface Settling {
  /** A row that one deleted and another edited stays, or goes. */
  row(id: string, wish: RowSettlement): Promise<Invoice>;
  /** Puts both sides back: see [Note: Taking a settlement back]. */
  unsettle(id: string, wish: { readonly settled: string; readonly opIds: readonly string[] }): Promise<Invoice>;
  /** Closes the invoice as the same as `kept`. */
  merge(
    id: string,
    wish: { opId: string; kept: string; digest: string; reason?: string | undefined },
  ): Promise<Invoice>;
  /** Says on both that they are two, or takes that back: all of it, or what `of` names. */
  apart(id: string, wish: Apart & { readonly other: string }): Promise<Invoice>;
}

interface Apart {
  readonly opIds: readonly [string, string];
  readonly not: boolean;
  readonly of?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

interface Parts {
  readonly base: Pick<Base, 'actor'>;
  readonly model: Pick<Model, 'author'>;
  readonly judge: Judge;
  readonly change: ChangeInvoice;
  readonly changeBoth: ChangeBoth;
}

export function createSettling({ base: { actor }, model, judge, change, changeBoth }: Parts): Settling {
  return {
    row: (id, { opId, entity, keep, parents: seen, reason }) =>
      change(id, [opId], (loaded, invoice) => {
        const parents = idsOfToday(loaded.ops, seen);
        requireSettleable(invoice);
        requireKnown(loaded, parents);
        requireDisputed(loaded, entity, parents);
        const said = { type: entity.type, id: entity.id, parents, reason };
        return [(keep ? rowRestoredOp : rowDeletedOp)(model.author(actor, opId), id, said)];
      }),
    unsettle: (id, { settled, opIds }) =>
      change(id, opIds, (loaded, invoice) => {
        requireSettleable(invoice);
        requireNotExported(loaded, settled);
        return putBack(
          unsettling(readLog(loaded.ops), settled),
          id,
          opIds.map((opId) => model.author(actor, opId)),
        );
      }),
    merge: (id, { opId, kept, digest, reason }) =>
      // Over both: of two that are closed into each other at the same time one has to stay.
      changeBoth(differing(id, kept), [opId], async ([, invoice], [, other]) => {
        requireStays(other);
        const [step] = stepsOf(decideTransition(await judge(invoice), { to: 'duplicate', digest, reason }));
        if (step === undefined) return [];
        const merge = { from: step.from, to: 'duplicate' as const, digest, kept };
        return [duplicateMergeOp(model.author(actor, opId), id, duplicateEntity(id, kept), merge, reason)];
      }),
    apart(id, { other, ...wish }) {
      const { opIds, not, reason } = wish;
      if (not && reason === undefined)
        throw new AppError('bad_request', 'Say why it is a different invoice.', { why: 'reason' });
      return changeBoth(
        differing(id, other),
        opIds,
        apartOf(wish, (opId) => model.author(actor, opId)),
      );
    },
  };
}

type AuthorOf = (opId: string) => ReturnType<Model['author']>;

const apartOf =
  ({ opIds, not, of, reason }: Apart, author: AuthorOf): DecideBoth =>
  (one, other) =>
    (
      [
        [one, other, opIds[0]],
        [other, one, opIds[1]],
      ] as const
    ).map(([[mine], [theirs], opId]) => {
      const entity = duplicateEntity(mine.id, theirs.id);
      if (not) return duplicateNotOp(author(opId), mine.id, entity, reason);
      const said = standingNots(mine.ops, theirs.id).map((op) => op.body.op_id);
      const named = of === undefined ? undefined : idsOfToday(mine.ops, of);
      const standing = named === undefined ? said : said.filter((op) => named.includes(op));
      if (of !== undefined && standing.length === 0)
        throw new AppError('conflict', 'Somebody has taken it back already: look at it again.');
      return duplicateReopenedOp(author(opId), mine.id, entity, standing, reason);
    });

/** What was exported is not opened again; what came in behind it is settled all the same. */
const requireSettleable = (invoice: Invoice): void => {
  if (invoice.state !== 'exported') requireOpen(invoice);
};

function requireKnown({ ops }: Loaded, parents: readonly string[]): void {
  const known = new Set(ops.map((op) => op.body.op_id));
  const unknown = parents.filter((parent) => !known.has(parent));
  if (unknown.length > 0)
    throw new AppError('bad_request', 'The settlement names operations that are not of this invoice.', { unknown });
}

/** Only what two people stand against each other over, and only by who saw both. */
function requireDisputed({ ops }: Loaded, entity: RowSettlement['entity'], parents: readonly string[]): void {
  const dispute = conflictsOf(readLog(ops)).find(
    (conflict) =>
      conflict.kind === 'deleted' && conflict.entity.type === entity.type && conflict.entity.id === entity.id,
  );
  if (dispute === undefined) throw new AppError('conflict', 'Nobody disputes this row (any more): look at it again.');
  const seen = new Set(parents);
  const unseen = dispute.heads.flatMap(({ op }) => (seen.has(op.body.op_id) ? [] : [op.body.op_id]));
  if (unseen.length > 0)
    throw new AppError('conflict', 'Somebody has changed the row since: look at it again.', { unseen });
}

/** What was settled before the export went out with it. */
function requireNotExported({ ops }: Loaded, settled: string): void {
  const { state, before } = atDecision(ops);
  if (state !== 'exported' || !before.some(({ body }) => body.op_id === settled)) return;
  throw new AppError('not_allowed', 'It was settled before the export: it went out like that.', { state });
}

function putBack(found: Unsettling, invoice: string, authors: readonly ReturnType<Model['author']>[]): OpDraft[] {
  switch (found.kind) {
    case 'none':
      throw new AppError('not_found', 'There is no such settlement on this invoice.');
    case 'moved':
      throw new AppError('conflict', 'Somebody has changed it since: look at it again.');
    case 'ok':
      return sidesAgain(found, invoice, authors);
    default:
      return assertNever(found);
  }
}

function sidesAgain(
  { settled, sides }: Extract<Unsettling, { kind: 'ok' }>,
  invoice: string,
  authors: readonly ReturnType<Model['author']>[],
): OpDraft[] {
  const { entity } = settled.body;
  const parents = [settled.body.op_id];
  const [first, second] = authors;
  if (first === undefined || second === undefined) return [];
  if (cellOf(settled.body)?.field === TOMBSTONE) {
    const row = { type: entity.type as RowType, id: entity.id, parents };
    return [rowDeletedOp(first, invoice, row), rowRestoredOp(second, invoice, row)];
  }
  if (authors.length < sides.length)
    throw new AppError('bad_request', `There were ${sides.length} sides: an id is needed for each.`);
  return sides.flatMap((side, i) => {
    const author = authors[i];
    if (author === undefined) return [];
    const { evidence, field = '', source } = side.body;
    const set = { entity: { type: entity.type as RowType, id: entity.id }, field, value: side.content?.value ?? null };
    return [fieldSetOp(author, invoice, { ...set, parents, source, ...(evidence === undefined ? {} : { evidence }) })];
  });
}

function differing(id: string, other: string): readonly [string, string] {
  if (id === other) throw new AppError('bad_request', 'An invoice is no duplicate of itself.');
  return [id, other];
}

function requireStays({ state }: Invoice): void {
  if (isClosed(state)) throw new AppError('not_allowed', `The invoice that is to stay is ${state} itself.`, { state });
}
