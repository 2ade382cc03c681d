/**
 * Finds operations in the bytes of a database, without its structure: an operation proves itself by its hash, its content by the operation's commitment, so
 * that wherever their bytes lie, in a page that no tree leads to any more too, they can be taken as they are. What only looks like one fails its proof later.
 */
import type { OpContent } from '../../../core/sync/op.ts';
import type { Pages } from './pages.ts';

export interface CarvedOp {
  readonly body: string;
  /** As kept beside the body; null where that cannot be read. */
  readonly hash: string | null;
  readonly receivedAt: string | null;
  readonly verdict: string | null;
  readonly erasedBy: string | null;
}
export interface Carved {
  op(found: CarvedOp): void;
  content(opId: string, content: OpContent): void;
}

type Value = string | number | null;

/** Serial types: 36 letters (an id), 64 letters (a hash or a salt). */
const ID = 85;
const HASH = 141;
const INTEGER_BYTES: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 0, 0, 0];

const lengthOf = (type: number): number => (type < 10 ? (INTEGER_BYTES[type] ?? 0) : Math.floor((type - 12) / 2));

interface Header {
  readonly types: readonly number[];
  readonly length: number;
}

/** The header of a record: its length, then a type for every column. */
function headerAt(page: Buffer, at: number, columns: number): Header | undefined {
  const length = page[at] ?? 0;
  if (length < columns + 1 || length > 64 || at + length > page.length) return undefined;
  const types: number[] = [];
  for (let pos = at + 1; pos < at + length;) {
    let type = 0;
    let byte: number;
    do {
      byte = page[pos] ?? 0;
      type = type * 128 + (byte & 127);
      pos += 1;
    } while (byte >= 128 && pos < at + length);
    types.push(type);
  }
  return types.length === columns ? { types, length } : undefined;
}

/** How much of a payload stands in the page itself; the rest is on overflow pages. `leaf`: the largest that stands there whole. */
function localSize(total: number, usable: number, leaf: number): number {
  if (total <= leaf) return total;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const local = least + ((total - least) % (usable - 4));
  return local <= leaf ? local : least;
}

const tableLeaf = (usable: number): number => usable - 35;
const indexLeaf = (usable: number): number => Math.floor(((usable - 12) * 64) / 255) - 23;

/** Every way to put the payload together: of an overflow page there may be several images. */
function payloads(pages: Pages, page: Buffer, at: number, total: number, leaf: number): Buffer[] {
  const local = localSize(total, pages.size, leaf);
  if (at + local > page.length) return [];
  const start = page.subarray(at, at + local);
  if (local === total) return [start];
  if (at + local + 4 > page.length || total > 16 * 1024 * 1024) return [];
  return chains(pages, page.readUInt32BE(at + local), total - local, 0).map((rest) => Buffer.concat([start, rest]));
}

const MAX_IMAGES = 4;
function chains(pages: Pages, number: number, left: number, depth: number): Buffer[] {
  if (depth > 4_096) return [];
  const room = pages.size - 4;
  return pages
    .images(number)
    .slice(0, MAX_IMAGES)
    .flatMap((page) => {
      if (page.length < pages.size) return [];
      const here = page.subarray(4, 4 + Math.min(left, room));
      if (left <= room) return [here];
      return chains(pages, page.readUInt32BE(0), left - room, depth + 1).map((rest) => Buffer.concat([here, rest]));
    })
    .slice(0, MAX_IMAGES);
}

function recordsAt(pages: Pages, page: Buffer, at: number, header: Header, leaf: number): Value[][] {
  const total = header.types.reduce((sum, type) => sum + lengthOf(type), header.length);
  return payloads(pages, page, at, total, leaf).map((payload) => {
    let pos = header.length;
    return header.types.map((type) => {
      const length = lengthOf(type);
      const bytes = payload.subarray(pos, pos + length);
      pos += length;
      if (type === 0) return null;
      if (type < 10) return type === 9 ? 1 : type === 8 ? 0 : bytes.readIntBE(0, Math.min(6, length));
      return bytes.toString('utf8');
    });
  });
}

const text = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);

/** Of a row of today, and of one that an older version wrote. */
const OP_COLUMNS = [13, 12];
/** The row number, whose place in the record is empty, and two ids. */
const OP_START = Buffer.from([0, ID, ID]);
const BODY = Buffer.from('{"actor":');
const TAIL = /^([0-9a-f]{64})(\d{4}-\d\d-\d\dT[\d:.]+Z)?/;

function opHeaderAt(page: Buffer, at: number): Header | undefined {
  for (const columns of OP_COLUMNS) {
    const header = headerAt(page, at, columns);
    if (header !== undefined) return header;
  }
  return undefined;
}

function carveOps(pages: Pages, page: Buffer, found: Carved): void {
  for (let at = page.indexOf(OP_START); at >= 0; at = page.indexOf(OP_START, at + 1)) {
    const header = at === 0 ? undefined : opHeaderAt(page, at - 1);
    if (header?.types[7] !== HASH) continue;
    for (const row of recordsAt(pages, page, at - 1, header, tableLeaf(pages.size))) {
      const body = text(row[6]);
      if (body === null) continue;
      found.op({ body, hash: text(row[7]), receivedAt: text(row[8]), verdict: text(row[10]), erasedBy: text(row[11]) });
    }
  }
  // Without its header as well: the body is text, and its hash stands right behind it.
  for (let at = page.indexOf(BODY); at >= 0; at = page.indexOf(BODY, at + 1)) {
    const end = endOfJson(page, at);
    if (end === undefined) continue;
    const tail = TAIL.exec(page.toString('latin1', end, end + 88));
    const [, hash = null, receivedAt = null] = tail ?? [];
    found.op({ body: page.toString('utf8', at, end), hash, receivedAt, verdict: null, erasedBy: null });
  }
}

const [QUOTE, ESCAPE, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];

function endOfJson(page: Buffer, from: number): number | undefined {
  let depth = 0;
  let inText = false;
  for (let at = from; at < page.length; at += 1) {
    const byte = page[at];
    if (inText && byte === ESCAPE) at += 1;
    else if (byte === QUOTE) inText = !inText;
    else if (!inText && byte === OPEN) depth += 1;
    else if (!inText && byte === CLOSE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

const CONTENT_COLUMNS = 4;
const ID_TYPE = Buffer.from([ID]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function carveContents(pages: Pages, page: Buffer, found: Carved): void {
  for (let at = page.indexOf(ID_TYPE); at >= 0; at = page.indexOf(ID_TYPE, at + 1)) {
    const header = at === 0 ? undefined : headerAt(page, at - 1, CONTENT_COLUMNS);
    if (header === undefined || header.types[3] !== HASH) continue;
    const id = page.toString('latin1', at - 1 + header.length, at - 1 + header.length + 36);
    if (!UUID.test(id)) continue;
    for (const [, value, reason, salt] of recordsAt(pages, page, at - 1, header, indexLeaf(pages.size))) {
      const known = text(salt);
      if (known !== null) found.content(id, { value: text(value), reason: text(reason), salt: known });
    }
  }
}

export function carve(pages: Pages, found: Carved): void {
  pages.each((page) => {
    carveOps(pages, page, found);
    carveContents(pages, page, found);
  });
}
