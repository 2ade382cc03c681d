/** The site's database: one pool of connections, a store and a queue for each site in it, and one queue over all of them for the workers. */
import { eq, sql } from 'drizzle-orm';
import { AppError } from '../../../core/contract/errors.ts';
import { uuid4, uuid7 } from '../../../core/sync/ids.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';
import { NO_SITE_HASH } from '../../../core/sync/site-chain.ts';
import { createPostgresQueue } from '../../queue/postgres.ts';
import type { Queue } from '../../queue/queue.ts';
import { createPrinter, type Printer } from '../packed-invoice.ts';
import { projectionWire } from '../projection-wire.ts';
import type { DeskStore } from '../desk-store.ts';
import type { HubStore } from '../hub-store.ts';
import type { Store } from '../store.ts';
import type { WebhookStore } from '../webhook-store.ts';
import { auditSite } from './audit.ts';
import { type Carried, createCarried } from './carried.ts';
import { createCommit } from './commit.ts';
import { conflictTotals, readConflicts } from './conflicts.ts';
import { type Connections, createConnections, EVERY_SITE, type Observed, type Orm, SITE_NAME } from './connection.ts';
import { createErasures } from './erasures.ts';
import { STATEMENT_TIMEOUT_MS } from './errors.ts';
import { createPostgresDesks } from './desks.ts';
import { createJobStatements, createLeaseClock, type JobStatements } from './job-statements.ts';
import { learntVendors, lessonsByKeys, lessonsFrom, lessonsOf } from './lessons.ts';
import { countInvoices, listInvoices } from './list.ts';
import { refuseNewer } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import {
  createInvoiceIds,
  createInvoiceReads,
  readDocument,
  readDuplicates,
  readExportBatches,
  readIdempotent,
  readOpenOfVendor,
  readOps,
  readSettings,
} from './reads.ts';
import { rebuildHeads } from './rebuild.ts';
import { siteHead } from './schema.ts';
import { createAhead } from './sync-ahead.ts';
import { createHubStore } from './sync-store.ts';
import { tidy } from './tidy.ts';
import { createPostgresWebhooks } from './webhooks.ts';

export interface PostgresOptions {
  /** Of the application's role: a member of app_rw, and neither owner nor superuser. Through pgbouncer in transaction mode or directly. */
  readonly url: string;
  readonly poolSize: number;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** The queue of every site claims jobs of these only: a database may have more sites than a process was told of. */
  readonly serves?: readonly string[];
  readonly statementTimeoutMs?: number;
  /** How often to look for jobs that nobody told of. */
  readonly pollMs?: number;
  /** Milliseconds since 1970 for leases and backoffs, in tests; the database's own clock otherwise. */
  readonly leaseNow?: () => number;
  readonly observe?: (seen: Observed) => void;
  /** The log of a site ends at this number now: told by the process that added to it. */
  readonly onAppended?: (site: string, seq: number) => void;
  readonly onNotice?: (message: string) => void;
}

export interface SiteStore {
  readonly store: Store;
  readonly queue: Queue;
  readonly webhooks: WebhookStore;
  readonly hub: HubStore;
  readonly desks: DeskStore;
}

export interface PostgresDatabase {
  /** Makes the site with a device of its own; nothing where it is there. */
  createSite(site: string): Promise<void>;
  /** Refuses a site that was never made. */
  site(site: string): Promise<SiteStore>;
  sites(): Promise<string[]>;
  /** Jobs of every site; a job that it gives carries its site (server/queue/postgres.ts, `SiteJob`). */
  readonly queue: Queue;
  /** Whether the database answers: for the readiness of a replica. */
  ping(): Promise<void>;
  pool(): { readonly total: number; readonly idle: number; readonly waiting: number };
  /** Removes what is kept for a while only: answers to repeated requests, ended jobs. Number of rows. */
  tidy(): Promise<number>;
  close(): Promise<void>;
}

/** Audits and rebuilds read a whole site; nobody waits for them at a screen. */
const LONG_MS = 600_000;
const POLL_MS = 5_000;
/** Inflated invoices, some five thousand: what the people of a few sites have open in a day. A seventh of the memory of an API replica (build/site). */
const KEPT_BYTES = 64 * 1024 * 1024;

export async function createPostgresDatabase(options: PostgresOptions): Promise<PostgresDatabase> {
  const { random, now } = options;
  const connections = createConnections({
    url: options.url,
    poolSize: options.poolSize,
    statementTimeoutMs: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    applicationName: 'ap-intake',
    observe: options.observe,
    onNotice: options.onNotice,
  });
  try {
    await refuseUnfit(connections);
  } catch (error) {
    await connections.close();
    throw error;
  }
  const clock = createLeaseClock(options.leaseNow);
  const wakes = new Set<() => void>();
  const wake = (): void => {
    for (const listener of wakes) listener();
  };
  const carried = createCarried(wake);
  const parts = {
    connections,
    clock,
    nowMs: options.leaseNow ?? now,
    random,
    wakes,
    wake,
    carriers: carried.listeners,
  };
  const queueOf = (scope: string) => createPostgresQueue({ ...parts, scope });
  const every = createPostgresQueue({ ...parts, scope: EVERY_SITE, serves: options.serves });
  const jobs = createJobStatements(clock);
  const print = createPrinter(KEPT_BYTES);
  const open = new Map<string, Promise<SiteStore>>();
  // A lease that runs out tells nobody, and neither does another replica that made a job.
  const poll = setInterval(wake, options.pollMs ?? POLL_MS).unref();
  const queues = new Set([every]);

  async function openSite(site: string): Promise<SiteStore> {
    const device = await deviceOf(connections, site);
    const queue = queueOf(site);
    queues.add(queue);
    const ahead = createAhead(site);
    const shared = {
      connections,
      site,
      jobs,
      now,
      carried,
      print,
      appended(seq: number) {
        ahead.appended(seq);
        options.onAppended?.(site, seq);
      },
    };
    return {
      store: createStore({ ...shared, device }),
      queue,
      webhooks: createPostgresWebhooks(connections, site),
      desks: createPostgresDesks(connections, site, clock),
      hub: createHubStore({ ...shared, ahead, random, newId: () => uuid7(now(), random(10)) }),
    };
  }

  return {
    createSite: (site) => createSite(connections, site, uuid4(random(16)), new Date(now()).toISOString()),
    async site(site) {
      const known = open.get(site) ?? openSite(site);
      open.set(site, known);
      known.catch(() => open.delete(site));
      return known;
    },
    sites: () => allSites(connections),
    queue: every,
    ping: async () => {
      await connections.read(EVERY_SITE, (tx) => tx.send(sql`SELECT 1`));
    },
    pool: () => {
      const { totalCount: total, idleCount: idle, waitingCount: waiting } = connections.pool;
      return { total, idle, waiting };
    },
    async tidy() {
      const sites = await allSites(connections);
      for (const site of sites) await createPostgresDesks(connections, site, clock).tidy();
      return tidy(connections, sites, clock);
    },
    close: async () => {
      clearInterval(poll);
      for (const queue of queues) queue.stop();
      wakes.clear();
      carried.listeners.clear();
      await connections.close();
    },
  };
}

const allSites = (connections: Connections): Promise<string[]> =>
  connections.read(EVERY_SITE, async ({ orm }) => {
    const rows = await orm.select({ site: siteHead.site }).from(siteHead).orderBy(siteHead.site);
    return rows.map(({ site }) => site);
  });

async function deviceOf(connections: Connections, site: string): Promise<string> {
  const [row] = SITE_NAME.test(site)
    ? await connections.read(site, ({ orm }) =>
        orm.select({ device: siteHead.device }).from(siteHead).where(eq(siteHead.site, site)),
      )
    : [];
  if (row === undefined) throw new AppError('not_found', 'There is no such site.', { site });
  return row.device;
}

async function createSite(connections: Connections, site: string, device: string, createdAt: string): Promise<void> {
  if (!SITE_NAME.test(site))
    throw new AppError('bad_request', 'The name of a site is up to 63 letters, digits, dots, dashes and underscores.', {
      site,
    });
  const start = { devSeq: 0, headHash: NO_HASH, hlc: '', seq: 0, siteHash: NO_SITE_HASH, epoch: 1 };
  await connections.write(site, (tx) =>
    tx.commit([
      tx.orm
        .insert(siteHead)
        .values({ site, device, createdAt, ...start })
        .onConflictDoNothing(),
    ]),
  );
}

interface Fitness extends Record<string, unknown> {
  readonly migrated: boolean;
  readonly mighty: boolean;
  readonly owner: boolean;
}

/** The walls stand only where the application's role cannot walk round them. */
async function refuseUnfit(connections: Connections): Promise<void> {
  const [fitness] = await connections.read(EVERY_SITE, (tx) =>
    tx.send<Fitness>(sql`
      SELECT to_regclass('public.schema_version') IS NOT NULL AND to_regclass('public.op_log') IS NOT NULL AS migrated,
        (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS mighty,
        coalesce(has_table_privilege(to_regclass('public.op_log'), 'UPDATE') OR has_table_privilege(to_regclass('public.op_log'), 'DELETE'), false) AS owner`),
  );
  if (fitness?.mighty === true || fitness?.owner === true)
    throw new AppError(
      'unavailable',
      'The role in DATABASE_URL could change the operation log or read past the walls between sites. Give the application a role of its own: CREATE ROLE name LOGIN PASSWORD ... IN ROLE app_rw.',
      { reason: 'role-too-mighty' },
    );
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  const [version] =
    fitness?.migrated === true
      ? await connections.read(EVERY_SITE, (tx) =>
          tx.send<{ version: number; needs: number }>(
            sql`SELECT coalesce(max(version), 0) AS version, coalesce(max(needs), 0) AS needs FROM schema_version`,
          ),
        )
      : [];
  refuseNewer(version?.needs ?? 0);
  if ((version?.version ?? 0) < newest)
    throw new AppError(
      'unavailable',
      `The database is at version ${version?.version ?? 0}, this program needs ${newest}. Run the migrations first.`,
      { reason: 'not-migrated', version: version?.version ?? 0, needs: newest },
    );
}

interface StoreParts {
  readonly connections: Connections;
  readonly site: string;
  readonly device: string;
  readonly jobs: JobStatements;
  readonly now: () => number;
  readonly carried: Carried;
  readonly appended: (seq: number) => void;
  readonly print: Printer;
}

/** Everything of one site: no method takes a site, so that none can be given a wrong one. */
function createStore({ connections, site, device, jobs, now, carried, appended, print }: StoreParts): Store {
  const commit = createCommit({ connections, site, jobs, carried, appended });
  type Read<A extends unknown[], R> = (orm: Orm, site: string, ...args: A) => Promise<R>;
  const reading =
    <A extends unknown[], R>(read: Read<A, R>) =>
    (...args: A): Promise<R> =>
      connections.read(site, ({ orm }) => read(orm, site, ...args));
  return {
    device,
    async commit(change) {
      const nowMs = now();
      const projections = change.projections.map((one) => projectionWire(one.expect, one.projection));
      return commit({ ...change, projections }, { at: change.at ?? new Date(nowMs).toISOString(), nowMs });
    },
    ...createInvoiceReads(connections, site, print),
    invoices: reading(listInvoices),
    invoiceIds: createInvoiceIds(connections, site),
    counters: reading(countInvoices),
    document: reading(readDocument),
    opsOf: reading(readOps),
    conflicts: reading(readConflicts),
    conflictTotals: reading(conflictTotals),
    duplicateCandidates: reading(readDuplicates),
    idempotent: reading(readIdempotent),
    exportBatches: reading(readExportBatches),
    settings: reading(readSettings),
    lessonsByKeys: reading(lessonsByKeys),
    lessonsOf: reading(lessonsOf),
    lessonsFrom: reading(lessonsFrom),
    learntVendors: reading(learntVendors),
    openOfVendor: reading(readOpenOfVendor),
    ...createErasures(connections, site),
    verifyAudit: (progress) => auditSite(connections, site, progress),
    rebuildHeads: () => connections.write(site, (tx) => rebuildHeads(tx, site), { timeoutMs: LONG_MS }),
    backup: async () => {
      throw new AppError(
        'not_allowed',
        'A site is copied with its whole database: use the backup command of the site.',
        {
          reason: 'not-by-the-store',
        },
      );
    },
    // The connections belong to the database, which is closed as a whole.
    close: async () => undefined,
  };
}
