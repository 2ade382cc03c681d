/**
 * What a site's snapshot is: its invoices, heads and what a new station needs to go on, as one compressed file of the station's own database. The manifest travels as the text
 * that was signed (`snapshotProofText`), as operations do.
 */
import { z } from 'zod';

const Sha = z.string().regex(/^[0-9a-f]{64}$/);

export const SnapshotManifest = z.object({
  v: z.literal(1),
  site: z.string(),
  /** The history that `seq` counts in. */
  epoch: z.int().min(0),
  /** The log up to here is in it, and nothing after. */
  seq: z.int().min(1),
  site_hash: Sha,
  /** Of the bytes that are fetched. */
  sha256: Sha,
  size: z.int().min(1),
  /** Of the database, once they are inflated. */
  database_size: z.int().min(1),
  /** Version of the database, and of the newest operation in it: a station that knows less reads the log instead. */
  database_version: z.int().min(1),
  op_schema: z.int().min(1),
  invoices: z.int().min(0),
  /** Operations whose texts are in it; the others are at the site. */
  ops: z.int().min(0),
  /** ISO instant. */
  made_at: z.string(),
});
export type SnapshotManifest = z.infer<typeof SnapshotManifest>;

/** `manifest`: canonical JSON. */
export const snapshotProofText = (manifest: string): string => `ap-intake snapshot v1\n${manifest}`;

export const SnapshotOffer = z.object({
  /** Canonical JSON of a `SnapshotManifest`. */
  manifest: z.string().max(4_096),
  /** By one of the keys; Ed25519, raw 64 bytes as base64url. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  /** Of the site, newest first. A station goes by those that it kept when it was connected. */
  keys: z.array(z.string()),
});
export type SnapshotOffer = z.infer<typeof SnapshotOffer>;

const get = 'GET' as const;
const SitePath = z.object({ site: z.string() });
const none = z.object({});

/** Endpoints of a site for its stations; part of `syncApi`. */
export const snapshotApi = {
  /** The newest one of the history of today; null where there is none. */
  snapshot: {
    method: get,
    path: '/api/v1/sites/:site/snapshot',
    params: SitePath,
    query: none,
    body: null,
    reply: z.object({ snapshot: SnapshotOffer.nullable() }),
  },
  /** Bytes, with ranges. */
  snapshotBytes: {
    method: get,
    path: '/api/v1/sites/:site/snapshots/:sha256',
    params: SitePath.extend({ sha256: Sha }),
    query: none,
    body: null,
    reply: 'bytes',
  },
} as const;
