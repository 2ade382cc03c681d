/** The pages of a database file and of its write-ahead log as they lie on the disk, whatever SQLite thinks of them (format: sqlite.org/fileformat2.html). */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

const STANDARD_SIZE = 4_096;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const CHUNK_PAGES = 256;

export interface Pages {
  readonly size: number;
  /** Every page image there is, those of the write-ahead log last. */
  each(seen: (page: Buffer) => void): void;
  /** Images of a page, the newest first. */
  images(number: number): Buffer[];
  close(): void;
}

/** From the header, where that makes sense; SQLite's own standard otherwise, which is what the station uses. */
function pageSizeOf(file: number): number {
  const header = Buffer.alloc(18);
  readSync(file, header, 0, header.length, 0);
  const said = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  return said >= 512 && (said & (said - 1)) === 0 && header.toString('latin1', 0, 15) === 'SQLite format 3'
    ? said
    : STANDARD_SIZE;
}

function read(from: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(from, bytes, 0, length, at));
}

export function openPages(path: string): Pages {
  const file = openSync(path, 'r');
  const size = pageSizeOf(file);
  const count = Math.ceil(statSync(path).size / size);
  const wal = existsSync(`${path}-wal`) ? openSync(`${path}-wal`, 'r') : undefined;
  const frame = FRAME_HEADER + size;
  const frames = wal === undefined ? 0 : Math.max(0, Math.floor((statSync(`${path}-wal`).size - WAL_HEADER) / frame));

  const frameAt = (index: number): number => WAL_HEADER + index * frame;
  const inLog = new Map<number, number[]>();
  for (let index = 0; index < frames; index += 1) {
    if (wal === undefined) break;
    const number = read(wal, frameAt(index), 4).readUInt32BE(0);
    inLog.set(number, [index, ...(inLog.get(number) ?? [])]);
  }
  const ofLog = (index: number): Buffer =>
    wal === undefined ? Buffer.alloc(0) : read(wal, frameAt(index) + FRAME_HEADER, size);

  return {
    size,
    each(seen) {
      for (let first = 0; first < count; first += CHUNK_PAGES) {
        const chunk = read(file, first * size, CHUNK_PAGES * size);
        for (let at = 0; at < chunk.length; at += size) seen(chunk.subarray(at, at + size));
      }
      for (let index = 0; index < frames; index += 1) seen(ofLog(index));
    },
    images(number) {
      const own = number >= 1 && number <= count ? [read(file, (number - 1) * size, size)] : [];
      return [...(inLog.get(number) ?? []).map(ofLog), ...own];
    },
    close() {
      closeSync(file);
      if (wal !== undefined) closeSync(wal);
    },
  };
}
