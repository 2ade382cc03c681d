/**
 * An invoice as databases keep it: its JSON deflated, and behind it the tag that whoever hands it on would otherwise work out for every reader.
 * What was kept before has nothing behind it; a program of before does not look there, so that an update of a site can be taken back.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CONTENT_TAG_LENGTH, contentTag } from './content-tag.ts';
import type { PrintedInvoice } from './store.ts';

const MARK = 'ap-tag-1';
const TAIL = CONTENT_TAG_LENGTH + MARK.length;

/** Level 1: whoever packs has better things to do, and boxes compress well anyway. */
export function packInvoice(json: string): Buffer {
  const text = Buffer.from(json);
  return Buffer.concat([deflateRawSync(text, { level: 1 }), Buffer.from(contentTag(text) + MARK, 'latin1')]);
}

const hasTail = (data: Buffer): boolean =>
  data.length > TAIL && data.toString('latin1', data.length - MARK.length) === MARK;

/** JSON in UTF-8. */
export const unpackInvoice = (data: Buffer): Buffer =>
  inflateRawSync(hasTail(data) ? data.subarray(0, data.length - TAIL) : data);

/** Inflated where somebody wants to have it. */
export function printedInvoice(data: Buffer): PrintedInvoice {
  if (hasTail(data)) {
    const end = data.length - TAIL;
    return { tag: data.toString('latin1', end, end + CONTENT_TAG_LENGTH), json: () => unpackInvoice(data) };
  }
  const json = unpackInvoice(data);
  return { tag: contentTag(json), json: () => json };
}
