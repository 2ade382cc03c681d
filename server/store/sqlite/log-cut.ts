/** Whether a write-ahead log holds commits behind the place where SQLite stops reading it: a frame whose checksum is wrong ends the log, without a word. */
import { existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';

/** https://www.sqlite.org/fileformat2.html#walformat: header and frame header, in bytes, and where in them what is used here stands. */
const HEADER = 32;
const FRAME = 24;
const PAGE_SIZE_AT = 8;
const SALTS = { header: 16, frame: 8, length: 8 };
const COMMIT_AT = 4;

/** `database` is a copy: looking folds its log into it. */
export function isLogCut(database: string): boolean {
  const path = `${database}-wal`;
  const log = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const commits = committed(log);
  const db = new Database(database);
  try {
    const [seen] = db.pragma('wal_checkpoint(PASSIVE)') as [{ log: number }];
    return commits > Math.max(0, seen.log);
  } finally {
    db.close();
  }
}

/** Frames up to the last that ends a commit of this log; frames of an older one have other salts. */
function committed(log: Buffer): number {
  if (log.length < HEADER) return 0;
  const size = FRAME + log.readUInt32BE(PAGE_SIZE_AT);
  const salts = log.subarray(SALTS.header, SALTS.header + SALTS.length);
  let last = 0;
  for (let frame = 0; HEADER + (frame + 1) * size <= log.length; frame += 1) {
    const at = HEADER + frame * size;
    const own = log.subarray(at + SALTS.frame, at + SALTS.frame + SALTS.length).equals(salts);
    if (own && log.readUInt32BE(at + COMMIT_AT) !== 0) last = frame + 1;
  }
  return last;
}
