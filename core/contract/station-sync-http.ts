/** What a station says of sync with its site. A station's own server alone has these endpoints. */
import { z } from 'zod';

const none = z.object({});
const PATH = '/api/v1/sync';

/** What needs a person; each has its sentence in the text catalogue. */
export const SYNC_ATTENTION = [
  /** The sign-in ended, the device was removed, the database was copied, the key store is shut. */
  'signed-out',
  'revoked',
  'copied',
  'locked',
  /** The site wants a newer version of this program; what comes from it is still taken in. */
  'upgrade',
  /** The site does not take what is offered: an error of this program. */
  'rejected',
  /** What the site says contradicts what it said before. */
  'broken',
  /** Another copy of this database writes in its name. */
  'forked',
  'untrusted',
  /** What comes from the site has no place on this disk. */
  'disk-full',
  'refused',
  'conflicts',
  'deferred',
  /** Bytes were not those that they should be. */
  'blobs',
] as const;

/** An operation of this station that the site did not take. */
export const RefusedChange = z.object({
  op: z.uuid(),
  code: z.string(),
  kind: z.string(),
  invoice: z.string(),
  field: z.string().nullable(),
  value: z.string().nullable(),
  at: z.string(),
});
export type RefusedChange = z.infer<typeof RefusedChange>;

export const SyncView = z.object({
  /** `off`: not connected to a site. */
  state: z.enum(['off', 'offline', 'syncing', 'up-to-date', 'attention']),
  site: z.string().nullable(),
  /** Everything that waits, either way. */
  left: z.int(),
  /** Changes that the site does not have yet; changes of the site that are not here yet; documents to send and to fetch. */
  waiting: z.object({ send: z.int(), fetch: z.int(), uploads: z.int(), downloads: z.int() }),
  /** When the site was last heard (ISO instant). */
  heardAt: z.string().nullable(),
  /** When it is asked again, where it does not answer. */
  retryAt: z.string().nullable(),
  attention: z.array(z.enum(SYNC_ATTENTION)),
  /** Invoices that were decided about here and that wait for the site; the first thousand by name. */
  undecided: z.object({ n: z.int(), invoices: z.array(z.string()) }),
  /** Not looked at yet, newest first. */
  refused: z.array(RefusedChange),
  conflicts: z.object({
    cells: z.int(),
    invoices: z.int(),
    /** The first of them, by what people know them by. */
    first: z.array(z.object({ invoice: z.string(), name: z.string() })),
  }),
  deferred: z.int(),
  /** The invoices of the site on their way, in bytes; null but for the first time. */
  joining: z.object({ step: z.enum(['fetching', 'opening']), done: z.int(), total: z.int() }).nullable(),
  /** By how much this machine's clock is ahead of the site's, where that is more than two minutes. */
  clockOffMs: z.int().nullable(),
});
export type SyncView = z.infer<typeof SyncView>;

export const stationSyncApi = {
  getSync: { method: 'GET' as const, path: PATH, params: none, query: none, body: null, reply: SyncView },
  /** Asks the site now. */
  syncNow: { method: 'POST' as const, path: `${PATH}/now`, params: none, query: none, body: none, reply: SyncView },
  /** Somebody has looked at them. */
  sawRefused: {
    method: 'POST' as const,
    path: `${PATH}/refused/seen`,
    params: none,
    query: none,
    body: z.object({ ops: z.array(z.uuid()).min(1).max(500) }),
    reply: SyncView,
  },
} as const;
