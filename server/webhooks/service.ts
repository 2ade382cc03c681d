/** What admins do with the webhooks of their site. Every change is told as a security event before it is answered: who is told of what leaves the site. */
import type { NewEvent } from '../../core/access/audit-event.ts';
import { AppError } from '../../core/contract/errors.ts';
import type { Webhook, WebhookDelivery, WebhookWish } from '../../core/contract/webhooks.ts';
import { PING } from '../../core/webhooks/event.ts';
import { checkOutbound } from '../access/outbound.ts';
import type { Secrets } from '../access/secrets.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import type { Delivery, DeliveryPage, Subscription, WebhookStore } from '../store/webhook-store.ts';
import { KEPT_MS } from './deliver.ts';
import { webhookJob } from './outbox.ts';
import { newSecret, sealSecret } from './secret.ts';
import type { Send } from './send.ts';

/** Each of them costs a job with every event. */
export const MOST_WEBHOOKS = 20;
const TRIES = 5;
const HOUR_MS = 3_600_000;
const BY_RECEIVER = 'service:webhook';

export interface ServiceParts {
  readonly site: string;
  readonly store: Store;
  readonly queue: Pick<Queue, 'replay'>;
  readonly webhooks: WebhookStore;
  readonly secrets: Secrets;
  readonly privateHosts: readonly string[];
  readonly send: Send;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random: (bytes: number) => Uint8Array;
  readonly tell: (event: NewEvent) => Promise<void>;
  /** Subscriptions are not what they were. */
  readonly changed: () => void;
}

export type WebhookService = ReturnType<typeof createWebhookService>;

const notFound = (): AppError => new AppError('not_found', 'There is no such webhook.');

/** The host alone: an address may hold a secret. */
const hostOf = (url: string): string => new URL(url).host;

function viewOf({ secrets, ...rest }: Subscription, now: string): Webhook {
  const old = secrets.find(({ until }) => until !== null && until > now);
  return { ...rest, oldSecretUntil: old?.until ?? null };
}

export const deliveryView = ({ event, subscription: _of, job: _job, ...rest }: Delivery): WebhookDelivery => ({
  ...rest,
  event: event.id,
  type: event.type,
});

export function createWebhookService(parts: ServiceParts) {
  const { site, store, queue, webhooks, secrets, privateHosts, send, now, newId, random, tell, changed } = parts;
  const instant = (): string => new Date(now()).toISOString();
  const view = (subscription: Subscription): Webhook => viewOf(subscription, instant());
  const told = (actor: string, id: string, what: string, more: Record<string, string> = {}): Promise<void> =>
    tell({ kind: 'webhook', at: instant(), actor, data: { webhook: id, what, ...more } });
  const sealed = (id: string, secret: string) => ({ sealed: sealSecret(secrets, site, id, secret), until: null });

  async function find(id: string): Promise<Subscription> {
    const found = await webhooks.subscription(id);
    if (found === undefined) throw notFound();
    return found;
  }

  /** Reads, decides, saves; again where somebody else was faster. Undefined: as it is. */
  async function change(
    id: string,
    decide: (before: Subscription) => Partial<Subscription> | undefined,
  ): Promise<{ readonly after: Subscription; readonly isNew: boolean }> {
    for (let left = TRIES; left > 0; left -= 1) {
      const before = await find(id);
      const wanted = decide(before);
      if (wanted === undefined) return { after: before, isNew: false };
      const after = { ...before, ...wanted, changedAt: instant(), version: before.version + 1 };
      if ((await webhooks.saveSubscription(before.version, after)) === 'ok') {
        changed();
        return { after, isNew: true };
      }
    }
    throw new AppError('conflict', 'Others changed the same at the same time. Try again.');
  }

  async function switchOff(actor: string, id: string, disabledBy: 'admin' | 'gone'): Promise<Webhook> {
    const { after, isNew } = await change(id, ({ state }) =>
      state === 'disabled' ? undefined : { state: 'disabled', disabledBy },
    );
    if (isNew) await told(actor, id, 'disabled', { by: disabledBy });
    return view(after);
  }

  return {
    list: async () => (await webhooks.subscriptions()).map(view),
    get: async (id: string) => view(await find(id)),
    async create(actor: string, wish: WebhookWish) {
      checkOutbound(new URL(wish.url), privateHosts);
      if ((await webhooks.subscriptions()).length >= MOST_WEBHOOKS)
        throw new AppError('not_allowed', `A site has ${MOST_WEBHOOKS} webhooks at most. Delete one first.`);
      const id = newId();
      const secret = newSecret(random);
      const at = instant();
      const made: Subscription = {
        id,
        ...wish,
        createdAt: at,
        changedAt: at,
        version: 1,
        state: 'active',
        disabledBy: null,
        secrets: [sealed(id, secret)],
      };
      await told(actor, id, 'created', { host: hostOf(wish.url), events: wish.events.join(' ') });
      await webhooks.saveSubscription(0, made);
      changed();
      return { webhook: view(made), secret };
    },
    async change(actor: string, id: string, seen: number, wish: WebhookWish) {
      checkOutbound(new URL(wish.url), privateHosts);
      const { after } = await change(id, ({ version }) => {
        if (version !== seen)
          throw new AppError('stale', 'The webhook was changed since you saw it. Look again, then change it.');
        return wish;
      });
      await told(actor, id, 'changed', { host: hostOf(wish.url), events: wish.events.join(' ') });
      return view(after);
    },
    disable: (actor: string, id: string) => switchOff(actor, id, 'admin'),
    gone: async (id: string) => void (await switchOff(BY_RECEIVER, id, 'gone')),
    async enable(actor: string, id: string) {
      const { after, isNew } = await change(id, ({ state }) =>
        state === 'active' ? undefined : { state: 'active', disabledBy: null },
      );
      if (isNew) await told(actor, id, 'enabled');
      return view(after);
    },
    async remove(actor: string, id: string) {
      if (!(await webhooks.dropSubscription(id))) throw notFound();
      changed();
      await told(actor, id, 'deleted');
      return { deleted: true };
    },
    async rotate(actor: string, id: string, overlapHours: number) {
      const secret = newSecret(random);
      const until = new Date(now() + overlapHours * HOUR_MS).toISOString();
      const { after } = await change(id, ({ secrets: [newest] }) => ({
        secrets: [
          sealed(id, secret),
          ...(newest === undefined || overlapHours === 0 ? [] : [{ sealed: newest.sealed, until }]),
        ],
      }));
      await told(actor, id, 'secret');
      return { webhook: view(after), secret };
    },
    async ping(id: string) {
      const subscription = await find(id);
      const at = instant();
      const event = { id: newId(), type: PING, timestamp: at, data: {} } as const;
      const { kind, status, error, ms } = await send(site, subscription, event);
      const state = kind === 'delivered' ? 'delivered' : 'failed';
      const made = { id: newId(), job: '', subscription: id, event, attempts: 1, createdAt: at, updatedAt: instant() };
      await webhooks.saveDelivery({ ...made, state, status, error, ms }, new Date(now() - KEPT_MS).toISOString());
      return { delivered: kind === 'delivered', status, error, ms };
    },
    async deliveries(id: string, page: DeliveryPage) {
      await find(id);
      const { items, next } = await webhooks.deliveries(id, page);
      return { items: items.map(deliveryView), next };
    },
    async replay(actor: string, id: string, delivery: string) {
      await find(id);
      const before = await webhooks.delivery(id, delivery);
      if (before === undefined) throw new AppError('not_found', 'There is no such delivery.');
      const job = newId();
      const isDead = before.state === 'failed' && before.job !== '';
      // Before it waits: what comes of it must not be written over.
      const waiting: Delivery = { ...before, state: 'waiting', attempts: 0, updatedAt: instant() };
      const since = new Date(now() - KEPT_MS).toISOString();
      await webhooks.saveDelivery(waiting, since);
      if (!isDead || (await queue.replay(before.job)) === 'gone')
        await store.commit({
          ops: [],
          projections: [],
          documents: [],
          jobs: [webhookJob(job, delivery, id, before.event)],
        });
      await told(actor, id, 'replayed', { delivery });
      return deliveryView(waiting);
    },
  };
}
