import { memo, useEffect, useMemo, useRef } from 'react';
import type { Invoice } from '../../core/contract/invoice.ts';
import { cellAt, keyOf } from '../review/cells.ts';
import { useStation, useViewer } from '../station.ts';
import { t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';
import type { DocumentView } from './document-view.ts';
import { DrawnPage, useWords } from './drawn-page.tsx';

const WIDTH = 84;

/** Small pages to jump by, each with the number of fields on it that need a look. */
export function Thumbnails({ view, invoice }: { readonly view: DocumentView; readonly invoice: Invoice }) {
  const counts = useMemo(() => {
    const byPage = new Map<number, number>();
    for (const ref of invoice.attention) {
      const { page } = cellAt(invoice, keyOf(ref));
      if (page !== undefined) byPage.set(page, (byPage.get(page) ?? 0) + 1);
    }
    return byPage;
  }, [invoice]);
  return (
    <ol className="thumbnails" aria-label={t('ui.page.thumbnails')}>
      {view.sizes.map((size, i) => (
        // Pages have no other identity than their number.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={i}>
          <Thumbnail
            view={view}
            page={i + 1}
            height={(WIDTH * size.height) / size.width}
            count={counts.get(i + 1) ?? 0}
          />
        </li>
      ))}
    </ol>
  );
}

interface ThumbnailProps {
  readonly view: DocumentView;
  readonly page: number;
  readonly height: number;
  readonly count: number;
}

const Thumbnail = memo(function Thumbnail({ view, page, height, count }: ThumbnailProps) {
  const { viewer } = useStation();
  const current = useViewer((s) => s.page === page);
  const label = count > 0 ? t('ui.page.thumbnail.count', { page, n: count }) : t('ui.page.thumbnail', { page });
  return (
    <button
      type="button"
      className="thumbnail"
      aria-label={label}
      aria-current={current ? 'page' : undefined}
      onClick={() => viewer.goTo(page)}
    >
      <span className="thumbnail-sheet" style={{ width: WIDTH, height }}>
        {view.drawn ? <DrawnThumb view={view} page={page} /> : <Picture view={view} page={page} />}
      </span>
      <span className="thumbnail-label">
        {page}
        {count > 0 ? (
          <>
            {' '}
            <Mark kind="doubtful" /> {count}
          </>
        ) : null}
      </span>
    </button>
  );
});

function DrawnThumb({ view, page }: { readonly view: DocumentView; readonly page: number }) {
  return <DrawnPage words={useWords(view, page)} size={view.sizes[page - 1]!} />;
}

function Picture({ view, page }: { readonly view: DocumentView; readonly page: number }) {
  const holder = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let withdraw: (() => void) | undefined;
    // A long document's thumbnails are drawn when they come into sight.
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return withdraw?.();
      withdraw = view.draw(
        page,
        WIDTH * 2,
        () => 100 + page,
        (canvas) => {
          holder.current?.replaceChildren(canvas);
          observer.disconnect();
        },
      );
    });
    observer.observe(holder.current!);
    return () => {
      observer.disconnect();
      withdraw?.();
    };
  }, [view, page]);
  return <span className="page-canvas" ref={holder} />;
}
