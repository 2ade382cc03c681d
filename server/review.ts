/**
 * Changes by a person. Each is decided over the invoice as it is now, judged, and committed over the revision that was read; where another change came in
 * between, it is read and decided again with the same parents, so that no correction is ever refused as stale (SYNC.md). A repeated request finds its
 * operation in the log and answers with the invoice as it stands.
 */
import { AppError } from '../core/contract/errors.ts';
import type { Correction } from '../core/contract/http.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import { canonicalEdit } from '../core/invoice/canonical-value.ts';
import { fieldInfo } from '../core/invoice/fields.ts';
import { cellIn } from '../core/invoice/status.ts';
import { tombstoneHeads } from '../core/invoice/project.ts';
import { rowParents } from '../core/invoice/rows.ts';
import { decideTransition } from '../core/invoice/transitions.ts';
import {
  fieldSetOp,
  readingRecordedOp,
  rowAddedOp,
  rowDeletedOp,
  rowRestoredOp,
  transitionOp,
} from '../core/sync/drafts.ts';
import type { OpDraft } from '../core/sync/op.ts';
import { isOrderKey } from '../core/sync/order.ts';
import { idsOfToday } from '../core/sync/reissue.ts';
import { invoiceTag, type Match, mustLook, requireSeen } from './conditions.ts';
import { type ChangeInvoice, requireOpen } from './change.ts';
import type { Base } from './context.ts';
import type { Judge } from './judge.ts';
import type { Loaded, Model } from './model.ts';
import { stepsOf } from './steps.ts';

export interface Review {
  correct(id: string, corrections: readonly Correction[]): Promise<Invoice>;
  addLine(id: string, line: { opId: string; lineId: string; order: string }): Promise<Invoice>;
  deleteLine(
    id: string,
    line: string,
    wish: { opId: string; parents: string[]; reason?: string | undefined },
  ): Promise<Invoice>;
  restoreLine(id: string, line: string, wish: { opId: string }): Promise<Invoice>;
  /** By the digest that was seen, or the whole invoice (`match`). */
  transition(id: string, wish: WishedTransition, match?: Match): Promise<Invoice>;
  /** Reads the document again, where `languages` are given with these alone; the id of the job. */
  reprocess(id: string, languages?: readonly string[]): Promise<string>;
  /** Ends a reading that waits or runs; false where none did. */
  cancelReading(id: string): Promise<boolean>;
}

export interface WishedTransition {
  readonly opId: string;
  readonly to: string;
  readonly digest?: string | undefined;
  readonly reason?: string | undefined;
}

interface Parts {
  readonly base: Base;
  readonly model: Model;
  readonly judge: Judge;
  readonly change: ChangeInvoice;
  /** Aborts what works for an invoice. */
  readonly abort: (root: string) => void;
}

export function createReview({ base, model, judge, change, abort }: Parts): Review {
  const { queue, actor } = base;

  return {
    correct(id, corrections) {
      const ids = corrections.map((correction) => correction.opId);
      if (new Set(ids).size < ids.length) throw new AppError('bad_request', 'Two corrections have the same opId.');
      return change(id, ids, (loaded, invoice) => {
        const over = corrections.map((one) => ({ ...one, parents: idsOfToday(loaded.ops, one.parents) }));
        if (!settleOnly(invoice, over)) requireOpen(invoice);
        return over.map((correction) => correctionOp(model, actor, loaded, invoice, correction));
      });
    },
    addLine(id, line) {
      if (!isOrderKey(line.order)) throw new AppError('invalid_value', 'The order of the line is no order key.');
      return change(id, [line.opId], (_loaded, invoice) => {
        requireOpen(invoice);
        if (invoice.lines.some((candidate) => candidate.id === line.lineId))
          throw new AppError('conflict', 'There is a line with this id already.');
        return [rowAddedOp(model.author(actor, line.opId), id, { type: 'line', id: line.lineId, order: line.order })];
      });
    },
    deleteLine(id, line, { opId, parents, reason }) {
      return change(id, [opId], (loaded, invoice) => {
        requireOpen(invoice);
        const row = requireLine(invoice, line);
        // Who deletes a line sees that it is there: a restoration is among what was seen, or the two would stand against each other.
        const restored = tombstoneHeads(loaded.ops, 'line', line);
        const shown = parents.length === 0 ? rowParents(row) : idsOfToday(loaded.ops, parents);
        const seen = [...new Set([...shown, ...restored])];
        return [rowDeletedOp(model.author(actor, opId), id, { type: 'line', id: line, parents: seen, reason })];
      });
    },
    restoreLine(id, line, { opId }) {
      return change(id, [opId], (loaded, invoice) => {
        requireOpen(invoice);
        const parents = tombstoneHeads(loaded.ops, 'line', line);
        if (parents.length === 0) throw new AppError('not_found', 'This line is not deleted.', { line });
        return [rowRestoredOp(model.author(actor, opId), id, { type: 'line', id: line, parents })];
      });
    },
    transition(id, { opId, to, digest, reason }, match) {
      // "Whatever it is" decides about nothing that a person has seen.
      if (digest === undefined && match?.any !== false) throw mustLook();
      return change(id, [opId], async (_loaded, invoice) => {
        // The verdict that was seen is the one that is stored; a new one may differ by nothing but its date.
        const seen = match === undefined ? invoice : await model.invoice(id);
        requireSeen(match, () => invoiceTag(seen));
        const wish = { to, digest: digest ?? invoice.digest, reason };
        return stepsOf(decideTransition(await judge(invoice), wish)).map((step, index) =>
          transitionOp(index === 0 ? model.author(actor, opId) : model.author(actor), id, step, reason),
        );
      });
    },
    async reprocess(id, languages) {
      const invoice = await model.invoice(id);
      requireOpen(invoice);
      const job = base.newId();
      const asked = languages === undefined ? {} : { languages: [...languages] };
      const data = { document: invoice.document.sha256, invoice: id, ...asked };
      const result = await base.commit({ jobs: [{ id: job, name: 'read', data, root: id, priority: 0 }] });
      if (result.kind === 'ok') return job;
      const waiting = (await queue.list()).find((one) => one.root === id && one.state === 'waiting');
      return waiting?.id ?? job;
    },
    async cancelReading(id) {
      // The thread ends while the queue is told: what is asked of the queue later finds the job cancelled.
      const cancelling = queue.cancel(id);
      abort(id);
      const cancelled = await cancelling;
      const invoice = await model.invoice(id);
      base.board.cancelled(cancelled);
      if (cancelled.length === 0) return false;
      // A first reading that was cancelled leaves its reason: the invoice would wait for ever otherwise. An earlier reading stays as it is.
      if (invoice.reading === null) {
        const opId = base.newId();
        const recorded = {
          document: invoice.document.sha256,
          engineVersion: 'none',
          pages: 0,
          unreadable: { reason: 'cancelled', detail: '' },
        };
        await change(id, [opId], () => [readingRecordedOp(model.author(actor, opId), id, recorded)]);
      }
      return true;
    },
  };
}

/** What was exported already is not opened again; a conflict that came in behind it is settled all the same, by whoever names all of its heads. */
const settleOnly = (invoice: Invoice, corrections: readonly Correction[]): boolean =>
  invoice.state === 'exported' &&
  corrections.every(({ entity, field, parents }) => {
    const heads = cellIn(invoice, { entity, field })?.conflict;
    return heads !== undefined && heads.every(({ op }) => parents.includes(op));
  });

const requireLine = (invoice: Invoice, line: string) => {
  const found = invoice.lines.find((candidate) => candidate.id === line);
  if (found === undefined) throw new AppError('not_found', 'The invoice has no such line.', { line });
  return found;
};

function correctionOp(model: Model, actor: string, loaded: Loaded, invoice: Invoice, correction: Correction): OpDraft {
  const { entity, field, opId, parents, source, evidence, reason } = correction;
  const info = fieldInfo(entity.type, field);
  if (info === undefined)
    throw new AppError('invalid_value', `There is no field "${field}" on ${entity.type}.`, { field });
  const exists = {
    invoice: entity.id === invoice.id,
    line: invoice.lines.some((line) => line.id === entity.id),
    taxRow: invoice.taxRows.some((row) => row.id === entity.id),
  }[entity.type];
  // A row that another person deleted meanwhile takes the edit all the same: "edited / deleted" is for a person to settle, not for us to refuse.
  const wasThere = loaded.ops.some((op) => op.body.entity.id === entity.id);
  if (!exists && !wasThere)
    throw new AppError('not_found', `The invoice has no such ${entity.type}.`, { entity: entity.id });
  const canonical = canonicalEdit(field, info, correction.value);
  if (canonical.kind === 'invalid')
    throw new AppError('invalid_value', `The value of ${field} must be ${canonical.expected}.`, { field });
  const unknown = parents.filter((parent) => !loaded.ops.some((op) => op.body.op_id === parent));
  if (unknown.length > 0)
    throw new AppError('bad_request', `The correction of ${field} names operations that are not of this invoice.`, {
      unknown,
    });
  return fieldSetOp(model.author(actor, opId), invoice.id, {
    entity,
    field,
    value: canonical.value,
    parents,
    source,
    ...(evidence === undefined ? {} : { evidence: { doc: invoice.document.sha256, ...evidence } }),
    reason,
  });
}
