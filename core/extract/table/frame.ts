/**
 * What a table's rows say about its frame: where it begins to the left (a sidebar beside it is none of its text), and which columns of figures
 * stand without a head, because none is printed or a scan lost it.
 */
import type { Context } from '../candidates/context.ts';
import type { Line, Rect } from '../layout/model.ts';
import { bounds, overlapX } from '../layout/model.ts';
import type { NumberMatch } from '../values/amount.ts';
import { hasCents } from '../values/amount.ts';
import type { Column, TableHead } from './columns.ts';

/** Text aligned with the first head starts this close to it. */
const ALIGNED = 12;
/** Share of the rows that must agree. */
const MOST = 0.6;

interface Row {
  readonly line: Line;
  readonly numbers: readonly NumberMatch[];
}

const isFigures = ({ role }: Column): boolean => role !== 'description' && role !== 'article' && role !== 'unit';
const rectOf = (number: NumberMatch): Rect => bounds(number.tokens);

/** Lines below the head that hold a figure under the column of amounts or prices. */
function rowsOf(context: Context, head: TableHead, end: (line: Line) => boolean): Row[] {
  const money = head.columns.filter((c) => c.role === 'lineTotal' || c.role === 'unitPrice');
  const rows: Row[] = [];
  for (const line of context.layout.lines.slice(head.lastLine + 1)) {
    if (line.page !== head.page || end(line)) break;
    const numbers = context.numbersOfLine.get(line.index) ?? [];
    if (numbers.some((n) => money.some((c) => overlapX(c, rectOf(n)) > 0))) rows.push({ line, numbers });
  }
  return rows;
}

/** The left edge, where rows begin under the first head; unknown where heads are centred over their columns. */
function leftEdge(head: TableHead, rows: readonly Row[]): number | undefined {
  const left = Math.min(...head.columns.map((c) => c.x0));
  const begin = rows.filter((r) => r.line.segments.some((s) => Math.abs(s.x0 - left) < ALIGNED));
  return rows.length > 0 && begin.length >= rows.length * MOST ? left - ALIGNED : undefined;
}

/** A figure with a cell of its own: no word beside it in its segment. */
function isAlone(line: Line, number: NumberMatch): boolean {
  const segment = line.segments.find((s) => s.tokens.some((t) => number.tokens.includes(t)));
  return segment !== undefined && segment.tokens.every((t) => number.tokens.includes(t) || !/[a-z]{4}/.test(t.key));
}

interface Cluster {
  x0: number;
  x1: number;
  numbers: NumberMatch[];
  lines: Set<number>;
}

function clusters(rows: readonly Row[], columns: readonly Column[], left: number): Cluster[] {
  const found: Cluster[] = [];
  for (const { line, numbers } of rows) {
    for (const number of numbers) {
      const rect = rectOf(number);
      if (rect.x0 < left || columns.some((c) => overlapX(c, rect) > 0) || !isAlone(line, number)) continue;
      const home = found.find((c) => Math.min(c.x1, rect.x1) - Math.max(c.x0, rect.x0) > 0);
      if (!home) found.push({ x0: rect.x0, x1: rect.x1, numbers: [number], lines: new Set([line.index]) });
      else {
        home.x0 = Math.min(home.x0, rect.x0);
        home.x1 = Math.max(home.x1, rect.x1);
        home.numbers.push(number);
        home.lines.add(line.index);
      }
    }
  }
  return found;
}

/** A head beside its figures rather than above them stands this close. */
const NEAR = 70;

/** The head without figures of its own that a cluster beside it belongs to. */
function neighbour({ x0, x1 }: Cluster, columns: readonly Column[], rows: readonly Row[]): Column | undefined {
  const empty = columns.filter(
    (c) => isFigures(c) && !rows.some(({ numbers }) => numbers.some((n) => overlapX(c, rectOf(n)) > 0)),
  );
  const gap = (c: Column): number => Math.max(c.x0 - x1, x0 - c.x1);
  return empty.filter((c) => gap(c) < NEAR).toSorted((a, b) => gap(a) - gap(b))[0];
}

/** The columns by heads and figures: heads reach over the figures beside them, figures without a head are a column too. */
function columnsOf(head: TableHead, rows: readonly Row[], left: number): readonly Column[] {
  const last = Math.max(...head.columns.map((c) => c.x1));
  let columns = head.columns;
  for (const cluster of clusters(rows, head.columns, left)) {
    const { x0, x1, numbers, lines } = cluster;
    const home = neighbour(cluster, columns, rows);
    // A single row tells a column only by money at the table's end.
    const enough = lines.size >= 2 && lines.size >= rows.length * MOST;
    const closing = lines.size === rows.length && x0 > last && numbers.every(hasCents);
    const rate = numbers.every((n) => n.percent) && !columns.some((c) => c.role === 'taxRate');
    if (home) {
      columns = columns.map((c) => (c === home ? { ...c, x0: Math.min(c.x0, x0), x1: Math.max(c.x1, x1) } : c));
    } else if (enough || closing) {
      columns = [...columns, { x0, x1, y0: head.y1, y1: head.y1, text: '', role: rate ? 'taxRate' : 'other' }];
    }
  }
  return columns.toSorted((a, b) => a.x0 - b.x0);
}

export function framed(context: Context, head: TableHead, end: (line: Line) => boolean): TableHead {
  const rows = rowsOf(context, head, end);
  const left = leftEdge(head, rows);
  const columns = columnsOf(head, rows, left ?? 0);
  return { ...head, columns, ...(left === undefined ? {} : { left }) };
}
