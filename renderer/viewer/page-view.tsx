/** One page: its drawing, the boxes of the fields, and the pointer over its words. */
import { memo, useEffect, useRef } from 'react';
import type { Invoice } from '../../core/contract/invoice.ts';
import { t } from '../text.ts';
import type { DocumentView } from './document-view.ts';
import { DrawnPage, useWords } from './drawn-page.tsx';
import { turnedSize } from './geometry.ts';
import type { Turn } from './geometry.ts';
import type { Placed } from './layout.ts';
import { PageOverlay } from './page-overlay.tsx';

interface PageViewProps {
  readonly view: DocumentView;
  readonly invoice: Invoice;
  readonly placed: Placed;
  readonly turn: Turn;
  /** How far from what is looked at: 0 is on the screen. */
  readonly distance: number;
}

/** Drawing again while the zoom still moves would be thrown away: the old drawing is stretched until it rests. */
const REST_MS = 120;

export const PageView = memo(function PageView({ view, invoice, placed, turn, distance }: PageViewProps) {
  const { page, width, height, top } = placed;
  const upright = turnedSize({ width, height }, turn);
  const words = useWords(view, page);
  return (
    <div
      className="page"
      style={{ top, width, height }}
      data-page={page}
      role="img"
      aria-label={t('ui.page.label', { page })}
    >
      <div
        className="page-sheet"
        style={{
          width: upright.width,
          height: upright.height,
          transform: `translate(-50%, -50%) rotate(${turn}deg)`,
        }}
      >
        {view.drawn ? (
          <DrawnPage words={words} size={view.sizes[page - 1]!} />
        ) : (
          <Drawing view={view} page={page} width={upright.width} distance={distance} />
        )}
        <PageOverlay invoice={invoice} page={page} words={words} turn={turn} />
      </div>
    </div>
  );
});

function Drawing({
  view,
  page,
  width,
  distance,
}: {
  view: DocumentView;
  page: number;
  width: number;
  distance: number;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const priority = useRef(distance);
  const drawnAt = useRef(0);
  useEffect(() => {
    priority.current = distance;
  }, [distance]);
  useEffect(() => {
    const wanted = Math.round(width * Math.min(devicePixelRatio, 2));
    if (drawnAt.current === wanted) return;
    let withdraw: (() => void) | undefined;
    const timer = setTimeout(
      () => {
        withdraw = view.draw(
          page,
          wanted,
          () => priority.current,
          (canvas) => {
            drawnAt.current = wanted;
            holder.current?.replaceChildren(canvas);
          },
        );
      },
      drawnAt.current === 0 ? 0 : REST_MS,
    );
    return () => {
      clearTimeout(timer);
      withdraw?.();
    };
  }, [view, page, width]);
  return <div className="page-canvas" ref={holder} />;
}
