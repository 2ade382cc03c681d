/** Where a site's server keeps everything: Postgres for several processes and sites, or SQLite for one process with one site. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openFolders } from '../folders.ts';
import type { AccessStore } from '../access/store/access-store.ts';
import type { ClaimedJob, Queue } from '../queue/queue.ts';
import type { DeskStore } from '../store/desk-store.ts';
import type { HubStore } from '../store/hub-store.ts';
import type { Store } from '../store/store.ts';
import type { WebhookStore } from '../store/webhook-store.ts';
import type { SiteConfig } from './config.ts';

export interface OpenSite {
  readonly store: Store;
  readonly queue: Queue;
  readonly webhooks: WebhookStore;
  readonly desks: DeskStore;
  /** Of a site on Postgres. */
  readonly hub?: HubStore;
}

export interface SiteStores {
  readonly access: AccessStore;
  site(name: string): Promise<OpenSite>;
  /** Jobs of every site. */
  readonly queue: Queue;
  readonly siteOf: (job: ClaimedJob) => string;
  /** Hears when this process added to the log of a site, and where it ends now. */
  onAppended(listen: (site: string, seq: number) => void): () => void;
  /** Rejects where nothing can be read: for readiness. */
  ping(): Promise<void>;
  /** Connections; undefined where there are none. */
  pool(): { readonly total: number; readonly idle: number; readonly waiting: number } | undefined;
  /** Removes what is kept for a while only. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export interface StoresParts {
  readonly now: () => number;
  /** Seconds of each read and write. */
  readonly observe: (seconds: number) => void;
}

/** Drivers are loaded by whoever needs them alone. */
export const openStores = (config: SiteConfig, parts: StoresParts): Promise<SiteStores> =>
  config.databaseUrl === undefined ? embedded(config, parts) : postgres(config, config.databaseUrl, parts);

async function postgres(config: SiteConfig, url: string, parts: StoresParts): Promise<SiteStores> {
  const [{ createPostgresDatabase }, { openPostgresAccessStore }] = await Promise.all([
    import('../store/postgres/create.ts'),
    import('../access/store/postgres.ts'),
  ]);
  const { now, observe } = parts;
  // AP_DATABASE_POOL is what the process opens, and a sign-in must not wait for the work.
  const forAccess = Math.max(2, Math.floor(config.databasePool / 2));
  const listeners = new Set<(site: string, seq: number) => void>();
  const database = await createPostgresDatabase({
    url,
    onAppended(site, seq) {
      for (const listen of listeners) listen(site, seq);
    },
    poolSize: config.databasePool - forAccess,
    now,
    random: randomBytes,
    serves: config.access.sites,
    observe: ({ ms }) => observe(ms / 1000),
  });
  try {
    for (const site of config.access.sites) await database.createSite(site);
  } catch (error) {
    await database.close();
    throw error;
  }
  const access = openPostgresAccessStore(url, forAccess);
  return {
    access,
    site: (name) => database.site(name),
    queue: database.queue,
    siteOf(job) {
      if ('site' in job && typeof job.site === 'string') return job.site;
      throw new Error('the job does not say whose it is');
    },
    onAppended(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    ping: () => database.ping(),
    pool() {
      const [one, two] = [database.pool(), access.pool()];
      return { total: one.total + two.total, idle: one.idle + two.idle, waiting: one.waiting + two.waiting };
    },
    tidy: async () => void (await database.tidy()),
    close: () => database.close(),
  };
}

/** Accounts of a site on SQLite; also for a command, while the site does not run. */
export async function openEmbeddedAccess(data: string): Promise<AccessStore> {
  const { createSqliteAccessStore } = await import('../access/store/sqlite.ts');
  const root = join(data, 'site');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  return createSqliteAccessStore(join(root, 'access.db'));
}

async function embedded({ data = '', access }: SiteConfig, { now }: StoresParts): Promise<SiteStores> {
  const [{ createSqliteStore }, { createMemoryDesks }] = await Promise.all([
    import('../store/sqlite/create.ts'),
    import('../store/memory-desks.ts'),
  ]);
  const [site = ''] = access.sites;
  const path = openFolders(join(data, 'site')).database;
  const { store, queue, webhooks } = await createSqliteStore({ path, now, random: randomBytes });
  const desks = createMemoryDesks({ now, statusOf: async (id) => (await store.invoice(id))?.status });
  const accounts = await openEmbeddedAccess(data);
  return {
    access: accounts,
    site: async (name) => {
      if (name !== site) throw new Error(`there is no site ${name}`);
      return { store, queue, webhooks, desks };
    },
    queue,
    siteOf: () => site,
    onAppended: () => () => undefined,
    ping: async () => void (await store.counters(new Date(now()).toISOString())),
    pool: () => undefined,
    tidy: async () => undefined,
    close: () => store.close(),
  };
}
