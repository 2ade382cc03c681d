/**
 * What a station has taken along from its site: asked for, put on the disk before it says ready, worked off, given back. The site's word on it counts (others may
 * take invoices over, an admin may release it); nothing of it stands in the way of work.
 */
import { z } from 'zod';
import { AppError } from '../../../core/contract/errors.ts';
import {
  LEASE_ENDS,
  type Lease,
  leaseApi,
  type LeaseHead,
  type LeaseTerms,
  type Parcel,
  togetherApi,
} from '../../../core/contract/together-http.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import type { Log } from '../../log.ts';
import { WAITING } from '../../store/desk-store.ts';
import { namedByOps } from '../../store/named-by-ops.ts';
import type { ParcelRow } from '../../store/sqlite/together-rows.ts';
import type { Store } from '../../store/store.ts';
import { isAway, type SiteAsk } from './site-ask.ts';

const ASK_MS = 20_000;
/** Documents at once. */
const SEATS = 3;
/** One that is still being read waits for a person, too. */
const OPEN = [...WAITING, 'reading'];

const Kept = z.object({
  id: z.uuid(),
  site: z.string(),
  state: z.enum(['asking', 'taken', 'returning', 'ended']),
  since: z.string(),
  until: z.string(),
  size: z.int(),
  invoices: z.array(z.string()),
  lost: z.int(),
  end: z.enum(LEASE_ENDS).nullable(),
  endedAt: z.string().nullable(),
  endedBy: z.string().nullable(),
});
type Kept = z.infer<typeof Kept>;

export interface ParcelRows {
  parcels(): Promise<ParcelRow[]>;
  saveParcel(row: ParcelRow): Promise<void>;
  dropParcel(id: string): Promise<void>;
}

export interface ParcelsParts {
  readonly rows: ParcelRows;
  readonly ask: SiteAsk;
  readonly store: Pick<Store, 'invoice' | 'invoiceIds' | 'opsOf'>;
  /** Fetches what is not here; and what is on the disk. */
  readonly blobs: Pick<Blobs, 'localPath'>;
  readonly disk: Pick<Blobs, 'has'>;
  /** The site, where it is to be asked now. */
  readonly site: () => string | undefined;
  /** Changes that the site does not have yet. */
  readonly unsent: (site: string) => Promise<number>;
  readonly newId: () => string;
  readonly now: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onChange: () => void;
}

export interface Parcels {
  list(): Promise<Parcel[]>;
  /** Whether any is still out. */
  readonly isAny: () => boolean;
  take(terms: LeaseTerms): Promise<Parcel>;
  giveBack(id: string): Promise<Parcel>;
  dismiss(id: string): Promise<void>;
  /** Goes on with whatever is to be done; what the site says of its leases, where it was heard. */
  tick(heard: readonly LeaseHead[] | undefined): Promise<void>;
}

const siteAway = (): AppError =>
  new AppError('unavailable', 'The site does not answer. Invoices can be taken offline while it does.', {
    reason: 'site-away',
  });

export function createParcels(parts: ParcelsParts): Parcels {
  const { rows, ask, store, log, signal, onChange } = parts;
  const kept = new Map<string, Kept>();
  /** On the disk with their pages, for all parcels. */
  const here = new Set<string>();
  const open = new Map<string, boolean>();
  let loaded: Promise<void> | undefined;
  let working: Promise<void> | undefined;

  const instant = (): string => new Date(parts.now()).toISOString();
  const patience = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
  async function read(): Promise<void> {
    for (const { body } of await rows.parcels()) {
      const one = Kept.parse(JSON.parse(body));
      // Nobody waits for its answer any more.
      kept.set(one.id, one.state === 'asking' ? { ...one, state: 'returning' } : one);
    }
  }
  const load = (): Promise<void> => {
    loaded ??= read();
    const mine = loaded;
    // What cannot be read now is read the next time.
    mine.catch(() => {
      if (loaded === mine) loaded = undefined;
    });
    return mine;
  };

  async function keep(one: Kept): Promise<Kept> {
    kept.set(one.id, one);
    await rows.saveParcel({ id: one.id, body: JSON.stringify(one) });
    onChange();
    return one;
  }
  async function drop(id: string): Promise<void> {
    kept.delete(id);
    await rows.dropParcel(id);
    onChange();
  }

  const isReady = (one: Kept): boolean => one.invoices.every((id) => here.has(id));
  const stateOf = (one: Kept): Parcel['state'] =>
    one.state !== 'taken' ? one.state : isReady(one) ? 'ready' : 'fetching';
  function shown(one: Kept): Parcel {
    const { id, since, until, size, invoices, lost, end, endedAt, endedBy } = one;
    const count = (is: (invoice: string) => boolean): number => invoices.filter(is).length;
    return {
      id,
      state: stateOf(one),
      since,
      until,
      size,
      invoices,
      here: count((invoice) => here.has(invoice)),
      open: count((invoice) => open.get(invoice) !== false),
      lost,
      end,
      endedAt,
      endedBy,
    };
  }

  /** What the site says of it; what was given back by us is not lost. */
  async function heardOf(one: Kept, lease: Lease, returned: ReadonlySet<string> = new Set()): Promise<Kept> {
    const still = new Set(lease.invoices);
    const lost = one.invoices.filter((id) => !still.has(id) && !returned.has(id)).length;
    const isOver = lease.end !== null || (lease.left === 0 && one.size > 0);
    // It may have been given back meanwhile.
    const { state } = kept.get(one.id) ?? one;
    return keep({
      ...one,
      state: isOver ? 'ended' : state,
      until: lease.until,
      invoices: lease.invoices,
      lost: one.lost + (lease.end === null ? lost : 0),
      end: isOver ? (lease.end ?? 'returned') : null,
      endedAt: isOver ? (lease.endedAt ?? lease.until) : null,
      endedBy: lease.endedBy,
    });
  }

  /** Notes whether the invoice is here with all that belongs to it. */
  async function bring(id: string): Promise<void> {
    const invoice = await store.invoice(id);
    if (invoice === undefined) return;
    open.set(id, OPEN.includes(invoice.status));
    if (invoice.reading === null) return;
    const { blobs } = namedByOps(await store.opsOf(id));
    for (const sha256 of [invoice.document.sha256, ...blobs.map((blob) => blob.sha256)]) {
      await parts.blobs.localPath(sha256).catch(() => undefined); // looked for below, and again later
      if ((await parts.disk.has(sha256)) === undefined) return;
    }
    here.add(id);
    onChange();
  }
  /** Of what is here nothing but its status changes: one question for all of them. */
  async function lookAgain(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const waiting = new Set(await store.invoiceIds({ status: OPEN }));
    for (const id of ids) open.set(id, waiting.has(id));
  }
  const isTaken = (id: string): boolean => !signal.aborted && kept.get(id)?.state === 'taken';
  /** Whoever gives it back, or loses it, does not wait for the rest. */
  async function bringAll({ id: parcel, invoices }: Kept): Promise<void> {
    const line = invoices.filter((id) => !here.has(id));
    await lookAgain(invoices.filter((id) => here.has(id)));
    const seat = async (): Promise<void> => {
      for (let id = line.shift(); id !== undefined && isTaken(parcel); id = line.shift()) await bring(id);
    };
    await Promise.all(Array.from({ length: SEATS }, seat));
  }

  const giveUp = (one: Kept, invoices?: readonly string[]): Promise<Lease> =>
    ask(leaseApi.returnLease, {
      params: { id: one.id },
      body: invoices === undefined ? {} : { invoices },
      signal: patience(),
    });

  /** One of which the site knows nothing was never taken. */
  async function comesBack(one: Kept): Promise<void> {
    try {
      await heardOf(one, await giveUp(one), new Set(one.invoices));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
      await drop(one.id);
    }
  }

  async function follow(one: Kept, heard: readonly LeaseHead[] | undefined): Promise<void> {
    const site = parts.site();
    let now = one;
    const there = heard?.find(({ id }) => id === one.id);
    if (site !== undefined && heard !== undefined && there?.left !== one.invoices.length)
      now = await heardOf(one, await ask(togetherApi.getLease, { params: { id: one.id }, signal: patience() }));
    if (now.state !== 'taken') return;
    await bringAll(now);
    if (!isTaken(now.id)) return;
    const done = now.invoices.filter((id) => open.get(id) === false);
    // What the site has not heard of is not done there.
    if (site === undefined || done.length === 0 || (await parts.unsent(site)) > 0) return;
    await heardOf(now, await giveUp(now, done), new Set(done));
  }

  /** Its time ends it wherever it stands, also where the site is never heard again. */
  const isPast = ({ state, until }: Kept): boolean =>
    (state === 'taken' || state === 'returning') && until <= instant();

  async function work(heard: readonly LeaseHead[] | undefined): Promise<void> {
    await load();
    for (const one of kept.values()) {
      try {
        const site = parts.site();
        if (isPast(one)) await keep({ ...one, state: 'ended', end: 'expired', endedAt: one.until, endedBy: null });
        else if (one.state === 'taken') await follow(one, heard);
        else if (one.state === 'returning' && site !== undefined && (await parts.unsent(site)) === 0)
          await comesBack(one);
      } catch (error) {
        if (signal.aborted) return;
        if (!isAway(error)) log.warn('taken along, and not followed', { error });
      }
    }
  }

  const known = (id: string): Kept => {
    const one = kept.get(id);
    if (one === undefined) throw new AppError('not_found', 'There is nothing of this that was taken offline.');
    return one;
  };
  const tick: Parcels['tick'] = (heard) => (working ??= work(heard).finally(() => (working = undefined)));

  return {
    async list() {
      await load();
      return [...kept.values()].map(shown);
    },
    isAny: () => [...kept.values()].some(({ state }) => state !== 'ended'),
    async take(terms) {
      await load();
      const site = parts.site();
      if (site === undefined) throw siteAway();
      const id = parts.newId();
      const at = instant();
      const until = new Date(parts.now() + terms.hours * 3_600_000).toISOString();
      const nothing = { invoices: [], lost: 0, end: null, endedAt: null, endedBy: null };
      const asking = await keep({ id, site, state: 'asking', since: at, until, size: 0, ...nothing });
      try {
        const lease = await ask(leaseApi.takeLease, { body: { id, ...terms }, signal: patience() });
        if (lease.left === 0) {
          await drop(id);
          return { ...shown(asking), state: 'ended', end: 'returned' };
        }
        const { since, size, invoices } = lease;
        const taken = await keep({ ...asking, state: 'taken', since, until: lease.until, size, invoices });
        tick(undefined).catch((error: unknown) => log.warn('taken along, and not followed', { error }));
        return shown(taken);
      } catch (error) {
        if (!isAway(error)) {
          await drop(id);
          throw error;
        }
        // The site may have heard it.
        await keep({ ...asking, state: 'returning' });
        throw siteAway();
      }
    },
    async giveBack(id) {
      await load();
      const one = known(id);
      if (one.state === 'ended') return shown(one);
      await keep({ ...one, state: 'returning' });
      await working;
      await tick(undefined);
      return shown(kept.get(id) ?? { ...one, state: 'ended', end: 'returned' });
    },
    async dismiss(id) {
      await load();
      if (known(id).state !== 'ended')
        throw new AppError('not_allowed', 'Give it back first.', { reason: 'parcel-out' });
      await drop(id);
    },
    tick,
  };
}
