/** The table of lines of a drawn page: its heads repeat on every page; what has no column stands small below the description. */
import type { TermNode } from '../contract/reading.ts';
import { drawHeading, leavesOf, runOf } from './draw-parts.ts';
import type { Sheet } from './draw-parts.ts';
import { labelOf, shownInFull } from './draw-values.ts';
import { invoiceLines } from './map-lines.ts';
import type { LineNode } from './map-lines.ts';
import type { Block, Paragraph, Run, Spot } from './pen.ts';
import { termName } from './term-names.ts';

interface Column {
  readonly term: string;
  readonly x: number;
  readonly width: number;
  readonly align?: 'right';
}
const COLUMNS: readonly Column[] = [
  { term: 'BT-126', x: 40, width: 34 },
  { term: 'BT-155', x: 78, width: 58 },
  { term: 'BT-153', x: 140, width: 168 },
  { term: 'BT-129', x: 310, width: 46, align: 'right' },
  { term: 'BT-130', x: 362, width: 28 },
  { term: 'BT-146', x: 392, width: 58, align: 'right' },
  { term: 'BT-152', x: 454, width: 38, align: 'right' },
  { term: 'BT-131', x: 494, width: 62, align: 'right' },
];
const SIZE = 8.5;
const SMALL = 7.5;

const block = ({ x, width, align }: Column, paragraphs: readonly Paragraph[]): Block => ({
  x,
  width,
  ...(align && { align }),
  paragraphs,
});

function drawHeads(sheet: Sheet): void {
  sheet.pen.row(
    COLUMNS.map((column) =>
      block(column, [{ size: SMALL, runs: [{ text: termName(column.term, sheet.language) ?? '' }] }]),
    ),
  );
  sheet.pen.space(2);
}

const textRuns = (...nodes: (TermNode | undefined)[]): Run[] =>
  nodes.flatMap((node) => (node && (node.text ?? '').trim() !== '' ? [runOf(node)] : []));

/** What the columns show of a line. */
function runsOf(sheet: Sheet, line: TermNode): Record<string, Run[]> {
  const first = (term: string): TermNode | undefined => sheet.within(line, term)[0];
  const quantity = first('BT-129');
  const unit = quantity?.attributes?.['unitCode'];
  const base = first('BT-149');
  const isOne = base === undefined || /^\+?0*1(\.0*)?$/.test((base.text ?? '').trim());
  return {
    'BT-126': textRuns(first('BT-126')),
    'BT-155': textRuns(first('BT-155') ?? first('BT-157') ?? first('BT-156')),
    'BT-129': textRuns(quantity),
    'BT-130': quantity && unit !== undefined ? [{ text: unit, node: quantity, attribute: 'unitCode' }] : [],
    'BT-146': [...textRuns(first('BT-146')), ...(isOne ? [] : [{ text: '/' }, ...textRuns(base)])],
    'BT-152': textRuns(first('BT-151'), first('BT-152')),
    'BT-131': textRuns(first('BT-131')),
  };
}

function descriptionOf(sheet: Sheet, line: TermNode, shown: ReadonlySet<TermNode>): Paragraph[] {
  const name = sheet.within(line, 'BT-153');
  const more = sheet.within(line, 'BT-154');
  const texts = new Set([...name, ...more]);
  const isLine = (node: TermNode): boolean => sheet.keys.get(node) === 'BG-25';
  const rest = leavesOf(line, isLine).filter(({ node }) => !texts.has(node) && !shown.has(node));
  return [
    ...name.map((node) => ({ size: SIZE, runs: [runOf(node)] })),
    ...more.map((node) => ({ size: SMALL, runs: [runOf(node)] })),
    ...rest.map(({ node, parents }) => ({
      size: SMALL,
      runs: [{ text: `${labelOf(node, parents, sheet.language)}:` }, { text: shownInFull(node, sheet.currency), node }],
    })),
  ];
}

/** Sub lines stand a little to the right. */
const indented = (column: Column, depth: number): Column => {
  const by = column.term === 'BT-153' ? Math.min(depth, 5) * 8 : 0;
  return { ...column, x: column.x + by, width: column.width - by };
};

function drawLine(sheet: Sheet, { node, depth }: LineNode): Spot {
  const runs = runsOf(sheet, node);
  const shown = new Set(Object.values(runs).flatMap((list) => list.flatMap((run) => run.node ?? [])));
  const spot = sheet.pen.row(
    COLUMNS.map((column) =>
      column.term === 'BT-153'
        ? block(indented(column, depth), descriptionOf(sheet, node, shown))
        : block(column, [{ size: SIZE, runs: runs[column.term] ?? [] }]),
    ),
  );
  sheet.pen.space(3);
  return spot;
}

/** Draws all lines; where each began, by its row in the extraction. */
export function drawLines(sheet: Sheet): Spot[] {
  const lines = invoiceLines(sheet.keys, sheet.root);
  if (lines.length === 0) return [];
  drawHeading(sheet, termName('BG-25', sheet.language) ?? '');
  drawHeads(sheet);
  sheet.pen.onPage(() => drawHeads(sheet));
  const spots: Spot[] = [];
  for (const line of lines) {
    if (sheet.pen.full()) break;
    spots.push(drawLine(sheet, line));
  }
  sheet.pen.onPage(undefined);
  sheet.pen.space(4);
  return spots;
}
