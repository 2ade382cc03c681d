/** The table of lines: columns as a layout wants them, descriptions wrapped, carried over to further pages. */
import type { Colour, Pen, TextStyle } from './pen.ts';
import { labelsOf, amount, number, price } from './locale.ts';
import { add } from '../../core/invoice/decimal.ts';
import type { Sample, TotalLine } from './model.ts';

export type ColumnName =
  | 'position'
  | 'article'
  | 'description'
  | 'quantity'
  | 'unit'
  | 'price'
  | 'discount'
  | 'rate'
  | 'total';

export interface TableStyle {
  /** Column -> its width; the description takes what is left. */
  readonly columns: readonly (readonly [ColumnName, number])[];
  readonly left: number;
  readonly right: number;
  readonly size?: number;
  readonly header: { readonly fill?: Colour; readonly colour?: Colour; readonly upper?: boolean };
  readonly zebra?: Colour;
  readonly rules?: 'rows' | 'grid' | 'none';
  readonly bottom: number;
  /** Draws what stands on a further page and returns where the table goes on. */
  readonly nextPage: () => number;
  /** "Carried forward" at a page's end and start. */
  readonly carry?: boolean;
}

interface Column {
  readonly name: ColumnName;
  readonly x: number;
  readonly width: number;
}

const RIGHT: ReadonlySet<ColumnName> = new Set(['quantity', 'price', 'discount', 'rate', 'total']);
const PAD = 4;

/** Returns the y below the last row. */
export function drawTable(
  pen: Pen,
  sample: Sample,
  lines: readonly TotalLine[],
  top: number,
  style: TableStyle,
): number {
  const columns = place(style);
  const size = style.size ?? 9;
  let sum = '0';
  let y = drawHeader(pen, sample, columns, top, style, size);
  let start = y;
  for (const [index, line] of lines.entries()) {
    const text = describe(pen, line, columns, size);
    const rowHeight = text.length * size * 1.25 + 6;
    if (y + rowHeight > style.bottom) {
      if (style.carry) drawCarry(pen, sample, labelsOf(sample).carried, sum, y, style, size);
      grid(pen, columns, start, y, style);
      y = style.nextPage();
      y = drawHeader(pen, sample, columns, y, style, size);
      start = y;
      if (style.carry) y = drawCarry(pen, sample, labelsOf(sample).broughtForward, sum, y, style, size);
    }
    if (style.zebra && index % 2 === 1)
      pen.rect(style.left, y, style.right - style.left, rowHeight, { fill: style.zebra });
    for (const column of columns) drawCell(pen, sample, line, column, text, y + size + 2, size);
    y += rowHeight;
    sum = add(sum, line.total);
    if (style.rules === 'rows') pen.line(style.left, y, style.right, y, { width: 0.3, colour: [0.75, 0.75, 0.75] });
  }
  grid(pen, columns, start, y, style);
  return y;
}

function place({ columns, left, right }: TableStyle): Column[] {
  const fixed = columns.reduce((sum, [, width]) => sum + width, 0);
  let x = left;
  return columns.map(([name, given]) => {
    const width = name === 'description' ? right - left - fixed : given;
    const column = { name, x, width };
    x += width;
    return column;
  });
}

const describe = (pen: Pen, line: TotalLine, columns: readonly Column[], size: number): string[] =>
  pen.wrap(line.description, (columns.find(({ name }) => name === 'description')?.width ?? 100) - 2 * PAD, { size });

function drawHeader(
  pen: Pen,
  sample: Sample,
  columns: readonly Column[],
  y: number,
  style: TableStyle,
  size: number,
): number {
  const { fill, colour, upper } = style.header;
  const height = size + 9;
  if (fill) pen.rect(style.left, y, style.right - style.left, height, { fill });
  const labels = labelsOf(sample).columns;
  for (const column of columns) {
    const title = upper ? labels[column.name].toUpperCase() : labels[column.name];
    put(pen, column, title, y + size + 2.5, { size: size - 0.5, face: 'bold', ...(colour && { colour }) });
  }
  if (!fill) pen.line(style.left, y + height, style.right, y + height, { width: 0.9 });
  return y + height;
}

function put(pen: Pen, column: Column, text: string, y: number, style: TextStyle): void {
  if (RIGHT.has(column.name)) pen.text(column.x + column.width - PAD, y, text, { ...style, align: 'right' });
  else pen.text(column.x + PAD, y, text, style);
}

function drawCell(
  pen: Pen,
  sample: Sample,
  line: TotalLine,
  column: Column,
  text: readonly string[],
  y: number,
  size: number,
): void {
  if (column.name === 'description') {
    pen.block(column.x + PAD, y, text, { size, leading: size * 1.25 });
    return;
  }
  put(pen, column, cellText(sample, line, column.name), y, { size });
}

function cellText({ region, currency }: Sample, line: TotalLine, name: Exclude<ColumnName, 'description'>): string {
  const percent = region === 'IT' ? '' : region === 'DE' ? ' %' : '%';
  const texts: Readonly<Record<Exclude<ColumnName, 'description'>, string>> = {
    position: String(line.position),
    article: line.article ?? '',
    quantity: number(region, line.quantity),
    unit: line.unit,
    price: price(region, line.unitPrice, currency),
    discount: line.discount === undefined ? '' : `-${amount(region, line.discount, currency)}`,
    rate: `${number(region, line.rate)}${percent}`,
    total: amount(region, line.total, currency),
  };
  return texts[name];
}

function drawCarry(
  pen: Pen,
  sample: Sample,
  label: string,
  sum: string,
  y: number,
  style: TableStyle,
  size: number,
): number {
  const text = amount(sample.region, sum, sample.currency);
  pen.text(style.right - PAD - 90, y + size + 3, label, { size, face: 'italic', align: 'right' });
  pen.text(style.right - PAD, y + size + 3, text, { size, face: 'italic', align: 'right' });
  return y + size + 9;
}

function grid(
  pen: Pen,
  columns: readonly Column[],
  top: number,
  bottom: number,
  { rules, left, right }: TableStyle,
): void {
  if (rules !== 'grid') return;
  pen.rect(left, top, right - left, bottom - top, { stroke: [0.3, 0.3, 0.3] });
  for (const column of columns.slice(1)) pen.line(column.x, top, column.x, bottom, { width: 0.4 });
}
