/**
 * An invoice as databases keep it: its JSON deflated, and behind it what whoever hands it on would otherwise work out for every reader: its tag, and how long it
 * will be. What was kept before has nothing behind it; a program of before does not look there, so that an update of a site can be taken back.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CONTENT_TAG_LENGTH, contentTag } from './content-tag.ts';
import type { PrintedInvoice } from './store.ts';

const MARK = 'ap-tag-1';
const TAIL = CONTENT_TAG_LENGTH + 4 + MARK.length;

/** Level 1: whoever packs has better things to do, and boxes compress well anyway. */
export function packInvoice(json: string): Buffer {
  const text = Buffer.from(json);
  const tail = Buffer.alloc(TAIL);
  tail.latin1Write(contentTag(text));
  tail.writeUInt32LE(text.length, CONTENT_TAG_LENGTH);
  tail.latin1Write(MARK, TAIL - MARK.length);
  return Buffer.concat([deflateRawSync(text, { level: 1 }), tail]);
}

const hasTail = (data: Buffer): boolean => data.length > TAIL && data.latin1Slice(data.length - MARK.length) === MARK;

/** JSON in UTF-8. */
export function unpackInvoice(data: Buffer): Buffer {
  if (!hasTail(data)) return inflateRawSync(data);
  const end = data.length - TAIL;
  // Into one piece of memory of just the right size; without the byte more it would be asked for the next piece.
  const chunkSize = Math.max(64, data.readUInt32LE(end + CONTENT_TAG_LENGTH) + 1);
  return inflateRawSync(data.subarray(0, end), { chunkSize });
}

/** Inflated where somebody wants to have it. */
export function printedInvoice(data: Buffer): PrintedInvoice {
  if (hasTail(data)) {
    const end = data.length - TAIL;
    return { tag: data.latin1Slice(end, end + CONTENT_TAG_LENGTH), json: () => unpackInvoice(data) };
  }
  const json = unpackInvoice(data);
  return { tag: contentTag(json), json: () => json };
}
