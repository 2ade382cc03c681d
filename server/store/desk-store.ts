/**
 * Who has which invoice of a site open, who works on it, and what stations have taken along: advice with an end of its own, beside the log and never part of it. Two
 * implementations: Postgres, and memory for a site of one process; `desk-store.contract.test.ts` runs both. Losing what screens said loses nothing.
 */
import type { Desk, Lease, LeaseEnd, LeaseHead } from '../../core/contract/together-http.ts';

/** One page of one browser, of somebody at a station (`device`) or at the site. */
export interface Seat {
  readonly actor: string;
  readonly device: string | null;
  readonly window: string;
}

/** Who works on an invoice now (`lease` null), or has taken it along. */
export interface Holding {
  readonly actor: string;
  readonly device: string | null;
  readonly lease: string | null;
  readonly since: string;
  readonly until: string;
}

export interface Kept {
  readonly holder: Holding | undefined;
  /** Another visit, or another who works on it, than the time before. */
  readonly isNews: boolean;
  /** In whose place `over` put the seat. */
  readonly replaced: Holding | undefined;
}

export interface DeskView {
  readonly desks: readonly Desk[];
  readonly leases: readonly LeaseHead[];
}

export interface NewLease {
  readonly id: string;
  readonly actor: string;
  readonly device: string;
  readonly deviceName: string;
  readonly hours: number;
}

export interface LeaseEnding {
  /** All of them, where none is named. */
  readonly invoices?: readonly string[] | undefined;
  readonly end: Exclude<LeaseEnd, 'expired'>;
  readonly by: string;
}

/** `full`: the station has as many out as one may. */
export type Opened =
  | { readonly kind: 'new' }
  | { readonly kind: 'known'; readonly lease: Lease }
  | { readonly kind: 'full' };

export interface DeskStore {
  view(): Promise<DeskView>;
  /** The seat is at the invoice for another while. Undefined where there is no such invoice. */
  keep(invoice: string, seat: Seat, claim: 'none' | 'free' | 'over'): Promise<Kept | undefined>;
  /** Whether it was there. */
  leave(invoice: string, seat: Seat): Promise<boolean>;
  /** The first of these that waits for a person and that nobody else has. */
  claimFirst(invoices: readonly string[], seat: Seat): Promise<string | undefined>;
  openLease(lease: NewLease): Promise<Opened>;
  /** As many of these, in this order, as nobody has and as are still `wanted`: how many. No invoice is in two leases. */
  fillLease(id: string, invoices: readonly string[], wanted: number): Promise<number>;
  lease(id: string): Promise<Lease | undefined>;
  /** What is left of it; it ends with its last invoice. Undefined where there is none. */
  endLease(id: string, ending: LeaseEnding): Promise<Lease | undefined>;
  /** Forgets what is over for long. */
  tidy(): Promise<void>;
}

/** What waits for a person. */
export const WAITING = ['exception', 'ready'] as const;
