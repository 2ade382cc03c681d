/** Webhooks of a site's server, put together: for each site a store whose commits tell, the handler of the job `webhook`, and what admins may do. */
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { Histogram, type Registry } from 'prom-client';
import type { NewEvent } from '../../core/access/audit-event.ts';
import type { Resolver } from '../access/outbound.ts';
import type { Secrets } from '../access/secrets.ts';
import { correlated, correlationOf } from '../correlation.ts';
import type { JobHandler } from '../jobs/handling.ts';
import type { Log } from '../log.ts';
import type { ClaimedJob, Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import type { WebhookStore } from '../store/webhook-store.ts';
import { createDeadTeller } from './dead.ts';
import { createDeadLooks } from './dead-looks.ts';
import { createDeliver } from './deliver.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createResolver } from './resolver.ts';
import { installWebhookRoutes } from './routes.ts';
import { createSender, type Sent } from './send.ts';
import { createWebhookService, type WebhookService } from './service.ts';
import { createTurns } from './turns.ts';

/** At a time, of one process: they wait for strangers and cost a socket each. */
export const WEBHOOKS_AT_ONCE = 32;

export interface WebhooksOptions {
  readonly sites: readonly string[];
  readonly storesOf: (
    site: string,
  ) => Promise<{ readonly store: Store; readonly queue: Queue; readonly webhooks: WebhookStore }>;
  readonly secrets: Secrets;
  /** As receivers reach the site. */
  readonly origin: string;
  readonly privateHosts: readonly string[];
  /** Keeps a security event. */
  readonly tell: (site: string, event: NewEvent) => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
  readonly registry?: Registry;
  readonly resolver?: Resolver;
  /** For tests; 10 seconds. */
  readonly longestMs?: number;
}

export interface Webhooks {
  /** The store of a site whose commits tell. What is committed elsewhere tells nobody. */
  storeOf(site: string): Promise<Store>;
  service(site: string): Promise<WebhookService>;
  /** Who listens at the site now: what operations tell them, as jobs for the transaction that takes these in (sync). */
  teller(site: string): ReturnType<Outbox['teller']>;
  handler(siteOf: (job: ClaimedJob) => string): JobHandler;
  install(app: FastifyInstance): void;
  /** Looks for what the queue gave up: of the processes that work on jobs. */
  start(): void;
  /** The same once; the look that is under way, where one is. */
  tellDead(): Promise<void>;
  /** Waits for the look that is under way. */
  stop(): Promise<void>;
}

function measure(registry: Registry | undefined): (sent: Sent) => void {
  if (registry === undefined) return () => undefined;
  const seconds = new Histogram({
    name: 'ap_webhook_seconds',
    help: 'Duration of requests to receivers of webhooks, by what came of them.',
    labelNames: ['outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return ({ kind, ms }) => seconds.observe({ outcome: kind }, ms / 1_000);
}

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { sites, storesOf, secrets, origin, privateHosts, tell, log, now, newId, resolver, longestMs } = options;
  const send = createSender({
    secrets,
    origin,
    now,
    privateHosts,
    resolver: resolver ?? createResolver(),
    ...(longestMs === undefined ? {} : { longestMs }),
  });
  const turns = createTurns({ seats: WEBHOOKS_AT_ONCE, now });
  const observe = measure(options.registry);

  async function open(site: string) {
    const { store, queue, webhooks } = await storesOf(site);
    const outbox = createOutbox({ store, webhooks, now, newId });
    const { changed } = outbox;
    const service = createWebhookService({
      site,
      store,
      queue,
      webhooks,
      secrets,
      privateHosts,
      send,
      now,
      newId,
      changed,
      random: randomBytes,
      tell: (event) => tell(site, event),
    });
    const { gone } = service;
    const deliver = createDeliver({ site, store, webhooks, send, turns, now, gone, observe });
    return {
      store: outbox.store,
      teller: outbox.teller,
      service,
      deliver,
      tellDead: createDeadTeller({ store, queue, outbox, now }),
    };
  }
  const opened = new Map<string, ReturnType<typeof open>>();
  const of = (site: string): ReturnType<typeof open> => {
    const known = opened.get(site) ?? open(site);
    opened.set(site, known);
    // The database may be back for the next one who asks.
    known.catch(() => opened.delete(site));
    return known;
  };
  const dead = createDeadLooks(async (signal) => {
    for (const site of sites) if (!signal.aborted) await (await of(site)).tellDead(signal);
  }, log);

  return {
    storeOf: async (site) => (await of(site)).store,
    service: async (site) => (await of(site)).service,
    teller: async (site) => (await of(site)).teller(),
    // Under the name of the request that caused it.
    handler: (siteOf) => (work) =>
      correlated(correlationOf(work.job), async () => (await of(siteOf(work.job))).deliver(work)),
    install: (app) => installWebhookRoutes(app, async (site) => (await of(site)).service),
    tellDead: dead.look,
    start: dead.start,
    stop: dead.stop,
  };
}
