/**
 * Export batches. What goes out is decided in core/export/batch.ts; the batch, its file and the invoices' way approved -> staged -> exported stand in one
 * commit. A batch id is asked for by the caller and answered the same way for ever; a dry run changes nothing. Whoever has no word in it (a station whose invoices
 * a site has, too) makes no new batch.
 */
import type { z } from 'zod';
import { AppError } from '../../core/contract/errors.ts';
import type { api, ExportBatch } from '../../core/contract/http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { type BatchPlan, planBatch } from '../../core/export/batch.ts';
import { pendingOp } from '../../core/invoice/log.ts';
import { project } from '../../core/invoice/project.ts';
import { transitionOp } from '../../core/sync/drafts.ts';
import type { OpDraft, StoredOp } from '../../core/sync/op.ts';
import type { Base } from '../context.ts';
import type { Lane } from '../lane.ts';
import { type Model, sha256 } from '../model.ts';
import { dateIn } from '../zone.ts';
import { exportFile, type ExportInput, previewOf, ublProblems } from './files.ts';

export type ExportWish = z.output<(typeof api)['createExport']['body']>;
export type ExportReply = z.output<(typeof api)['createExport']['reply']>;

export interface ExportService {
  create(wish: ExportWish): Promise<ExportReply>;
}

type Plan = Extract<BatchPlan, { kind: 'new' }>;
interface Chosen {
  readonly number: number;
  readonly include: readonly Invoice[];
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
}

const MAX_TRIES = 5;

/**
 * `lane`: one for the workspace. One batch at a time: numbers are dense, and an invoice is in one batch only. `requireOwn` refuses where batches are not made here.
 */
export function createExportService(
  base: Base,
  model: Model,
  lane: Lane,
  requireOwn?: () => Promise<void>,
): ExportService {
  const { store, blobs } = base;

  const plan = async (wish: ExportWish): Promise<BatchPlan> => {
    const requested = wish.invoices;
    const ids = requested ?? (await store.invoiceIds({ status: ['approved', 'staged'] }));
    const found = await Promise.all([...new Set(ids)].map((id) => store.invoice(id)));
    const invoices = found.filter((invoice) => invoice !== undefined);
    const batches = await store.exportBatches();
    // A dry run makes nothing, so that nothing can have been made under its id.
    const others = wish.dryRun ? batches.filter((batch) => batch.id !== wish.batchId) : batches;
    return planBatch({ batchId: wish.batchId, requested, invoices, batches: others });
  };

  const input = async (wish: ExportWish, chosen: Chosen): Promise<ExportInput> => {
    const settings = await store.settings();
    const batch = { number: chosen.number, id: wish.batchId };
    const today = dateIn(settings.timeZone, base.now());
    return { format: wish.format, invoices: chosen.include, batch, settings, today };
  };

  const write = async (wish: ExportWish, chosen: Chosen): Promise<ExportReply | undefined> => {
    const { include, skipped } = chosen;
    if (include.length === 0) throw new AppError('not_allowed', 'There is no approved invoice to export.', { skipped });
    const createdAt = base.instant();
    const file = await exportFile(await input(wish, chosen));
    const kept = await blobs.put(file.bytes);
    const batch: ExportBatch = {
      id: wish.batchId,
      number: chosen.number,
      format: wish.format,
      createdAt,
      actor: base.actor,
      invoices: include.map((invoice) => invoice.id),
      fileName: file.name,
      sha256: kept.sha256,
      size: kept.size,
    };
    const moved = await Promise.all(
      include.map(async (invoice) => exported(base, model, invoice, await store.opsOf(invoice.id), batch)),
    );
    const result = await base.commit({
      at: createdAt,
      ops: moved.flatMap((one) => one.ops),
      projections: moved.map((one) => ({ expect: one.expect, projection: model.projection(one.invoice) })),
      exportBatch: batch,
    });
    return result.kind === 'ok' ? replyOf(batch, skipped) : undefined;
  };

  const make = async (wish: ExportWish): Promise<ExportReply> => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const planned = await plan(wish);
      if (planned.kind === 'repeat') {
        if (planned.batch.format === wish.format) return replyOf(planned.batch, []);
        throw new AppError('conflict', 'This batch id was used for another format. Use a new one.');
      }
      await requireOwn?.();
      const chosen = writable(wish, planned);
      if (wish.dryRun) {
        const preview = previewOf(await input(wish, chosen));
        return { batch: null, invoices: chosen.include.map(({ id }) => id), skipped: [...chosen.skipped], preview };
      }
      const reply = await write(wish, chosen);
      if (reply !== undefined) return reply;
    }
    throw new AppError('unavailable', 'The invoices are being changed all the time. Try again.');
  };

  return {
    create: (wish) =>
      lane(async () => {
        const end = base.metrics.startStage('export');
        try {
          return await make(wish);
        } finally {
          end();
        }
      }),
  };
}

const replyOf = (batch: ExportBatch, skipped: Chosen['skipped']): ExportReply => ({
  batch,
  invoices: batch.invoices,
  skipped: [...skipped],
  preview: null,
});

/** UBL has rules of its own (EN 16931): an invoice that breaks them is left out with the first of them named. */
function writable(wish: ExportWish, { number, include, skipped }: Plan): Chosen {
  if (wish.format !== 'ubl') return { number, include, skipped };
  const judged = include.map((invoice) => ({ invoice, problem: ublProblems(invoice)[0] }));
  return {
    number,
    include: judged.flatMap(({ invoice, problem }) => (problem === undefined ? [invoice] : [])),
    skipped: [
      ...skipped,
      ...judged.flatMap(({ invoice, problem }) =>
        problem === undefined ? [] : [{ id: invoice.id, reason: `not-ubl: ${problem}` }],
      ),
    ],
  };
}

/** What the two steps change of an invoice; fields and verdict stay as they were exported. */
function exported(base: Base, model: Model, invoice: Invoice, stored: readonly StoredOp[], batch: ExportBatch) {
  const step = (from: string, to: string): OpDraft =>
    transitionOp(model.author(base.actor), invoice.id, { from, to, digest: invoice.digest }, `batch ${batch.number}`);
  const last = step('staged', 'exported');
  const ops = invoice.state === 'staged' ? [last] : [step('approved', 'staged'), last];
  const all = [...stored, ...ops.map((op) => pendingOp(op, batch.createdAt))];
  const moved = project({ id: invoice.id, ops: all, readings: new Map(), document: invoice.document }, sha256);
  const { revision, state, status, updatedAt, digest } = moved;
  // The revision that was chosen and written to the file: a change since then makes the commit refuse.
  return { ops, expect: invoice.revision, invoice: { ...invoice, revision, state, status, updatedAt, digest } };
}
