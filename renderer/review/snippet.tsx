/** The piece of the page that a value was read from, beside the value: no eye travel. */
import { useContext, useLayoutEffect, useRef } from 'react';
import type { Box } from '../../core/contract/reading.ts';
import { t } from '../text.ts';
import type { DocumentView } from '../viewer/document-view.ts';
import { DrawnPage, useWords } from '../viewer/drawn-page.tsx';
import { FULL, grow } from '../viewer/geometry.ts';
import { ViewContext } from './view-context.ts';

const MAX = { width: 380, height: 84 };
/** Print is shown about this high, whatever its size on the page. */
const TEXT_HEIGHT = 15;

export function Snippet({ page, box }: { readonly page: number; readonly box: Box }) {
  const view = useContext(ViewContext);
  const size = view?.sizes[page - 1];
  if (!view || !size) return null;
  const crop = grow(box, 180, Math.max(45, (box[3] - box[1]) * 0.35));
  const lines = Math.max(1, Math.round((((box[3] - box[1]) / FULL) * size.height) / 14));
  const across = ((crop[2] - crop[0]) / FULL) * size.width;
  const down = ((crop[3] - crop[1]) / FULL) * size.height;
  const scale = Math.min((TEXT_HEIGHT * 1.7 * lines) / down, MAX.width / across, MAX.height / down, 2.2);
  const shape = { width: Math.round(across * scale), height: Math.round(down * scale) };
  return (
    <span className="snippet" style={shape} role="img" aria-label={t('ui.snippet', { page })}>
      {view.drawn ? (
        <DrawnSnippet view={view} page={page} crop={crop} />
      ) : (
        <Crop view={view} page={page} crop={crop} {...shape} />
      )}
    </span>
  );
}

function DrawnSnippet({
  view,
  page,
  crop,
}: {
  readonly view: DocumentView;
  readonly page: number;
  readonly crop: Box;
}) {
  return <DrawnPage words={useWords(view, page)} size={view.sizes[page - 1]!} crop={crop} />;
}

interface CropProps {
  readonly view: DocumentView;
  readonly page: number;
  readonly crop: Box;
  readonly width: number;
  readonly height: number;
}

function Crop({ view, page, crop, width, height }: CropProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [x0, y0, x1, y1] = crop;
  useLayoutEffect(() => {
    const paint = () => {
      const target = canvas.current;
      const from = view.canvas(page);
      if (!target || !from) return;
      const ratio = Math.min(devicePixelRatio, 2);
      target.width = width * ratio;
      target.height = height * ratio;
      const context = target.getContext('2d')!;
      context.imageSmoothingQuality = 'high';
      const [sx, sy] = [from.width / FULL, from.height / FULL];
      context.drawImage(from, x0 * sx, y0 * sy, (x1 - x0) * sx, (y1 - y0) * sy, 0, 0, target.width, target.height);
    };
    paint();
    return view.sharpen(page, paint);
  }, [view, page, x0, y0, x1, y1, width, height]);
  return <canvas ref={canvas} />;
}
