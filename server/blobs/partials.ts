/**
 * Large files on their way to this machine: what has come stays where a connection breaks off, and the next one goes on behind it. Nothing here is anything yet: a
 * file that is whole is proved by whoever keeps it, and gone from here.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface Partials {
  /** How much of it is here. */
  size(sha256: string): Promise<number>;
  /** Adds behind `from`: what comes after it is written over. Rejects where the source breaks off, and what came stays. */
  add(sha256: string, from: number, source: Readable): Promise<void>;
  read(sha256: string): Readable;
  drop(sha256: string): Promise<void>;
}

/** What nobody has gone on with for so long is not wanted any more. */
const LEFT_MS = 24 * 3_600_000;

export async function createPartials(folder: string, now: () => number): Promise<Partials> {
  const path = (sha256: string): string => join(folder, sha256);
  const seen = async (sha256: string) => stat(path(sha256)).catch(() => undefined);
  for (const name of await readdir(folder).catch(() => []))
    if (now() - ((await seen(name))?.mtimeMs ?? 0) > LEFT_MS) await rm(path(name), { force: true });
  return {
    size: async (sha256) => (await seen(sha256))?.size ?? 0,
    async add(sha256, from, source) {
      // It may break off before it is read here.
      source.on('error', () => undefined);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(path(sha256), from === 0 ? 'w' : 'r+', 0o600);
      try {
        let at = from;
        // Each piece before the next is asked for: what came is here, whatever comes after it.
        for await (const piece of source as AsyncIterable<Uint8Array>) at += await writeAll(file, piece, at);
      } finally {
        await file.close();
      }
    },
    read: (sha256) => createReadStream(path(sha256)),
    drop: (sha256) => rm(path(sha256), { force: true }),
  };
}

async function writeAll(file: FileHandle, piece: Uint8Array, at: number): Promise<number> {
  for (let done = 0; done < piece.length;) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, at + done);
    done += bytesWritten;
  }
  return piece.length;
}
