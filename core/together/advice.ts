/** What the queue of one person leaves out, and what it says of the others. Only ever advice: an invoice that is left out can be opened and changed all the same. */
import type { Desk, LeaseHead } from '../contract/together-http.ts';

/** `device`: of a station its own; null in a browser at the site. */
export interface Self {
  readonly actor: string;
  readonly device: string | null;
}

export interface Owner {
  readonly actor: string;
  readonly device: string | null;
  /** Null: open on a screen. */
  readonly lease: string | null;
}

/** Whoever sits at two screens is one person; what a station has taken along is that station's, as the other screen does not see what is done to it. */
export const isOwn = (owner: Owner, self: Self): boolean =>
  owner.lease === null ? owner.actor === self.actor : owner.device !== null && owner.device === self.device;

/** What is known of an invoice. */
export interface Company {
  /** Others who have it open, the longest first. */
  readonly others: readonly Desk[];
  /** Who works on it, where it is somebody else. */
  readonly worker: Desk | undefined;
  /** Who has taken it along, somebody else or this station itself. */
  readonly away: LeaseHead | undefined;
  readonly own: LeaseHead | undefined;
}

export interface Known {
  readonly desks: readonly Desk[];
  readonly leases: readonly LeaseHead[];
  /** Which invoices a lease has. */
  readonly within: ReadonlyMap<string, ReadonlySet<string>>;
}

export function companyOf(invoice: string, known: Known, self: Self, now: string): Company {
  const here = known.desks.filter((desk) => desk.invoice === invoice);
  const others = here.filter(({ actor }) => actor !== self.actor).toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const lease = known.leases.find(({ id, until }) => until > now && known.within.get(id)?.has(invoice) === true);
  const own = lease !== undefined && isOwn({ ...lease, lease: lease.id }, self);
  return {
    others,
    worker: others.find(({ claimed }) => claimed),
    away: own ? undefined : lease,
    own: own ? lease : undefined,
  };
}

/** Every invoice that somebody else works on or has taken along. */
export function takenByOthers({ desks, leases, within }: Known, self: Self, now: string): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const { invoice, actor, claimed } of desks) if (claimed && actor !== self.actor) taken.add(invoice);
  for (const lease of leases)
    if (lease.until > now && !isOwn({ ...lease, lease: lease.id }, self))
      for (const invoice of within.get(lease.id) ?? []) taken.add(invoice);
  return taken;
}
