/** Notes what a confirmed invoice teaches about its vendor: after the confirmation, so that nobody waits for it. */
import { jobs as contracts } from '../../core/contract/jobs.ts';
import type { Base } from '../context.ts';
import type { VendorMemory } from '../memory.ts';
import type { Model } from '../model.ts';
import type { JobHandler } from './handling.ts';

interface Parts {
  readonly base: Base;
  readonly model: Model;
  readonly memory: Pick<VendorMemory, 'taught' | 'learned'>;
}

const STOOD_FOR: ReadonlySet<string> = new Set(['confirmed', 'approved', 'staged', 'exported']);

export const createLearnJob =
  ({ base, model, memory }: Parts): JobHandler =>
  async ({ job }) => {
    const { invoice: id } = contracts.learn.parse(job.data);
    const invoice = await model.invoice(id);
    // Opened again meanwhile: what it says is no longer stood for; its next confirmation teaches.
    const taught = STOOD_FOR.has(invoice.state) ? await memory.taught(invoice, base.actor) : { ops: [], jobs: [] };
    const { ops, jobs } = taught;
    const result = await base.commit({ ops, jobs, finishes: { job: job.id, lease: job.lease } });
    if (result.kind !== 'ok') return 'lost';
    const missed = await memory.learned(taught, id);
    if (missed.length > 0) await base.commit({ jobs: missed });
    return 'done';
  };
