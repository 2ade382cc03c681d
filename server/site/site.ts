/**
 * A site's server: the parts of one process, by the services it has. `api`: HTTP, sign-in and the user interface; `sync`: the stations' sync; `worker`: the
 * queue `general`; `validation`: the queue `validation`. Every part is an adapter that has tests of its own; here they are put together.
 */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { DestinationStream } from 'pino';
import { namesOf } from '../../core/contract/jobs.ts';
import { createSiteAccess, type SiteAccess } from '../access/site-access.ts';
import { correlated, correlationOf } from '../correlation.ts';
import type { Handlers, JobHandler } from '../jobs/handling.ts';
import { createRunner, type Lane, type Runner, SITE_LEASE } from '../jobs/runner.ts';
import { createSiteBoard } from '../jobs/site-board.ts';
import { createLazyPool } from '../lazy-pool.ts';
import { createLog, type Log } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { createPool } from '../pool.ts';
import { readingThreads } from '../pool-size.ts';
import { createQueueMetrics } from '../queue/queue-metrics.ts';
import type { ClaimedJob } from '../queue/queue.ts';
import type { RedisDelivery } from '../queue/redis.ts';
import { sourceWorker } from '../station.ts';
import { VERSION } from '../version.ts';
import { createWebhooks, type Webhooks, WEBHOOKS_AT_ONCE } from '../webhooks/webhooks.ts';
import { makeId } from '../workspace.ts';
import type { Service, SiteConfig } from './config.ts';
import { createDesks, type Desks } from './desks.ts';
import { openDocuments, type SiteDocuments } from './documents.ts';
import { installSiteMetrics } from './site-metrics.ts';
import { silentBus } from './silent-bus.ts';
import { openStores, type SiteStores } from './stores.ts';
import { everyNowAndThen } from './upkeep.ts';

/** Jobs at a time, of one process: they wait for pages and for S3 more than they work. */
const AT_ONCE = { general: 4, validation: 2 } as const;
const QUEUE_OF: Readonly<Partial<Record<Service, keyof typeof AT_ONCE>>> = {
  worker: 'general',
  validation: 'validation',
};

export interface SiteOptions {
  readonly logTo: DestinationStream;
  readonly now?: () => number;
}

export interface Site {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly access: SiteAccess;
  readonly desks: Desks;
  readonly webhooks: Webhooks;
  readonly stores: SiteStores;
  /** Undefined where there is no Redis. */
  readonly delivery: RedisDelivery | undefined;
  /** Rejects where a request could not be answered. */
  ready(): Promise<void>;
  start(): void;
  close(): Promise<void>;
}

export async function openSite(config: SiteConfig, { logTo, now = Date.now }: SiteOptions): Promise<Site> {
  const log = createLog(logTo, config.logLevel);
  const threads =
    config.threads ?? readingThreads({ cores: availableParallelism(), available: process.availableMemory() });
  const workerFile = config.workerFile ?? sourceWorker();
  const metrics = createMetrics(() => stores.queue.counts());
  const stores = await openStores(config, {
    now,
    observe: (seconds) => metrics.query.observe(seconds),
    onNotice: () => undefined,
  });
  const closing: (() => Promise<void> | void)[] = [() => stores.close(), () => metrics.close()];
  try {
    const documents = await openDocuments(config, metrics, randomBytes(6).toString('hex'));
    closing.push(() => documents.close());
    const delivery = await openDelivery(config, { stores, metrics, log, now });
    if (delivery !== undefined) closing.push(() => delivery.close());
    const pool = createLazyPool(threads, () => createPool({ workerFile, threads }));
    closing.push(() => pool.close());
    const access = await createSiteAccess({
      store: stores.access,
      log,
      now,
      newId: makeId(now),
      rate: { perSecond: config.siteRate, burst: 2 * config.siteRate },
      ...config.access,
    });
    closing.push(() => access.close());
    const webhooks = createWebhooks({
      sites: config.access.sites,
      storesOf: (site) => stores.site(site),
      secrets: access.parts.secrets,
      origin: config.access.origin,
      privateHosts: config.webhookPrivateHosts,
      tell: (site, event) => access.tell(site, event),
      log,
      now,
      newId: makeId(now),
      registry: metrics.registry,
    });
    closing.push(() => webhooks.stop());
    const desks = createDesks({
      log,
      metrics,
      pool,
      now,
      sites: config.access.sites,
      storeOf: async (site) => ({ ...(await stores.site(site)), store: await webhooks.storeOf(site) }),
      blobsOf: (site) => documents.of(site),
      bus: delivery?.bus ?? silentBus,
      cache: config.cache,
      abort: (root) => runner?.abort(root),
    });
    closing.push(() => desks.close());
    const runner = openRunner(config, { stores, desks, webhooks, delivery, log, metrics, now });
    if (runner !== undefined) closing.push(() => runner.stop());
    installSiteMetrics({
      registry: metrics.registry,
      sites: config.access.sites,
      pool: () => stores.pool(),
      countersOf: async (site) => (await desks.of(site).workspace()).context.counters(),
      streamsOf: (site) => desks.of(site).hub.streams,
    });
    closing.push(everyNowAndThen({ stores, documents, sites: config.access.sites, log }));
    return {
      log,
      metrics,
      access,
      desks,
      webhooks,
      stores,
      delivery,
      ready: () => ready(stores, documents),
      start() {
        access.start();
        delivery?.start();
        runner?.start();
        if (config.services.has('worker')) webhooks.start();
        // A process that only works off the queue has nobody to draw pages for.
        if (runner !== undefined && config.services.has('api')) pool.warm();
        else if (runner !== undefined) pool.open();
        log.info('site started', { version: VERSION, threads, reason: [...config.services].join(',') });
      },
      close: () => closeAll(closing),
    };
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

/** The last that was opened first. What fails to close must not keep the rest open. */
async function closeAll(closing: (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing.splice(0).toReversed()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function ready(stores: SiteStores, documents: SiteDocuments): Promise<void> {
  await Promise.all([stores.ping(), documents.ping()]);
}

interface Built {
  readonly stores: SiteStores;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
}

async function openDelivery({ redis }: SiteConfig, built: Built): Promise<RedisDelivery | undefined> {
  const { stores, metrics, log, now } = built;
  const { registry } = metrics;
  if (redis === undefined) {
    createQueueMetrics({ registry, queue: stores.queue, now });
    return undefined;
  }
  const { createRedisDelivery } = await import('../queue/redis.ts');
  const delivery = createRedisDelivery({
    ...redis,
    queue: stores.queue,
    log,
    now,
    onHandedOut: (name, due) => seen.handedOut(name, due),
  });
  const seen = createQueueMetrics({ registry, queue: stores.queue, now, available: delivery.available });
  return delivery;
}

interface RunnerParts extends Built {
  readonly desks: Desks;
  readonly webhooks: Webhooks;
  readonly delivery: RedisDelivery | undefined;
}

const named = (job: ClaimedJob) => {
  const reqId = correlationOf(job);
  return { job: job.id, jobName: job.name, invoice: job.root, ...(reqId === undefined ? {} : { reqId }) };
};

/** Each job goes to the workspace of its site, and goes on under the name of the request that caused it. */
function openRunner({ services }: SiteConfig, parts: RunnerParts): Runner | undefined {
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
  const lanes = [...services].flatMap((service): Lane[] => {
    const name = QUEUE_OF[service];
    return name === undefined ? [] : [{ queue: name, handlers: handlersOf(name), concurrency: AT_ONCE[name] }];
  });
  if (services.has('worker'))
    lanes.push({ queue: 'outbound', handlers: { webhook: webhooks.handler(siteOf) }, concurrency: WEBHOOKS_AT_ONCE });
  if (lanes.length === 0) return undefined;
  const board = createSiteBoard((site) => desks.of(site).board, siteOf);
  const base = { queue, board, log, metrics, now, ...SITE_LEASE };
  return createRunner(delivery === undefined ? base : { ...base, delivery }, lanes);
}
