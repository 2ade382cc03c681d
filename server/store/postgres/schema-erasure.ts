/** Tables of erasure. */
import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** What an erasure named, and by which operation: whatever comes of it keeps no content. */
export const erased = pgTable(
  'erased',
  { site: text().notNull(), target: text().notNull(), opId: text('op_id').notNull(), at: instant().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.target] })],
);

/** Bytes beside the database that were erased: waiting, or gone. */
export const erasedBlob = pgTable(
  'erased_blob',
  { site: text().notNull(), sha256: text().notNull(), opId: text('op_id').notNull(), state: text().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.sha256] })],
);
