/** Tables of sync: devices, the roles that work was received with, bytes that are to come; the others are in schema.ts. */
import { bigint, boolean, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { big, instant } from './columns.ts';

/** By which role operations of a device were judged, from this number on. */
export const syncRole = pgTable(
  'sync_role',
  {
    site: text().notNull(),
    device: text().notNull(),
    fromSeq: bigint('from_seq', { mode: 'number' }).notNull(),
    role: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.device, t.fromSeq] })],
);

/** Where the site's copy of each other device's chain ends; the site's own of earlier epochs among them. */
export const syncDevice = pgTable(
  'sync_device',
  {
    site: text().notNull(),
    device: text().notNull(),
    devSeq: big('dev_seq').notNull(),
    hash: text().notNull(),
    publicKey: text('public_key'),
    bySite: boolean('by_site').notNull(),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.device] })],
);

/** Bytes that an operation names and that have not come yet; `root` is shown again when they do. */
export const blobWait = pgTable(
  'blob_wait',
  {
    site: text().notNull(),
    sha256: text().notNull(),
    root: text().notNull(),
    kind: text().notNull(),
    device: text().notNull(),
    since: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.sha256, t.root] })],
);

/** Bytes that came and were not what they should be. */
export const blobRefused = pgTable(
  'blob_refused',
  { site: text().notNull(), sha256: text().notNull(), reason: text().notNull(), at: instant().notNull() },
  (t) => [primaryKey({ columns: [t.site, t.sha256] })],
);
