import { memo, useMemo, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import type { Cell, Invoice } from '../../core/contract/invoice.ts';
import type { Box, Word } from '../../core/contract/reading.ts';
import { certainty, cellAt, keyOf, placedCells, refOf } from '../review/cells.ts';
import type { CellKey } from '../review/cells.ts';
import { isOpen as isEditable } from '../../core/invoice/transitions.ts';
import { may } from '../access.ts';
import { useArea, useReview, useStation, useViewer } from '../station.ts';
import { labelOf, t } from '../text.ts';
import { edgeCursor, edgesAt, withEdges } from './box-edges.ts';
import type { Edges } from './box-edges.ts';
import { meaningOf } from './click-meaning.ts';
import type { Meaning } from './click-meaning.ts';
import { textOf } from '../../core/region/words.ts';
import { contains, FULL, grow, unturnPoint, wordAt } from './geometry.ts';
import type { Point, Turn } from './geometry.ts';

interface OverlayProps {
  readonly invoice: Invoice;
  readonly page: number;
  readonly words: readonly Word[];
  readonly turn: Turn;
}

interface Hover {
  readonly word: Word | undefined;
  readonly meaning: Meaning;
}
const NO_HOVER: Hover = { word: undefined, meaning: { kind: 'none' } };

export const PageOverlay = memo(function PageOverlay({ invoice, page, words, turn }: OverlayProps) {
  const station = useStation();
  const [hover, setHover] = useState<Hover>(NO_HOVER);
  const [area, setArea] = useState<Box | null>(null);
  const choosing = useArea((s) => s.kind === 'choosing');
  const start = useRef<Point | null>(null);
  /** The box whose edges are dragged. */
  const dragged = useRef<{ readonly box: Box; readonly edges: Edges } | null>(null);
  const [edges, setEdges] = useState<Edges | null>(null);
  /** The pointer has gone far enough to draw. */
  const begun = useRef(false);
  /** The click that ends an area is none. */
  const drew = useRef(false);
  const cells = useMemo(() => placedCells(invoice).filter(({ cell }) => cell.page === page), [invoice, page]);

  const pointOf = (event: PointerEvent<SVGSVGElement>): Point => {
    // The bounding box is that of the turned sheet on the screen.
    const rect = event.currentTarget.getBoundingClientRect();
    return unturnPoint(
      { x: (event.clientX - rect.left) / rect.width, y: (event.clientY - rect.top) / rect.height },
      turn,
    );
  };
  const editable = (): boolean => isEditable(invoice.state) && may(station.app.getState(), 'invoice.correct');
  const look = (point: Point, event: PointerEvent): Hover => {
    const word = wordAt(words, point);
    const { focus, drafts } = station.review.getState();
    const box = smallestAt(cells, point);
    const meaning = meaningOf({
      word: word !== undefined,
      box,
      focus,
      wanting: focus !== null && wants(invoice, focus, drafts[focus] !== undefined),
      ctrl: event.ctrlKey || event.metaKey,
      shift: event.shiftKey,
      editable: editable(),
    });
    return { word, meaning };
  };
  /** Edges of the focused value's box that are under the pointer. */
  const edgesUnder = (point: Point, element: Element): { box: Box; edges: Edges } | null => {
    const { focus } = station.review.getState();
    const cell = cells.find(({ key }) => key === focus)?.cell;
    if (!cell?.box || !editable()) return null;
    const rect = element.getBoundingClientRect();
    const sideways = turn % 180 !== 0;
    const [across, down] = sideways ? [rect.height, rect.width] : [rect.width, rect.height];
    const box = grow(cell.box, 25, 20);
    const found = edgesAt(box, point, { x: (GRIP / across) * FULL, y: (GRIP / down) * FULL });
    return found === undefined ? null : { box, edges: found };
  };
  const areaTo = (pointer: Point): Box => {
    const point = onPage(pointer);
    return dragged.current
      ? withEdges(dragged.current.box, dragged.current.edges, point)
      : boxOf(start.current!, point);
  };
  const drop = () => {
    start.current = null;
    begun.current = false;
    setArea(null);
  };
  /** What is drawn is an area of the station from its first move on, so that Esc puts it away; then the rest of the drag is none. */
  const drawTo = (from: Point, point: Point) => {
    const drawn = areaTo(point);
    if (!begun.current && isClick(from, point)) return;
    if (!begun.current) station.areas.draw(page, drawn);
    else if (station.areas.getState().kind !== 'choosing') return drop();
    begun.current = true;
    setArea(drawn);
  };
  const act = ({ word, meaning }: Hover) => {
    if (meaning.kind === 'goto') station.review.requestFocus(meaning.key);
    else if (meaning.kind === 'take' && word) station.control.capture(page, [word], meaning.append);
  };

  return (
    <svg
      className={`page-overlay ${choosing ? 'page-overlay-area' : ''} ${hover.meaning.kind === 'none' ? '' : 'page-overlay-hot'}`}
      viewBox={`0 0 ${FULL} ${FULL}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
      style={edges ? { cursor: edgeCursor(edges, turn % 180 !== 0) } : undefined}
      onPointerMove={(event) => {
        const point = pointOf(event);
        if (start.current) return drawTo(start.current, point);
        const under = edgesUnder(point, event.currentTarget)?.edges ?? null;
        station.areas.hold(under !== null);
        if (under?.x !== edges?.x || under?.y !== edges?.y) setEdges(under);
        const next = look(point, event);
        if (next.word !== hover.word || next.meaning.kind !== hover.meaning.kind) setHover(next);
      }}
      onPointerLeave={() => {
        setHover(NO_HOVER);
        setEdges(null);
        station.areas.hold(false);
      }}
      onPointerDown={(event) => {
        drew.current = false;
        const drawing = event.shiftKey || station.areas.getState().kind === 'choosing';
        const grip = drawing ? null : edgesUnder(pointOf(event), event.currentTarget);
        if (event.button !== 0 || !(drawing || grip)) return;
        // An area is drawn; the pan of the view must not see it.
        event.stopPropagation();
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = pointOf(event);
        dragged.current = grip;
        drew.current = true;
      }}
      onPointerUp={(event) => {
        const from = start.current;
        if (!from) return;
        const point = pointOf(event);
        const drawn = areaTo(point);
        const [width, height] = [drawn[2] - drawn[0], drawn[3] - drawn[1]];
        const given = begun.current && station.areas.getState().kind !== 'choosing';
        drop();
        if (given) return;
        if (isClick(from, point) || Math.min(width, height) < THIN) {
          station.areas.cancel();
          act(look(point, event));
        } else void station.areas.read(page, drawn, event.ctrlKey || event.metaKey);
      }}
      onPointerCancel={() => {
        if (start.current) station.areas.cancel();
        drop();
      }}
      onClick={(event) => {
        // After a pan the browser still reports a click: the view marks it as used.
        if (event.shiftKey || event.defaultPrevented || drew.current) return;
        act(look(pointOf(event as unknown as PointerEvent<SVGSVGElement>), event as unknown as PointerEvent));
      }}
    >
      <Boxes cells={cells} page={page} />
      {hover.word && hover.meaning.kind === 'take' ? (
        <Rect box={grow(hover.word.box, 15, 15)} className="box-hover" />
      ) : null}
      {area && choosing ? <Rect box={area} className="box-area" /> : <AreaFrame page={page} />}
      <SuggestedBoxes page={page} />
      <title>{hintOf(hover, station.review.getState().focus)}</title>
    </svg>
  );
});

/** Travel of the pointer below this is a click, and so is what is too thin to hold a letter. */
const CLICK = 60;
/** Pixels round the edge of a box that can be gripped. */
const GRIP = 5;
const THIN = 12;

const isClick = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) + Math.abs(a.y - b.y) < CLICK;

/** A drag goes on outside of the page; what is read ends at its edge. */
const onPage = ({ x, y }: Point): Point => ({
  x: Math.max(0, Math.min(FULL, x)),
  y: Math.max(0, Math.min(FULL, y)),
});

const boxOf = (a: Point, b: Point): Box => [
  Math.round(Math.min(a.x, b.x)),
  Math.round(Math.min(a.y, b.y)),
  Math.round(Math.max(a.x, b.x)),
  Math.round(Math.max(a.y, b.y)),
];

function hintOf({ word, meaning }: Hover, focus: CellKey | null): string {
  if (meaning.kind === 'goto') return t('ui.page.goto', { field: labelOf(refOf(meaning.key)) });
  if (meaning.kind !== 'take' || !word || focus === null) return '';
  const params = { text: textOf([word]), field: labelOf(refOf(focus)) };
  return t(meaning.append ? 'ui.page.append' : 'ui.page.take', params);
}

function wants(invoice: Invoice, focus: CellKey, typing: boolean): boolean {
  const cell = cellAt(invoice, focus);
  return typing || cell.value === null || invoice.attention.some((ref) => keyOf(ref) === focus);
}

function smallestAt(cells: ReturnType<typeof placedCells>, point: Point): CellKey | undefined {
  let found: CellKey | undefined;
  let size = Infinity;
  for (const { key, cell } of cells) {
    const box = cell.box!;
    const area = (box[2] - box[0]) * (box[3] - box[1]);
    if (area < size && contains(grow(box, 20, 20), point)) [found, size] = [key, area];
  }
  return found;
}

interface BoxesProps {
  readonly cells: ReturnType<typeof placedCells>;
  readonly page: number;
}

const Boxes = memo(function Boxes({ cells, page }: BoxesProps) {
  const on = useViewer((s) => s.boxes);
  return (
    <>
      {on ? cells.map(({ key, cell }) => <CellBox key={key} cell={cell} />) : null}
      <FocusBox cells={cells} page={page} />
    </>
  );
});

/** A correction changes one cell, and so draws one box. */
const CellBox = memo(function CellBox({ cell }: { readonly cell: Cell }) {
  return <Rect box={grow(cell.box!, 25, 20)} className={`box box-${certainty(cell)}`} />;
});

/** Drawn over the others: a move of the focus draws one rectangle, not all of them. */
function FocusBox({ cells, page }: BoxesProps) {
  const focus = useReview((s) => s.focus);
  const located = useReview((s) => (s.located?.page === page && s.located.key === s.focus ? s.located : null));
  const box = cells.find(({ key }) => key === focus)?.cell.box;
  if (box) return <Rect box={grow(box, 25, 20)} className="box box-focus" />;
  return located ? <Rect box={grow(located.box, 25, 20)} className="box box-focus box-located" /> : null;
}

function AreaFrame({ page }: { readonly page: number }) {
  const state = useArea((s) => (s.kind !== 'none' && s.page === page && s.box ? s : null));
  return state?.box ? <Rect box={state.box} className={`box-area box-area-${state.kind}`} /> : null;
}

function SuggestedBoxes({ page }: { readonly page: number }) {
  const shown = useReview((s) => s.suggested);
  if (!shown) return null;
  return (
    <>
      {shown.phrases.map((phrase, i) =>
        phrase.page === page ? (
          <Rect
            key={`${phrase.key} ${phrase.box.join()}`}
            box={grow(phrase.box, 20, 15)}
            className={i === shown.at ? 'box-suggest box-suggest-on' : 'box-suggest'}
          />
        ) : null,
      )}
    </>
  );
}

function Rect({ box: [x0, y0, x1, y1], className }: { readonly box: Box; readonly className: string }) {
  return (
    <rect className={className} x={x0} y={y0} width={x1 - x0} height={y1 - y0} vectorEffect="non-scaling-stroke" />
  );
}
