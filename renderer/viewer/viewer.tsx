/** The pages beside the form: continuous scroll, zoom at the pointer, drag to pan; follows the field that has the keyboard. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Invoice } from '../../core/contract/invoice.ts';
import { cellAt } from '../review/cells.ts';
import { useArea, useReview, useStation, useViewer } from '../station.ts';
import { t } from '../text.ts';
import { ActionButton } from '../ui/controls.tsx';
import type { DocumentView } from './document-view.ts';
import { AreaNote } from './area-note.tsx';
import { turnBox, turnedSize } from './geometry.ts';
import type { Size } from './geometry.ts';
import { clampZoom, fitZoom, GAP, pagesBetween, placePages, scrollFor } from './layout.ts';
import type { Placed } from './layout.ts';
import { PageView } from './page-view.tsx';
import { usePan } from './use-pan.ts';

interface ViewerProps {
  readonly view: DocumentView;
  readonly invoice: Invoice;
}

/** Pages kept ready before and after those on the screen. */
const AHEAD = 1;

export function Viewer({ view, invoice }: ViewerProps) {
  const station = useStation();
  const scroller = useRef<HTMLDivElement>(null);
  const turn = useViewer((s) => s.turn);
  const zoom = useViewer((s) => s.zoom);
  const fit = useViewer((s) => s.fit);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [range, setRange] = useState<[number, number]>([0, 0]);
  const sizes = useMemo(() => view.sizes.map((s) => turnedSize(s, turn)), [view, turn]);
  const pages = useMemo(() => placePages(sizes, zoom), [sizes, zoom]);
  const widest = Math.max(0, ...pages.map((p) => p.width));
  const total = (pages.at(-1)?.top ?? 0) + (pages.at(-1)?.height ?? 0) + GAP;

  // Before the pages have the size they stay at, a place on them is none yet.
  // To the last digit: a zoom that still changes by a pixel puts the page where it was, and ends a scrolling that has just begun.
  const settled = size.width > 0 && (fit === 'none' || zoom === fitZoom(sizes, size, fit));

  useSize(scroller, setSize);
  useFit(sizes, size);
  useZoomAnchor(scroller, zoom);
  usePageRequests(scroller, pages);
  usePan(scroller, station.areas.isDrawing);
  useWheelZoom(scroller);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const next = pagesBetween(pages, element.scrollTop, element.scrollTop + element.clientHeight);
    setRange((old) => (old[0] === next[0] && old[1] === next[1] ? old : next));
    const middle = element.scrollTop + element.clientHeight / 2;
    station.viewer.seen(pagesBetween(pages, middle, middle)[0] + 1);
  };
  useLayoutEffect(onScroll, [pages, size, station]);

  const from = Math.max(0, range[0] - AHEAD);
  const to = Math.min(pages.length - 1, range[1] + AHEAD);
  return (
    <div
      id="page-view"
      className="viewer-scroll"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={t('ui.page.region')}
      onScroll={onScroll}
    >
      <div className="viewer-pages" style={{ height: total, minWidth: widest + 2 * GAP }}>
        {size.width === 0
          ? null
          : pages.slice(from, to + 1).map((placed, i) => {
              const at = from + i;
              const distance = at < range[0] ? range[0] - at : at > range[1] ? at - range[1] : 0;
              return (
                <PageView
                  key={placed.page}
                  view={view}
                  invoice={invoice}
                  placed={placed}
                  turn={turn}
                  distance={distance}
                />
              );
            })}
      </div>
      <FollowFocus scroller={scroller} invoice={invoice} pages={pages} widest={widest} settled={settled} />
      <FollowArea scroller={scroller} pages={pages} widest={widest} />
      <AreaNote />
      {view.drawn ? <p className="drawn-note">{t('ui.page.drawn')}</p> : null}
    </div>
  );
}

function useSize(scroller: React.RefObject<HTMLDivElement | null>, set: (size: Size) => void): void {
  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = () => set({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, set]);
}

/** While the zoom follows the window, it changes with it. */
function useFit(sizes: readonly Size[], size: Size): void {
  const { viewer } = useStation();
  const fit = useViewer((s) => s.fit);
  useLayoutEffect(() => {
    if (fit !== 'none' && size.width > 0) viewer.zoomTo(fitZoom(sizes, size, fit), fit);
  }, [viewer, fit, sizes, size]);
}

/** What is in the middle stays there when the zoom changes by key or button; the wheel keeps what is under the pointer. */
function useZoomAnchor(scroller: React.RefObject<HTMLDivElement | null>, zoom: number): void {
  const before = useRef(zoom);
  useLayoutEffect(() => {
    const element = scroller.current!;
    const factor = zoom / before.current;
    before.current = zoom;
    if (factor === 1) return;
    const anchor = wheelAnchor.get(element) ?? { x: element.clientWidth / 2, y: element.clientHeight / 2 };
    wheelAnchor.delete(element);
    element.scrollLeft = (element.scrollLeft + anchor.x) * factor - anchor.x;
    element.scrollTop = (element.scrollTop + anchor.y) * factor - anchor.y;
  }, [scroller, zoom]);
}

const wheelAnchor = new WeakMap<HTMLElement, { x: number; y: number }>();

function useWheelZoom(scroller: React.RefObject<HTMLDivElement | null>): void {
  const { viewer } = useStation();
  useEffect(() => {
    const element = scroller.current!;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const rect = element.getBoundingClientRect();
      wheelAnchor.set(element, { x: event.clientX - rect.left, y: event.clientY - rect.top });
      viewer.zoomTo(clampZoom(viewer.getState().zoom * Math.exp(-event.deltaY / 300)));
    };
    // React registers wheel listeners as passive: those cannot keep the browser from zooming the whole window.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [scroller, viewer]);
}

interface FollowProps {
  readonly scroller: React.RefObject<HTMLDivElement | null>;
  readonly invoice: Invoice;
  readonly pages: readonly Placed[];
  readonly widest: number;
}

/** Draws nothing: the pages need not be drawn again because the focus moved. */
function FollowFocus({ scroller, invoice, pages, widest, settled }: FollowProps & { readonly settled: boolean }): null {
  const { viewer } = useStation();
  const focus = useReview((s) => s.focus);
  const context = useViewer((s) => s.context);
  const turn = useViewer((s) => s.turn);
  const documents = useViewer((s) => s.documents);
  const shown = useRef(documents);
  // Near to the value, its place has to be worked out again once the pages have grown.
  const near = useViewer((s) => (s.context ? s.zoom : 0));
  const zoomBefore = useRef<number | null>(null);
  const followed = useRef('');
  const cell = focus === null ? undefined : cellAt(invoice, focus);
  const located = useReview((s) => (s.located && s.located.key === s.focus ? s.located : null));
  const at = cell?.box && cell.page !== undefined ? { page: cell.page, box: cell.box } : located;
  const place = at ? `${at.page} ${at.box.join(' ')}` : '';

  // F4: near to the value, and back to where one was.
  useLayoutEffect(() => {
    const { zoom, fit } = viewer.getState();
    if (context && zoomBefore.current === null) {
      zoomBefore.current = fit === 'none' ? zoom : -1;
      viewer.zoomTo(Math.max(zoom * 2, 1.8));
    } else if (!context && zoomBefore.current !== null) {
      if (zoomBefore.current < 0) viewer.fitTo('width');
      else if (fit === 'none') viewer.zoomTo(zoomBefore.current);
      zoomBefore.current = null;
    }
  }, [viewer, context]);

  useEffect(() => {
    const element = scroller.current;
    const [page, ...box] = place.split(' ').map(Number);
    const placed = pages[(page ?? 0) - 1];
    const move = place === '' ? '' : `${place} ${context} ${near}`;
    // Another document begins at its top, and from there at its value: one effect for both, or one would end the other's scrolling.
    if (shown.current !== documents) {
      shown.current = documents;
      followed.current = '';
      element?.scrollTo({ top: 0, left: 0 });
    }
    // A window or panel that changes its size moves the page away from under the value: it is looked for again.
    if (!settled) followed.current = '';
    if (!element || !settled || followed.current === move) return;
    followed.current = move;
    if (!placed) return;
    const left = Math.max(GAP, (Math.max(element.clientWidth, widest + 2 * GAP) - placed.width) / 2);
    const target = scrollFor(turnBox(box as [number, number, number, number], turn), placed, left, {
      left: element.scrollLeft,
      top: element.scrollTop,
      width: element.clientWidth,
      height: element.clientHeight,
    });
    if (target) element.scrollTo({ ...target, behavior: calm() ? 'auto' : 'smooth' });
    // Only a move of the focus or of its value moves the page; scrolling by hand is left alone.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [place, context, near, settled, documents, scroller]);
  return null;
}

/** A frame that is moved by keys stays in view. */
function FollowArea({ scroller, pages, widest }: Omit<FollowProps, 'invoice'>) {
  const turn = useViewer((s) => s.turn);
  const moved = useArea((s) => (s.kind === 'choosing' ? s.moved : -1));
  const { areas } = useStation();
  useEffect(() => {
    const state = areas.getState();
    const element = scroller.current;
    const placed = state.kind === 'none' ? undefined : pages[state.page - 1];
    if (!element || !placed || state.kind !== 'choosing' || !state.box) return;
    const left = Math.max(GAP, (Math.max(element.clientWidth, widest + 2 * GAP) - placed.width) / 2);
    const { scrollLeft, scrollTop, clientWidth: width, clientHeight: height } = element;
    const target = scrollFor(turnBox(state.box, turn), placed, left, {
      left: scrollLeft,
      top: scrollTop,
      width,
      height,
    });
    if (target) element.scrollTo(target);
    // Only a key moves the view; the layout alone does not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [areas, moved, scroller]);
  return null;
}

const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

function usePageRequests(scroller: React.RefObject<HTMLDivElement | null>, pages: readonly Placed[]): void {
  const request = useViewer((s) => s.pageRequest);
  const { viewer } = useStation();
  useEffect(() => {
    const placed = pages[viewer.getState().page - 1];
    if (placed) scroller.current?.scrollTo({ top: placed.top - GAP });
    // A request is answered once; a change of the layout is none.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [request, viewer, scroller]);
}

export function ViewerToolbar({ pages }: { readonly pages: number }) {
  const { viewer } = useStation();
  const page = useViewer((s) => s.page);
  const zoom = useViewer((s) => s.zoom);
  const boxes = useViewer((s) => s.boxes);
  const thumbnails = useViewer((s) => s.thumbnails);
  const choosing = useArea((s) => s.kind !== 'none');
  return (
    <div className="viewer-bar" role="toolbar" aria-label={t('ui.page.tools')}>
      <ActionButton id="page.thumbnails" icon="pages" pressed={thumbnails} />
      <label className="page-number">
        <span className="visually-hidden">{t('ui.page.number')}</span>
        <input
          className="input"
          type="number"
          min={1}
          max={pages}
          value={page}
          onChange={(event) => {
            const wanted = event.target.valueAsNumber;
            if (wanted >= 1 && wanted <= pages) viewer.goTo(wanted);
          }}
        />
        <span>{t('ui.page.of', { pages })}</span>
      </label>
      <span className="bar-gap" />
      <ActionButton id="page.zoomOut" icon="minus" />
      <output className="zoom" aria-label={t('ui.page.zoom')}>
        {Math.round(zoom * 100)}&thinsp;%
      </output>
      <ActionButton id="page.zoomIn" icon="plus" />
      <ActionButton id="page.fitWidth" icon="fitWidth" />
      <ActionButton id="page.fitPage" icon="fitPage" />
      <ActionButton id="page.rotate" icon="rotate" />
      <ActionButton id="page.context" icon="context" />
      <ActionButton id="area.begin" icon="area" pressed={choosing} />
      <ActionButton id="page.boxes" icon="boxes" pressed={boxes} />
    </div>
  );
}
