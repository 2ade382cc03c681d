/** Share of text-like ink that lies inside word boxes: unlike word confidence it says whether a page was read (a word never found has none). */
import type { Rect } from './geometry.ts';
import { resizeGrey, type Grey } from './grey.ts';
import { blobsOf, inkOf, isTextLike } from './ink.ts';

export interface PageInk {
  /** 0..1; 1 for a page without text-like ink. */
  cover(words: readonly Rect[]): number;
}

/** Measured once a page; several passes over it are compared with the same ink. */
export async function pageInk(grey: Grey): Promise<PageInk> {
  const scale = Math.min(1, 1_150 / Math.max(grey.width, grey.height));
  const small = await resizeGrey(grey, scale);
  const { blobs } = blobsOf(inkOf(small), small.width, small.height);
  const text = blobs.filter(isTextLike);
  const all = text.reduce((sum, blob) => sum + blob.pixels, 0);
  return {
    cover(words) {
      if (all < 30) return 1;
      const covered = new Uint8Array(small.width * small.height);
      for (const word of words) {
        const x0 = Math.max(0, Math.floor(word.x0 * scale) - 2);
        const x1 = Math.min(small.width, Math.ceil(word.x1 * scale) + 2);
        const y1 = Math.min(small.height, Math.ceil(word.y1 * scale) + 2);
        for (let y = Math.max(0, Math.floor(word.y0 * scale) - 2); y < y1; y += 1)
          covered.fill(1, y * small.width + x0, y * small.width + x1);
      }
      let inside = 0;
      for (const blob of text) {
        const x = Math.floor((blob.x0 + blob.x1) / 2);
        const y = Math.floor((blob.y0 + blob.y1) / 2);
        if (covered[y * small.width + x] === 1) inside += blob.pixels;
      }
      return inside / all;
    },
  };
}
