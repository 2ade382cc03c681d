/** Builds a station on a workspace's folder: store, blobs, queue, worker threads, jobs, services. `serve.ts` puts the HTTP server in front. */
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { DestinationStream } from 'pino';
import type { Counters, StationStatus } from '../core/contract/http.ts';
import { CONTRACT_VERSION } from '../core/contract/version.ts';
import { READER_VERSION } from '../core/extract/version.ts';
import { uuid7 } from '../core/sync/ids.ts';
import { RULES_VERSION } from '../core/validate/rules-version.ts';
import { createDiskBlobs } from './blobs/disk.ts';
import { createCaretaker } from './care.ts';
import { createCheckpoints } from './checkpoints.ts';
import type { Config } from './config.ts';
import type { Base, Context } from './context.ts';
import { createExportService } from './export/service.ts';
import { openFolders, workspaceFolder } from './folders.ts';
import { createHub } from './hub.ts';
import { createIntake } from './intake/intake.ts';
import { createFolderWatch } from './intake/watch.ts';
import { createJobBoard } from './jobs/board.ts';
import { createIntakeJob } from './jobs/intake.ts';
import { createReader, createReadJob, withLastWord } from './jobs/read.ts';
import { createLearnJob } from './jobs/learn.ts';
import { createRecallJob } from './jobs/recall.ts';
import { createRunner } from './jobs/runner.ts';
import { createValidateJob } from './jobs/validate.ts';
import { createJudge } from './judge.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createVendorMemory } from './memory.ts';
import { createModel } from './model.ts';
import { type OpenStore, openStore } from './open-store.ts';
import { createPageImages } from './page-images.ts';
import { createLazyPool } from './lazy-pool.ts';
import { createPool } from './pool.ts';
import { readingThreads } from './pool-size.ts';
import type { Queue } from './queue/queue.ts';
import { createRegions } from './regions.ts';
import { createReview } from './review.ts';
import { createSettingsHolder } from './settings.ts';
import type { Store } from './store/store.ts';
import { clearUnfinished, tidyCache } from './tidy.ts';
import { VERSION } from './version.ts';
import { dateIn, startOfDay } from './zone.ts';

/** After the first answers: then the engines are loaded, before anybody needs them. */
const WARM_MS = 200;

export interface StationOptions {
  readonly logTo: DestinationStream;
  /** Replies are checked against their contract before they leave. */
  readonly checkReplies?: boolean;
  readonly restartAsOwn?: () => void;
  readonly now?: () => number;
  /** The database, where it is being opened already. */
  readonly opened?: Promise<OpenStore>;
}

export interface Station {
  readonly context: Context;
  /** Begins to work off the queue and, where wanted, to follow the watched folder. */
  start(options?: { watch: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** In the source tree; a build names its own by AP_WORKER_FILE. */
export const sourceWorker = (): string => fileURLToPath(new URL('../worker/index.ts', import.meta.url));

export async function openStation(config: Config, options: StationOptions): Promise<Station> {
  const now = options.now ?? Date.now;
  const folders = openFolders(workspaceFolder(config.data, config.workspace));
  const log = createLog(options.logTo, config.logLevel);
  const { store, queue, care } = await (options.opened ?? openStore(config, now));
  const blobs = await createDiskBlobs(folders.blobs);
  const settings = await createSettingsHolder(store);
  const threads =
    config.threads ?? readingThreads({ cores: availableParallelism(), available: process.availableMemory() });
  const workerFile = config.workerFile ?? sourceWorker();
  const pool = createLazyPool(threads, () => createPool({ workerFile, threads }));
  if (config.imports.length > 0) pool.warm();
  const metrics = createMetrics(() => queue.counts());
  const caretaker = createCaretaker({ care, folder: folders.backups, log, metrics, now });
  const counters = createCounters(store, queue, () => startOfDay(settings.current().timeZone, now()));
  const hub = createHub({ version: VERSION, counters });
  const newId = (): string => uuid7(now(), randomBytes(10));
  const base: Base = {
    store,
    blobs,
    queue,
    log,
    metrics,
    hub,
    folders,
    now,
    newId,
    instant: () => new Date(now()).toISOString(),
    board: createJobBoard(hub, now),
    actor: `local:${store.device}`,
    commit: (change) => commit(base, change),
  };

  const model = createModel(base);
  const judge = createJudge({ store, pool, settings: settings.current, now, rules: RULES_VERSION });
  const memory = createVendorMemory({ store, model, newId, actor: base.actor, pool });
  const intake = createIntake(base, model);
  const reader = createReader({
    base,
    model,
    judge,
    pool,
    memory,
    settings: settings.current,
    engineVersion: READER_VERSION,
    checkpoints: createCheckpoints(folders.pages),
  });
  const intakeJob = createIntakeJob({ base, model, intake, reader, pool, engineVersion: READER_VERSION });
  const runner = createRunner(base, [
    {
      handlers: {
        intake: withLastWord(reader, log, intakeJob),
        read: withLastWord(reader, log, createReadJob(reader)),
        recall: createRecallJob({ base, model, reader }),
      },
      concurrency: threads,
      queue: 'general',
    },
    {
      handlers: {
        validate: createValidateJob(base, model, judge),
        learn: createLearnJob({ base, model, memory }),
      },
      concurrency: 1,
      queue: 'validation',
    },
  ]);
  const watch = createFolderWatch(intake, log);

  const status = async (): Promise<StationStatus> => ({
    version: VERSION,
    contractVersion: CONTRACT_VERSION,
    workspace: config.workspace,
    dataFolder: folders.root,
    secrets: `The station keeps its keys in ${folders.root}, readable by your user account only.`,
    device: store.device,
    actor: base.actor,
    today: dateIn(settings.current().timeZone, now()),
    counters: await counters(),
    rules: RULES_VERSION,
  });

  const context: Context = {
    ...base,
    config,
    model,
    memory,
    intake,
    runner,
    counters,
    status,
    version: VERSION,
    checkReplies: options.checkReplies ?? false,
    review: createReview({ base, model, judge, runner }),
    regions: createRegions({ base, model, pool, settings: settings.current }),
    exports: createExportService(base, model),
    images: createPageImages(base, pool),
    restartAsOwn: options.restartAsOwn ?? (() => undefined),
    async saveSettings(wanted) {
      await watch.follow(wanted.watchedFolder);
      const before = settings.current();
      await base.commit({ settings: wanted });
      settings.replace(wanted);
      hub.publish({ type: 'settings', settings: wanted });
      if (changesVerdict(before, wanted)) await judgeOpenAgain(base);
      return wanted;
    },
  };

  return {
    context,
    async start({ watch: wanted } = { watch: true }) {
      await clearUnfinished(folders);
      runner.start();
      caretaker.start();
      // What comes in at the start is waited for: its threads load while the server still opens.
      if (config.imports.length === 0) setTimeout(() => pool.warm(), WARM_MS).unref();
      await watch.follow(wanted ? settings.current().watchedFolder : null).catch((error: unknown) => {
        // A drive that is not there today must not keep the station from starting; the folder is tried again at the next start.
        log.error('watched folder cannot be used', { error });
      });
      tidyCache(folders, now()).catch((error: unknown) => log.warn('cache not tidied', { error }));
      log.info('station started', { version: VERSION, workspace: config.workspace, threads });
    },
    async close() {
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

async function commit(base: Base, change: Parameters<Base['commit']>[0]) {
  const whole = { ops: [], projections: [], documents: [], jobs: [], ...change };
  const result = await base.store.commit(whole);
  if (result.kind === 'ok') {
    for (const { projection } of whole.projections) base.hub.invoice(projection.summary);
    base.board.made(whole.jobs);
  }
  return result;
}

function createCounters(store: Store, queue: Queue, today: () => string): () => Promise<Counters> {
  return async () => {
    const [invoices, jobs] = await Promise.all([store.counters(today()), queue.counts()]);
    return { ...invoices, jobsWaiting: jobs.waiting, jobsRunning: jobs.running };
  };
}

const changesVerdict = (a: Settingsish, b: Settingsish): boolean =>
  JSON.stringify([a.tolerances, a.minimumConfidence, a.timeZone]) !==
  JSON.stringify([b.tolerances, b.minimumConfidence, b.timeZone]);

interface Settingsish {
  readonly tolerances: Readonly<Record<string, string>>;
  readonly minimumConfidence: number;
  readonly timeZone: string;
}

/** Every open invoice gets a job of its own; one that waits already is enough. */
async function judgeOpenAgain(base: Base): Promise<void> {
  const open = await base.store.invoiceIds({ status: ['exception', 'ready', 'on_hold', 'info_requested'] });
  const jobs = open.map((invoice) => ({
    id: base.newId(),
    name: 'validate' as const,
    data: { invoice },
    root: invoice,
    priority: 5,
  }));
  if (jobs.length > 0) await base.commit({ jobs });
}
