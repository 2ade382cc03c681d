/**
 * Arrays as Postgres sends them to itself: neither side has to escape, quote or parse anything, which with long texts takes longer than keeping them. The driver sends a
 * buffer as what it is.
 */
import { withoutNul } from './text.ts';

const HEADER = 20;
const TEXT = 25;
const BIGINT = 20;
const TIMESTAMPTZ = 1184;
const EPOCH_MS = Date.UTC(2000);

function header(bytes: Buffer, type: number, count: number): void {
  bytes.writeInt32BE(count === 0 ? 0 : 1, 0);
  // Where there are nulls is said by the lengths.
  bytes.writeInt32BE(type === TEXT ? 1 : 0, 4);
  bytes.writeInt32BE(type, 8);
  if (count === 0) return;
  bytes.writeInt32BE(count, 12);
  bytes.writeInt32BE(1, 16);
}

/** For a parameter cast to `text[]`. A NUL has no form there; a lone surrogate becomes what `wellFormed` makes of it. */
export function textArray(texts: readonly (string | null)[]): Buffer {
  // Three bytes a unit at most: cheaper than to count first.
  const most = texts.reduce((sum, text) => sum + 4 + (text === null ? 0 : text.length * 3), HEADER);
  const bytes = Buffer.allocUnsafe(most);
  header(bytes, TEXT, texts.length);
  let at = texts.length === 0 ? 12 : HEADER;
  for (const text of texts) {
    const length = text === null ? -1 : bytes.write(text.includes('\0') ? withoutNul(text) : text, at + 4);
    bytes.writeInt32BE(length, at);
    at += 4 + Math.max(0, length);
  }
  return bytes.subarray(0, at);
}

/** For a parameter cast to `bigint[]`. */
export const bigintArray = (numbers: readonly number[]): Buffer => array64(BIGINT, numbers);

/** For a parameter cast to `timestamptz[]`: microseconds since 2000. */
export const instantArray = (instants: readonly string[]): Buffer =>
  array64(
    TIMESTAMPTZ,
    instants.map((at) => (Date.parse(at) - EPOCH_MS) * 1_000),
  );

function array64(type: number, numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + 12 * numbers.length);
  header(bytes, type, numbers.length);
  let at = numbers.length === 0 ? 12 : HEADER;
  for (const number of numbers) {
    bytes.writeInt32BE(8, at);
    bytes.writeBigInt64BE(BigInt(number), at + 4);
    at += 12;
  }
  return bytes.subarray(0, at);
}
