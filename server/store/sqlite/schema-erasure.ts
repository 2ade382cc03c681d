/** Tables of erasure (migration-erase.ts); the others are in schema.ts. */
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What an erasure named, and by which operation: whatever comes of it keeps no content. */
export const erased = sqliteTable('erased', {
  target: text().primaryKey(),
  opId: text('op_id').notNull(),
  at: text().notNull(),
});

/** Bytes beside the database that were erased: waiting, or gone. */
export const erasedBlob = sqliteTable('erased_blob', {
  sha256: text().primaryKey(),
  opId: text('op_id').notNull(),
  state: text().notNull(),
});
