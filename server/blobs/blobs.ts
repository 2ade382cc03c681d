/** The blob port: content-addressed bytes. Disk on the station (`disk.ts`), S3 at the site. `blobs.contract.test.ts` runs both. */
import type { Readable } from 'node:stream';
import { AppError } from '../../core/contract/errors.ts';
import type { Partials } from './partials.ts';

export interface BlobStat {
  readonly sha256: string;
  readonly size: number;
}

export interface PutOptions {
  readonly maxBytes?: number;
  /** Of what it has to be. */
  readonly sha256?: string;
  /**
   * Whether anybody is known to have kept these bytes. Where nobody is, a store may write them without a look at what is there, and say of bytes that nobody knew of
   * (an upload that broke off left them) that they did not exist.
   */
  readonly isKnown?: (sha256: string) => Promise<boolean>;
}

export interface Blobs {
  /** Where files may come in pieces. */
  readonly partials?: Partials;
  /**
   * Streams bytes in while hashing; durable (fsync of file and folder) when it resolves. Rejects with AppError too_large over `maxBytes`, and
   * with invalid_value where they are not those of `sha256`: nothing is kept then.
   */
  put(bytes: Readable | Uint8Array, options?: PutOptions): Promise<BlobStat & { existed: boolean }>;
  has(sha256: string): Promise<BlobStat | undefined>;
  /** Rejects with AppError not_found. `start`/`end` inclusive, as in HTTP ranges. */
  read(sha256: string, range?: { start: number; end: number }): Promise<Readable>;
  bytes(sha256: string): Promise<Buffer>;
  /** A local file with these bytes for a worker thread: the blob itself on disk, a cached download elsewhere. */
  localPath(sha256: string): Promise<string>;
  /** Of bytes that are not here: waits for those that can be had now, and rejects as `notHere` (not-here.ts) where they come later. Nothing where nobody sends them. */
  fetch?(sha256: string): Promise<void>;
  /** Removes them for good, older versions and local copies too; `copies`: these alone. Nothing where there are none. */
  remove(sha256: string, what?: 'copies'): Promise<void>;
  /** Streams and hashes: true where the bytes are what their name says. */
  verify(sha256: string): Promise<boolean>;
}

/** For implementations of `put`. */
export function refuseOthers(written: BlobStat, sha256: string | undefined): void {
  if (sha256 === undefined || written.sha256 === sha256) return;
  throw new AppError('invalid_value', 'These bytes are not those of the given sha256. They were not kept.', {
    reason: 'upload-mismatch',
  });
}
