/** The piece of the page that a value was read from, beside the value: no eye travel. */
import { useContext, useLayoutEffect, useRef } from 'react';
import type { Box } from '../../core/contract/reading.ts';
import { t } from '../text.ts';
import type { DocumentView } from '../viewer/document-view.ts';
import { DrawnPage, useWords } from '../viewer/drawn-page.tsx';
import { FULL, grow } from '../viewer/geometry.ts';
import type { Size } from '../viewer/geometry.ts';
import { ViewContext } from './view-context.ts';

/** Widths that fit below a narrow and a wide field. */
const WIDTH = { narrow: 190, wide: 380 };
const MAX_HEIGHT = 84;
/** Print is shown about this high, whatever its size on the page. */
const LINE = 25;

interface SnippetProps {
  readonly page: number;
  readonly box: Box;
  readonly wide?: boolean;
}

export function Snippet({ page, box, wide = false }: SnippetProps) {
  const view = useContext(ViewContext);
  const size = view?.sizes[page - 1];
  if (!view || !size) return null;
  const { crop, shape } = cropFor(box, size, wide ? WIDTH.wide : WIDTH.narrow);
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

/** The value with its surroundings: mostly what stands left of it, where labels are printed. */
export function cropFor(box: Box, size: Size, width: number): { crop: Box; shape: Size } {
  const high = ((box[3] - box[1]) / FULL) * size.height;
  const lines = Math.max(1, Math.round(high / 14));
  const tall = grow(box, 0, Math.max(35, (box[3] - box[1]) * 0.3));
  const down = ((tall[3] - tall[1]) / FULL) * size.height;
  const across = ((box[2] - box[0] + 160) / FULL) * size.width;
  const scale = Math.min((LINE * lines) / down, width / across, MAX_HEIGHT / down, 2.4);
  const spare = Math.max(0, (width / scale / size.width) * FULL - (box[2] - box[0]));
  const x0 = Math.max(0, Math.round(box[0] - spare * 0.7));
  const x1 = Math.min(FULL, Math.round(x0 + (box[2] - box[0]) + spare));
  const crop: Box = [x0, tall[1], x1, tall[3]];
  return {
    crop,
    shape: { width: Math.round(((x1 - x0) / FULL) * size.width * scale), height: Math.round(down * scale) },
  };
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
