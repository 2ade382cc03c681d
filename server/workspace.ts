/**
 * One workspace at work: the services over its store, blobs and queue. A station has one, a site's server one for each of its sites. What keeps something
 * between two calls (readings, settings, lanes) is the workspace's; what writes operations is made in the name of whoever asks.
 */
import { randomBytes } from 'node:crypto';
import type { Counters, StationStatus } from '../core/contract/http.ts';
import { isOnInvoices } from '../core/contract/jobs.ts';
import type { Settings } from '../core/contract/settings.ts';
import { CONTRACT_VERSION } from '../core/contract/version.ts';
import { READER_VERSION } from '../core/extract/version.ts';
import { uuid7 } from '../core/sync/ids.ts';
import { RULES_VERSION } from '../core/validate/rules-version.ts';
import type { Uploads } from './blobs/uploads.ts';
import { createChange } from './change.ts';
import { createCheckpoints } from './checkpoints.ts';
import { changedSince, requireSeen, settingsTag } from './conditions.ts';
import { createConflicts } from './conflicts.ts';
import type { Base, Context } from './context.ts';
import { withCorrelation } from './correlation.ts';
import { createErasureService } from './erasure/erasure.ts';
import { createExportService } from './export/service.ts';
import { createEntrance, createIntake } from './intake/intake.ts';
import { createEraseJob } from './jobs/erase.ts';
import { createIntakeJob } from './jobs/intake.ts';
import type { Handlers } from './jobs/handling.ts';
import { createLearnJob } from './jobs/learn.ts';
import { createSuspectJob } from './jobs/suspect.ts';
import { createReader, createReadJob, withLastWord } from './jobs/read.ts';
import { createRecallJob } from './jobs/recall.ts';
import { createRefreshJob } from './jobs/refresh.ts';
import { createValidateJob } from './jobs/validate.ts';
import { createJudge } from './judge.ts';
import { createDuplicates } from './duplicate-pairs.ts';
import { createLane } from './lane.ts';
import { createVendorMemory } from './memory.ts';
import { createModel } from './model.ts';
import { createPageImages } from './page-images.ts';
import type { Pool } from './pool.ts';
import type { Queue } from './queue/queue.ts';
import { createRegions } from './regions.ts';
import { createReview } from './review.ts';
import { createSettling } from './settling.ts';
import type { SettingsHolder } from './settings.ts';
import type { Store } from './store/store.ts';
import { VERSION } from './version.ts';
import { dateIn, startOfDay } from './zone.ts';

/** What a status says of the place: the rest is counted. */
export type Place = Pick<StationStatus, 'place' | 'workspace' | 'dataFolder' | 'secrets'>;

export interface WorkspaceParts extends Omit<Base, 'instant' | 'newId' | 'commit'> {
  readonly pool: Pool;
  readonly place: Place;
  readonly settings: SettingsHolder;
  readonly uploads?: Uploads;
  /** Where that can change: a database becomes another device while it is open. */
  readonly actorNow?: () => string;
  /** Aborts what works for an invoice, in whichever process. */
  readonly abort: (root: string) => void;
  /** Before settings are saved: what cannot follow them refuses. */
  readonly beforeSettings?: (wanted: Settings) => Promise<void>;
  /** Whether suspicions are written down here; everywhere where absent. */
  readonly decidesHere?: () => boolean;
  readonly leaveDemo?: () => boolean;
  /** Before an export batch is made: refuses where another place makes them. */
  readonly beforeExport?: () => Promise<void>;
  /** Whether another place erases what this one has. */
  readonly erasedElsewhere?: () => boolean;
  /** After an erasure: nothing of it is left in the files of the database (`Care.scrub`). */
  readonly scrub?: () => Promise<boolean>;
}

export interface Workspace {
  /** In the name of the server itself. */
  readonly context: Context;
  /** The same services in the name of somebody. */
  readonly as: (actor: string) => Context;
  /** Work of the queues. */
  readonly general: Handlers;
  readonly validation: Handlers;
}

export const makeId = (now: () => number) => (): string => uuid7(now(), randomBytes(10));

/** Open invoices, jobs and what was decided since the day began. */
export function createCounters(store: Store, queue: Queue, settings: SettingsHolder, now: () => number) {
  return async (): Promise<Counters> => {
    const today = startOfDay(settings.current().timeZone, now());
    const [invoices, lengths] = await Promise.all([store.counters(today), queue.lengths()]);
    const sum = (state: 'waiting' | 'running'): number =>
      lengths.reduce((n, one) => n + (isOnInvoices(one.name) ? one[state] : 0), 0);
    return { ...invoices, jobsWaiting: sum('waiting'), jobsRunning: sum('running') };
  };
}

function baseOf(parts: WorkspaceParts, actor: () => string): Base {
  const { store, blobs, queue, log, metrics, hub, board, folders, now } = parts;
  const base: Base = {
    store,
    blobs,
    queue,
    log,
    metrics,
    hub,
    board,
    folders,
    now,
    get actor() {
      return actor();
    },
    newId: makeId(now),
    instant: () => new Date(now()).toISOString(),
    commit: (change) => commit(base, change),
  };
  return base;
}

export function createWorkspace(parts: WorkspaceParts): Workspace {
  const { store, queue, now, log, pool, settings, abort } = parts;
  const base = baseOf(parts, parts.actorNow ?? (() => parts.actor));
  const model = createModel(base);
  const judge = createJudge({ store, pool, settings: settings.current, now, rules: RULES_VERSION });
  const memory = createVendorMemory({ store, model, newId: base.newId, pool });
  const regions = createRegions({ base, model, pool, settings: settings.current });
  const images = createPageImages(base, pool);
  const counters = createCounters(store, queue, settings, now);
  const lanes = { exports: createLane(), settings: createLane() };
  const entrance = createEntrance();
  const conflicts = createConflicts(base, model);
  const duplicates = createDuplicates(store, model);

  const as = (actor: string): Context => {
    const own = actor === base.actor ? base : baseOf(parts, () => actor);
    const { change, changeBoth } = createChange({ base: own, model, judge });
    return {
      ...own,
      model,
      memory,
      regions,
      images,
      conflicts,
      duplicates,
      counters,
      uploads: parts.uploads,
      intake: createIntake(own, model, entrance),
      review: createReview({ base: own, model, judge, change, abort }),
      settling: createSettling({ base: own, model, judge, change, changeBoth }),
      exports: createExportService(own, model, lanes.exports, parts.beforeExport),
      erasure: createErasureService({
        base: own,
        model,
        abort,
        byName: parts.place.place === 'station',
        elsewhere: parts.erasedElsewhere,
      }),
      status: async () => ({
        ...parts.place,
        version: VERSION,
        contractVersion: CONTRACT_VERSION,
        device: store.device,
        actor,
        today: dateIn(settings.current().timeZone, now()),
        counters: await counters(),
        rules: RULES_VERSION,
      }),
      followsFolders: parts.place.place === 'station',
      leaveDemo: () => parts.leaveDemo?.() ?? false,
      saveSettings: (wanted, match) =>
        // One after the other: what follows them (the watched folder) ends where they do.
        lanes.settings(async () => {
          const before = await store.settings();
          requireSeen(match, () => settingsTag(before));
          await parts.beforeSettings?.(wanted);
          const expects = match === undefined || match.any ? {} : { expects: { settings: before } };
          const saved = await own.commit({ settings: wanted, ...expects });
          if (saved.kind === 'conflict') throw changedSince();
          settings.replace(wanted);
          own.hub.publish({ type: 'settings', settings: wanted });
          if (changesVerdict(before, wanted)) await judgeOpenAgain(own);
          return wanted;
        }),
    };
  };
  const context = as(base.actor);
  const reader = createReader({
    base,
    model,
    judge,
    pool,
    memory,
    settings: settings.current,
    engineVersion: READER_VERSION,
    checkpoints: createCheckpoints(parts.folders.pages),
  });
  const { intake } = context;
  const intakeJob = createIntakeJob({ base, model, intake, reader, pool, engineVersion: READER_VERSION });
  return {
    context,
    as,
    general: {
      intake: withLastWord(reader, log, intakeJob),
      read: withLastWord(reader, log, createReadJob(reader)),
      recall: createRecallJob({ base, model, reader }),
      erase: createEraseJob(base, parts.scrub),
    },
    validation: {
      validate: createValidateJob(base, model, judge),
      learn: createLearnJob({ base, model, memory }),
      suspect: createSuspectJob({ base, model, judge, decidesHere: parts.decidesHere ?? (() => true) }),
      refresh: createRefreshJob({ base, model, judge, reader }),
    },
  };
}

/** `Store.commit`, and then whoever listens hears of it. */
async function commit(base: Base, change: Parameters<Base['commit']>[0]) {
  const { jobs = [], ...rest } = change;
  const whole = { ops: [], projections: [], documents: [], ...rest, jobs: jobs.map(withCorrelation) };
  const result = await base.store.commit(whole);
  if (result.kind === 'ok') {
    for (const { projection } of whole.projections) base.hub.invoice(projection.summary);
    base.board.made(whole.jobs);
  }
  return result;
}

const changesVerdict = (a: Settings, b: Settings): boolean =>
  JSON.stringify([a.tolerances, a.minimumConfidence, a.timeZone]) !==
  JSON.stringify([b.tolerances, b.minimumConfidence, b.timeZone]);

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
