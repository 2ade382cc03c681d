/**
 * Blobs in any S3-compatible store: `<site>/ab/cd/<sha256>` in one bucket. A blob is sent when all of it is known (`s3-spool.ts`), under a signature that covers
 * its hash, and appears whole or not at all: the store makes an object visible at the end of its last byte.
 */
import { type Blobs, refuseOthers } from './blobs.ts';
import { prepareBucket, type Preparation, type PrepareOptions } from './s3-bucket.ts';
import { createBlobCache } from './s3-cache.ts';
import { createEndpoint, type Observe, type Patience } from './s3-client.ts';
import type { S3Config } from './s3-config.ts';
import { createKeeper, type Lanes } from './s3-keeper.ts';
import { keysOf } from './s3-keys.ts';
import { purge } from './s3-purge.ts';
import { createObjects, type ObjectsOptions } from './s3-objects.ts';
import { spool } from './s3-spool.ts';
import { createUploads } from './s3-uploads.ts';
import type { Uploads } from './uploads.ts';

export interface S3Options {
  readonly config: S3Config;
  /** Downloads and what is being sent; may be shared by the processes of a machine, and be lost. */
  readonly folder: string;
  /** For the downloads of all sites together. */
  readonly cacheBytes?: number;
  /** See `s3-cache.ts`. */
  readonly graceMs?: number;
  readonly patience?: Partial<Patience>;
  readonly observe?: Observe;
  readonly now?: () => number;
  readonly sizes?: ObjectsOptions;
}

export interface S3Blobs extends Blobs {
  readonly uploads: Uploads;
}

/** One bucket, its connections and its cache; the blobs of each site in it. */
export interface S3Storage {
  site(name: string): S3Blobs;
  /** Makes the bucket and its settings where the key may; says what could not be done. */
  prepare(options?: PrepareOptions): Promise<Preparation>;
  /** Rejects where the bucket cannot be reached: for readiness. */
  ping(): Promise<void>;
  close(): void;
}

const CACHE_BYTES = 2 * 1024 ** 3;

export async function createS3Storage(options: S3Options): Promise<S3Storage> {
  const { folder, now = Date.now } = options;
  const maxBytes = options.cacheBytes ?? CACHE_BYTES;
  const cache = await createBlobCache({ folder, maxBytes, graceMs: options.graceMs, now });
  const endpoint = createEndpoint(options);
  const objects = createObjects(endpoint, options.sizes);
  const lanes: Lanes = new Map();

  function site(name: string): S3Blobs {
    const keys = keysOf(name);
    const keeper = createKeeper(objects, keys, lanes);
    return {
      put: async (bytes, { maxBytes: limit, sha256, isKnown } = {}) => {
        const spooled = await spool(bytes, { folder: cache.incoming, maxBytes: limit });
        try {
          refuseOthers(spooled, sha256);
          return await keeper.keep(spooled, isKnown);
        } finally {
          await spooled.discard();
        }
      },
      has: async (sha256) => {
        const found = await objects.head(keys.blob(sha256));
        return found === undefined ? undefined : { sha256, size: found.size };
      },
      read: (sha256, range) => keeper.read(sha256, range),
      bytes: (sha256) => keeper.bytes(sha256),
      // By the whole key: what one site has downloaded is nothing another one may find.
      localPath: async (sha256) => cache.path(keys.blob(sha256), sha256, () => keeper.read(sha256)),
      async remove(sha256, what) {
        const key = keys.blob(sha256);
        if (what === undefined) await purge(endpoint, key);
        await cache.drop(key);
      },
      verify: (sha256) => keeper.verify(sha256),
      uploads: createUploads({ endpoint, objects, keys, keeper, folder: cache.incoming, now }),
    };
  }

  return {
    site,
    prepare: (wanted) => prepareBucket(endpoint, wanted),
    ping: () => objects.ping(),
    close: () => endpoint.close(),
  };
}
