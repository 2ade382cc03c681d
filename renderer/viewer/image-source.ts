/** Scans, photos and mail: pages as pictures made by the station; a finer one is fetched when the page is shown larger. */
import type { Size } from './geometry.ts';
import { boundedWidth } from './page-source.ts';
import type { PageSource } from './page-source.ts';

const DPIS = [110, 220, 300] as const;

export function createImageSource(
  pages: number,
  sizes: ReadonlyMap<number, Size>,
  load: (page: number, dpi: number, signal?: AbortSignal) => Promise<Blob>,
): PageSource {
  const bitmaps = new Map<number, Promise<ImageBitmap>>();

  async function bitmap(page: number, width: number): Promise<ImageBitmap> {
    let known = bitmaps.get(page);
    const have = await known?.catch(() => undefined);
    const size = sizes.get(page);
    const dpi = DPIS.find((d) => widthAt(d, size) >= width) ?? 300;
    if (!have || (have.width < width * 0.9 && have.width < widthAt(dpi, size) * 0.9)) {
      known = load(page, dpi).then((blob) => createImageBitmap(blob));
      bitmaps.set(page, known);
      // A failed load must not be remembered.
      known.catch(() => bitmaps.delete(page));
    }
    return known!;
  }

  return {
    pages,
    async size(page) {
      const size = sizes.get(page);
      if (size) return size;
      const { width, height } = await bitmap(page, 600);
      return { width, height };
    },
    async draw(page, width, signal) {
      const picture = await bitmap(page, width);
      signal.throwIfAborted();
      const pixels = boundedWidth(picture, width);
      const canvas = document.createElement('canvas');
      canvas.width = pixels;
      canvas.height = Math.max(1, Math.round((pixels * picture.height) / picture.width));
      const context = canvas.getContext('2d')!;
      context.imageSmoothingQuality = 'high';
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return canvas;
    },
    destroy() {
      for (const picture of bitmaps.values()) void picture.then((b) => b.close()).catch(() => undefined);
      bitmaps.clear();
    },
  };
}

/** A page of unknown size is taken for A4. */
const widthAt = (dpi: number, size: Size | undefined): number => dpi * (size && size.width > size.height ? 11.7 : 8.27);
