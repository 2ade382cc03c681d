/** Rows of the lines table: one per amount in the amount column; lines without one continue the row above (or, where descriptions stand over their numbers, below). */
import type { Context } from '../candidates/context.ts';
import { hasKind } from '../candidates/context.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Line, Segment, Token } from '../layout/model.ts';
import { bounds, centreX, height, overlapX } from '../layout/model.ts';
import type { NumberMatch } from '../values/amount.ts';
import type { Column, ColumnRole, TableHead } from './columns.ts';
import { framed } from './frame.ts';
import { runningLines } from './running.ts';

export interface TableRow {
  readonly page: number;
  readonly head: TableHead;
  readonly lines: number[];
  /** By column: which role a column of figures plays is settled over all rows, see roles.ts. */
  readonly numbers: Map<Column, NumberMatch>;
  readonly texts: Partial<Record<ColumnRole, Token[]>>;
}

export interface Table {
  readonly rows: TableRow[];
  /** Lines that the table covers, heads included. */
  readonly lines: ReadonlySet<number>;
  /** Segments of those lines that stand beside the table, in a sidebar or the margin. */
  readonly beside: ReadonlySet<Segment>;
}

const NUMERIC: ReadonlySet<ColumnRole> = new Set([
  'position',
  'quantity',
  'unitPrice',
  'discount',
  'taxRate',
  'taxAmount',
  'lineTotal',
  'other',
]);
const TOTALS: readonly LabelKind[] = [
  'netTotal',
  'taxTotal',
  'grossTotal',
  'total',
  'amountDue',
  'subtotal',
  'lineTotalSum',
];
const FILLER =
  /^(in|eur|euro|usd|gbp|chf|incl?|excl?|inkl|exkl|zzgl|of|de|von|the|plus|less|and|und|et|at|rm|myr|pct)$/;

/** A line that begins with the label of a sum and says nothing else: the table ends. */
export function isTotalsLine(context: Context, line: Line, kinds: readonly LabelKind[] = TOTALS): boolean {
  const labels = context.labelsOfLine.get(line.index) ?? [];
  const label = labels.find((l) => hasKind(l, ...kinds));
  if (!label) return false;
  const own = new Set(labels.flatMap((l) => l.tokens.map((t) => t.index)));
  const rest = label.segment.tokens.filter(
    (t) => !own.has(t.index) && /[a-z]{2}/.test(t.key) && !FILLER.test(t.key) && !/\d/.test(t.key),
  );
  const before = line.tokens.filter(
    (t) => t.x1 < label.x0 && !label.segment.tokens.includes(t) && !own.has(t.index) && /[a-z]{3}/.test(t.key),
  );
  return rest.length === 0 && before.length <= 1;
}

interface Cells {
  readonly numbers: Map<Column, NumberMatch>;
  readonly texts: Partial<Record<ColumnRole, Token[]>>;
}

const isText = (c: Column | undefined): boolean => c !== undefined && !NUMERIC.has(c.role);

/** Where a column's words may stand: up to the neighbours' heads; between two text columns the right one's left edge is the border. */
function ranges(columns: readonly Column[]): { column: Column; from: number; to: number }[] {
  return columns.map((column, i) => {
    const before = columns[i - 1];
    const after = columns[i + 1];
    const from = !before ? -1 : isText(before) && isText(column) ? column.x0 - 6 : before.x1;
    const to = !after ? 1001 : isText(after) && isText(column) ? after.x0 - 6 : after.x0;
    return { column, from, to };
  });
}

/** "24,75 days" set flush right under the head of the quantities: the unit stands under it, the figure before it. */
function counts(number: NumberMatch, segment: Segment | undefined, columns: readonly Column[]): Column | undefined {
  const [first, ...others] = segment?.tokens.filter((t) => !number.tokens.includes(t)) ?? [];
  const unit = segment?.tokens[0] === number.tokens[0] && others.length === 0 ? first : undefined;
  if (!unit || !/^[\p{L}.²³]{1,12}$/u.test(unit.text) || number.currency !== undefined || number.percent)
    return undefined;
  const column = columns.find((c) => c.role === 'quantity');
  return column && overlapX(column, unit) > 0 && unit.x0 - bounds(number.tokens).x1 < height(unit) ? column : undefined;
}

function columnOfNumber(context: Context, number: NumberMatch, columns: readonly Column[]): Column | undefined {
  const first = number.tokens[0] as Token;
  const last = number.tokens.at(-1) as Token;
  const rect = { x0: first.x0, x1: last.x1, y0: first.y0, y1: first.y1 };
  const segment = context.layout.lineOf[first.index]?.segments.find((s) => s.tokens.includes(first));
  const numeric = columns.filter((c) => NUMERIC.has(c.role));
  const over = numeric
    .map((c) => ({ c, share: overlapX(c, rect) }))
    .filter((o) => o.share > 0)
    .toSorted((a, b) => b.share - a.share)[0];
  if (over) return over.c;
  const counted = counts(number, segment, columns);
  if (counted) return counted;
  const alone = isAlone(number, segment);
  if (!alone) return undefined;
  const near = numeric.map((c) => ({ c, gap: -overlapX(c, rect) })).toSorted((a, b) => a.gap - b.gap)[0];
  return near && near.gap < 70 ? near.c : undefined;
}

const isUnder = (number: NumberMatch, column: Column): boolean => overlapX(column, bounds(number.tokens)) > 0;

/** A number stands alone where its segment has no words but units, currencies and other numbers. */
function isAlone(number: NumberMatch, segment: Segment | undefined): boolean {
  const words = segment?.tokens.filter((t) => !number.tokens.includes(t) && /[a-z]{4}/.test(t.key)) ?? [];
  return words.length === 0;
}

/** "Registered in England No. 0289687": no amount and no quantity begins so. */
const isRegistration = (number: NumberMatch): boolean => /^0\d{4}/.test(number.digits);

export function cellsOfLine(context: Context, line: Line, columns: readonly Column[]): Cells {
  const numbers: Cells['numbers'] = new Map();
  const texts: Cells['texts'] = {};
  const used = new Set<number>();
  for (const number of context.numbersOfLine.get(line.index) ?? []) {
    const column = columnOfNumber(context, number, columns);
    if (
      !column ||
      (number.percent && column.role !== 'taxRate' && column.role !== 'discount' && column.role !== 'taxAmount')
    )
      continue;
    if ((number.tokens[0]?.x0 ?? 0) < line.x0 - 1 || isRegistration(number)) continue;
    // Two numbers under one head: "2 x 30" is a quantity first, elsewhere the last is the figure; what only stands near the head gives way.
    const other = numbers.get(column);
    if (other && (column.role === 'quantity' || (isUnder(other, column) && !isUnder(number, column)))) continue;
    numbers.set(column, number);
    for (const t of number.tokens) used.add(t.index);
  }
  const places = ranges(columns);
  for (const segment of line.segments) {
    const free = segment.tokens.filter((t) => !used.has(t.index));
    const first = free[0];
    if (!first) continue;
    const home = places.find(
      (p) =>
        centreX(first) >= p.from && centreX(first) < p.to && !(NUMERIC.has(p.column.role) && p.column.role !== 'other'),
    );
    const after = places.find((p) => p.column.role === 'quantity');
    const isUnit = !home && after && free.length === 1 && first.text.length <= 8;
    const role: ColumnRole = home?.column.role ?? (isUnit ? 'unit' : 'description');
    texts[role] = [...(texts[role] ?? []), ...free];
  }
  return { numbers, texts };
}

/** The column whose figures make rows: amounts, else prices, else the last column of figures. */
function anchorOf(head: TableHead): Column | undefined {
  const of = (role: ColumnRole) => head.columns.find((c) => c.role === role);
  return of('lineTotal') ?? of('unitPrice');
}

interface Open {
  rows: TableRow[];
  covered: Set<number>;
  beside: Set<Segment>;
  /** Text lines above an amount that belong to no row yet. */
  pending: { line: Line; cells: Cells }[];
  lastLine: Line | undefined;
  /** A sum of a section has been passed: what follows without figures heads the next one. */
  heading: boolean;
}

const isEmpty = (cells: Cells): boolean =>
  (cells.texts.description?.length ?? 0) === 0 && (cells.texts.article?.length ?? 0) === 0;

/** The part of a line that lies within the table. */
function within(line: Line, head: TableHead): Line | undefined {
  const { left } = head;
  if (left === undefined || line.x0 >= left) return line;
  const segments = line.segments.filter((s) => s.x1 >= left);
  if (segments.length === line.segments.length) return line;
  const tokens = segments.flatMap((s) => [...s.tokens]);
  return tokens.length === 0 ? undefined : { ...line, ...bounds(tokens), segments, tokens };
}

function addLine(context: Context, open: Open, whole: Line, head: TableHead): void {
  const line = within(whole, head);
  for (const segment of whole.segments) if (!line?.segments.includes(segment)) open.beside.add(segment);
  open.covered.add(whole.index);
  if (!line) return;
  const anchor = anchorOf(head);
  const cells = cellsOfLine(context, line, head.columns);
  const prose = cells.numbers.size <= 1 && isProse(line, head);
  const last = open.rows.at(-1);
  if (anchor && cells.numbers.has(anchor) && !prose) {
    const own = !isEmpty(cells);
    // Text above belongs to this row where the row itself says nothing, or where no row stands above.
    const above = own && (last || headsFirst(open.pending, line)) ? [] : open.pending;
    if (own && last) for (const p of open.pending) continueRow(last, p.line, p.cells);
    const row: TableRow = { page: line.page, head, lines: [], numbers: new Map(cells.numbers), texts: {} };
    for (const p of [...above, { line, cells }]) continueRow(row, p.line, p.cells);
    for (const p of above)
      for (const [column, n] of p.cells.numbers) if (!row.numbers.has(column)) row.numbers.set(column, n);
    open.rows.push(row);
    open.pending = [];
    open.heading = false;
  } else if (!isEmpty(cells) && !open.heading && !(prose && open.rows.length === 0) && !isHeading(cells, head)) {
    open.pending.push({ line, cells });
  }
  open.lastLine = line;
}

/** "Materials" where the rows have their articles' numbers. */
const isHeading = ({ texts, numbers }: Cells, head: TableHead): boolean =>
  numbers.size === 0 &&
  (texts.description?.length ?? 0) === 0 &&
  head.columns.some((c) => c.role === 'description') &&
  (texts.article ?? []).every((t) => !/\d/.test(t.text));

/** A few words above a first row that has words of its own head the section. */
function headsFirst(pending: Open['pending'], row: Line): boolean {
  const [only, second] = pending;
  if (!only || second) return false;
  return only.line.tokens.length <= 4 && !/\d/.test(only.line.text) && only.line.x0 <= row.x0 + 2;
}

/** Words that run on under several columns of figures: a sentence about the table, not text of a row. */
const isProse = (line: Line, head: TableHead): boolean =>
  line.segments.some(
    (s) =>
      s.tokens.filter((t) => /[a-z]{2}/.test(t.key)).length >= 4 &&
      head.columns.filter((c) => NUMERIC.has(c.role) && overlapX(c, s) > 0).length >= 2,
  );

function continueRow(row: TableRow, line: Line, cells: Cells): void {
  row.lines.push(line.index);
  for (const [role, tokens] of Object.entries(cells.texts) as [ColumnRole, Token[]][])
    row.texts[role] = [...(row.texts[role] ?? []), ...tokens];
}

/** Text left over after the last amount continues the last row while it stays close to it. */
function closePage(context: Context, open: Open): void {
  const last = open.rows.at(-1);
  let y = last ? (context.layout.lines[last.lines.at(-1) ?? -1]?.y1 ?? 0) : 0;
  for (const { line, cells } of open.pending) {
    if (!last || line.page !== last.page || line.y0 - y > height(line) * 1.6) break;
    continueRow(last, line, cells);
    y = line.y1;
  }
  open.pending = [];
}

export function readTable(context: Context, bareHeads: readonly TableHead[]): Table {
  const heads = bareHeads.map((h) =>
    framed(
      context,
      h,
      (line) =>
        (isTotalsLine(context, line) && hasNumber(context, line)) ||
        bareHeads.some((other) => other !== h && line.index >= other.firstLine && line.index <= other.lastLine),
    ),
  );
  const running = runningLines(context);
  const open: Open = {
    rows: [],
    covered: new Set(),
    beside: new Set(),
    pending: [],
    lastLine: undefined,
    heading: false,
  };
  let head: TableHead | undefined;
  let columnsEnded = true;
  for (const page of context.layout.pages) {
    const pageHeads = heads.filter((h) => h.page === page.page);
    if (pageHeads.length > 0) head = undefined;
    const carriedOn = head !== undefined && !columnsEnded;
    for (const line of page.lines) {
      const next = pageHeads.find((h) => line.index >= h.firstLine && line.index <= h.lastLine);
      if (next) {
        closePage(context, open);
        head = next;
        columnsEnded = false;
        open.covered.add(line.index);
        continue;
      }
      if (!head || columnsEnded || line.index < head.firstLine || running.has(line.index)) continue;
      if (isTotalsLine(context, line, ['carryOver'])) {
        open.covered.add(line.index);
        continue;
      }
      if (endsTable(context, line, head)) {
        closePage(context, open);
        columnsEnded = !goesOn(context, open, line, head);
        if (!columnsEnded) open.covered.add(line.index);
        open.heading = !columnsEnded;
        continue;
      }
      if (carriedOn && pageHeads.length === 0 && !isItemRow(context, line, head)) continue;
      addLine(context, open, line, head);
    }
    closePage(context, open);
  }
  return { rows: open.rows, lines: open.covered, beside: open.beside };
}

/** The sums begin: a label with its sum, or the heads of a table of sums. */
function endsTable(context: Context, line: Line, head: TableHead): boolean {
  if (headsSums(context, line)) return true;
  if (!isTotalsLine(context, line) || isItemRow(context, line, head)) return false;
  const labels = (context.labelsOfLine.get(line.index) ?? []).filter((l) => hasKind(l, ...TOTALS));
  return hasNumber(context, line) || new Set(labels.map((l) => l.segment)).size >= 2;
}

/** Lines that a section's sum and the heading of the next section take. */
const BETWEEN = 4;

const SECTION_SUM: readonly LabelKind[] = ['subtotal', 'lineTotalSum', 'total', 'netTotal'];

/** What follows the sum of all lines before the total. */
const ADJUSTMENTS: readonly LabelKind[] = [
  ...TOTALS,
  'discount',
  'charge',
  'rounding',
  'prepaid',
  'withheldTax',
  'tendered',
];

/** The sum of a section: rows go on below it, begun where the rows above begin, before any other sum. */
function goesOn(context: Context, open: Open, sum: Line, head: TableHead): boolean {
  if (!isTotalsLine(context, sum, SECTION_SUM) || !hasNumber(context, sum)) return false;
  const anchor = anchorOf(head);
  const starts = open.rows.map((row) => context.layout.lines[row.lines[0] ?? -1]?.x0 ?? -1);
  const full = ['quantity', 'unitPrice'].every((role) => head.columns.some((c) => c.role === role));
  for (const line of context.layout.lines.slice(sum.index + 1, sum.index + 1 + BETWEEN)) {
    if (line.page !== sum.page || isTotalsLine(context, line) || headsSums(context, line)) return false;
    const { numbers } = cellsOfLine(context, line, head.columns);
    if (!anchor || !numbers.has(anchor)) continue;
    if (isItemRow(context, line, head)) return true;
    // "Carta intestata" and "grande, gross" are articles, whatever their words mean alone; what begins with a sum's label is none.
    const label = context.labelAt.get(line.tokens[0]?.index ?? -1);
    if (label && hasKind(label, ...TOTALS)) return false;
    if ((full && numbers.size < 2) || isTotalsLine(context, line, ADJUSTMENTS)) return false;
    return starts.some((x) => Math.abs(x - line.x0) < 8);
  }
  return false;
}

/** The heads of a breakdown of the tax: rate, base and tax side by side, and no figure. */
function headsSums(context: Context, line: Line): boolean {
  const labels = context.labelsOfLine.get(line.index) ?? [];
  const of = (...kinds: readonly LabelKind[]) => labels.some((l) => hasKind(l, ...kinds));
  const text = labels.some((l) => hasKind(l, 'colDescription') && !hasKind(l, 'taxBase', 'netTotal', 'taxTotal'));
  return !hasNumber(context, line) && !text && of('taxBase', 'netTotal') && of('taxTotal', 'colTaxAmount');
}

/** A sum stands on the label's line, or just off it; a label alone may be a third line of the head or a remark. */
const hasNumber = (context: Context, line: Line): boolean =>
  (context.numbersOfLine.get(line.index) ?? []).some((n) => !n.percent);

/** Quantity and price beside the amount: an article may be called "Total care". */
function isItemRow(context: Context, line: Line, head: TableHead): boolean {
  const roles = new Set([...cellsOfLine(context, line, head.columns).numbers.keys()].map((c) => c.role));
  return roles.has('lineTotal') && roles.has('unitPrice') && roles.has('quantity');
}
