/**
 * Who is at what, as a station hears it from its site while it is connected: it asks, waits for changes while somebody looks, and forgets within a minute what it cannot hear any
 * more. A station without a site says that there is nobody.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../core/contract/errors.ts';
import type { Holder, Lease, LeaseTerms, Parcel } from '../../../core/contract/together-http.ts';
import { type Together, TOGETHER_LIMITS, togetherApi } from '../../../core/contract/together-http.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import type { SiteLink } from '../../enrol/site-link.ts';
import type { Hub } from '../../hub.ts';
import type { Log } from '../../log.ts';
import type { StationSyncStore } from '../../store/station-sync-store.ts';
import type { Store } from '../../store/store.ts';
import { createParcels, type ParcelRows } from './parcels.ts';
import { createSiteAsk, isAway } from './site-ask.ts';

/** What was not heard for so long may have changed. */
const FORGET_MS = 60_000;
/** Between two answers, however much happens. */
const CALM_MS = 1_000;
const IDLE_MS = 1_000;
const LONGEST_MS = 30_000;
/** A site that knows nothing of this: it may be updated some day. */
const OLD_MS = 10 * 60_000;
/** Nobody waits longer to be told who else is there, or for the next invoice. */
const KEEP_MS = 3_000;
const NEXT_MS = 700;
const TICK_MS = 4_000;
const TELL_MS = 200;

export interface StationTogetherParts {
  readonly link: SiteLink;
  readonly rows: ParcelRows;
  readonly store: Store;
  readonly sync: Pick<StationSyncStore, 'counts'>;
  /** Fetches what is not here; and what is on the disk. */
  readonly blobs: Blobs;
  readonly disk: Blobs;
  readonly hub: Pick<Hub, 'publish' | 'streams'>;
  readonly newId: () => string;
  readonly now: () => number;
  readonly log: Log;
}

export interface Sitting {
  readonly window: string;
  readonly claim: 'none' | 'free' | 'over';
}

export interface StationTogether {
  start(): void;
  view(): Together;
  keep(invoice: string, sitting: Sitting): Promise<Holder | null>;
  leave(invoice: string, window: string): Promise<void>;
  next(invoices: readonly string[], window: string): Promise<string | null>;
  lease(id: string): Promise<Lease>;
  parcels(): Promise<Parcel[]>;
  take(terms: LeaseTerms): Promise<Parcel>;
  giveBack(id: string): Promise<Parcel>;
  dismiss(id: string): Promise<void>;
  close(): Promise<void>;
}

const NOBODY: Together = { on: false, tag: '', desks: [], leases: [] };

/** Whatever the site cannot say now is not known; what it refuses is refused. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isAway(error) || (error instanceof AppError && error.code === 'not_found')) return undefined;
    throw error;
  }
}

export function createStationTogether(parts: StationTogetherParts): StationTogether {
  const { link, store, hub, log, now } = parts;
  const ask = createSiteAsk(link);
  const ending = new AbortController();
  const { signal } = ending;
  let heard: Together | undefined;
  let heardAt = -Infinity;
  let told = '';
  let toldParcels = '';
  let telling: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let ticking: NodeJS.Timeout | undefined;

  const connected = () => {
    const state = link.state();
    return state.enrolled && state.trouble === null ? state : undefined;
  };
  const isHeard = (): boolean => Math.abs(now() - heardAt) < FORGET_MS;
  const patience = (ms: number): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(ms)]);

  /** What this station's own person does elsewhere is no stranger's. */
  const ownActor = (actor: string): string => {
    const state = link.state();
    return state.enrolled && actor === `user:${state.user.id}` ? `local:${store.device}` : actor;
  };
  const own = <T extends { readonly actor: string }>(one: T): T => ({ ...one, actor: ownActor(one.actor) });
  function view(): Together {
    if (heard === undefined || connected() === undefined) return NOBODY;
    const isOn = isHeard();
    return {
      on: isOn,
      tag: isOn ? heard.tag : `${heard.tag}-away`,
      desks: isOn ? heard.desks.map(own) : [],
      leases: heard.leases.map(own),
    };
  }
  const parcels = createParcels({
    rows: parts.rows,
    ask,
    store,
    blobs: parts.blobs,
    disk: parts.disk,
    site: () => connected()?.site,
    unsent: async (site) => (await parts.sync.counts(site)).unsent,
    newId: parts.newId,
    now,
    log,
    signal,
    onChange: touch,
  });

  async function tell(): Promise<void> {
    telling = undefined;
    if (signal.aborted) return;
    const together = view();
    if (together.tag !== told) hub.publish({ type: 'together', together });
    told = together.tag;
    const list = await parcels.list();
    const text = JSON.stringify(list);
    if (text !== toldParcels) hub.publish({ type: 'parcels', parcels: list });
    toldParcels = text;
  }
  function touch(): void {
    telling ??= setTimeout(() => {
      // The store is closing or failing: whoever asks it next says so.
      tell().catch(() => undefined);
    }, TELL_MS).unref();
  }

  const rest = (ms: number): Promise<void> => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  async function listen(): Promise<void> {
    const known = isHeard() ? heard?.tag : undefined;
    const seen = await ask(togetherApi.getTogether, {
      query: known === undefined ? {} : { tag: known, wait: TOGETHER_LIMITS.waitSeconds },
      signal,
      headMs: (TOGETHER_LIMITS.waitSeconds + 15) * 1_000,
    });
    heard = seen;
    heardAt = now();
    touch();
    await parcels.tick(seen.leases);
  }
  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const isLooked = hub.streams > 0 || parcels.isAny();
      if (connected() === undefined || !isLooked) {
        await rest(IDLE_MS);
        continue;
      }
      try {
        await listen();
        failures = 0;
        await rest(CALM_MS);
      } catch (error) {
        if (signal.aborted) return;
        touch();
        failures += 1;
        const isOld = error instanceof AppError && error.code === 'not_found';
        await rest(isOld ? OLD_MS : Math.min(LONGEST_MS, 1_000 * 2 ** Math.min(failures, 5)));
      }
    }
  }

  /** What is not at the site yet, or not read there, is never free there: the first one that nobody else has. The site is asked anew: of two who want the last one the other just got it. */
  async function notTaken(invoices: readonly string[]): Promise<string | null> {
    const signalled = patience(NEXT_MS);
    const { desks, leases } = (await orNothing(ask(togetherApi.getTogether, { signal: signalled }))) ?? view();
    const ours = await parcels.list();
    const theirs = leases.filter(({ id }) => !ours.some((parcel) => parcel.id === id));
    const out = await Promise.all(
      theirs.map(({ id }) => orNothing(ask(togetherApi.getLease, { params: { id }, signal: signalled }))),
    );
    const mine = `local:${store.device}`;
    const taken = new Set([
      ...desks.flatMap(({ claimed, actor, invoice }) => (claimed && ownActor(actor) !== mine ? [invoice] : [])),
      ...out.flatMap((lease) => lease?.invoices ?? []),
    ]);
    return invoices.find((id) => !taken.has(id)) ?? null;
  }

  const tick = (): void => {
    parcels.tick(undefined).catch((error: unknown) => log.warn('taken along, and not followed', { error }));
    touch();
  };

  return {
    start() {
      running = run();
      // The first time it learns what there is.
      tick();
      ticking = setInterval(tick, TICK_MS).unref();
    },
    view,
    async keep(invoice, sitting) {
      if (connected() === undefined) return null;
      const question = { params: { id: invoice }, body: sitting, signal: patience(KEEP_MS) };
      return (await orNothing(ask(togetherApi.keepDesk, question)))?.holder ?? null;
    },
    async leave(invoice, window) {
      if (connected() === undefined) return;
      await orNothing(
        ask(togetherApi.leaveDesk, { params: { id: invoice }, body: { window }, signal: patience(KEEP_MS) }),
      );
    },
    async next(invoices, window) {
      const [first = null] = invoices;
      if (connected() === undefined || !isHeard()) return first;
      const answer = await orNothing(
        ask(togetherApi.claimNext, { body: { window, invoices }, signal: patience(NEXT_MS) }),
      );
      return answer === undefined ? first : (answer.invoice ?? (await notTaken(invoices)));
    },
    async lease(id) {
      if (connected() === undefined) throw new AppError('not_found', 'There is no such lease.');
      return ask(togetherApi.getLease, { params: { id }, signal: patience(KEEP_MS) });
    },
    parcels: () => parcels.list(),
    take: (terms) => parcels.take(terms),
    giveBack: (id) => parcels.giveBack(id),
    dismiss: (id) => parcels.dismiss(id),
    async close() {
      clearInterval(ticking);
      clearTimeout(telling);
      ending.abort();
      await running;
    },
  };
}
