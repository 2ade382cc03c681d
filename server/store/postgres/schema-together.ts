/** Tables of who is at what; the others are in schema.ts. */
import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

export const desk = pgTable(
  'desk',
  {
    site: text().notNull(),
    invoice: text().notNull(),
    seat: text().notNull(),
    actor: text().notNull(),
    device: text(),
    since: instant().notNull(),
    until: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.invoice, t.seat] })],
);

/** By a seat for a short while, or by a lease. */
export const claim = pgTable(
  'claim',
  {
    site: text().notNull(),
    invoice: text().notNull(),
    actor: text().notNull(),
    device: text(),
    seat: text(),
    lease: text(),
    since: instant().notNull(),
    until: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.invoice] }),
    index('claim_lease')
      .on(t.site, t.lease)
      .where(sql`lease IS NOT NULL`),
  ],
);

export const lease = pgTable(
  'lease',
  {
    site: text().notNull(),
    id: text().notNull(),
    actor: text().notNull(),
    device: text().notNull(),
    deviceName: text('device_name').notNull(),
    since: instant().notNull(),
    until: instant().notNull(),
    size: integer().notNull(),
    howEnded: text('how_ended'),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
);
