/** Makes a database of a snapshot that was fetched: proved, inflated, brought to this program's version, on the disk. In a thread of its own. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import Database from 'better-sqlite3';
import { AppError } from '../../../core/contract/errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { currentVersion, migrate, syncFile } from './open.ts';

export interface UnpackWish {
  /** As it was fetched. */
  readonly from: string;
  readonly to: string;
  readonly sha256: string;
  readonly databaseSize: number;
  readonly now: string;
}

export type Unpacked = 'whole' | 'other-bytes' | 'no-database';

const SPARE_BYTES = 128 * 1024 * 1024;
const BLOCK = 1 << 20;

function refuseFullDisk(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes + SPARE_BYTES) return;
  throw new AppError(
    'storage',
    `There is no room in ${folder} for the invoices of the site (${Math.ceil(bytes / 1e6)} MB). Free some space.`,
    { reason: 'disk-full', path: folder },
  );
}

/** Ends where more comes out than was announced. */
function counted(most: number, progress: (done: number) => void): Transform {
  let done = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      if (done > most) return next(new RangeError('larger than announced'));
      progress(done);
      return next(null, chunk);
    },
  });
}

/** Of this program, and no newer than it: what the manifest said, and the signature covers. */
function bringUp(path: string, now: string): boolean {
  const db = new Database(path);
  try {
    if (db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'op_log'").pluck().get() !== 1) return false;
    if (currentVersion(db) === 0) return false;
    // It can be fetched again: no copy is made of it.
    migrate(db, path, now, MIGRATIONS, () => undefined);
    return true;
  } finally {
    db.close();
  }
}

export function createUnpacking() {
  return {
    async unpack(
      progress: (done: number, total: number) => void,
      { from, to, sha256, databaseSize, now }: UnpackWish,
    ): Promise<Unpacked> {
      rmSync(to, { force: true });
      refuseFullDisk(dirname(to), databaseSize);
      const hash = createHash('sha256');
      const hashed = new Transform({
        transform(chunk: Buffer, _encoding, next) {
          hash.update(chunk);
          next(null, chunk);
        },
      });
      const seen = counted(databaseSize, (done) => progress(done, databaseSize));
      try {
        await pipeline(
          createReadStream(from, { highWaterMark: BLOCK }),
          hashed,
          createZstdDecompress({ chunkSize: BLOCK }),
          seen,
          createWriteStream(to, { mode: 0o600, highWaterMark: 4 * BLOCK }),
        );
      } catch (error) {
        // Bytes that are no pressed file, or more than they said. A disk that is full says so itself.
        if (error instanceof Error && 'code' in error && /^(?:ENOSPC|EDQUOT|EIO|EACCES)$/.test(String(error.code)))
          throw error;
        return 'other-bytes';
      }
      if (hash.digest('hex') !== sha256) return 'other-bytes';
      if (!bringUp(to, now)) return 'no-database';
      syncFile(to);
      return 'whole';
    },
    close: (): void => undefined,
  };
}
export type Unpacking = ReturnType<typeof createUnpacking>;
