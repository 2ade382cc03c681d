/**
 * Documents and readings between stations and the site. A station offers what its operations name; it puts the bytes where the site says - beside the blobs in the object
 * store, or through this server where that is a disk - and they become a blob once they were read and proved.
 */
import type { z } from 'zod';
import { AppError } from '../../../core/contract/errors.ts';
import { LIMITS } from '../../../core/contract/intake.ts';
import type { syncApi, WantedBlob } from '../../../core/contract/sync-http.ts';
import { uuid8 } from '../../../core/sync/ids.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import type { Uploads } from '../../blobs/uploads.ts';
import { sha256 as hashOf } from '../../store/audit.ts';
import type { HubStore } from '../../store/hub-store.ts';
import type { PutAddress } from './put-address.ts';
import { eachOf } from '../../each-of.ts';

export type Wanted = z.infer<typeof WantedBlob>;
export type Offered = z.infer<(typeof syncApi)['offerBlobs']['reply']>['blobs'][number];
export type Completed = z.infer<(typeof syncApi)['completeBlob']['reply']>;

export interface SyncBlobsParts {
  readonly hub: HubStore;
  readonly blobs: Blobs & { readonly uploads?: Uploads };
  readonly address: PutAddress;
}

export interface SyncBlobs {
  /** `device`: whose station asks. */
  offer(device: string, wanted: readonly Wanted[]): Promise<Offered[]>;
  complete(device: string, sha256: string, size: number): Promise<Completed>;
  /** The bytes of an address that this server gave. */
  put(sha256: string, size: number, bytes: Parameters<Blobs['put']>[0]): Promise<void>;
  /** Rejects with AppError not_found. */
  readonly blobs: Blobs;
  /** Why nobody gets these; undefined where nothing speaks against them. */
  refusal(sha256: string): Promise<string | undefined>;
}

/** Answers of the object store are waited for. */
const AT_ONCE = 8;
/** The same whenever a station puts these bytes, so that nothing has to be remembered; each its own, so that none puts others in their place. */
const nameOf = (device: string, sha256: string): string => uuid8(hashOf, `sync blob ${device} ${sha256}`);

/** What a reading begins with: it is kept as gzip. Documents are whatever they are; they are only ever handed out as files. */
const GZIP = Buffer.from([0x1f, 0x8b]);

export function createSyncBlobs({ hub, blobs, address }: SyncBlobsParts): SyncBlobs {
  const isThere = async (sha256: string): Promise<boolean> => (await blobs.has(sha256)) !== undefined;

  async function beginsAs(sha256: string, first: Buffer): Promise<boolean> {
    const chunks: Buffer[] = [];
    for await (const chunk of await blobs.read(sha256, { start: 0, end: first.length - 1 }))
      chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).equals(first);
  }
  async function place(device: string, one: Wanted): Promise<Offered> {
    const { sha256, size, md5 } = one;
    if (size > LIMITS.bytes) return { sha256, kind: 'quarantined', reason: 'too-large' };
    if (blobs.uploads === undefined) return { sha256, kind: 'put', ...address.of(sha256, size) };
    const { url, headers, expiresAt } = await blobs.uploads.presignPut(
      { sha256, size, md5 },
      undefined,
      nameOf(device, sha256),
    );
    return { sha256, kind: 'put', url, headers: { ...headers, 'content-length': String(size) }, expiresAt };
  }
  async function prove(sha256: string): Promise<Completed> {
    const kind = (await hub.waitedFor([sha256])).get(sha256);
    if (kind === 'reading' && !(await beginsAs(sha256, GZIP))) {
      await hub.refuseBlob(sha256, 'type');
      const reason = (await hub.refusedBlobs([sha256])).get(sha256);
      if (reason !== undefined) return { state: 'quarantined', reason };
    }
    await hub.arrived([sha256]);
    return { state: 'verified' };
  }

  async function refusal(sha256: string): Promise<string | undefined> {
    if ((await hub.erasedBlobs([sha256])).length > 0) return 'erased';
    return (await hub.refusedBlobs([sha256])).get(sha256);
  }

  return {
    blobs,
    async offer(device, wanted) {
      const names = wanted.map(({ sha256 }) => sha256);
      const erased = await hub.erasedBlobs(names);
      const refused = new Map([
        ...(await hub.refusedBlobs(names)),
        ...erased.map((sha256) => [sha256, 'erased'] as const),
      ]);
      const answers = await eachOf(wanted, AT_ONCE, async (one): Promise<Offered> => {
        const reason = refused.get(one.sha256);
        if (reason !== undefined) return { sha256: one.sha256, kind: 'quarantined', reason };
        return (await isThere(one.sha256)) ? { sha256: one.sha256, kind: 'exists' } : place(device, one);
      });
      // A station that died between its bytes and its word that they are there.
      const here = answers.flatMap(({ kind, sha256 }) => (kind === 'exists' ? [sha256] : []));
      for (const sha256 of (await hub.waitedFor(here)).keys()) await prove(sha256);
      return answers;
    },
    async complete(device, sha256, size) {
      const reason = await refusal(sha256);
      const { uploads } = blobs;
      const upload = (): string => uploads?.idOf(nameOf(device, sha256), { sha256, size }) ?? '';
      if (reason !== undefined) {
        // They may have been put before they were erased; cleaning up would find them in two days.
        await uploads?.abandon(upload());
        return { state: 'quarantined', reason };
      }
      if (await isThere(sha256)) return prove(sha256);
      if (uploads === undefined) return { state: 'missing' };
      try {
        await uploads.adopt(upload());
      } catch (error) {
        // Nothing is there, or something else than was announced: that is gone, and whoever has the bytes puts them again.
        if (error instanceof AppError && ['not_found', 'invalid_value'].includes(error.code))
          return { state: 'missing' };
        throw error;
      }
      // Erased while they came: the job that removes them may have found nothing yet.
      if ((await refusal(sha256)) === 'erased') {
        await blobs.remove(sha256);
        return { state: 'quarantined', reason: 'erased' };
      }
      return prove(sha256);
    },
    async put(sha256, size, bytes) {
      if ((await hub.erasedBlobs([sha256])).length > 0)
        throw new AppError('forbidden', 'These bytes were erased.', { reason: 'erased' });
      const kept = await blobs.put(bytes, { maxBytes: size, sha256 });
      if (kept.size !== size) throw new AppError('invalid_value', 'These bytes are not what was announced.');
    },
    refusal,
  };
}
