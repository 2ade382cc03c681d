/**
 * Who is to be told of what at a site, and what came of telling it. Part of the site's database; what is still to be told is in the table of jobs, where it
 * came with the change that it tells of. Two implementations: SQLite, Postgres; `webhook-store.contract.test.ts` runs both.
 */
import { AppError } from '../../core/contract/errors.ts';
import { z } from 'zod';
import { DELIVERY_STATES, type WebhookDelivery } from '../../core/contract/webhooks.ts';
import { EVENT_TYPES, WebhookEvent } from '../../core/webhooks/event.ts';
import { isInstant } from './instant.ts';

export const Subscription = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.enum(EVENT_TYPES)),
  note: z.string(),
  state: z.enum(['active', 'disabled']),
  disabledBy: z.enum(['admin', 'gone']).nullable(),
  createdAt: z.string(),
  changedAt: z.string(),
  /** Sealed; the newest first. `until`: signs beside the newest until then. */
  secrets: z.array(z.object({ sealed: z.string(), until: z.string().nullable() })),
  version: z.int(),
});
export type Subscription = z.infer<typeof Subscription>;

export const Delivery = z.object({
  /** Root of the jobs that deliver it. */
  id: z.string(),
  /** The last of them. */
  job: z.string(),
  subscription: z.string(),
  event: WebhookEvent,
  state: z.enum(DELIVERY_STATES),
  attempts: z.int(),
  status: z.int().nullable(),
  error: z.string().nullable(),
  ms: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Delivery = z.infer<typeof Delivery>;

export interface DeliveryPage {
  readonly state?: WebhookDelivery['state'] | undefined;
  /** A `next`. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface WebhookStore {
  /** By id, which is about the order they were made in. */
  subscriptions(): Promise<Subscription[]>;
  subscription(id: string): Promise<Subscription | undefined>;
  /** `expect`: the version that was read, 0 where it must not exist; `subscription.version` is one more. */
  saveSubscription(expect: number, subscription: Subscription): Promise<'ok' | 'conflict'>;
  /** With its deliveries. False where there is none. */
  dropSubscription(id: string): Promise<boolean>;
  /** In the place of what is known of this delivery; and forgets what is older than `since` (ISO) of the same subscription. */
  saveDelivery(delivery: Delivery, since: string): Promise<void>;
  delivery(subscription: string, id: string): Promise<Delivery | undefined>;
  /** The newest first. */
  deliveries(subscription: string, page: DeliveryPage): Promise<{ items: Delivery[]; next: string | null }>;
}

/** As kept, in both databases. */
export interface DeliveryRow {
  readonly id: string;
  readonly subscription: string;
  readonly state: string;
  readonly createdAt: string;
  readonly body: string;
}

export const deliveryRow = (delivery: Delivery): DeliveryRow => {
  const { id, subscription, state, createdAt } = delivery;
  return { id, subscription, state, createdAt, body: JSON.stringify(delivery) };
};
export const readDelivery = (body: string): Delivery => Delivery.parse(JSON.parse(body));
export const readSubscription = (body: string): Subscription => Subscription.parse(JSON.parse(body));

/** Where the page before ended. */
export function positionOf(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined || cursor === '') return undefined;
  const [at = '', id = ''] = cursor.split('~');
  if (isInstant(at) && !id.includes('\0')) return { at, id };
  throw new AppError('bad_request', 'The cursor does not fit. Start again without it.');
}

/** A page out of one row more than it holds. */
export function pageOf(
  bodies: readonly { readonly body: string }[],
  limit: number,
): { items: Delivery[]; next: string | null } {
  const items = bodies.slice(0, limit).map(({ body }) => readDelivery(body));
  const last = items.at(-1);
  return { items, next: bodies.length > limit && last !== undefined ? `${last.createdAt}~${last.id}` : null };
}
