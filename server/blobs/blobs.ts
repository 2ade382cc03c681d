/** The blob port: content-addressed bytes. Disk on the station (`disk.ts`), S3 at the site. `blobs.contract.test.ts` runs both. */
import type { Readable } from 'node:stream';

export interface BlobStat {
  readonly sha256: string;
  readonly size: number;
}

export interface Blobs {
  /** Streams bytes in while hashing; durable (fsync of file and folder) when it resolves. Rejects with AppError too_large over `maxBytes`. */
  put(bytes: Readable | Uint8Array, options?: { maxBytes?: number }): Promise<BlobStat & { existed: boolean }>;
  has(sha256: string): Promise<BlobStat | undefined>;
  /** Rejects with AppError not_found. `start`/`end` inclusive, as in HTTP ranges. */
  read(sha256: string, range?: { start: number; end: number }): Promise<Readable>;
  bytes(sha256: string): Promise<Buffer>;
  /** A local file with these bytes for a worker thread: the blob itself on disk, a cached download elsewhere. */
  localPath(sha256: string): Promise<string>;
  /** Streams and hashes: true where the bytes are what their name says. */
  verify(sha256: string): Promise<boolean>;
}
