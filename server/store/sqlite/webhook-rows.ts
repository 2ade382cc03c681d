/** Webhooks of a site on one machine: rows, on the store's thread. `webhooks.ts` is the port in front of it. */
import type { Sqlite } from './open.ts';
import type { DeliveryRow } from '../webhook-store.ts';

export interface SubscriptionRow {
  readonly id: string;
  readonly version: number;
  readonly body: string;
}
export interface DeliveryPageRow {
  readonly subscription: string;
  readonly state: string | null;
  readonly at: string | null;
  readonly id: string | null;
  readonly limit: number;
}
type Body = { readonly body: string };

export function createWebhookRows(db: Sqlite) {
  const all = db.prepare('SELECT body FROM webhook ORDER BY id');
  const one = db.prepare('SELECT body FROM webhook WHERE id = ?');
  const insert = db.prepare('INSERT OR IGNORE INTO webhook (id, version, body) VALUES (@id, @version, @body)');
  const update = db.prepare('UPDATE webhook SET version = @version, body = @body WHERE id = @id AND version = @expect');
  const drop = db.prepare('DELETE FROM webhook WHERE id = ?');
  const dropDeliveries = db.prepare('DELETE FROM webhook_delivery WHERE webhook = ?');
  // Not for one that was deleted meanwhile.
  const saveDelivery = db.prepare(
    `INSERT INTO webhook_delivery (id, webhook, state, created_at, body) SELECT @id, @subscription, @state, @createdAt, @body
     WHERE EXISTS (SELECT 1 FROM webhook WHERE id = @subscription)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`,
  );
  const forget = db.prepare('DELETE FROM webhook_delivery WHERE webhook = ? AND created_at < ?');
  const delivery = db.prepare('SELECT body FROM webhook_delivery WHERE id = ? AND webhook = ?');
  const page = db.prepare(
    `SELECT body FROM webhook_delivery WHERE webhook = @subscription AND (@state IS NULL OR state = @state)
       AND (@at IS NULL OR (created_at, id) < (@at, @id)) ORDER BY created_at DESC, id DESC LIMIT @limit`,
  );
  const dropAll = db.transaction((id: string): boolean => {
    dropDeliveries.run(id);
    return drop.run(id).changes > 0;
  });
  const keep = db.transaction((row: DeliveryRow, since: string): void => {
    saveDelivery.run(row);
    forget.run(row.subscription, since);
  });
  return {
    all: (): string[] => (all.all() as Body[]).map(({ body }) => body),
    one: (id: string): string | undefined => (one.get(id) as Body | undefined)?.body,
    save: (expect: number, row: SubscriptionRow): boolean =>
      (expect === 0 ? insert.run(row) : update.run({ ...row, expect })).changes > 0,
    drop: (id: string): boolean => dropAll.immediate(id),
    keep: (row: DeliveryRow, since: string): void => keep.immediate(row, since),
    delivery: (subscription: string, id: string): string | undefined =>
      (delivery.get(id, subscription) as Body | undefined)?.body,
    page: (wish: DeliveryPageRow): Body[] => page.all(wish) as Body[],
  };
}
