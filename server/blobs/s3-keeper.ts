/** The one road into the store and out of it: no blob without its right hash goes in. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AppError } from '../../core/contract/errors.ts';
import type { BlobStat, PutOptions } from './blobs.ts';
import type { Keys } from './s3-keys.ts';
import type { Found, Objects } from './s3-objects.ts';
import type { Spooled } from './s3-spool.ts';

/** HEAD, a race, HEAD again: more often only somebody who deletes meanwhile could be in the way. */
const ROUNDS = 5;
/** Up to here bytes that nobody knows of are sent without a look at what is there. */
const UNASKED = 1024 * 1024;

export interface Keeper {
  keep(spooled: Spooled, isKnown?: PutOptions['isKnown']): Promise<BlobStat & { existed: boolean }>;
  read(sha256: string, range?: { start: number; end: number }): Promise<Readable>;
  bytes(sha256: string): Promise<Buffer>;
  verify(sha256: string): Promise<boolean>;
}

/** Keys that this process is writing now. */
export type Lanes = Map<string, Promise<unknown>>;

export function createKeeper(objects: Objects, keys: Keys, lanes: Lanes): Keeper {
  async function read(sha256: string, range?: { start: number; end: number }): Promise<Readable> {
    try {
      return await objects.fetch(keys.blob(sha256), range);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
      throw new AppError('not_found', `No document with sha256 ${sha256} is kept here.`, { sha256 });
    }
  }

  async function bytes(sha256: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of (await read(sha256)) as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function verify(sha256: string): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      for await (const chunk of (await read(sha256)) as AsyncIterable<Buffer>) hash.update(chunk);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return false;
      throw error;
    }
    return hash.digest('hex') === sha256;
  }

  /** A one-piece object's ETag is the MD5 of what was stored. Others (parts, encryption with a key service) have to be read. */
  async function isWhole(found: Found, spooled: Spooled): Promise<boolean> {
    if (found.size !== spooled.size) return false;
    return found.etag === (await spooled.md5()) || verify(spooled.sha256);
  }

  /** One after the other for the same bytes: not every store keeps two conditional writes apart that come at the same moment. */
  async function keep(spooled: Spooled, isKnown: PutOptions['isKnown']): Promise<BlobStat & { existed: boolean }> {
    const key = keys.blob(spooled.sha256);
    let isNew = isKnown !== undefined && spooled.size <= UNASKED && !(await isKnown(spooled.sha256));
    for (let other = lanes.get(key); other !== undefined; other = lanes.get(key)) {
      isNew = false;
      await other.catch(() => undefined);
    }
    const work = keepAt(key, spooled, isNew).finally(() => lanes.delete(key));
    lanes.set(key, work);
    return work;
  }

  /** `isNew`: nobody knows of these bytes, and they cost no more to send than to ask about. */
  async function keepAt(key: string, spooled: Spooled, isNew: boolean): Promise<BlobStat & { existed: boolean }> {
    const { sha256, size } = spooled;
    let ours = false;
    let isAsked = !isNew;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const found = isAsked ? await objects.head(key) : undefined;
      isAsked = true;
      // The bytes are at hand: a kept copy that was damaged since is replaced.
      if (found !== undefined && (await isWhole(found, spooled))) return { sha256, size, existed: !ours };
      const sent = await objects.send(key, spooled, found === undefined ? 'only-if-absent' : 'whatever');
      if (sent === 'sent') return { sha256, size, existed: false };
      ours = sent === 'own';
    }
    throw new AppError(
      'storage',
      `Document ${sha256} could not be kept: it comes and goes while it is being written.`,
      {
        reason: 's3-failing',
        sha256,
      },
    );
  }
  return { keep, read, bytes, verify };
}
