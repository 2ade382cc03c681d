/** Webhooks of a site: who is told of what by a request to an address of his own (docs/webhooks.md). Contracts of what only a site serves. */
import { z } from 'zod';
import { EVENT_TYPES, PING } from '../webhooks/event.ts';

const Id = z.uuid();
const plain = /^[^\p{C}]*$/u;

export const WebhookWish = z.object({
  /** https; other hosts and plain http only where the installation lists the host. */
  url: z.url().max(2_000),
  events: z
    .array(z.enum(EVENT_TYPES))
    .min(1)
    .max(EVENT_TYPES.length)
    .transform((events) => EVENT_TYPES.filter((type) => events.includes(type))),
  /** For the people of the site. */
  note: z.string().trim().max(200).regex(plain, 'one line of text').default(''),
});
export type WebhookWish = z.output<typeof WebhookWish>;

export const Webhook = z.object({
  id: Id,
  url: z.string(),
  events: z.array(z.enum(EVENT_TYPES)),
  note: z.string(),
  state: z.enum(['active', 'disabled']),
  /** `gone`: the receiver answered 410. Null while it is active. */
  disabledBy: z.enum(['admin', 'gone']).nullable(),
  createdAt: z.string(),
  changedAt: z.string(),
  /** Until when requests are signed by the secret before, too; null where there is one secret. */
  oldSecretUntil: z.string().nullable(),
  /** For If-Match, as its ETag. */
  version: z.int(),
});
export type Webhook = z.infer<typeof Webhook>;

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed', 'cancelled'] as const;

/** What came of telling one receiver one event. It stands here from the first try on; until then it is a waiting job. */
export const WebhookDelivery = z.object({
  id: Id,
  event: z.string(),
  type: z.enum([...EVENT_TYPES, PING]),
  /** `waiting`: for the next try. `failed`: given up. `cancelled`: the webhook was disabled when its turn came. */
  state: z.enum(DELIVERY_STATES),
  attempts: z.int(),
  /** Of the last answer; null where there was none. */
  status: z.int().nullable(),
  /** Why the last try failed. */
  error: z.string().nullable(),
  ms: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

const none = z.object({});
const byId = z.object({ id: Id });
const get = 'GET' as const;
const post = 'POST' as const;
const onOne = { params: byId, query: none } as const;

/** Shown once, here: it is kept sealed and never given out again. */
const Secret = z.string();

export const webhooksApi = {
  listWebhooks: {
    method: get,
    path: '/api/v1/webhooks',
    params: none,
    query: none,
    body: null,
    reply: z.object({ items: z.array(Webhook) }),
  },
  createWebhook: {
    method: post,
    path: '/api/v1/webhooks',
    params: none,
    query: none,
    body: WebhookWish,
    reply: z.object({ webhook: Webhook, secret: Secret }),
  },
  getWebhook: { method: get, path: '/api/v1/webhooks/:id', ...onOne, body: null, reply: Webhook },
  /** If-Match with the ETag of what was seen; refused as `stale` otherwise. */
  changeWebhook: {
    method: 'PUT' as const,
    path: '/api/v1/webhooks/:id',
    ...onOne,
    body: WebhookWish,
    reply: Webhook,
  },
  enableWebhook: { method: post, path: '/api/v1/webhooks/:id/enable', ...onOne, body: none, reply: Webhook },
  /** What waits for it is not sent; it can be replayed from the list of deliveries. */
  disableWebhook: { method: post, path: '/api/v1/webhooks/:id/disable', ...onOne, body: none, reply: Webhook },
  /** With its deliveries. */
  deleteWebhook: {
    method: post,
    path: '/api/v1/webhooks/:id/delete',
    ...onOne,
    body: none,
    reply: z.object({ deleted: z.boolean() }),
  },
  /** A new secret. The one before signs beside it for `overlapHours`; 0 where it became known to others. */
  rotateWebhookSecret: {
    method: post,
    path: '/api/v1/webhooks/:id/secret',
    ...onOne,
    body: z.object({ overlapHours: z.int().min(0).max(168).default(24) }),
    reply: z.object({ webhook: Webhook, secret: Secret }),
  },
  /** Sends `webhook.ping` at once and once, also to one that is disabled. */
  pingWebhook: {
    method: post,
    path: '/api/v1/webhooks/:id/ping',
    ...onOne,
    body: none,
    reply: z.object({ delivered: z.boolean(), status: z.int().nullable(), error: z.string().nullable(), ms: z.int() }),
  },
  /** Of the last 30 days, the newest first. */
  listWebhookDeliveries: {
    method: get,
    path: '/api/v1/webhooks/:id/deliveries',
    params: byId,
    query: z.object({
      state: z.enum(DELIVERY_STATES).optional(),
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    body: null,
    reply: z.object({ items: z.array(WebhookDelivery), next: z.string().nullable() }),
  },
  /** Sends what was given up, cancelled, or delivered once more: the same event under the same id. */
  replayWebhookDelivery: {
    method: post,
    path: '/api/v1/webhooks/:id/deliveries/:delivery/replay',
    params: z.object({ id: Id, delivery: Id }),
    query: none,
    body: none,
    reply: WebhookDelivery,
  },
} as const;

export type WebhooksApi = typeof webhooksApi;
