/** The work of this process, by its services. Each job goes to the workspace of its site, and goes on under the name of the request that caused it. */
import { namesOf } from '../../core/contract/jobs.ts';
import { correlated, correlationOf } from '../correlation.ts';
import type { Handlers, JobHandler } from '../jobs/handling.ts';
import { createRunner, type Lane, type Runner, SITE_LEASE } from '../jobs/runner.ts';
import { createSiteBoard } from '../jobs/site-board.ts';
import type { ClaimedJob } from '../queue/queue.ts';
import type { RedisDelivery } from '../queue/redis.ts';
import type { Snapshots } from '../sync/hub/snapshots.ts';
import { type Webhooks, WEBHOOKS_AT_ONCE } from '../webhooks/webhooks.ts';
import type { Built } from './built.ts';
import type { Service, SiteConfig } from './config.ts';
import type { Desks } from './desks.ts';

/** Jobs at a time, of one process: they wait for pages and for S3 more than they work. */
const AT_ONCE = { general: 4, validation: 2 } as const;
const QUEUE_OF: Readonly<Partial<Record<Service, keyof typeof AT_ONCE>>> = {
  worker: 'general',
  validation: 'validation',
};

export interface RunnerParts extends Built {
  readonly desks: Desks;
  readonly webhooks: Webhooks;
  readonly snapshots: Pick<Snapshots, 'handler'>;
  readonly delivery: RedisDelivery | undefined;
}

const named = (job: ClaimedJob) => {
  const reqId = correlationOf(job);
  return { job: job.id, jobName: job.name, invoice: job.root, ...(reqId === undefined ? {} : { reqId }) };
};

/** Undefined where the process has no service that works off a queue. */
export function openRunner({ services }: SiteConfig, parts: RunnerParts): Runner | undefined {
  const { stores, desks, webhooks, delivery, log, metrics, now } = parts;
  const { queue, siteOf } = stores;
  const handlersOf = (name: keyof typeof AT_ONCE): Handlers => {
    const forJob =
      (job: ReturnType<typeof namesOf>[number]): JobHandler =>
      async (work) => {
        const handler = (await desks.of(siteOf(work.job)).workspace())[name][job];
        if (handler === undefined) throw new Error(`no handler for job ${job}`);
        const started = performance.now();
        return correlated(correlationOf(work.job), async () => {
          const outcome = await handler(work);
          log.info('job', { ...named(work.job), ms: Math.round(performance.now() - started), reason: outcome });
          return outcome;
        });
      };
    return Object.fromEntries(namesOf(name).map((job) => [job, forJob(job)]));
  };
  const ofSites: Readonly<Partial<Record<keyof typeof AT_ONCE, Handlers>>> = {
    general: { snapshot: parts.snapshots.handler(siteOf) },
  };
  const lanes = [...services].flatMap((service): Lane[] => {
    const name = QUEUE_OF[service];
    if (name === undefined) return [];
    const handlers = { ...handlersOf(name), ...ofSites[name] };
    return [{ queue: name, handlers, concurrency: AT_ONCE[name] }];
  });
  if (services.has('worker'))
    lanes.push({
      queue: 'outbound',
      handlers: { webhook: webhooks.handler(siteOf) },
      concurrency: WEBHOOKS_AT_ONCE,
    });
  if (lanes.length === 0) return undefined;
  const board = createSiteBoard((site) => desks.find(site)?.board, siteOf);
  const base = { queue, board, log, metrics, now, ...SITE_LEASE };
  return createRunner(delivery === undefined ? base : { ...base, delivery }, lanes);
}
