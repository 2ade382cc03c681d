/** The piece of a page that a value was learned from. Pages are fetched once and kept while the screen is open. */
import { useEffect, useRef } from 'react';
import type { Box } from '../../core/contract/reading.ts';
import type { Client } from '../api.ts';
import { cropFor } from '../review/snippet.tsx';
import { useStation } from '../station.ts';
import { t } from '../text.ts';
import { FULL } from '../viewer/geometry.ts';

const DPI = 110;
const WIDTH = 240;
const MOST_PAGES = 12;

const pages = new Map<string, Promise<ImageBitmap>>();

export function pageOf(client: Client, sha: string, page: number): Promise<ImageBitmap> {
  const key = `${sha} ${page}`;
  const found =
    pages.get(key) ??
    client.getPageImage({ params: { sha, page }, query: { dpi: DPI } }).then((blob) => createImageBitmap(blob));
  pages.delete(key);
  pages.set(key, found);
  found.catch(() => pages.delete(key));
  const oldest = pages.keys().next().value;
  if (pages.size > MOST_PAGES && oldest !== undefined) pages.delete(oldest);
  return found;
}

export function PageCrop({ sha, page, box }: { readonly sha: string; readonly page: number; readonly box: Box }) {
  const { client } = useStation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [x0, y0, x1, y1] = box;
  useEffect(() => {
    let gone = false;
    const draw = (image: ImageBitmap): void => {
      const target = canvas.current;
      if (gone || target === null) return;
      const size = { width: image.width / (DPI / 72), height: image.height / (DPI / 72) };
      const { crop, shape } = cropFor([x0, y0, x1, y1], size, WIDTH);
      const ratio = Math.min(devicePixelRatio, 2);
      target.width = shape.width * ratio;
      target.height = shape.height * ratio;
      target.style.width = `${shape.width}px`;
      target.style.height = `${shape.height}px`;
      const [sx, sy] = [image.width / FULL, image.height / FULL];
      const [left, top, right, bottom] = crop;
      const context = target.getContext('2d');
      context?.drawImage(
        image,
        left * sx,
        top * sy,
        (right - left) * sx,
        (bottom - top) * sy,
        0,
        0,
        target.width,
        target.height,
      );
    };
    // Without its page the row says everything but how it looks.
    pageOf(client, sha, page).then(draw, () => undefined);
    return () => {
      gone = true;
    };
  }, [client, sha, page, x0, y0, x1, y1]);
  return (
    <canvas ref={canvas} className="page-crop" role="img" aria-label={t('ui.snippet', { page })} width={1} height={1} />
  );
}
