/**
 * Old invoices, whose operations are at the site alone: fetched when somebody looks into their history or changes them, and when something new has come to them. Where the
 * site does not answer, that is said, and everything else goes on.
 */
import { setImmediate as pause } from 'node:timers/promises';
import type { RootOps } from '../../../core/contract/sync-http.ts';
import { readOp } from '../../../core/sync/arrived.ts';
import { KEPT_MS } from '../../../core/sync/retention.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import type { SiteLink } from '../../enrol/site-link.ts';
import type { Log } from '../../log.ts';
import { sha256 } from '../../store/audit.ts';
import type { GoneOps, StationSyncStore, SyncPosition } from '../../store/station-sync-store.ts';
import type { Store } from '../../store/store.ts';
import { ReadingRecorded } from '../../../core/sync/op.ts';
import { contentJson } from '../../../core/invoice/log.ts';
import type { Transfers } from './transfers.ts';
import { isAway, Refused, type SyncWire } from './wire.ts';

/** Looked at one after the other, with everybody else in between. */
const AT_ONCE = 20;
const READ_AT_ONCE = 50;
/** How long somebody who looks at an invoice waits for each answer of the site. */
const PATIENCE_MS = 15_000;
/** Of one invoice; more than that is held in memory for no one's sake. */
const MOST_ANSWERS = 50;
/** Before one that could not be fetched is tried again. */
const AGAIN_MS = 10 * 60_000;
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

/** `away`: the site does not answer, or not now. `not`: it does, and this invoice is not to be had. */
type Fetched = 'here' | 'away' | 'not';

/** Proved as an operation of a page is: its hash, its content. */
async function checked(root: string, { epoch, ops }: Pick<RootOps, 'epoch' | 'ops'>): Promise<GoneOps> {
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
  const fetching = new Map<string, Promise<Fetched>>();
  /** When they failed. */
  const failing = new Map<string, number>();
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

  /** In as many answers as it takes; undefined where they are of another history, in which they have other places: the loop hears of it first. */
  async function askAll(
    site: string,
    root: string,
    { epoch, cursor }: SyncPosition,
  ): Promise<RootOps['ops'] | undefined> {
    const ops: RootOps['ops'] = [];
    let after = 0;
    for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
      const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(PATIENCE_MS)]);
      const come = await wire.rootOps(site, root, after, signal);
      if (come.epoch !== epoch) return undefined;
      // What the station has not come to yet comes by its pages, in order.
      ops.push(...come.ops.filter(({ seq }) => seq <= cursor));
      if (come.next === undefined || come.next >= cursor) return ops;
      if (come.next <= after) throw new RangeError('the site gives the same again');
      after = come.next;
    }
    throw new RangeError('too many operations of one invoice');
  }

  async function fetchIn(root: string): Promise<Fetched> {
    const site = siteOf();
    if (site === undefined) return 'away';
    try {
      const position = await store.position(site);
      const ops = position === undefined ? undefined : await askAll(site, root, position);
      if (position === undefined || ops === undefined) return 'away';
      const all = await checked(root, { epoch: position.epoch, ops });
      await store.fillIn(all);
      failing.delete(root);
      await readings(all);
      return 'here';
    } catch (error) {
      if (isAway(error) || ending.signal.aborted) return 'away';
      if (!(error instanceof Refused)) log.warn('a history was not fetched', { error });
      failing.set(root, now());
      // Too slow an answer is of this invoice, or of everything.
      return error instanceof Error && error.name === 'TimeoutError' ? 'away' : 'not';
    }
  }

  const fetchOnce = (root: string): Promise<Fetched> => {
    const known = fetching.get(root) ?? fetchIn(root).finally(() => fetching.delete(root));
    fetching.set(root, known);
    return known;
  };
  const fetch = async (root: string): Promise<boolean> => (await fetchOnce(root)) === 'here';

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

  /** One after the other; false where the site does not answer. One that is not to be had keeps no other from coming. */
  async function fetchWanted(): Promise<boolean> {
    for (let roots = await store.goneWanted(AT_ONCE); roots.length > 0;) {
      for (const root of roots) {
        // A clock that was set back is not waited for.
        if (Math.abs(now() - (failing.get(root) ?? -Infinity)) < AGAIN_MS) continue;
        if ((await fetchOnce(root)) === 'away') return false;
      }
      roots = await store.goneWanted(AT_ONCE, roots.at(-1));
    }
    return true;
  }

  async function run(): Promise<void> {
    while (isAsked && !ending.signal.aborted) {
      isAsked = false;
      if (!(await fetchWanted())) return;
    }
    if (Math.abs(now() - tidiedAt) < TIDY_MS || ending.signal.aborted) return;
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
      const isGone =
        error instanceof Error && 'details' in error && (error.details as { reason?: unknown }).reason === 'needs-site';
      if (!isGone || !(await fetch(root))) throw error;
      return store.opsOf(root);
    }
  };
  return Object.defineProperties({} as Store, {
    ...Object.getOwnPropertyDescriptors(store),
    opsOf: { value: opsOf, enumerable: true },
  });
}
