/** Erasing an invoice: what it takes away, who asks, who confirms. What an accepted erasure does to the tables is the store's; to the bytes beside them, jobs/erase.ts's. */
import type { z } from 'zod';
import { AppError } from '../../core/contract/errors.ts';
import type { Erasure, erasureApi, ErasurePlan } from '../../core/contract/erasure-http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { erasuresOf } from '../../core/erasure/erasures.ts';
import { eraseAskedOp, eraseConfirmedOp, eraseWithdrawnOp } from '../../core/sync/drafts.ts';
import { isSamePerson, STRONG_GROUNDS } from '../../core/sync/erase.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import type { Change } from '../store/store.ts';
import type { Base } from '../context.ts';
import { eraseJob } from '../jobs/erase-job.ts';
import type { Model } from '../model.ts';
import { type Found, planOf, refusalText, type ScopeParts, scopeOf } from './scope.ts';

type Asking = z.output<(typeof erasureApi)['askErasure']['body']>;

export interface ErasureService {
  plan(invoice: string): Promise<ErasurePlan>;
  ask(invoice: string, wish: Asking): Promise<Erasure>;
  list(): Promise<Erasure[]>;
  confirm(id: string, by: string | undefined): Promise<Erasure>;
  withdraw(id: string): Promise<Erasure>;
}

export interface ErasureParts extends Omit<ScopeParts, 'base' | 'model'> {
  readonly base: Base;
  readonly model: Model;
  /** Ends what works for an invoice. */
  readonly abort: (root: string) => void;
}

const none = (): AppError => new AppError('not_found', 'Nobody asked for such an erasure.');

function requireErasable(found: Found, forced: boolean, asked: boolean): void {
  const [why] = found.refusals.filter(
    (refusal) => !(refusal === 'retained' && forced) && !(refusal === 'asked' && asked),
  );
  if (why === undefined) return;
  throw new AppError('not_allowed', refusalText(why), {
    reason: why,
    ...(found.retainedUntil === null ? {} : { until: found.retainedUntil }),
  });
}

export function createErasureService(parts: ErasureParts): ErasureService {
  const { base, model, byName, abort } = parts;
  const { store, actor } = base;

  const list = async (): Promise<Erasure[]> => erasuresOf(await store.erasures());
  async function one(id: string): Promise<Erasure> {
    const found = (await list()).find((erasure) => erasure.id === id);
    if (found === undefined) throw none();
    return found;
  }
  const openOf = async (invoice: string): Promise<Erasure | undefined> =>
    (await list()).find(({ state, invoices }) => state === 'asked' && invoices.includes(invoice));

  function requireName(by: string | undefined): void {
    if (byName && by === undefined)
      throw new AppError('invalid_value', 'Nobody signs in at this station: say who you are.', { reason: 'name' });
  }
  /** At a site an account is who somebody is. */
  const nameOf = (by: string | undefined): string | undefined => (byName ? by : undefined);

  async function commit(ops: readonly OpDraft[], more: Pick<Partial<Change>, 'jobs' | 'expects'> = {}): Promise<void> {
    const result = await base.commit({ ops, ...more });
    if (result.kind === 'conflict' && result.what !== 'op-exists')
      throw new AppError('unavailable', 'This is being changed by others. Try again.');
  }
  /** Nothing that is at work now brings anything back. */
  async function stopWork(invoices: readonly string[]): Promise<void> {
    for (const invoice of invoices) {
      const cancelling = base.queue.cancel(invoice);
      abort(invoice);
      base.board.cancelled(await cancelling);
    }
  }
  const load = (id: string): Promise<Invoice> => model.invoice(id);

  return {
    list,
    async plan(id) {
      const [found, asked] = [await scopeOf(parts, await load(id)), await openOf(id)];
      return planOf(found, asked, byName);
    },
    async ask(id, { erasure, ground, reason, forced, by }) {
      const known = (await list()).find((other) => other.id === erasure);
      if (known !== undefined) return known;
      requireName(by);
      const found = await scopeOf(parts, await load(id));
      if ((await openOf(id)) !== undefined)
        throw new AppError('not_allowed', refusalText('asked'), { reason: 'asked' });
      if (forced && !STRONG_GROUNDS.includes(ground))
        throw new AppError('not_allowed', 'This ground does not stand above the duty to keep books.', {
          reason: 'ground',
        });
      requireErasable(found, forced, false);
      const { invoices, documents } = found;
      const value = { invoices, documents, ground, forced, by: nameOf(by) };
      await commit([eraseAskedOp(model.author(actor), erasure, value, reason)]);
      return one(erasure);
    },
    async confirm(id, by) {
      requireName(by);
      const erasure = await one(id);
      if (erasure.state === 'confirmed') return erasure;
      if (erasure.state === 'withdrawn')
        throw new AppError('not_allowed', 'It was withdrawn. Ask for it again.', { reason: 'withdrawn' });
      if (isSamePerson({ actor, by: nameOf(by) }, { actor: erasure.asked.actor, by: erasure.asked.by ?? undefined }))
        throw new AppError('not_allowed', 'Another person than the one who asked has to confirm it.', {
          reason: 'own-account',
        });
      const [first = ''] = erasure.invoices;
      const invoice = await load(first);
      const found = await scopeOf(parts, invoice);
      requireErasable(found, erasure.forced, true);
      await stopWork(found.invoices);
      const { ground, forced } = erasure;
      const { invoices, documents } = found;
      const author = model.author(actor);
      const value = { invoices, documents, ground, forced, asked: await askedOp(base, id), by: nameOf(by) };
      await commit([eraseConfirmedOp(author, id, value, erasure.reason)], {
        jobs: [eraseJob(base.newId(), author.opId)],
        // What it was looked at for above holds: nobody has staged or exported it since.
        expects: { ops: { root: first, count: invoice.revision } },
      });
      base.log.info('erased', { count: invoices.length + documents.length, reason: ground });
      return one(id);
    },
    async withdraw(id) {
      const erasure = await one(id);
      if (erasure.state === 'withdrawn') return erasure;
      if (erasure.state === 'confirmed')
        throw new AppError('not_allowed', 'It was confirmed: what was erased is gone.', { reason: 'confirmed' });
      await commit([eraseWithdrawnOp(model.author(actor), id)]);
      return one(id);
    },
  };
}

async function askedOp({ store }: Base, id: string): Promise<string> {
  const asked = (await store.opsOf(id)).find(
    ({ body, verdict }) => body.kind === 'erase.asked' && verdict === 'accepted',
  );
  if (asked === undefined) throw none();
  return asked.body.op_id;
}
