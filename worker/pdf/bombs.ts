/**
 * Streams of a PDF that inflate to far more than any page needs, or save the state of the pen thousands of times over each other. The engines take a stream whole before
 * anyone can stop them, so the thread would have to be killed at its time limit; here it stops at the limit. Found by their text, not by parsing: also in files whose
 * structure is broken.
 */
import { inflateSync } from 'node:zlib';
import { Unzlib } from 'fflate';
import { LIMITS } from '../../core/contract/intake.ts';

/** Drawing instructions of a very full page are under two megabytes. */
const CONTENT = 16 * 1024 * 1024;
const DICTIONARY = 2_048;
/** Of states saved (`q`) and not yet restored (`Q`). The standard knows 28; what each of them costs pdf.js grows with those below it, and 25,000 take it a minute. */
const DEPTH = 2_000;
/** At a time, of a stream that is damaged: it may unpack a thousandfold. */
const PIECE = 8_192;

/** Says what is too large, or undefined. */
export function findBomb(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let total = 0;
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    if (file.subarray(at - 3, at).toString('latin1') === 'end') continue;
    const dictionary = dictionaryBefore(file, at);
    if (/\/Subtype\s*\/Image|\/Length[123]\b/.test(dictionary)) continue;
    const content = contentOf(file, at, dictionary);
    if (content === undefined) continue;
    if (content === 'too-much') return `a stream at byte ${at} unpacks to more than ${CONTENT / 1_048_576} MB`;
    if (nestsTooDeep(content)) return `a stream at byte ${at} saves the state of the pen over ${DEPTH} times`;
    if (!isPacked(dictionary)) continue;
    total += content.length;
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

const isPacked = (dictionary: string): boolean => dictionary.includes('/FlateDecode');

/** As an engine gets it. Undefined where it is packed in another way. */
function contentOf(file: Buffer, at: number, dictionary: string): Uint8Array | 'too-much' | undefined {
  const from = startOf(file, at);
  if (isPacked(dictionary)) return inflated(file.subarray(from));
  if (dictionary.includes('/Filter')) return undefined;
  const end = file.indexOf('endstream', from);
  return file.subarray(from, end < 0 ? undefined : end);
}

/** Bytes behind the stream's end are ignored. */
function inflated(packed: Buffer): Uint8Array | 'too-much' {
  try {
    return inflateSync(packed, { maxOutputLength: CONTENT });
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-much' : inflatedUntilDamaged(packed);
  }
}

/** The engines go on with what they got before the damage. Whoever unpacks gives nothing of the piece that has it: that one is unpacked again, byte by byte. */
function inflatedUntilDamaged(packed: Buffer): Uint8Array | 'too-much' {
  const first = inflatedInPieces(packed, Infinity);
  return first === 'too-much' || first.end === packed.length
    ? partOf(first)
    : partOf(inflatedInPieces(packed, first.end));
}

interface Inflated {
  readonly content: Uint8Array;
  /** Of what was packed: all, or where the piece begins that has the damage. */
  readonly end: number;
}
const partOf = (got: Inflated | 'too-much'): Uint8Array | 'too-much' => (got === 'too-much' ? got : got.content);

/** `careful`: from there on byte by byte. */
function inflatedInPieces(packed: Buffer, careful: number): Inflated | 'too-much' {
  const got = { parts: [] as Uint8Array[], size: 0 };
  const unzlib = new Unzlib((part) => {
    got.parts.push(part);
    got.size += part.length;
  });
  let end = 0;
  try {
    while (end < packed.length) {
      const to = end < careful ? end + PIECE : end + 1;
      unzlib.push(packed.subarray(end, to));
      end = Math.min(to, packed.length);
      if (got.size > CONTENT) return 'too-much';
    }
  } catch {
    // Here it is damaged.
  }
  return { content: Buffer.concat(got.parts), end };
}

const [SAVE, RESTORE] = [0x71, 0x51];
const isSpace = (byte: number | undefined): boolean => byte === undefined || byte <= 32;

/** Of operators that stand alone; those within a text or a picture are no tens of thousands. */
function nestsTooDeep(content: Uint8Array): boolean {
  let depth = 0;
  for (let at = 0; at < content.length; at += 1) {
    const byte = content[at];
    if (byte !== SAVE && byte !== RESTORE) continue;
    if (!isSpace(content[at - 1]) || !isSpace(content[at + 1])) continue;
    depth = Math.max(0, depth + (byte === SAVE ? 1 : -1));
    if (depth > DEPTH) return true;
  }
  return false;
}
