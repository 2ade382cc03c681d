/** For tests: webhooks of one site at work over its store, as a worker of a site runs them. */
import { randomBytes } from 'node:crypto';
import type { NewEvent } from '../../core/access/audit-event.ts';
import type { EventType } from '../../core/webhooks/event.ts';
import { invoiceCreatedOp, transitionOp } from '../../core/sync/drafts.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import type { Resolver } from '../access/outbound.ts';
import { createSecrets, type Secrets } from '../access/secrets.ts';
import type { JobBoard } from '../jobs/board.ts';
import { createRunner } from '../jobs/runner.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import type { Queue } from '../queue/queue.ts';
import type { CommitResult, Store } from '../store/store.ts';
import type { WebhookStore } from '../store/webhook-store.ts';
import { createWebhooks, WEBHOOKS_AT_ONCE } from './webhooks.ts';

export const ORIGIN = 'https://ap.example.com';
export const KEY = Buffer.alloc(32, 7);

// Not that of store/testing-webhooks.ts, which needs a test runner.
const newId = (): string => uuid7(Date.now(), randomBytes(10));

const SILENT: JobBoard = {
  made: () => undefined,
  running: () => undefined,
  progress: () => undefined,
  ended: () => undefined,
  cancelled: () => undefined,
};

export interface DeskParts {
  readonly site: string;
  readonly store: Store;
  readonly queue: Queue;
  readonly webhooks: WebhookStore;
}

export interface DeskWish {
  readonly host: string;
  readonly now: () => number;
  readonly longestMs?: number;
  readonly resolver?: Resolver;
  readonly secrets?: Secrets;
  readonly leaseMs?: number;
}

export async function openDesk(parts: DeskParts, wish: DeskWish) {
  const { host, now, longestMs = 1_000, resolver, secrets = createSecrets([KEY]), leaseMs = 3_000 } = wish;
  const { site, queue } = parts;
  const told: NewEvent[] = [];
  const log = createLog({ write: () => undefined }, 'error');
  const metrics = createMetrics(() => queue.counts());
  const webhooks = createWebhooks({
    sites: [site],
    secrets,
    log,
    now,
    newId,
    origin: ORIGIN,
    privateHosts: [host],
    longestMs,
    storesOf: async () => parts,
    tell: async (_site, event) => void told.push(event),
    registry: metrics.registry,
    ...(resolver === undefined ? {} : { resolver }),
  });
  const handlers = { webhook: webhooks.handler(() => site) };
  const runner = createRunner({ queue, log, metrics, now, board: SILENT, leaseMs, beatMs: leaseMs / 4, graceMs: 500 }, [
    { handlers, concurrency: WEBHOOKS_AT_ONCE },
  ]);
  const service = await webhooks.service(site);
  const store = await webhooks.storeOf(site);
  const commit = (...ops: OpDraft[]): Promise<CommitResult> =>
    store.commit({ ops, projections: [], documents: [], jobs: [] });
  return {
    webhooks,
    service,
    store,
    runner,
    metrics,
    told,
    commit,
    subscribe: (url: string, ...events: EventType[]) =>
      service.create('user:admin', { url, note: '', events: events.length === 0 ? ['invoice.approved'] : events }),
    async stop() {
      await runner.stop();
      await webhooks.stop();
      metrics.close();
    },
  };
}
export type Desk = Awaited<ReturnType<typeof openDesk>>;

const author = () => ({ opId: newId(), actor: 'user:somebody', salt: randomBytes(32).toString('hex') });

export const received = (invoice = newId()): OpDraft =>
  invoiceCreatedOp(author(), invoice, { document: 'd'.repeat(64) });
export const approved = (invoice = newId()): OpDraft =>
  transitionOp(
    author(),
    invoice,
    { from: 'confirmed', to: 'approved', digest: 'd'.repeat(64) },
    'as said to Mr Müller',
  );
