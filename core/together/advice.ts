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

/** What there is to be said, by invoice. */
export function companies(known: Known, self: Self, now: string): ReadonlyMap<string, Company> {
  const found = new Map<string, Company>();
  const add = (invoice: string, more: Partial<Company>): void => {
    const before = found.get(invoice) ?? { others: [], worker: undefined, away: undefined, own: undefined };
    found.set(invoice, { ...before, ...more });
  };
  for (const lease of known.leases) {
    if (lease.until <= now) continue;
    const own = isOwn({ ...lease, lease: lease.id }, self);
    for (const invoice of known.within.get(lease.id) ?? []) add(invoice, own ? { own: lease } : { away: lease });
  }
  for (const desk of known.desks.toSorted((a, b) => (a.since < b.since ? -1 : 1))) {
    if (desk.actor === self.actor) continue;
    const others = [...(found.get(desk.invoice)?.others ?? []), desk];
    add(desk.invoice, desk.claimed ? { others, worker: desk } : { others });
  }
  return found;
}

/** Somebody else works on it, or has taken it along. */
export const isTaken = (company: Company | undefined): boolean =>
  company !== undefined && (company.worker !== undefined || company.away !== undefined);
