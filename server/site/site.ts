/**
 * A site's server: the parts of one process, by the services it has. `api`: HTTP, sign-in and the user interface; `sync`: the stations' sync; `worker`: the
 * queues `general` and `outbound`; `validation`: the queue `validation`. Every part is an adapter that has tests of its own; here they are put together.
 */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import { createSiteAccess, type SiteAccess } from '../access/site-access.ts';
import { createLazyPool, type LazyPool } from '../lazy-pool.ts';
import { createLog, type Log } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { createPool } from '../pool.ts';
import { readingThreads } from '../pool-size.ts';
import type { Bus } from '../queue/bus.ts';
import type { RedisDelivery } from '../queue/redis.ts';
import { sourceWorker } from '../station.ts';
import { VERSION } from '../version.ts';
import { createLogTeller } from '../sync/hub/feed.ts';
import { createSyncHub, type SyncHub } from '../sync/hub/hub.ts';
import { createSnapshots, type Snapshots } from '../sync/hub/snapshots.ts';
import { createSiteTogether, type SiteTogether } from '../together/site-together.ts';
import { createWebhooks, type Webhooks } from '../webhooks/webhooks.ts';
import { makeId } from '../workspace.ts';
import type { Built } from './built.ts';
import { type Closing, createClosing } from './closing.ts';
import type { SiteConfig } from './config.ts';
import { openDelivery } from './delivery.ts';
import { createDesks, type Desks } from './desks.ts';
import { openDocuments, type SiteDocuments } from './documents.ts';
import { openRunner } from './runner.ts';
import { installSiteMetrics } from './site-metrics.ts';
import { silentBus } from './silent-bus.ts';
import { openStores, type SiteStores } from './stores.ts';
import { everyNowAndThen } from './upkeep.ts';

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
  readonly together: SiteTogether;
  /** Undefined without the service `sync`. */
  readonly sync: SyncHub | undefined;
  readonly stores: SiteStores;
  /** Undefined where there is no Redis. */
  readonly delivery: RedisDelivery | undefined;
  /** Rejects where a request could not be answered. */
  ready(): Promise<void>;
  start(): void;
  /** Takes no more jobs and lets the running ones end; what is asked for is still answered. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** Threads for reading, and for whoever looks at a page; none is started before somebody needs one. */
function openPool(config: SiteConfig): LazyPool {
  const threads =
    config.threads ?? readingThreads({ cores: availableParallelism(), available: process.availableMemory() });
  const workerFile = config.workerFile ?? sourceWorker();
  return createLazyPool(threads, () => createPool({ workerFile, threads }));
}

const openAccess = ({ access, siteRate }: SiteConfig, { stores, log, now }: Built): Promise<SiteAccess> =>
  createSiteAccess({
    store: stores.access,
    log,
    now,
    newId: makeId(now),
    rate: { perSecond: siteRate, burst: 2 * siteRate },
    ...access,
  });

const openWebhooks = (config: SiteConfig, { stores, metrics, log, now }: Built, access: SiteAccess): Webhooks =>
  createWebhooks({
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

interface SyncParts extends Built {
  readonly access: SiteAccess;
  readonly webhooks: Webhooks;
  readonly documents: SiteDocuments;
  readonly bus: Bus;
}

const openSync = ({ stores, metrics, log, now, access, webhooks, documents, bus }: SyncParts): SyncHub =>
  createSyncHub({
    access: access.parts,
    hubOf: async (site) => (await stores.site(site)).hub,
    blobsOf: (site) => documents.of(site),
    onAppended: (listen) => stores.onAppended(listen),
    webhooks,
    bus,
    registry: metrics.registry,
    log,
    now,
  });

const openTogether = (
  config: SiteConfig,
  { stores, log, now, access, bus, desks }: Omit<SyncParts, 'webhooks' | 'documents'> & { readonly desks: Desks },
): SiteTogether =>
  createSiteTogether({
    sites: config.access.sites,
    storesOf: (site) => stores.site(site),
    async deviceName(site, device) {
      const all = await stores.access.devices(site);
      return all.find(({ id }) => id === device)?.name ?? '';
    },
    tell: (site, event) => access.tell(site, event),
    screens(site) {
      const { hub } = desks.of(site);
      return { count: () => hub.streams, publish: (together) => hub.publish({ type: 'together', together }) };
    },
    bus,
    log,
    now,
  });

const openSnapshots = (
  config: SiteConfig,
  { stores, log, now }: Built,
  { access, documents }: Pick<SyncParts, 'access' | 'documents'>,
): Snapshots =>
  createSnapshots({
    sites: config.access.sites,
    storesOf: (site) => stores.site(site),
    blobsOf: (site) => documents.of(site),
    secrets: access.parts.secrets,
    folder: join(config.cache, 'snapshots'),
    log,
    now,
    newId: makeId(now),
    ...(config.snapshotFrom === undefined ? {} : { fewest: config.snapshotFrom }),
  });

export async function openSite(config: SiteConfig, { logTo, now = Date.now }: SiteOptions): Promise<Site> {
  const log = createLog(logTo, config.logLevel);
  const { keep, closeAll } = createClosing();
  const metrics = keep(
    createMetrics(() => stores.queue.counts()),
    (one) => one.close(),
  );
  const observe = (seconds: number): void => metrics.query.observe(seconds);
  const stores = keep(await openStores(config, { now, observe }), (one) => one.close());
  const built: Built = { stores, metrics, log, now };
  try {
    return await openParts(config, built, { keep, closeAll });
  } catch (error) {
    await closeAll().catch(() => undefined); // the failure at hand says why
    throw error;
  }
}

async function openParts(config: SiteConfig, built: Built, { keep, closeAll }: Closing): Promise<Site> {
  const { stores, metrics, log, now } = built;
  const { sites } = config.access;
  const documents = keep(await openDocuments(config, metrics, randomBytes(6).toString('hex')), (one) => one.close());
  const delivery = keep(await openDelivery(config, built), (one) => one?.close());
  const pool = keep(openPool(config), (one) => one.close());
  const access = keep(await openAccess(config, built), (one) => one.close());
  const webhooks = keep(openWebhooks(config, built, access), (one) => one.stop());
  const bus = delivery?.bus ?? silentBus;
  const teller = keep(createLogTeller(bus), (one) => one.close());
  keep(stores.onAppended(teller.added), (leave) => leave());
  const desks = keep(
    createDesks({
      log,
      metrics,
      pool,
      now,
      sites,
      storeOf: async (site) => ({ ...(await stores.site(site)), store: await webhooks.storeOf(site) }),
      blobsOf: (site) => documents.of(site),
      bus,
      cache: config.cache,
      abort: (root) => runner?.abort(root),
    }),
    (one) => one.close(),
  );
  const together = keep(openTogether(config, { ...built, access, bus, desks }), (one) => one.close());
  const sync = config.services.has('sync')
    ? keep(openSync({ ...built, access, webhooks, documents, bus }), (one) => one.close())
    : undefined;
  const snapshots = keep(openSnapshots(config, built, { access, documents }), (one) => one.stop());
  const runner = keep(openRunner(config, { ...built, desks, webhooks, snapshots, delivery }), () => rest());
  let rested: Promise<void> | undefined;
  const rest = async (): Promise<void> => (rested ??= runner?.stop());
  installSiteMetrics({ stores, sites, desks, registry: metrics.registry });
  const storeOf = async (site: string) => (await stores.site(site)).store;
  keep(everyNowAndThen({ stores, documents, storeOf, sites, cache: config.cache, log, now }), (end) => end());
  return {
    log,
    metrics,
    access,
    desks,
    webhooks,
    together,
    sync,
    stores,
    delivery,
    ready: async () => void (await Promise.all([stores.ping(), documents.ping()])),
    start() {
      access.start();
      delivery?.start();
      runner?.start();
      if (config.services.has('worker')) webhooks.start();
      if (config.services.has('worker')) snapshots.start();
      // A process that only works off the queue has nobody to draw pages for.
      if (runner !== undefined && config.services.has('api')) pool.warm();
      else if (runner !== undefined) pool.open();
      log.info('site started', { version: VERSION, count: config.services.size });
    },
    rest,
    close: closeAll,
  };
}
