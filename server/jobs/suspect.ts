/**
 * Writes into the log that an invoice is of the same file, or of the same vendor, number, date and total, as another one: what rules find is found anew on every
 * device, but which two a person is asked about is everybody's. It is written where decisions are made, so that it stands there once.
 */
import { jobs as contracts } from '../../core/contract/jobs.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { duplicateEntity } from '../../core/invoice/duplicate-links.ts';
import { likenessOf } from '../../core/invoice/duplicate-pair.ts';
import { unlinkedSuspects } from '../../core/invoice/summary.ts';
import { duplicateSuspectedOp } from '../../core/sync/drafts.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import type { Base } from '../context.ts';
import type { Judge } from '../judge.ts';
import type { Model } from '../model.ts';
import type { JobHandler } from './handling.ts';

interface Parts {
  readonly base: Base;
  readonly model: Model;
  readonly judge: Judge;
  readonly decidesHere: () => boolean;
}

const MAX_TRIES = 50;
const ACTOR = 'service:validate';

export const createSuspectJob =
  ({ base, model, judge, decidesHere }: Parts): JobHandler =>
  async ({ job }) => {
    const { invoice: id } = contracts.suspect.parse(job.data);
    const finishes = { job: job.id, lease: job.lease };
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const loaded = await model.load(id);
      const at = base.instant();
      const before = await judge(model.view(loaded, [], at));
      const drafts = decidesHere() ? await suspicions(base, model, before) : [];
      const projection = drafts.length === 0 ? [] : [model.projection(await judge(model.view(loaded, drafts, at)))];
      const result = await base.commit({
        at,
        ops: drafts,
        projections: projection.map((one) => ({ expect: loaded.ops.length, projection: one })),
        finishes,
      });
      if (result.kind === 'ok') return 'done';
      if (result.what !== 'revision') return 'lost';
    }
    throw new Error('an invoice changed faster than it could be compared');
  };

async function suspicions(base: Base, model: Model, invoice: Invoice): Promise<OpDraft[]> {
  const others = await Promise.all(unlinkedSuspects(invoice).map((id) => base.store.invoice(id)));
  return others.flatMap((other) => {
    const why = other === undefined ? 'alike' : likenessOf(invoice, other);
    if (other === undefined || why === 'alike') return [];
    return [duplicateSuspectedOp(model.author(ACTOR), invoice.id, duplicateEntity(invoice.id, other.id), { why })];
  });
}
