/** Column heads of a lines table: which words head a column, over one to three printed lines. */
import type { Context } from '../candidates/context.ts';
import { pageOf } from '../candidates/context.ts';
import type { Label } from '../labels/find.ts';
import { meaningOf } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Line, Rect, Segment, Token } from '../layout/model.ts';
import { bounds, height, overlapX } from '../layout/model.ts';

export type ColumnRole =
  | 'position'
  | 'article'
  | 'description'
  | 'quantity'
  | 'unit'
  | 'unitPrice'
  | 'discount'
  | 'taxRate'
  | 'taxAmount'
  | 'lineTotal'
  | 'other';

export interface Column extends Rect {
  readonly role: ColumnRole;
  readonly text: string;
}

export interface TableHead {
  readonly page: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly y1: number;
  readonly columns: readonly Column[];
  /** Where the table begins, once its rows have told. */
  readonly left?: number;
}

const ROLE_OF: Partial<Record<LabelKind, ColumnRole>> = {
  colPosition: 'position',
  colArticle: 'article',
  colDescription: 'description',
  colQuantity: 'quantity',
  colUnit: 'unit',
  colUnitPrice: 'unitPrice',
  colDiscount: 'discount',
  colTaxRate: 'taxRate',
  colTaxAmount: 'taxAmount',
  colLineTotal: 'lineTotal',
  colOther: 'other',
};

interface HeadCell extends Rect {
  readonly text: string;
  readonly roles: ReadonlySet<ColumnRole>;
}

const rolesOf = (kinds: Iterable<LabelKind> | undefined): Set<ColumnRole> =>
  new Set([...(kinds ?? [])].flatMap((kind) => ROLE_OF[kind] ?? []));

/** "Line amount excl. VAT": the tax word belongs to the head before it. */
const qualifies = (label: Label): boolean => {
  const before = label.segment.tokens[label.segment.tokens.indexOf(label.tokens[0] as Token) - 1];
  return (
    before !== undefined &&
    (/^(excl|exkl|ohne|hors|sans|sin|zonder|incl|inkl|exclusive|inclusive)$/.test(before.key) ||
      (/^(ht|ttc|htva|tvac|net|netto|brut|brutto|hc)$/.test(label.key) && label.x0 - before.x1 < height(label)))
  );
};

/** A label over several lines that begins on this one ("Price" / "per" / "unit"). */
const begunOn = (context: Context, line: Line): Label[] =>
  [1, 2].flatMap((step) =>
    (context.labelsOfLine.get(line.index + step) ?? []).filter((l) => l.tokens[0] && line.tokens.includes(l.tokens[0])),
  );

/** "Menge / Quantity", "Descripción - Description": the same head in two languages. */
function isTwin(label: Label, next: Label): boolean {
  if (next.segment !== label.segment) return false;
  const { tokens } = label.segment;
  const last = tokens[tokens.indexOf(next.tokens[0] as Token) - 1];
  const adjoining = last === label.tokens.at(-1) || tokens[tokens.indexOf(last as Token) - 1] === label.tokens.at(-1);
  const roles = rolesOf(next.kinds);
  return adjoining && /^[/–-]$/.test(last?.text ?? '') && [...rolesOf(label.kinds)].some((r) => roles.has(r));
}

/** Labels of a line that can head a column and stand at the start of their cell. */
const headLabels = (context: Context, line: Line): Label[] => {
  const own = [...(context.labelsOfLine.get(line.index) ?? []), ...begunOn(context, line)];
  const labels = own.filter((label) => rolesOf(label.kinds).size > 0).toSorted((a, b) => a.x0 - b.x0);
  return labels.flatMap((label, i) => {
    if (qualifies(label) || (i > 0 && isTwin(labels[i - 1] as Label, label))) return [];
    const next = labels[i + 1];
    if (next && isTwin(label, next)) {
      const roles = rolesOf(next.kinds);
      return [
        { ...label, x1: next.x1, kinds: new Set([...label.kinds].filter((k) => roles.has(ROLE_OF[k] as ColumnRole))) },
      ];
    }
    return next && next.segment === label.segment && qualifies(next) ? [{ ...label, x1: next.x1 }] : [label];
  });
};

function mergedWith(cell: HeadCell, segments: readonly Segment[], above: boolean): HeadCell {
  for (const segment of segments) {
    if (overlapX(segment, cell) < Math.min(segment.x1 - segment.x0, cell.x1 - cell.x0) * 0.4) continue;
    const text = above ? `${segment.text} ${cell.text}` : `${cell.text} ${segment.text}`;
    const roles = rolesOf(meaningOf(text.replace(/-\s/g, ''))?.kinds);
    const own = rolesOf(meaningOf(segment.text)?.kinds);
    if (roles.size > 0) return { ...bounds([cell, segment]), text, roles };
    // "Net" over "amount", "Qty" over "shipped": a second line that is no label itself only widens the cell.
    if (own.size === 0 && segment.x1 - segment.x0 < 160) return { ...bounds([cell, segment]), text, roles: cell.roles };
  }
  return cell;
}

/** A neighbour line belongs to the head when it is close and holds no money. */
function neighbour(context: Context, line: Line, other: Line | undefined): other is Line {
  if (!other || other.page !== line.page) return false;
  const gap = other.y0 > line.y0 ? other.y0 - line.y1 : line.y0 - other.y1;
  if (gap > height(line) * 0.9 || (context.numbersOfLine.get(other.index)?.length ?? 0) > 0) return false;
  return other.segments.length <= 12 && !other.segments.some((s) => s.tokens.length > 5);
}

function cellsOf(context: Context, line: Line): { cells: HeadCell[]; first: number; last: number } {
  const lines = context.layout.lines;
  const own = headLabels(context, line);
  let cells: HeadCell[] = own.map((l) => ({
    x0: l.x0,
    x1: l.x1,
    y0: l.y0,
    y1: l.y1,
    text: l.text,
    roles: rolesOf(l.kinds),
  }));
  let first = line.index;
  let last = Math.max(line.index, ...own.map((l) => l.line));
  for (const step of [-1, 1, 2]) {
    const from = lines[step === 2 ? line.index + 1 : line.index] as Line;
    const other = lines[line.index + step];
    if ((step === 2 && last === line.index) || !neighbour(context, from, other)) continue;
    const merged = cells.map((cell) => mergedWith(cell, other.segments, step < 0));
    const extra = headLabels(context, other)
      .filter((l) => !merged.some((c) => overlapX(c, l) > 0))
      .map((l): HeadCell => ({ x0: l.x0, x1: l.x1, y0: l.y0, y1: l.y1, text: l.text, roles: rolesOf(l.kinds) }));
    const changed = extra.length > 0 || merged.some((c, i) => c !== cells[i]);
    if (!changed) continue;
    cells = [...merged, ...extra];
    if (step < 0) first = other.index;
    else last = Math.max(last, other.index);
  }
  return { cells: cells.toSorted((a, b) => a.x0 - b.x0), first, last };
}

/** One role per column: the roles that fewest cells can play are given first; of several the last (net prices and totals stand to the right). */
function assignRoles(cells: readonly HeadCell[]): Column[] {
  const roles = new Map<HeadCell, ColumnRole>();
  const order: readonly ColumnRole[] = [
    'lineTotal',
    'unitPrice',
    'quantity',
    'description',
    'taxRate',
    'taxAmount',
    'discount',
    'unit',
    'position',
    'article',
  ];
  for (const role of order) {
    const able = cells.filter((c) => !roles.has(c) && c.roles.has(role));
    if (able.length === 0) continue;
    const exact = able.filter((c) => fits(c, role, cells));
    const pool = exact.length > 0 ? exact : role === 'description' || role === 'lineTotal' ? able : [];
    const chosen =
      role === 'position' || role === 'article' || role === 'quantity'
        ? pool[0]
        : role === 'description'
          ? widest(pool)
          : pool.at(-1);
    if (chosen) roles.set(chosen, role);
  }
  return cells.map((c) => ({ x0: c.x0, x1: c.x1, y0: c.y0, y1: c.y1, text: c.text, role: roles.get(c) ?? 'other' }));
}

/** Of "Article" and "Description", the one that can be nothing else describes. */
const widest = (cells: readonly HeadCell[]): HeadCell | undefined =>
  cells.toSorted((a, b) => a.roles.size - b.roles.size || b.x1 - b.x0 - (a.x1 - a.x0))[0];

function fits(cell: HeadCell, role: ColumnRole, cells: readonly HeadCell[]): boolean {
  if (role === 'position') return cell === cells[0];
  if (role === 'lineTotal')
    return (
      !cell.roles.has('other') &&
      !cell.roles.has('description') &&
      (!cell.roles.has('unitPrice') || cell === cells.at(-1))
    );
  if (role === 'description')
    return !(
      cell.roles.has('position') &&
      cell === cells[0] &&
      cells.some((c) => c !== cell && c.roles.has('description'))
    );
  return true;
}

/** Heads spread over the table; a slip photographed from afar is narrow as a whole. */
function leastSpread(context: Context, page: number): number {
  const words = pageOf(context, page).lines.flatMap((line) => line.tokens.filter((t) => t.key.length >= 3));
  const width = Math.max(...words.map((t) => t.x1)) - Math.min(...words.map((t) => t.x0));
  return Math.min(300, width * 0.5);
}

function headAt(context: Context, line: Line): TableHead | undefined {
  const labels = headLabels(context, line);
  if (new Set(labels.map((l) => l.segment)).size < 2) return undefined;
  // A line of prose or of totals is no head.
  if ((context.numbersOfLine.get(line.index)?.length ?? 0) > 0) return undefined;
  const { cells, first, last } = cellsOf(context, line);
  const columns = assignRoles(cells);
  const roles = new Set(columns.map((c) => c.role));
  const money = roles.has('lineTotal') || roles.has('unitPrice');
  const what = roles.has('description') || roles.has('article') || (roles.has('quantity') && roles.has('unitPrice'));
  const spread = Math.max(...columns.map((c) => c.x1)) - Math.min(...columns.map((c) => c.x0));
  if (!money || !what || spread < leastSpread(context, line.page)) return undefined;
  const box = bounds(columns);
  return { page: line.page, firstLine: first, lastLine: last, y1: box.y1, columns };
}

export function findTableHeads(context: Context): TableHead[] {
  const heads: TableHead[] = [];
  for (const line of context.layout.lines) {
    const head = headAt(context, line);
    if (!head) continue;
    const before = heads.at(-1);
    // The same head seen from two of its lines: keep the richer reading.
    if (before && before.page === head.page && head.firstLine <= before.lastLine + 1) {
      if (score(head) > score(before)) heads[heads.length - 1] = head;
      continue;
    }
    heads.push(head);
  }
  return heads;
}

const score = (head: TableHead): number => head.columns.filter((c) => c.role !== 'other').length;
