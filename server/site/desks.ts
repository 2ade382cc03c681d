/** The workspaces of a site's server, one for each of its sites: events and board from the start, the rest when somebody first needs it. */
import { join } from 'node:path';
import { AppError } from '../../core/contract/errors.ts';
import { projectionOf } from '../../core/invoice/summary.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { notHere } from '../blobs/not-here.ts';
import type { Uploads } from '../blobs/uploads.ts';
import type { Context } from '../context.ts';
import { createEventPoll } from '../event-poll.ts';
import { createHub, type Hub } from '../hub.ts';
import { createJobBoard, type JobBoard } from '../jobs/board.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Pool } from '../pool.ts';
import type { Bus } from '../queue/bus.ts';
import type { Queue } from '../queue/queue.ts';
import { createSettingsHolder } from '../settings.ts';
import { createSharedHub, type SharedHub } from '../shared-hub.ts';
import type { HubStore } from '../store/hub-store.ts';
import type { Store } from '../store/store.ts';
import { removeSnapshots } from '../sync/hub/snapshots.ts';
import { VERSION } from '../version.ts';
import { createCounters, createWorkspace, type Workspace } from '../workspace.ts';
import { siteCache } from './cache.ts';

/** Settings that were changed elsewhere are seen so soon at the latest, whatever Redis does. */
const SETTINGS_MS = 10_000;
/** People whose services are kept: making them anew takes microseconds, this keeps their number in bounds. */
const MOST_PEOPLE = 500;

export interface DesksParts {
  readonly sites: readonly string[];
  readonly storeOf: (site: string) => Promise<{
    readonly store: Store;
    readonly queue: Queue;
    readonly hub?: Pick<HubStore, 'snapshots' | 'waitedFor'>;
  }>;
  readonly blobsOf: (site: string) => Promise<Blobs & { readonly uploads?: Uploads }>;
  readonly bus: Bus;
  readonly pool: Pool;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly cache: string;
  readonly now: () => number;
  /** Aborts what works for an invoice in this process. */
  readonly abort: (root: string) => void;
}

export interface Desk {
  readonly hub: Pick<Hub, 'streams' | 'publish'>;
  readonly board: JobBoard;
  workspace(): Promise<Workspace>;
  /** The services in the name of somebody. */
  as(actor: string): Promise<Context>;
}

export interface Desks {
  /** Undefined where this process does not know the site. */
  find(site: string): Desk | undefined;
  /** Throws where there is no such site. */
  of(site: string): Desk;
  close(): void;
}

interface OpenDesk extends Desk {
  close(): void;
}

/** Bytes that operations of stations name and that have not come with them. */
const fromStations = (blobs: Blobs, hub: Pick<HubStore, 'waitedFor'> | undefined): Blobs => ({
  ...blobs,
  async fetch(sha256) {
    if (((await hub?.waitedFor([sha256]))?.size ?? 0) > 0) throw notHere(sha256, '', 'late');
  },
});

/** Everything of a workspace that has to be asked of its store. */
async function open(parts: DesksParts, site: string, hub: SharedHub, board: JobBoard) {
  const { log, metrics, pool, now } = parts;
  const [{ store, queue, hub: stations }, blobs] = await Promise.all([parts.storeOf(site), parts.blobsOf(site)]);
  const settings = await createSettingsHolder(store);
  const folders = await siteCache(join(parts.cache, site));
  const workspace = createWorkspace({
    store,
    queue,
    blobs: fromStations(blobs, stations),
    ...(blobs.uploads === undefined ? {} : { uploads: blobs.uploads }),
    log,
    metrics,
    pool,
    now,
    hub,
    board,
    settings,
    folders,
    actor: 'service:site',
    // A snapshot of before an erasure has what was erased: the next one is made without it.
    async scrub() {
      if (stations !== undefined) await removeSnapshots(stations.snapshots, blobs, await stations.snapshots.all());
      return true;
    },
    place: { place: 'site', workspace: 'own', dataFolder: null, secrets: null },
    abort(root) {
      parts.abort(root);
      hub.cancelled(root);
    },
  });
  return { workspace, settings, counters: createCounters(store, queue, settings, now) };
}

function createDesk(parts: DesksParts, site: string): OpenDesk {
  const { bus, log, now } = parts;
  let opening: ReturnType<typeof open> | undefined;
  const opened = (): ReturnType<typeof open> => {
    opening ??= open(parts, site, hub, board).catch((error: unknown) => {
      // The store may be back for the next one who asks.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const inner = createHub({ version: VERSION, counters: async () => (await opened()).counters() });
  const refresh = async (): Promise<void> => {
    if (opening === undefined) return;
    const { workspace, settings } = await opened();
    const found = await workspace.context.store.settings();
    if (JSON.stringify(found) === JSON.stringify(settings.current())) return;
    settings.replace(found);
    inner.publish({ type: 'settings', settings: found });
  };
  const refreshSoon = (): void => {
    refresh().catch((error: unknown) => log.warn('settings not read', { error }));
  };
  const hub = createSharedHub({
    hub: inner,
    bus,
    site,
    summaryOf: async (id) => {
      const invoice = await (await opened()).workspace.context.store.invoice(id);
      return invoice === undefined ? undefined : projectionOf(invoice).summary;
    },
    onSettings: refreshSoon,
    onCancel: parts.abort,
  });
  const board = createJobBoard(hub, now);
  const timer = setInterval(refreshSoon, SETTINGS_MS).unref();
  let poll: { stop(): void } | undefined;
  const people = new Map<string, Context>();

  return {
    hub,
    board,
    workspace: async () => (await opened()).workspace,
    async as(actor) {
      const { workspace } = await opened();
      poll ??= createEventPoll({ ...workspace.context, hub: inner, bus });
      const known = people.get(actor);
      if (known !== undefined) return known;
      if (people.size >= MOST_PEOPLE) people.clear();
      const made = workspace.as(actor);
      people.set(actor, made);
      return made;
    },
    close() {
      clearInterval(timer);
      poll?.stop();
      hub.close();
    },
  };
}

export function createDesks(parts: DesksParts): Desks {
  const desks = new Map(parts.sites.map((site) => [site, createDesk(parts, site)]));
  return {
    find: (site) => desks.get(site),
    of(site) {
      const desk = desks.get(site);
      if (desk === undefined) throw new AppError('not_found', 'There is no such site.', { site });
      return desk;
    },
    close() {
      for (const desk of desks.values()) desk.close();
    },
  };
}
