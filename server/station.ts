/** A station on a workspace's folder: SQLite, blobs on disk, worker threads, one workspace. `serve.ts` puts the HTTP server in front. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { availableParallelism } from 'node:os';
import type { DestinationStream } from 'pino';
import { AppError } from '../core/contract/errors.ts';
import { createDiskBlobs } from './blobs/disk.ts';
import { createCaretaker } from './care.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import type { Sealer } from './enrol/secrets.ts';
import { openStationSite, type StationSite } from './enrol/station-site.ts';
import { openFolders, workspaceFolder } from './folders.ts';
import { createHub } from './hub.ts';
import { createFolderWatch } from './intake/watch.ts';
import { createJobBoard } from './jobs/board.ts';
import { createRunner } from './jobs/runner.ts';
import { createLazyPool } from './lazy-pool.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { type OpenStore, openStore } from './open-store.ts';
import { createPool } from './pool.ts';
import { readingThreads } from './pool-size.ts';
import { createSettingsHolder } from './settings.ts';
import type { Store } from './store/store.ts';
import { withHistories } from './sync/station/histories.ts';
import { createStationSync, type StationSync } from './sync/station/station-sync.ts';
import { createStationTogether, type StationTogether } from './sync/station/together.ts';
import { clearUnfinished, tidyCache } from './tidy.ts';
import { VERSION } from './version.ts';
import { createCounters, createWorkspace, makeId, type Place } from './workspace.ts';

/** After the first answers: then the engines are loaded, before anybody needs them. */
const WARM_MS = 200;
const RESTART_MS = 100;

export interface StationOptions {
  readonly logTo: DestinationStream;
  readonly restartAsOwn?: () => void;
  readonly now?: () => number;
  /** The database, where it is being opened already. */
  readonly opened?: Promise<OpenStore>;
  /** The key store of the system, where there is one. */
  readonly keyStore?: (() => Promise<Sealer | undefined>) | undefined;
}

export interface Station {
  readonly context: Context;
  /** The services in the name of somebody. */
  readonly as: (actor: string) => Context;
  /** The central site, and the way there. */
  readonly site: StationSite;
  readonly sync: StationSync;
  readonly together: StationTogether;
  /** Begins to work off the queue and, where wanted, to follow the watched folder. */
  start(options?: { watch: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** In the source tree; a build names its own by AP_WORKER_FILE. */
export const sourceWorker = (): string => fileURLToPath(new URL('../worker/index.ts', import.meta.url));

const placeOf = ({ workspace }: Config, root: string): Place => ({
  place: 'station',
  workspace,
  dataFolder: root,
  secrets: `The station keeps its keys in ${root}, readable by your user account only.`,
});

/** The demo names its samples at every start; after the first they are there, and nobody waits for them. */
const isFilledDemo = async ({ workspace }: Config, store: Store, now: number): Promise<boolean> =>
  workspace === 'demo' && (await store.counters(new Date(now).toISOString())).total > 0;

export async function openStation(config: Config, options: StationOptions): Promise<Station> {
  const now = options.now ?? Date.now;
  const folders = openFolders(workspaceFolder(config.data, config.workspace));
  const log = createLog(options.logTo, config.logLevel);
  const opened = await (options.opened ?? openStore(config, now));
  const { store, queue, care } = opened;
  const site = await openStationSite({
    opened,
    folder: folders.root,
    isDemo: config.workspace === 'demo',
    log,
    now,
    plainHosts: config.plainSites,
    keyStore: options.keyStore,
    onChange: () => hub.publish({ type: 'siteLink' }),
  });
  const disk = await createDiskBlobs(folders.blobs);
  const settings = await createSettingsHolder(store);
  const threads =
    config.threads ?? readingThreads({ cores: availableParallelism(), available: process.availableMemory() });
  const workerFile = config.workerFile ?? sourceWorker();
  const pool = createLazyPool(threads, () => createPool({ workerFile, threads }));
  // What comes in at the start is waited for: its threads load while the server still opens.
  const waited = config.imports.length > 0 && !(await isFilledDemo(config, store, now()));
  if (waited) pool.open();
  const metrics = createMetrics(() => queue.counts());
  const caretaker = createCaretaker({ care, folder: folders.backups, log, metrics, now });
  const hub = createHub({ version: VERSION, counters: createCounters(store, queue, settings, now) });
  const sync = createStationSync({
    link: site.link,
    store: opened.sync,
    people: opened.together,
    blobs: disk,
    folder: join(folders.root, 'joining'),
    hub,
    log,
    now,
    random: Math.random,
  });
  const together = createStationTogether({
    link: site.link,
    rows: opened.together,
    store,
    sync: opened.sync,
    blobs: sync.blobs,
    disk,
    hub,
    newId: makeId(now),
    now,
    log,
  });

  const local = (): string => `local:${store.device}`;
  const {
    context: first,
    as,
    general,
    validation,
  } = createWorkspace({
    store: withHistories(store, sync.histories.fetch),
    blobs: sync.blobs,
    queue,
    log,
    metrics,
    hub,
    folders,
    now,
    pool,
    settings,
    board: createJobBoard(hub, now),
    actor: local(),
    actorNow: local,
    place: placeOf(config, folders.root),
    decidesHere: () => !site.link.state().enrolled,
    abort: (root) => runner.abort(root),
    beforeSettings: ({ watchedFolder }) => watch.follow(watchedFolder),
    // Others have these invoices, too: two stations would each pay them. The site takes no export of a station, so none is made; nor by one that has left it.
    async beforeExport() {
      const isConnected = site.link.state().enrolled;
      if (!isConnected && !(await opened.link.hasSynced())) return;
      const what = isConnected ? 'This station is connected to a site.' : 'The site has these invoices, too.';
      throw new AppError('not_allowed', `${what} Export there.`, { reason: isConnected ? 'site-only' : 'site-left' });
    },
    erasedElsewhere: () => site.link.state().enrolled,
    scrub: () => care.scrub(folders.backups),
    leaveDemo() {
      if (config.workspace === 'own') return false;
      // Time for the reply to leave before the process ends.
      setTimeout(() => options.restartAsOwn?.(), RESTART_MS);
      return true;
    },
  });
  let context = first;
  /** In the name of the device that the database is now. */
  const current = (): Context => {
    if (context.actor !== local()) context = as(local());
    return context;
  };
  const runner = createRunner(first, [
    { handlers: general, concurrency: threads, queue: 'general' },
    { handlers: validation, concurrency: 1, queue: 'validation' },
  ]);
  const watch = createFolderWatch(first.intake, log);

  return {
    get context() {
      return current();
    },
    as,
    site,
    sync,
    together,
    async start({ watch: wanted } = { watch: true }) {
      await clearUnfinished(folders);
      runner.start();
      caretaker.start();
      sync.start();
      together.start();
      if (!waited) setTimeout(() => pool.warm(), WARM_MS).unref();
      await watch.follow(wanted ? settings.current().watchedFolder : null).catch((error: unknown) => {
        // A drive that is not there today must not keep the station from starting; the folder is tried again at the next start.
        log.error('watched folder cannot be used', { error });
      });
      tidyCache(folders, now()).catch((error: unknown) => log.warn('cache not tidied', { error }));
      log.info('station started', { version: VERSION, workspace: config.workspace, threads });
    },
    async close() {
      await together.close();
      await sync.close();
      site.close();
      await watch.close();
      await runner.stop();
      await pool.close();
      hub.close();
      await caretaker.close();
      metrics.close();
      await store.close();
      log.info('station stopped');
    },
  };
}
