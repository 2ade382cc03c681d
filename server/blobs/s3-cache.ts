/**
 * Downloads for the worker threads: `<folder>/<key of the object>`, at most so many bytes, the longest unused go first. Several processes may share one folder: a file
 * gets its name when it is whole, proved and synced, taking one away twice is no mistake, and nobody counts for the others.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../../core/contract/errors.ts';
import { diskError } from './disk.ts';

export interface BlobCache {
  /** The local file of this key; `download` is asked where there is none yet. */
  path(key: string, sha256: string, download: () => Promise<Readable>): Promise<string>;
  /** The local file goes, if there is one. */
  drop(key: string): Promise<void>;
  /** Where half-done files of this process are. */
  readonly incoming: string;
}

export interface CacheOptions {
  readonly folder: string;
  readonly maxBytes: number;
  /** A path that was handed out this short ago may still be opened: it is kept whatever the limit says. */
  readonly graceMs?: number | undefined;
  readonly now?: (() => number) | undefined;
}

const GRACE_MS = 30 * 60_000;
/** What a killed process left half-done. */
const STALE_MS = 60 * 60_000;
/** Not at every download: after so much of the limit has come in. */
const SWEEP_SHARE = 0.05;

export async function createBlobCache(options: CacheOptions): Promise<BlobCache> {
  const { folder, maxBytes, graceMs = GRACE_MS, now = Date.now } = options;
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  const running = new Map<string, Promise<string>>();
  let added = 0;
  let sweeping: Promise<void> | undefined;

  async function present(path: string): Promise<string | undefined> {
    try {
      const at = new Date(now());
      await utimes(path, at, at);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function fill(path: string, sha256: string, download: () => Promise<Readable>): Promise<string> {
    const source = await download();
    const temporary = join(incoming, randomUUID());
    try {
      const size = await write(source, temporary, sha256);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const at = new Date(now());
      await utimes(temporary, at, at);
      await rename(temporary, path);
      added += size;
      if (added > maxBytes * SWEEP_SHARE) await sweep();
      return path;
    } catch (error) {
      throw diskError(error, folder);
    } finally {
      source.destroy();
      await rm(temporary, { force: true });
    }
  }

  function sweep(): Promise<void> {
    sweeping ??= sweepOnce().finally(() => (sweeping = undefined));
    return sweeping;
  }

  async function sweepOnce(): Promise<void> {
    added = 0;
    await removeStale(incoming, now() - STALE_MS);
    const files = await kept(folder);
    let total = files.reduce((sum, file) => sum + file.size, 0);
    for (const file of files.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (total <= maxBytes || file.usedAt > now() - graceMs) return;
      await rm(file.path, { force: true });
      total -= file.size;
    }
  }

  await sweep();
  return {
    incoming,
    drop: (key) => rm(join(folder, key), { force: true }),
    async path(key, sha256, download) {
      const path = join(folder, key);
      const found = await present(path);
      if (found !== undefined) return found;
      // Several pages of one document are worked on at once: one download for all.
      const one = running.get(path) ?? fill(path, sha256, download).finally(() => running.delete(path));
      running.set(path, one);
      return one;
    },
  };
}

async function write(source: Readable, path: string, sha256: string): Promise<number> {
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      await handle.writeFile(chunk);
    }
    // A file that has its name is never proved again: it has to be whole after a power cut too.
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (hash.digest('hex') !== sha256) {
    throw new AppError(
      'storage',
      `The kept copy of document ${sha256} is damaged. Put the same file in again, or restore it from a backup.`,
      {
        reason: 'blob-damaged',
        sha256,
      },
    );
  }
  return size;
}

/** Of a blob: nothing else in the folder is ever counted or removed. */
const NAME = /[/\\][0-9a-f]{64}$/;

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly usedAt: number;
}

async function kept(folder: string): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if (!NAME.test(name)) continue;
    const path = join(folder, name);
    const seen = await stat(path).catch(() => undefined);
    if (seen !== undefined) found.push({ path, size: seen.size, usedAt: seen.mtimeMs });
  }
  return found;
}

/** Another process may be tidying the same folder. */
const listed = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

async function removeStale(folder: string, before: number): Promise<void> {
  for (const name of await listed(folder)) {
    const path = join(folder, name);
    const seen = await stat(path).catch(() => undefined);
    if (seen !== undefined && seen.mtimeMs < before) await rm(path, { force: true });
  }
}
