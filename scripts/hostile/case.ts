/** One file of the hostile corpus and what must become of it. Every file is made from a seed by this folder: nothing is downloaded. */
import type { DocumentKind, UnreadableReason } from '../../core/contract/intake.ts';

export type Expected =
  /** Read like any other: `text` stands on the first page that is read (or in a member, or in the e-invoice). */
  | { readonly outcome: 'reads'; readonly type: DocumentKind; readonly pages?: number; readonly text?: string }
  /** Opened; `members` documents come out of it. */
  | { readonly outcome: 'expands'; readonly members: number }
  | { readonly outcome: 'unreadable'; readonly reason: UnreadableReason };

export interface HostileFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly expected: Expected;
}

export const reads = (type: DocumentKind, more: { pages?: number; text?: string } = {}): Expected => ({
  outcome: 'reads',
  type,
  ...more,
});
export const refused = (reason: UnreadableReason): Expected => ({ outcome: 'unreadable', reason });
export const expands = (members: number): Expected => ({ outcome: 'expands', members });

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Mulberry32: small, seeded, good enough for noise. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function noise(seed: number, length: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
