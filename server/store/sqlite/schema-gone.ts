/** Tables of what is gone (migration-gone.ts); the others are in schema.ts. */
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const goneChain = sqliteTable('gone_chain', {
  device: text().primaryKey(),
  devSeq: integer('dev_seq').notNull(),
  hash: text().notNull(),
});

export const goneRoot = sqliteTable(
  'gone_root',
  { root: text().primaryKey(), ops: integer().notNull(), wanted: integer().notNull() },
  (t) => [
    index('gone_root_wanted')
      .on(t.root)
      .where(sql`wanted = 1`),
  ],
);

export const goneHead = sqliteTable(
  'gone_head',
  {
    root: text().notNull(),
    entity: text().notNull(),
    field: text().notNull(),
    opId: text('op_id').notNull(),
    value: text(),
  },
  (t) => [primaryKey({ columns: [t.root, t.entity, t.field, t.opId] })],
);

export const siteDurable = sqliteTable('site_durable', { site: text().primaryKey(), seq: integer().notNull() });

export const goneRefused = sqliteTable('gone_refused', { opId: text('op_id').primaryKey() });
