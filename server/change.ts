/**
 * A person's change of an invoice, or of two at once: decided over what is there now, judged, and committed over the revisions that were read; where another change
 * came in between, it is read and decided again. A repeated request finds its operations in the log and answers with the invoice as it stands.
 */
import { AppError } from '../core/contract/errors.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import type { NewJob } from '../core/contract/jobs.ts';
import { isOpen } from '../core/invoice/transitions.ts';
import type { OpDraft } from '../core/sync/op.ts';
import type { Base } from './context.ts';
import { judgeAgain } from './duplicates.ts';
import type { Judge } from './judge.ts';
import type { Loaded, Model } from './model.ts';

const MAX_TRIES = 20;

type Drafts = readonly OpDraft[] | Promise<readonly OpDraft[]>;
/** `invoice` is the projection before the change. */
export type Decide = (loaded: Loaded, invoice: Invoice) => Drafts;
export type DecideBoth = (one: readonly [Loaded, Invoice], other: readonly [Loaded, Invoice]) => Drafts;

export type ChangeInvoice = (id: string, opIds: readonly string[], decide: Decide) => Promise<Invoice>;
/** Both or neither; the first of them as it then is. */
export type ChangeBoth = (
  ids: readonly [string, string],
  opIds: readonly string[],
  decide: DecideBoth,
) => Promise<Invoice>;

interface Parts {
  readonly base: Base;
  readonly model: Model;
  readonly judge: Judge;
}

type Seen = readonly [Loaded, Invoice];

export function createChange(parts: Parts): { readonly change: ChangeInvoice; readonly changeBoth: ChangeBoth } {
  return {
    change: (id, opIds, decide) => changeAll(parts, [id], opIds, ([seen]) => decide(...required(seen))),
    changeBoth: (ids, opIds, decide) =>
      changeAll(parts, ids, opIds, ([one, other]) => decide(required(one), required(other))),
  };
}

const required = (seen: Seen | undefined): Seen => {
  if (seen === undefined) throw new Error('an invoice is missing');
  return seen;
};

async function changeAll(
  { base, model, judge }: Parts,
  ids: readonly string[],
  opIds: readonly string[],
  decide: (seen: readonly Seen[]) => Drafts,
): Promise<Invoice> {
  const end = base.metrics.startStage('save');
  try {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const loaded = await Promise.all(ids.map((id) => model.load(id)));
      const known = new Set(loaded.flatMap(({ ops }) => ops.map((op) => op.body.op_id)));
      if (opIds.every((op) => known.has(op))) return await model.invoice(ids[0] ?? '');
      const at = base.instant();
      const seen = loaded.map((one): Seen => [one, model.view(one, [], at)]);
      const drafts = (await decide(seen)).filter((draft) => !known.has(draft.op_id));
      const judged = await Promise.all(loaded.map((one) => judge(model.view(one, drafts, at))));
      const result = await base.commit({
        at,
        ops: drafts,
        jobs: await jobsAfter(base, seen, judged, drafts),
        projections: judged.map((invoice, i) => ({
          expect: loaded[i]?.ops.length ?? 0,
          projection: model.projection(invoice),
        })),
      });
      if (result.kind === 'ok') return judged[0] ?? (await model.invoice(ids[0] ?? ''));
      // Ours were looked for above: an id that is taken all the same belongs to another invoice.
      if (result.what === 'op-exists' && (await isForeign(base, ids, opIds)))
        throw new AppError(
          'conflict',
          'An operation with this id exists on another invoice. Make a new id for each operation.',
        );
    }
    throw new AppError('unavailable', 'The invoice is being changed by others all the time. Try again.');
  } finally {
    end();
  }
}

/** One waiting job of a name and root is enough, whichever of the two causes it; what is written to was judged with it. */
async function jobsAfter(
  base: Base,
  seen: readonly Seen[],
  judged: readonly Invoice[],
  drafts: readonly OpDraft[],
): Promise<NewJob[]> {
  const written = new Set(drafts.map(({ root }) => root));
  const jobs = new Map<string, NewJob>();
  for (const [i, after] of judged.entries()) {
    const before = seen[i]?.[1] ?? after;
    for (const job of [...(await judgeAgain(base, before, after)), ...learnFrom(base, before, after)])
      if (job.name !== 'validate' || !written.has(job.root)) jobs.set(`${job.name} ${job.root}`, job);
  }
  return [...jobs.values()];
}

/** The ids are taken, and not by these invoices. */
async function isForeign(base: Base, ids: readonly string[], opIds: readonly string[]): Promise<boolean> {
  const stored = await Promise.all(ids.map((id) => base.store.opsOf(id)));
  const mine = new Set(stored.flat().map((op) => op.body.op_id));
  return !opIds.some((op) => mine.has(op));
}

/** What a person stands for is learned from. */
const learnFrom = (base: Base, before: Invoice, { id, state }: Invoice): NewJob[] =>
  isOpen(before.state) && (state === 'confirmed' || state === 'approved')
    ? [{ id: base.newId(), name: 'learn', data: { invoice: id }, root: id, priority: 5 }]
    : [];

export const requireOpen = (invoice: Invoice): void => {
  if (isOpen(invoice.state)) return;
  throw new AppError('not_allowed', `The invoice is ${invoice.state}. Reopen it before changing it.`, {
    state: invoice.state,
  });
};
