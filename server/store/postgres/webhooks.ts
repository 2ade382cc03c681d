/** Webhooks of a site in Postgres. */
import { sql } from 'drizzle-orm';
import {
  deliveryRow,
  pageOf,
  positionOf,
  readDelivery,
  readSubscription,
  type Subscription,
  type WebhookStore,
} from '../webhook-store.ts';
import type { Connections, Statement } from './connection.ts';
import { webhook, webhookDelivery } from './schema-webhooks.ts';

type Body = { readonly body: string };

const save = (site: string, expect: number, subscription: Subscription): Statement => {
  const { id, version } = subscription;
  const body = JSON.stringify(subscription);
  return expect === 0
    ? sql`INSERT INTO ${webhook} (site, id, version, body) VALUES (${site}, ${id}, ${version}, ${body}) ON CONFLICT DO NOTHING RETURNING 1`
    : sql`UPDATE ${webhook} SET version = ${version}, body = ${body} WHERE site = ${site} AND id = ${id} AND version = ${expect} RETURNING 1`;
};

export function createPostgresWebhooks(connections: Connections, site: string): WebhookStore {
  const read = (statement: Statement): Promise<Body[]> => connections.read(site, (tx) => tx.send<Body>(statement));
  return {
    async subscriptions() {
      const rows = await read(sql`SELECT body FROM ${webhook} WHERE site = ${site} ORDER BY id`);
      return rows.map(({ body }) => readSubscription(body));
    },
    async subscription(id) {
      const [row] = await read(sql`SELECT body FROM ${webhook} WHERE site = ${site} AND id = ${id}`);
      return row === undefined ? undefined : readSubscription(row.body);
    },
    async saveSubscription(expect, subscription) {
      const [rows = []] = await connections.write(site, (tx) => tx.commit([save(site, expect, subscription)]));
      return rows.length > 0 ? 'ok' : 'conflict';
    },
    async dropSubscription(id) {
      const [rows = []] = await connections.write(site, (tx) =>
        tx.commit([
          sql`DELETE FROM ${webhook} WHERE site = ${site} AND id = ${id} RETURNING 1`,
          sql`DELETE FROM ${webhookDelivery} WHERE site = ${site} AND webhook = ${id}`,
        ]),
      );
      return rows.length > 0;
    },
    async saveDelivery(delivery, since) {
      const { id, subscription, state, createdAt, body } = deliveryRow(delivery);
      await connections.write(site, (tx) =>
        tx.commit([
          // Not for one that was deleted meanwhile.
          sql`INSERT INTO ${webhookDelivery} (site, id, webhook, state, created_at, body)
            SELECT ${site}, ${id}, ${subscription}, ${state}, ${createdAt}::timestamptz, ${body}
            WHERE EXISTS (SELECT 1 FROM ${webhook} WHERE site = ${site} AND id = ${subscription})
            ON CONFLICT (site, id) DO UPDATE SET state = excluded.state, body = excluded.body`,
          sql`DELETE FROM ${webhookDelivery} WHERE site = ${site} AND webhook = ${subscription} AND created_at < ${since}::timestamptz`,
        ]),
      );
    },
    async delivery(subscription, id) {
      const [row] = await read(
        sql`SELECT body FROM ${webhookDelivery} WHERE site = ${site} AND id = ${id} AND webhook = ${subscription}`,
      );
      return row === undefined ? undefined : readDelivery(row.body);
    },
    async deliveries(subscription, { state, cursor, limit }) {
      const after = positionOf(cursor);
      const rows = await read(sql`
        SELECT body FROM ${webhookDelivery} WHERE site = ${site} AND webhook = ${subscription}
          AND ${state === undefined ? sql`TRUE` : sql`state = ${state}`}
          AND ${after === undefined ? sql`TRUE` : sql`(created_at, id) < (${after.at}::timestamptz, ${after.id})`}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`);
      return pageOf(rows, limit);
    },
  };
}
