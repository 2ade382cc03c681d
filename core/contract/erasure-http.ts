/** Endpoints of erasure. Part of `api` (http.ts). One person asks, another one confirms; what remains is that, by whom, when and why. */
import { z } from 'zod';
import { ERASE_GROUNDS } from '../sync/erase.ts';

const none = z.object({});
const Id = z.uuid();
const byId = z.object({ id: Id });
const get = 'GET' as const;
const post = 'POST' as const;

/** Why an invoice cannot be erased now. */
export const ERASE_REFUSALS = [
  /** This station is connected to a site: there. */
  'site-only',
  /** A program works on it. */
  'busy',
  /** Between approval and export. */
  'staged',
  /** Exported, and books have to be kept; a strong ground overcomes it. */
  'retained',
  /** The mail or archive that it came in is an invoice of its own, or has too much in it. */
  'container',
  /** Somebody asked already. */
  'asked',
] as const;
export type EraseRefusal = (typeof ERASE_REFUSALS)[number];

const Act = z.object({ at: z.string(), actor: z.string(), by: z.string().nullable() });

export const Erasure = z.object({
  id: Id,
  state: z.enum(['asked', 'confirmed', 'withdrawn']),
  ground: z.enum(ERASE_GROUNDS),
  /** In the words of whoever asked. */
  reason: z.string(),
  forced: z.boolean(),
  invoices: z.array(z.string()),
  /** How many. */
  documents: z.int(),
  asked: Act,
  /** Confirmed or withdrawn. */
  ended: Act.nullable(),
});
export type Erasure = z.infer<typeof Erasure>;

/** What would go and what would stay. */
export const ErasurePlan = z.object({
  invoices: z.array(z.string()),
  documents: z.int(),
  operations: z.int(),
  lessons: z.int(),
  /** Batches whose kept copy goes, too. */
  exports: z.array(z.object({ number: z.int(), fileName: z.string() })),
  /** Other invoices are made of the same document: it stays. */
  shared: z.int(),
  /** Books have to be kept so long (a date); null where it was never exported. */
  retainedUntil: z.string().nullable(),
  refusals: z.array(z.enum(ERASE_REFUSALS)),
  /** Nobody signs in here: both persons say who they are. */
  byName: z.boolean(),
  asked: Erasure.nullable(),
});
export type ErasurePlan = z.infer<typeof ErasurePlan>;

const Name = z.string().trim().min(2).max(200);

export const erasureApi = {
  getErasure: {
    method: get,
    path: '/api/v1/invoices/:id/erasure',
    params: byId,
    query: none,
    body: null,
    reply: ErasurePlan,
  },
  askErasure: {
    method: post,
    path: '/api/v1/invoices/:id/erasure',
    params: byId,
    query: none,
    body: z.object({
      /** Made by the client, so that a repeated request is one. */
      erasure: Id,
      ground: z.enum(ERASE_GROUNDS),
      reason: z.string().trim().min(3).max(2_000),
      forced: z.boolean().default(false),
      by: Name.optional(),
    }),
    reply: Erasure,
  },
  listErasures: {
    method: get,
    path: '/api/v1/erasures',
    params: none,
    query: none,
    body: null,
    reply: z.object({ items: z.array(Erasure) }),
  },
  confirmErasure: {
    method: post,
    path: '/api/v1/erasures/:id/confirm',
    params: byId,
    query: none,
    body: z.object({ by: Name.optional() }),
    reply: Erasure,
  },
  withdrawErasure: {
    method: post,
    path: '/api/v1/erasures/:id/withdraw',
    params: byId,
    query: none,
    body: none,
    reply: Erasure,
  },
} as const;
