/** Text-like ink of a page and how much of it lies inside word boxes: unlike word confidence that says whether a page was read (a word never found has none). */
import { darkness } from './darkness.ts';
import type { Rect } from './geometry.ts';
import type { Grey } from './grey.ts';
import { isTextLike, pageBlobs, type Blob } from './ink.ts';

export interface PageInk {
  /** 0..1; 1 for a page without text-like ink. What lies in the dark counts as not read. */
  cover(words: readonly Rect[]): number;
  /** Blocks of ink that look like lines of text and lie outside of every word, largest first. */
  gaps(words: readonly Rect[]): Rect[];
}

/** Measured once a page; several passes over it are compared with the same ink. */
export async function pageInk(grey: Grey): Promise<PageInk> {
  const { blobs, scale, ...small } = await pageBlobs(grey);
  const text = blobs.filter(isTextLike);
  const all = pixelsOf(text);
  const dark = darkness(grey);
  const outside = (words: readonly Rect[]): Blob[] => {
    const covered = cover(words, scale, small);
    return text.filter((blob) => {
      const x = Math.floor((blob.x0 + blob.x1) / 2);
      const y = Math.floor((blob.y0 + blob.y1) / 2);
      return covered[y * small.width + x] === 0;
    });
  };
  return {
    cover: (words) => (all < 30 ? 1 : (1 - pixelsOf(outside(words)) / all) * (1 - dark(words))),
    gaps(words) {
      const blocks = blocksOf(segmentsOf(outside(words)));
      return blocks.map(({ x0, y0, x1, y1 }) => ({
        x0: Math.max(0, Math.floor((x0 - MARGIN) / scale)),
        y0: Math.max(0, Math.floor((y0 - MARGIN) / scale)),
        x1: Math.min(grey.width, Math.ceil((x1 + MARGIN) / scale)),
        y1: Math.min(grey.height, Math.ceil((y1 + MARGIN) / scale)),
      }));
    },
  };
}

/** White round a crop, in pixels at about 100 dpi: the engine loses letters that touch the edge. */
const MARGIN = 5;
const LETTER = { least: 5, most: 40 };

const pixelsOf = (blobs: readonly Blob[]): number => blobs.reduce((sum, blob) => sum + blob.pixels, 0);

function cover(words: readonly Rect[], scale: number, size: { width: number; height: number }): Uint8Array {
  const covered = new Uint8Array(size.width * size.height);
  for (const word of words) {
    const x0 = Math.max(0, Math.floor(word.x0 * scale) - 2);
    const x1 = Math.min(size.width, Math.ceil(word.x1 * scale) + 2);
    const y1 = Math.min(size.height, Math.ceil(word.y1 * scale) + 2);
    for (let y = Math.max(0, Math.floor(word.y0 * scale) - 2); y < y1; y += 1)
      covered.fill(1, y * size.width + x0, y * size.width + x1);
  }
  return covered;
}

interface Group extends Rect {
  /** Of one line. */
  readonly tall: number;
  readonly pixels: number;
}

/** Letters side by side. */
function segmentsOf(blobs: readonly Blob[]): Group[] {
  const letters = blobs.filter(({ y0, y1 }) => y1 - y0 >= LETTER.least && y1 - y0 <= LETTER.most);
  const single = letters.map((blob) => ({ ...blob, tall: blob.y1 - blob.y0 }));
  return joined(single, (a, b) => {
    const tall = Math.max(a.tall, b.tall);
    return gap(a.x0, a.x1, b.x0, b.x1) < 1.2 * tall && shared(a.y0, a.y1, b.y0, b.y1) > 0.5 * Math.min(a.tall, b.tall);
  });
}

/** Lines one under the other. */
function blocksOf(segments: readonly Group[]): Group[] {
  const blocks = joined(segments, (a, b) => {
    const wide = Math.min(a.x1 - a.x0, b.x1 - b.x0);
    return shared(a.x0, a.x1, b.x0, b.x1) > 0.5 * wide && gap(a.y0, a.y1, b.y0, b.y1) < 2 * Math.max(a.tall, b.tall);
  });
  return blocks.toSorted((a, b) => b.pixels - a.pixels);
}

const gap = (a0: number, a1: number, b0: number, b1: number): number => Math.max(a0, b0) - Math.min(a1, b1);
const shared = (a0: number, a1: number, b0: number, b1: number): number => Math.min(a1, b1) - Math.max(a0, b0);

/** Joins what belongs together, directly or by a chain. */
function joined(parts: readonly Group[], together: (a: Group, b: Group) => boolean): Group[] {
  const groups: Group[] = [];
  for (const part of parts.toSorted((a, b) => a.x0 - b.x0)) {
    let whole = part;
    for (let at = groups.findIndex((group) => together(group, whole)); at >= 0;) {
      const [group] = groups.splice(at, 1);
      if (group !== undefined) whole = union(group, whole);
      at = groups.findIndex((other) => together(other, whole));
    }
    groups.push(whole);
  }
  return groups;
}

const union = (a: Group, b: Group): Group => ({
  x0: Math.min(a.x0, b.x0),
  y0: Math.min(a.y0, b.y0),
  x1: Math.max(a.x1, b.x1),
  y1: Math.max(a.y1, b.y1),
  tall: Math.max(a.tall, b.tall),
  pixels: a.pixels + b.pixels,
});
