/** Tables of webhooks; the others are in schema.ts. */
import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, ordered } from './columns.ts';

/** Who is told of what: a parsed document beside what it is looked up by. */
export const webhook = pgTable(
  'webhook',
  { site: text().notNull(), id: ordered().notNull(), version: integer().notNull(), body: text().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
);

export const webhookDelivery = pgTable(
  'webhook_delivery',
  {
    site: text().notNull(),
    id: ordered().notNull(),
    webhook: ordered().notNull(),
    state: text().notNull(),
    createdAt: instant('created_at').notNull(),
    body: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    index('webhook_delivery_recent').on(t.site, t.webhook, t.createdAt, t.id),
    // The few that somebody looks for among many.
    index('webhook_delivery_other')
      .on(t.site, t.webhook, t.createdAt, t.id)
      .where(sql`state <> 'delivered'`),
  ],
);
