/**
 * Who has what open, who works on what, and what stations have taken along (docs/together.md). A site has these endpoints, and so has a station, which asks its
 * site; of a station without one `on` is false. All of it is advice: nothing here refuses a change.
 */
import { z } from 'zod';
import { INVOICE_STATUSES, type InvoiceStatus } from '../invoice/states.ts';

const none = z.object({});
const get = 'GET' as const;
const post = 'POST' as const;
const Id = z.uuid();
const byId = z.object({ id: Id });

export const TOGETHER_LIMITS = {
  /** Invoices of one lease, and all that a station has out. */
  lease: 500,
  out: 1_000,
  hours: 24,
  candidates: 50,
  waitSeconds: 25,
} as const;

/** Somebody has the invoice open. */
export const Desk = z.object({
  invoice: Id,
  actor: z.string(),
  /** The station; null in a browser at the site. */
  device: z.string().nullable(),
  since: z.string(),
  /** Works on it: others' queues leave it out. */
  claimed: z.boolean(),
});
export type Desk = z.infer<typeof Desk>;

/** Invoices that a station has taken along, to be worked on without the site. */
export const LeaseHead = z.object({
  id: Id,
  actor: z.string(),
  device: z.string(),
  deviceName: z.string(),
  since: z.string(),
  until: z.string(),
  /** How many they were, and how many are still out. */
  size: z.int(),
  left: z.int(),
});
export type LeaseHead = z.infer<typeof LeaseHead>;

/** Given back, taken back by somebody else, or over. */
export const LEASE_ENDS = ['returned', 'released', 'expired'] as const;
export type LeaseEnd = (typeof LEASE_ENDS)[number];
export const Lease = LeaseHead.extend({
  invoices: z.array(Id),
  end: z.enum(LEASE_ENDS).nullable(),
  endedAt: z.string().nullable(),
  endedBy: z.string().nullable(),
});
export type Lease = z.infer<typeof Lease>;

export const Together = z.object({
  /** False where there is nobody else: a station without a site, or one that cannot hear it. */
  on: z.boolean(),
  /** Of what stands here: another one after every change. */
  tag: z.string(),
  desks: z.array(Desk),
  leases: z.array(LeaseHead),
});
export type Together = z.infer<typeof Together>;

/** Who works on an invoice, or has taken it along. */
export const Holder = z.object({
  actor: z.string(),
  device: z.string().nullable(),
  since: z.string(),
  until: z.string(),
  lease: Id.nullable(),
  /** It is whoever asks. */
  own: z.boolean(),
});
export type Holder = z.infer<typeof Holder>;

/** Which of the queue: as the list shows them, those that wait for a person. */
export const LeaseFilter = z.object({
  q: z.string().max(200).optional(),
  status: z
    .array(z.enum(INVOICE_STATUSES as readonly [InvoiceStatus, ...InvoiceStatus[]]))
    .max(20)
    .optional(),
  /** Of those the ones that need somebody for this. */
  only: z.enum(['conflict', 'duplicate']).optional(),
  sort: z
    .enum(['createdAt', 'issueDate', 'dueDate', 'vendorName', 'invoiceNumber', 'grossTotal', 'attention', 'updatedAt'])
    .default('createdAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
});
export type LeaseFilter = z.infer<typeof LeaseFilter>;

export const LeaseTerms = z.object({
  size: z.int().min(1).max(TOGETHER_LIMITS.lease),
  hours: z.int().min(1).max(TOGETHER_LIMITS.hours),
  filter: LeaseFilter,
});
export type LeaseTerms = z.infer<typeof LeaseTerms>;

/** `window`: one page of one browser; made by it. */
const Seat = z.object({ window: Id });

export const togetherApi = {
  /** With a tag, waits up to `wait` seconds for anything else than what it stands for. */
  getTogether: {
    method: get,
    path: '/api/v1/together',
    params: none,
    query: z.object({
      tag: z.string().max(100).optional(),
      wait: z.coerce.number().int().min(0).max(TOGETHER_LIMITS.waitSeconds).default(0),
    }),
    body: null,
    reply: Together,
  },
  /**
   * Said when an invoice is opened and every 25 seconds while it is; forgotten two and a half minutes after the last time. `claim`: `free` works on it where
   * nobody else does, `over` in anybody's place, `none` only looks. A role that does not correct only looks.
   */
  keepDesk: {
    method: post,
    path: '/api/v1/invoices/:id/desk',
    params: byId,
    query: none,
    body: Seat.extend({ claim: z.enum(['none', 'free', 'over']) }),
    /** Null where nobody works on it, or where nobody can be asked. */
    reply: z.object({ holder: Holder.nullable() }),
  },
  leaveDesk: {
    method: post,
    path: '/api/v1/invoices/:id/desk/leave',
    params: byId,
    query: none,
    body: Seat,
    reply: none,
  },
  /** The first of these that waits for a person and that nobody else works on; it is taken at once. Two who ask together get two. */
  claimNext: {
    method: post,
    path: '/api/v1/desks/next',
    params: none,
    query: none,
    body: Seat.extend({ invoices: z.array(Id).min(1).max(TOGETHER_LIMITS.candidates) }),
    reply: z.object({ invoice: Id.nullable() }),
  },
  getLease: { method: get, path: '/api/v1/leases/:id', params: byId, query: none, body: null, reply: Lease },
} as const;

/** Of a site alone; its stations ask them. */
export const leaseApi = {
  /** `id` is made by the station: asked again, the answer is the same lease. */
  takeLease: {
    method: post,
    path: '/api/v1/leases',
    params: none,
    query: none,
    body: LeaseTerms.extend({ id: Id }),
    reply: Lease,
  },
  /** By the station that has it; all of it, or these. */
  returnLease: {
    method: post,
    path: '/api/v1/leases/:id/return',
    params: byId,
    query: none,
    body: z.object({ invoices: z.array(Id).max(TOGETHER_LIMITS.lease).optional() }),
    reply: Lease,
  },
  /** By an admin, whoever has it. Work that was done meanwhile is taken in as ever. */
  releaseLease: {
    method: post,
    path: '/api/v1/leases/:id/release',
    params: byId,
    query: none,
    body: none,
    reply: Lease,
  },
} as const;

/**
 * `asking`: the site has not answered yet; `fetching`: it is ours, and not everything is on the disk; `ready`: the network may go; `returning`: given back as
 * soon as the site hears of it and has everything that was done; `ended`: see `end`.
 */
export const PARCEL_STATES = ['asking', 'fetching', 'ready', 'returning', 'ended'] as const;

/** A lease as the station that has it shows it. */
export const Parcel = z.object({
  id: Id,
  state: z.enum(PARCEL_STATES),
  since: z.string(),
  until: z.string(),
  size: z.int(),
  /** Still ours; those of them that are on the disk with their pages, and that wait for a person. */
  invoices: z.array(Id),
  here: z.int(),
  open: z.int(),
  /** Others have taken them over. */
  lost: z.int(),
  end: z.enum(LEASE_ENDS).nullable(),
  endedAt: z.string().nullable(),
  endedBy: z.string().nullable(),
});
export type Parcel = z.infer<typeof Parcel>;

export const Parcels = z.object({ parcels: z.array(Parcel) });
export type Parcels = z.infer<typeof Parcels>;

/** Of a station alone. */
export const parcelApi = {
  listParcels: { method: get, path: '/api/v1/parcels', params: none, query: none, body: null, reply: Parcels },
  /** Needs the site. */
  takeParcel: { method: post, path: '/api/v1/parcels', params: none, query: none, body: LeaseTerms, reply: Parcel },
  /** At once where the site answers, else as soon as it does. */
  giveParcelBack: {
    method: post,
    path: '/api/v1/parcels/:id/return',
    params: byId,
    query: none,
    body: none,
    reply: Parcel,
  },
  /** One that has ended has been looked at. */
  dismissParcel: {
    method: post,
    path: '/api/v1/parcels/:id/dismiss',
    params: byId,
    query: none,
    body: none,
    reply: Parcels,
  },
} as const;
