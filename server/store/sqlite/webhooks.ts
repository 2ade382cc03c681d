/** Webhooks of a site on one machine, in the store's own database. The rows are handled in webhook-rows.ts, on the store's thread. */
import {
  deliveryRow,
  pageOf,
  positionOf,
  readDelivery,
  readSubscription,
  type WebhookStore,
} from '../webhook-store.ts';
import type { RemoteCalls } from './rpc.ts';
import type { Writer } from './writer.ts';

export function createSqliteWebhooks(writer: Pick<RemoteCalls<Writer>, 'call'>): WebhookStore {
  return {
    subscriptions: async () => (await writer.call('webhooks')).map(readSubscription),
    async subscription(id) {
      const body = await writer.call('webhook', id);
      return body === undefined ? undefined : readSubscription(body);
    },
    async saveSubscription(expect, subscription) {
      const { id, version } = subscription;
      const saved = await writer.call('saveWebhook', expect, { id, version, body: JSON.stringify(subscription) });
      return saved ? 'ok' : 'conflict';
    },
    dropSubscription: (id) => writer.call('dropWebhook', id),
    saveDelivery: (delivery, since) => writer.call('saveWebhookDelivery', deliveryRow(delivery), since),
    async delivery(subscription, id) {
      const body = await writer.call('webhookDelivery', subscription, id);
      return body === undefined ? undefined : readDelivery(body);
    },
    async deliveries(subscription, { state, cursor, limit }) {
      const after = positionOf(cursor);
      const rows = await writer.call('webhookDeliveries', {
        subscription,
        state: state ?? null,
        limit: limit + 1,
        at: after?.at ?? null,
        id: after?.id ?? null,
      });
      return pageOf(rows, limit);
    },
  };
}
