/** Judges an invoice again: the rules or what they compare with have changed. */
import { jobs as contracts } from '../../core/contract/jobs.ts';
import type { Base } from '../context.ts';
import { suspectJobs } from '../duplicates.ts';
import type { Judge } from '../judge.ts';
import type { Model } from '../model.ts';
import type { JobHandler } from './handling.ts';

const MAX_TRIES = 50;

export const createValidateJob =
  (base: Base, model: Model, judge: Judge): JobHandler =>
  async ({ job }) => {
    const { invoice } = contracts.validate.parse(job.data);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const loaded = await model.load(invoice);
      const judged = await judge(model.view(loaded, [], base.instant()));
      const result = await base.commit({
        projections: [{ expect: loaded.ops.length, projection: model.projection(judged) }],
        jobs: suspectJobs(base, judged),
        finishes: { job: job.id, lease: job.lease },
      });
      if (result.kind === 'ok') return 'done';
      if (result.what !== 'revision') return 'lost';
    }
    throw new Error('an invoice changed faster than it could be judged');
  };
