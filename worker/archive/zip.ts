/**
 * ZIP by its central directory: every size, count and ratio is checked against the limits before a byte is inflated, and inflating itself stops at
 * the size that the directory named. Names are text only: nothing is ever written under them.
 */
import { inflateRawSync } from 'node:zlib';
import { LIMITS } from '../../core/contract/intake.ts';
import { UnreadableError } from '../unreadable.ts';

export interface ZipEntry {
  readonly name: string;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly size: number;
  readonly method: number;
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** Small files may be almost nothing but repeats; a bomb is large. */
const RATIO_FROM = 1024 * 1024;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Files of the archive, folders left out. Throws UnreadableError where the archive breaks a limit. */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const data = view(bytes);
  const end = findEnd(data);
  const count = data.getUint16(end + 10, true);
  let at = data.getUint32(end + 16, true);
  if (count > LIMITS.archiveEntries)
    throw new UnreadableError('archive-bomb', `${count} entries; the limit is ${LIMITS.archiveEntries}`);
  const entries: ZipEntry[] = [];
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > bytes.length || data.getUint32(at, true) !== CENTRAL)
      throw new UnreadableError('corrupt', `entry ${i + 1} of the ZIP's directory is damaged`);
    const nameLength = data.getUint16(at + 28, true);
    const flags = data.getUint16(at + 8, true);
    const entry: ZipEntry = {
      name: decodeName(bytes.subarray(at + 46, at + 46 + nameLength), (flags & 0x800) !== 0),
      encrypted: (flags & 1) !== 0,
      method: data.getUint16(at + 10, true),
      packed: data.getUint32(at + 20, true),
      size: data.getUint32(at + 24, true),
      offset: data.getUint32(at + 42, true),
    };
    total += entry.size;
    if (!entry.name.endsWith('/')) entries.push(entry);
    at += 46 + nameLength + data.getUint16(at + 30, true) + data.getUint16(at + 32, true);
  }
  checkTotals(total, bytes.length);
  return entries;
}

function checkTotals(total: number, packed: number): void {
  if (total > LIMITS.inflateBytes)
    throw new UnreadableError(
      'archive-bomb',
      `${Math.round(total / 1_048_576)} MB unpacked; the limit is ${LIMITS.inflateBytes / 1_048_576} MB`,
    );
  if (total > RATIO_FROM && total / packed > LIMITS.inflateRatio)
    throw new UnreadableError(
      'archive-bomb',
      `unpacks to ${Math.round(total / packed)} times its size; the limit is ${LIMITS.inflateRatio} times`,
    );
}

function findEnd(data: DataView): number {
  for (let at = data.byteLength - 22; at >= Math.max(0, data.byteLength - 22 - 0xffff); at -= 1) {
    if (data.getUint32(at, true) === END) return at;
  }
  throw new UnreadableError('truncated', 'the ZIP ends before its directory');
}

function decodeName(bytes: Uint8Array, utf8: boolean): string {
  if (!utf8) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return new TextDecoder('windows-1252').decode(bytes);
    }
  }
  return new TextDecoder().decode(bytes);
}

/** Throws UnreadableError; at most `entry.size` bytes come out, whatever the packed data holds. */
export function inflateEntry(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const data = view(bytes);
  if (entry.offset + 30 > bytes.length || data.getUint32(entry.offset, true) !== LOCAL)
    throw new UnreadableError('corrupt', 'the entry does not start where the directory says');
  const start = entry.offset + 30 + data.getUint16(entry.offset + 26, true) + data.getUint16(entry.offset + 28, true);
  const packed = bytes.subarray(start, start + entry.packed);
  if (packed.length < entry.packed) throw new UnreadableError('truncated', 'the entry ends early');
  if (entry.method === 0) return packed;
  if (entry.method !== 8) throw new UnreadableError('unsupported', `compression method ${entry.method}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new UnreadableError('archive-bomb', 'the entry is larger than the directory says');
    throw new UnreadableError('corrupt', 'the entry cannot be inflated');
  }
}

/** Office files and apps are ZIPs too; they are no archives of documents. */
export function packageKind(entries: readonly ZipEntry[]): string | undefined {
  const names = new Set(entries.map((entry) => entry.name));
  if (names.has('[Content_Types].xml')) return 'an Office file (docx, xlsx, pptx)';
  if (names.has('META-INF/MANIFEST.MF')) return 'a Java program (jar)';
  if (names.has('META-INF/manifest.xml') && names.has('content.xml')) return 'an OpenDocument file';
  return undefined;
}
