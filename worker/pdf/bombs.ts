/**
 * Streams of a PDF that inflate to far more than any page needs. The engines inflate a stream whole before anyone can stop them, so the thread would
 * have to be killed at its time limit; here it stops at the limit. Found by their text, not by parsing: also in files whose structure is broken.
 */
import { inflateSync } from 'node:zlib';
import { LIMITS } from '../../core/contract/intake.ts';

/** Drawing instructions of a very full page are under two megabytes. */
const CONTENT = 16 * 1024 * 1024;
const DICTIONARY = 2_048;

/** Says what is too large, or undefined. */
export function findBomb(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let total = 0;
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    if (file.subarray(at - 3, at).toString('latin1') === 'end') continue;
    const dictionary = dictionaryBefore(file, at);
    if (!dictionary.includes('/FlateDecode') || /\/Subtype\s*\/Image|\/Length[123]\b/.test(dictionary)) continue;
    const size = inflatedSize(file.subarray(startOf(file, at)));
    if (size > CONTENT) return `a stream at byte ${at} unpacks to more than ${CONTENT / 1_048_576} MB`;
    total += size;
    if (total > LIMITS.inflateBytes) return `its streams unpack to more than ${LIMITS.inflateBytes / 1_048_576} MB`;
  }
  return undefined;
}

function dictionaryBefore(file: Buffer, at: number): string {
  const text = file.subarray(Math.max(0, at - DICTIONARY), at).toString('latin1');
  return text.slice(text.lastIndexOf(' obj') + 1);
}

/** After the keyword comes one end of line. */
function startOf(file: Buffer, at: number): number {
  const next = at + 6;
  if (file[next] === 13 && file[next + 1] === 10) return next + 2;
  return file[next] === 10 || file[next] === 13 ? next + 1 : next;
}

/** Bytes behind the stream's end are ignored; damaged data counts as nothing: the engines will say what they make of it. */
function inflatedSize(packed: Buffer): number {
  try {
    return inflateSync(packed, { maxOutputLength: CONTENT }).length;
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? Infinity : 0;
  }
}
