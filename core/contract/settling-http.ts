/** What only a person can settle: fields that two people set differently, rows that one deleted and another edited, and invoices that are here twice. */
import { z } from 'zod';
import { DuplicateLink, Invoice, InvoiceSummary } from './invoice.ts';
import { Box, Source } from './reading.ts';

const get = 'GET' as const;
const post = 'POST' as const;
const none = z.object({});
const Id = z.uuid();
const byId = z.object({ id: Id });
const Entity = z.object({ type: z.string(), id: z.string() });
const Reason = z.string().trim().min(1).max(2_000);

/** One who said it. */
export const Saying = z.object({
  op: z.string(),
  actor: z.string(),
  /** Of whoever said it first; another one put it back before the eyes of everybody (`putBackBy`). */
  device: z.string(),
  putBackBy: z.string().nullable(),
  /** When its author's clock said it was; never later than five minutes after it came. */
  claimedAt: z.string().nullable(),
  receivedAt: z.string(),
  reason: z.string().nullable(),
  source: Source,
  /** Of an edit in a row: which cell, and to what. */
  field: z.string().nullable(),
  value: z.string().nullable(),
});
export type Saying = z.infer<typeof Saying>;

/** A value that heads of the cell have; of a row, whether it stays. */
export const ConflictSide = z.object({
  value: z.string().nullable(),
  /** Of a row alone. */
  keeps: z.boolean().nullable(),
  said: z.array(Saying).min(1),
});
export type ConflictSide = z.infer<typeof ConflictSide>;

/** One cell or one row in conflict, in a list. */
export const ConflictRow = z.object({
  invoice: z.string(),
  kind: z.enum(['values', 'deleted']),
  entity: Entity,
  /** Null for a row. */
  field: z.string().nullable(),
  /** When this database first held both sides. */
  since: z.string(),
  vendorName: z.string().nullable(),
  invoiceNumber: z.string().nullable(),
  documentName: z.string(),
  currency: z.string().nullable(),
});
export type ConflictRow = z.infer<typeof ConflictRow>;

export const ConflictDetail = z.object({
  kind: ConflictRow.shape.kind,
  entity: Entity,
  field: z.string().nullable(),
  since: z.string(),
  sides: z.array(ConflictSide).min(2),
  /** Every operation that a settlement has to name: whoever saw this list has seen these. */
  parents: z.array(Id).min(2),
  /** What stood there when the two began; null where nothing did. Of a row always null. */
  base: z
    .object({
      value: z.string().nullable(),
      actor: z.string().nullable(),
      at: z.string().nullable(),
      read: z.boolean(),
    })
    .nullable(),
  /** What the reading saw. */
  read: z
    .object({
      value: z.string().nullable(),
      text: z.string(),
      confidence: z.number(),
      source: Source,
    })
    .nullable(),
  /** Where to look on the page: as read, or as one of the two clicked it. */
  place: z.object({ page: z.int(), box: Box }).nullable(),
  /** Of a cell in a row, or of a row: which one, and what stands in it. */
  row: z.object({ number: z.int(), cells: z.record(z.string(), z.string().nullable()) }).nullable(),
});
export type ConflictDetail = z.infer<typeof ConflictDetail>;

/** Two invoices that may be one, as lists show them. */
export const DuplicatePair = z.object({
  /** The later one, which would be closed. */
  invoice: InvoiceSummary,
  other: InvoiceSummary,
  /** `same-file`: the same bytes. `same-values`: vendor, number, date and total. `alike`: less than that. */
  why: z.enum(['same-file', 'same-values', 'alike']),
  /** As the one invoice has it; null where nobody has decided anything. */
  link: DuplicateLink.nullable(),
});
export type DuplicatePair = z.infer<typeof DuplicatePair>;

export const settlingApi = {
  /** Oldest invoice first; `after` is `next` of the page before. Pages hold whole invoices: `limit` counts these. */
  listConflicts: {
    method: get,
    path: '/api/v1/conflicts',
    params: none,
    query: z.object({
      after: Id.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    body: null,
    reply: z.object({
      items: z.array(ConflictRow),
      next: z.string().nullable(),
      totals: z.object({ cells: z.int(), invoices: z.int() }),
    }),
  },
  getConflicts: {
    method: get,
    path: '/api/v1/invoices/:id/conflicts',
    params: byId,
    query: none,
    body: null,
    /** `revision`: of the invoice that they are told of. */
    reply: z.object({ items: z.array(ConflictDetail), revision: z.int() }),
  },
  /** A row that one deleted and another edited: it stays, or it goes. A cell is settled by a correction that names all its heads. */
  settleRow: {
    method: post,
    path: '/api/v1/invoices/:id/conflicts/row',
    params: byId,
    query: none,
    body: z.object({
      opId: Id,
      entity: z.object({ type: z.enum(['line', 'taxRow']), id: Id }),
      keep: z.boolean(),
      parents: z.array(Id).min(2).max(2_000),
      reason: Reason.optional(),
    }),
    reply: Invoice,
    tagged: true,
  },
  /** Takes a settlement back: every side stands again, and everybody sees the conflict. Refused where somebody has set it since. */
  unsettle: {
    method: post,
    path: '/api/v1/invoices/:id/conflicts/unsettle',
    params: byId,
    query: none,
    /** One id for each of the sides there were. */
    body: z.object({ settled: Id, opIds: z.array(Id).min(2).max(100) }),
    reply: Invoice,
    tagged: true,
  },

  /** Pairs that nobody has settled, newest first. */
  listDuplicates: {
    method: get,
    path: '/api/v1/duplicates',
    params: none,
    query: z.object({
      after: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    body: null,
    reply: z.object({ items: z.array(DuplicatePair), next: z.string().nullable(), total: z.int() }),
  },
  /** Every invoice that this one may be the same as, settled ones too. */
  getDuplicates: {
    method: get,
    path: '/api/v1/invoices/:id/duplicates',
    params: byId,
    query: none,
    body: null,
    reply: z.object({ items: z.array(DuplicatePair) }),
  },
  /** This one is closed and points to `kept`. Compare-and-set, as a transition; reopening it is the way back. */
  mergeDuplicate: {
    method: post,
    path: '/api/v1/invoices/:id/duplicates/merge',
    params: byId,
    query: none,
    body: z.object({ opId: Id, kept: Id, digest: z.string(), reason: Reason.optional() }),
    reply: Invoice,
    tagged: true,
  },
  /** They are two; said on both of them, with a reason. `not: false` takes it back: all that was said, or what `of` names. */
  notDuplicate: {
    method: post,
    path: '/api/v1/invoices/:id/duplicates/not',
    params: byId,
    query: none,
    body: z.object({
      opIds: z.tuple([Id, Id]),
      other: Id,
      not: z.boolean(),
      of: z.array(Id).min(1).max(2).optional(),
      reason: Reason.optional(),
    }),
    reply: Invoice,
    tagged: true,
  },
} as const;
