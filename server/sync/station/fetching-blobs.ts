/** The blobs of a station that is connected to a site: a document that is opened and not here is fetched, and whoever waits is told where it is. */
import type { Blobs } from '../../blobs/blobs.ts';
import { isDamaged } from '../../blobs/disk.ts';
import { notHere } from '../../blobs/not-here.ts';
import type { MissingBlob } from '../../store/station-sync-store.ts';
import type { Fetched } from './transfers.ts';

/** Longer than this nobody waits: the next look may find it. */
const PATIENCE_MS = 10_000;

export interface FetchingParts {
  readonly blobs: Blobs;
  readonly missing: (sha256: string) => Promise<MissingBlob | undefined>;
  readonly fetchNow: (sha256: string) => Promise<Fetched>;
  /** What was here once. */
  readonly fetchAgain: (sha256: string) => Promise<Fetched>;
}

export function createFetchingBlobs({ blobs, missing, fetchNow, fetchAgain }: FetchingParts): Blobs {
  async function ensure(sha256: string): Promise<void> {
    if ((await blobs.has(sha256)) !== undefined) return;
    const known = await missing(sha256);
    if (known === undefined) return;
    const slow = new Promise<'fetching'>((resolve) => {
      setTimeout(() => resolve('fetching'), PATIENCE_MS).unref();
    });
    const fetched = await Promise.race([fetchNow(sha256), slow]);
    if (fetched !== 'here' && fetched !== 'unknown') throw notHere(sha256, known.device, fetched);
  }
  /** What was damaged here is aside by now; the site may have it. Where it has not, the damage is told. */
  async function healed<T>(sha256: string, look: () => Promise<T>): Promise<T> {
    try {
      return await look();
    } catch (error) {
      if (!isDamaged(error) || (await fetchAgain(sha256)) !== 'here') throw error;
      return look();
    }
  }
  return {
    ...blobs,
    fetch: ensure,
    async read(sha256, range) {
      await ensure(sha256);
      return healed(sha256, () => blobs.read(sha256, range));
    },
    bytes: (sha256) => healed(sha256, () => blobs.bytes(sha256)),
    async localPath(sha256) {
      await ensure(sha256);
      return healed(sha256, () => blobs.localPath(sha256));
    },
  };
}
