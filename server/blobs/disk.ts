/**
 * Blobs on disk: `<folder>/ab/cd/<sha256>`. Written beside, hashed while written, synced, renamed, folder synced: a blob that has its name is whole, after
 * a kill or a power cut too.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../../core/contract/errors.ts';
import { type Blobs, type BlobStat, type PutOptions, refuseOthers } from './blobs.ts';
import { createPartials, type Partials } from './partials.ts';

const SHA = /^[0-9a-f]{64}$/;

/** Files that were looked at since the start; more of them are looked at again. */
const MOST_SEEN = 20_000;

/** It was kept, and is not what its name says any more: it goes aside, and counts as not here. */
const damagedError = (sha256: string, aside: string): AppError =>
  new AppError(
    'storage',
    `The file kept under ${sha256} was damaged on the disk. It is now at ${aside}. Where the site or a backup has it, it comes from there.`,
    { reason: 'damaged', sha256, path: aside },
  );
export const isDamaged = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'storage' && error.details['reason'] === 'damaged';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** A refusal a person can act on where the disk is the cause. */
export function diskError(error: unknown, folder: string): unknown {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'storage',
      `The disk that holds ${folder} is full. The file was not kept; free some space first.`,
      {
        reason: 'disk-full',
        path: folder,
      },
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AppError('storage', `${folder} cannot be written to. Check its permissions.`, {
      reason: 'not-writable',
      path: folder,
    });
  }
  return error;
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there; NTFS journals the rename
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes and hashes; the file is synced when this resolves. */
async function copyInto(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
) {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new AppError('too_large', `The file is larger than ${maxBytes} bytes.`, { limit: maxBytes });
    }
    hash.update(chunk);
    await handle.writeFile(chunk);
  }
  await handle.sync();
  return { sha256: hash.digest('hex'), size };
}

/** `writer`: a name of its own for each process that writes into the same folder. */
export async function createDiskBlobs(
  folder: string,
  writer = 'incoming',
): Promise<Blobs & { readonly partials: Partials }> {
  const incoming = join(folder, writer);
  // What a killed process left half written has no name yet and nobody refers to it.
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  const partials = await createPartials(join(folder, 'partial'), Date.now);

  function pathOf(sha256: string): string {
    if (!SHA.test(sha256)) throw new AppError('bad_request', `"${sha256}" is no sha256 in lower-case hex.`);
    return join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async function has(sha256: string): Promise<BlobStat | undefined> {
    try {
      return { sha256, size: (await stat(pathOf(sha256))).size };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function existing(sha256: string): Promise<BlobStat> {
    const found = await has(sha256);
    if (found === undefined) {
      throw new AppError('not_found', `No document with sha256 ${sha256} is kept here.`, { sha256 });
    }
    return found;
  }

  async function verify(sha256: string): Promise<boolean> {
    if ((await has(sha256)) === undefined) return false;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(pathOf(sha256))) hash.update(chunk as Uint8Array);
    return hash.digest('hex') === sha256;
  }

  const seen = new Map<string, string>();

  /** Bytes change on disks by themselves: what is given away was looked at once since the start. */
  async function whole(sha256: string): Promise<void> {
    await existing(sha256);
    const { size, mtimeMs } = await stat(pathOf(sha256));
    const found = `${size} ${mtimeMs}`;
    if (seen.get(sha256) === found) return;
    if (await verify(sha256)) {
      if (seen.size >= MOST_SEEN) seen.clear();
      seen.set(sha256, found);
      return;
    }
    const aside = join(folder, 'damaged', sha256);
    await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
    // Another who asked for it may have been faster.
    await rename(pathOf(sha256), aside).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    throw damagedError(sha256, aside);
  }

  /** Gives the file its name. Two writers of the same bytes may both come here: either file is right. */
  async function place(temporary: string, sha256: string): Promise<void> {
    const target = pathOf(sha256);
    const made = await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(temporary, target);
    await syncFolder(dirname(target));
    if (made !== undefined) await syncMade(dirname(target));
  }

  /** Folders that were made are entries of their parents, which have to be on disk too. */
  async function syncMade(inner: string): Promise<void> {
    await syncFolder(dirname(inner));
    await syncFolder(folder);
  }

  async function put(bytes: Readable | Uint8Array, options: PutOptions = {}) {
    const temporary = join(incoming, randomUUID());
    try {
      const handle = await open(temporary, 'wx', 0o600);
      let written: BlobStat;
      try {
        const source = bytes instanceof Uint8Array ? [bytes] : (bytes as AsyncIterable<Uint8Array>);
        written = await copyInto(handle, source, options.maxBytes ?? Number.POSITIVE_INFINITY);
      } finally {
        await handle.close();
      }
      refuseOthers(written, options.sha256);
      // The bytes are at hand: a kept copy that was damaged since is replaced.
      const existed = await verify(written.sha256);
      if (!existed) await place(temporary, written.sha256);
      return { ...written, existed };
    } catch (error) {
      throw diskError(error, folder);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  return {
    partials,
    put,
    has,
    read: async (sha256, range) => {
      await whole(sha256);
      return createReadStream(pathOf(sha256), range ?? {});
    },
    bytes: async (sha256) => {
      await whole(sha256);
      return readFile(pathOf(sha256));
    },
    localPath: async (sha256) => {
      await whole(sha256);
      return pathOf(sha256);
    },
    async remove(sha256, what) {
      if (what === 'copies') return;
      await rm(pathOf(sha256), { force: true });
      await partials.drop(sha256);
      await syncFolder(dirname(pathOf(sha256))).catch(() => undefined); // no folder: it was never here
    },
    verify,
  };
}
