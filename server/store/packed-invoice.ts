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

export type Printer = (data: Buffer) => PrintedInvoice;

/**
 * Inflated where somebody wants to have it. What was handed on lately is kept by its tag, which is its content's: who opens an invoice asks for it again and again.
 * `bytes`: how much is kept, of all sites together.
 */
export function createPrinter(bytes: number): Printer {
  const kept = new Map<string, Buffer>();
  let held = 0;

  function inflated(tag: string, data: Buffer): Buffer {
    const known = kept.get(tag);
    // A copy, because what comes out of zlib holds on to more memory than it fills.
    const json = known ?? Buffer.from(unpackInvoice(data));
    // What was asked for last stands last.
    if (known !== undefined) kept.delete(tag);
    else held += json.length;
    kept.set(tag, json);
    for (const [oldest, { length }] of kept) {
      if (held <= bytes) break;
      kept.delete(oldest);
      held -= length;
    }
    return json;
  }

  return (data) => {
    if (hasTail(data)) {
      const end = data.length - TAIL;
      const tag = data.toString('latin1', end, end + CONTENT_TAG_LENGTH);
      return { tag, json: () => inflated(tag, data) };
    }
    const json = unpackInvoice(data);
    return { tag: contentTag(json), json: () => json };
  };
}
