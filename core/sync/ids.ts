/** UUIDs (RFC 9562) as pure functions of time, random bytes or a hash. */
import type { Sha256 } from './op.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(bytes: Iterable<number>): string {
  let digits = '';
  for (const byte of bytes) digits += HEX[byte] ?? '';
  return digits;
}

/** 32 hex digits -> UUID with the version and the RFC variant set. */
function asUuid(digits: string, version: number): string {
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const all = `${digits.slice(0, 12)}${version}${digits.slice(13, 16)}${variant}${digits.slice(17, 32)}`;
  return `${all.slice(0, 8)}-${all.slice(8, 12)}-${all.slice(12, 16)}-${all.slice(16, 20)}-${all.slice(20)}`;
}

/** Sorts by time. `random`: at least 10 bytes. */
export function uuid7(nowMs: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError(`uuid7 needs 10 random bytes, got ${random.length}`);
  const time = Math.max(0, Math.floor(nowMs)).toString(16).padStart(12, '0');
  return asUuid(time + hex(random.subarray(0, 10)), 7);
}

/** `random`: at least 16 bytes. */
export function uuid4(random: Uint8Array): string {
  if (random.length < 16) throw new RangeError(`uuid4 needs 16 random bytes, got ${random.length}`);
  return asUuid(hex(random.subarray(0, 16)), 4);
}

/** A UUID derived from a text: the same on every device. */
export const uuid8 = (sha256: Sha256, text: string): string => asUuid(sha256(text), 8);

/** Id of a line or tax row that a reading saw: every device derives the same from (reading op, row). */
export const rowId = (sha256: Sha256, readingOp: string, type: 'line' | 'taxRow', row: number): string =>
  uuid8(sha256, `${readingOp}/${type}/${row}`);
