/** Table of snapshots; the others are in schema.ts. */
import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { big, instant } from './columns.ts';

export const snapshot = pgTable(
  'snapshot',
  {
    site: text().notNull(),
    /** Of the bytes, and their name among the blobs. */
    sha256: text().notNull(),
    epoch: integer().notNull(),
    seq: big().notNull(),
    /** Canonical JSON, as it was signed. */
    manifest: text().notNull(),
    signature: text().notNull(),
    madeAt: instant('made_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.sha256] })],
);
