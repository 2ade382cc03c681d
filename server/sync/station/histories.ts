/**
 * Old invoices, whose operations are at the site alone: fetched when somebody looks into their history or changes them, and when something new has come to them. Where the
 * site does not answer, that is said, and everything else goes on.
 */
import { setImmediate as pause } from 'node:timers/promises';
import type { RootOps } from '../../../core/contract/sync-http.ts';
import { readOp } from '../../../core/sync/arrived.ts';
import { KEPT_MS } from '../../../core/sync/retention.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import { type SiteLink, SiteLinkError } from '../../enrol/site-link.ts';
import type { Log } from '../../log.ts';
import { sha256 } from '../../store/audit.ts';
import type { GoneOps, StationSyncStore } from '../../store/station-sync-store.ts';
import type { Store } from '../../store/store.ts';
import { ReadingRecorded } from '../../../core/sync/op.ts';
import { contentJson } from '../../../core/invoice/log.ts';
import type { Transfers } from './transfers.ts';
import { Refused, type SyncWire } from './wire.ts';

/** Looked at one after the other, with everybody else in between. */
const AT_ONCE = 20;
const READ_AT_ONCE = 50;
/** How long somebody who looks at an invoice waits for the site. */
const PATIENCE_MS = 15_000;
/** Between two looks at what is old by now. */
const TIDY_MS = 6 * 3_600_000;

export interface HistoriesParts {
  readonly link: Pick<SiteLink, 'state'>;
  readonly wire: Pick<SyncWire, 'rootOps'>;
  readonly store: Pick<StationSyncStore, 'goneOps' | 'goneWanted' | 'fillIn' | 'compact' | 'position'>;
  readonly transfers: Pick<Transfers, 'fetchNow'>;
  /** As they are on the disk. */
  readonly blobs: Pick<Blobs, 'remove'>;
  readonly log: Log;
  readonly now: () => number;
}

export interface Histories {
  /** All of an old invoice is here afterwards; false where the site does not answer. */
  fetch(root: string): Promise<boolean>;
  /** Something may have come to old invoices. */
  kick(): void;
  /** Gives up what is old by now; the number of invoices. */
  compact(): Promise<number>;
  close(): Promise<void>;
}

/** Proved as an operation of a page is: its hash, its content. */
async function checked(root: string, { epoch, ops }: RootOps): Promise<GoneOps> {
  const taken: GoneOps['ops'][number][] = [];
  for (const line of ops) {
    const arrival = readOp(line, sha256);
    if (arrival.kind === 'bad' || arrival.op.body.root !== root) throw new RangeError('not operations of this invoice');
    const { text, hash, content } = arrival.op;
    const { seq, verdict, at, erased } = line;
    taken.push({ seq, verdict, text, hash, content, at, ...(erased === undefined ? {} : { erased }) });
    if (taken.length % READ_AT_ONCE === 0) await pause();
  }
  return { root, epoch, ops: taken };
}

export function createHistories(parts: HistoriesParts): Histories {
  const { link, wire, store, transfers, blobs, log, now } = parts;
  const ending = new AbortController();
  const fetching = new Map<string, Promise<boolean>>();
  let running: Promise<void> | undefined;
  let isAsked = false;
  let tidiedAt = -Infinity;

  const siteOf = (): string | undefined => {
    const state = link.state();
    return state.enrolled && state.trouble === null ? state.site : undefined;
  };

  /** Who looks at an invoice wants to see what was read, too. */
  async function readings({ ops }: GoneOps): Promise<void> {
    for (const { text, content } of ops) {
      const body = JSON.parse(text) as { kind: string };
      if (body.kind !== 'reading.recorded') continue;
      const { data } = ReadingRecorded.safeParse(contentJson({ content }));
      if (data?.blob !== undefined) await transfers.fetchNow(data.blob);
    }
  }

  async function fetchIn(root: string): Promise<boolean> {
    const site = siteOf();
    if (site === undefined) return false;
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const [come, position] = await Promise.all([wire.rootOps(site, root, signal), store.position(site)]);
      // In another history they have other places: the loop hears of it first.
      if (come.epoch !== position?.epoch) return false;
      // What the station has not come to yet comes by its pages, in order.
      const known = { ...come, ops: come.ops.filter(({ seq }) => seq <= position.cursor) };
      const all = await checked(root, known);
      await store.fillIn(all);
      await readings(all);
      return true;
    } catch (error) {
      if (!(error instanceof SiteLinkError) && !(error instanceof Refused))
        log.warn('a history was not fetched', { error });
      return false;
    }
  }

  const fetch = (root: string): Promise<boolean> => {
    const known = fetching.get(root) ?? fetchIn(root).finally(() => fetching.delete(root));
    fetching.set(root, known);
    return known;
  };

  async function compact(): Promise<number> {
    const site = siteOf();
    if (site === undefined) return 0;
    const before = new Date(now() - KEPT_MS).toISOString();
    let given = 0;
    for (let after: number | null = 0; after !== null && !ending.signal.aborted;) {
      const done = await store.compact({ site, before, after, limit: AT_ONCE });
      for (const sha256s of done.bytes) await blobs.remove(sha256s);
      given += done.invoices;
      ({ after } = done);
      await pause();
    }
    if (given > 0) log.info('texts of old invoices are at the site alone now', { count: given });
    return given;
  }

  async function run(): Promise<void> {
    while (isAsked && !ending.signal.aborted) {
      isAsked = false;
      for (const root of await store.goneWanted(AT_ONCE)) {
        if (!(await fetch(root))) return;
        isAsked = true;
      }
    }
    if (now() - tidiedAt < TIDY_MS || ending.signal.aborted) return;
    tidiedAt = now();
    await compact();
  }

  return {
    fetch,
    compact,
    kick() {
      isAsked = true;
      if (ending.signal.aborted) return;
      running ??= run()
        .catch((error: unknown) => log.warn('old invoices not looked at', { error }))
        .finally(() => (running = undefined));
    },
    async close() {
      ending.abort();
      await running;
      await Promise.allSettled(fetching.values());
    },
  };
}

/** The store of a station: the history of an old invoice comes from the site. */
export function withHistories(store: Store, fetch: Histories['fetch']): Store {
  const opsOf: Store['opsOf'] = async (root) => {
    try {
      return await store.opsOf(root);
    } catch (error) {
      const isAway =
        error instanceof Error && 'details' in error && (error.details as { reason?: unknown }).reason === 'needs-site';
      if (!isAway || !(await fetch(root))) throw error;
      return store.opsOf(root);
    }
  };
  return Object.defineProperties({} as Store, {
    ...Object.getOwnPropertyDescriptors(store),
    opsOf: { value: opsOf, enumerable: true },
  });
}
