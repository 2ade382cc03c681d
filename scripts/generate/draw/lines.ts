/** The table of lines: columns as wide as what stands in them, the description takes the rest; pages turn in between. */
import { add, divide, multiply, round } from '../../../core/invoice/decimal.ts';
import { amount, dateText, digitsOf, money, number, percent } from '../format.ts';
import type { Column, Line, LineField, Mark, Spec } from '../model.ts';
import type { LabelKey } from '../words/words.ts';
import { GREY } from './pieces.ts';
import type { Ink, Sheet } from './sheet.ts';

const HEADS: Readonly<Record<Column, LabelKey>> = {
  position: 'colPosition',
  article: 'colArticle',
  description: 'colDescription',
  quantity: 'colQuantity',
  unit: 'colUnit',
  price: 'colPrice',
  discount: 'colDiscount',
  rate: 'colRate',
  total: 'colTotal',
  taxAmount: 'colTaxAmount',
  gross: 'colGross',
  date: 'colDate',
};
const FIELDS: Readonly<Partial<Record<Column, LineField>>> = {
  description: 'description',
  quantity: 'quantity',
  price: 'unitPrice',
  total: 'lineTotal',
};
const TO_THE_RIGHT: ReadonlySet<Column> = new Set([
  'quantity',
  'price',
  'discount',
  'rate',
  'total',
  'taxAmount',
  'gross',
]);
const PAD = 4;

interface Cells {
  readonly name: Column;
  readonly head: readonly string[];
  readonly x: number;
  readonly width: number;
}

export interface TablePlace {
  readonly top: number;
  readonly bottom: number;
  /** Turns the page and returns where the table goes on. */
  readonly nextPage: () => number;
  /** How much below the table the totals need: a tall table ends right above them. */
  readonly below: number;
}

export interface TableEnd {
  readonly y: number;
  /** Where the column of line totals ends. */
  readonly totalRight: number;
  readonly totalLeft: number;
}

export function cellText(spec: Spec, line: Line, index: number, name: Column, sheet: Sheet): string {
  const look = sheet.look('cells');
  const symbols = look.chance(0.16);
  const numbering = look.pick(['1', '1', '01', '10', '001']);
  const position = numbering === '10' ? String((index + 1) * 10) : String(index + 1).padStart(numbering.length, '0');
  const quantity = number(spec.format, line.quantity, spec.format.quantityDigits);
  switch (name) {
    case 'position':
      return position;
    case 'article':
      return line.article;
    case 'description':
      return line.description;
    case 'quantity':
      return spec.style.columns.includes('unit') || look.chance(0.75) ? quantity : `${quantity} ${line.unit}`;
    case 'unit':
      return line.unit;
    case 'price':
      return symbols ? money(spec, line.unitPrice) : amount(spec, line.unitPrice);
    case 'discount':
      return line.discountPercent === undefined ? '' : percent(spec, line.discountPercent);
    case 'rate':
      return spec.taxCase === 'us' ? (look.chance(0.5) ? 'T' : percent(spec, line.rate)) : percent(spec, line.rate);
    case 'total':
      return symbols ? money(spec, line.total) : amount(spec, line.total);
    case 'taxAmount':
      return amount(spec, taxOf(spec, line));
    case 'gross':
      return amount(spec, add(line.total, taxOf(spec, line)));
    case 'date':
    default:
      return dateText(spec, line.date ?? spec.issueDate);
  }
}

const taxOf = (spec: Spec, line: Line): string =>
  round(divide(multiply(line.total, line.rate), '100', 6) ?? '0', digitsOf(spec));

/** Columns that are dropped first where the page is too narrow. */
const SPARE: readonly Column[] = ['position', 'unit', 'taxAmount', 'article', 'rate'];

function place(spec: Spec, sheet: Sheet, wanted: number): { columns: Cells[]; size: number } {
  let names = spec.style.columns.filter((name) => {
    if (name === 'taxAmount' || name === 'gross') return spec.taxCase === 'normal';
    return name !== 'discount' || spec.lines.some((line) => line.discountPercent);
  });
  for (;;) {
    const spare = SPARE.find((name) => names.includes(name));
    for (let size = wanted; size >= 7; size -= 0.5) {
      const columns = laidOut(spec, sheet, names, size);
      const room = columns.find(({ name }) => name === 'description')?.width ?? 0;
      if (room >= 125 || (spare === undefined && size <= 7.4)) return { columns, size };
    }
    names = names.filter((name) => name !== spare);
  }
}

function laidOut(spec: Spec, sheet: Sheet, names: readonly Column[], size: number): Cells[] {
  const fixed = new Map<Column, Omit<Cells, 'name' | 'x'>>(
    names.filter((name) => name !== 'description').map((name) => [name, measured(spec, sheet, name, size)]),
  );
  const rest = sheet.right - sheet.left - [...fixed.values()].reduce((sum, { width }) => sum + width, 0);
  let x = sheet.left;
  return names.map((name) => {
    const own = fixed.get(name) ?? { head: [head(spec, name)], width: rest };
    const column = { ...own, name, x };
    x += own.width;
    return column;
  });
}

const head = (spec: Spec, name: Column): string => {
  const text = spec.words[HEADS[name]];
  return spec.style.upper ? text.toUpperCase() : text;
};

function measured(spec: Spec, sheet: Sheet, name: Column, size: number): { head: string[]; width: number } {
  const cells = Math.max(
    ...spec.lines.map((line, i) => sheet.pen.measure(cellText(spec, line, i, name, sheet), { size })),
  );
  const bold = { size: size - 0.5, face: 'bold' as const };
  const text = head(spec, name);
  const whole = sheet.pen.measure(text, bold);
  const widest = Math.max(...text.split(' ').map((word) => sheet.pen.measure(word, bold)));
  const inner = Math.max(cells, whole <= cells * 1.6 + 14 ? whole : widest);
  return {
    head: sheet.pen.wrap(text, inner + 0.5, bold),
    width: inner + 2 * PAD + sheet.look('columns').pick([2, 4, 8]),
  };
}

export function drawLines(spec: Spec, sheet: Sheet, at: TablePlace): TableEnd {
  const { pen } = sheet;
  const { style } = spec;
  const { columns, size } = place(spec, sheet, style.size);
  const last = columns.find(({ name }) => name === 'total') ?? columns.at(-1);
  const end = { totalRight: (last?.x ?? 0) + (last?.width ?? 0), totalLeft: last?.x ?? 0 };
  const description = columns.find(({ name }) => name === 'description');
  let y = drawHeads(spec, sheet, columns, at.top, size);
  let start = y;
  let [sum, sectionSum] = ['0', '0'];
  let section: string | undefined;
  const air = sheet.look('rows').pick([3, 5, 7, 9]);
  const turn = () => {
    if (style.carry) carry(spec, sheet, 'carried', sum, y, size, end.totalRight);
    frame(spec, sheet, columns, start, y);
    y = drawHeads(spec, sheet, columns, at.nextPage(), size);
    start = y;
    if (style.carry) y = carry(spec, sheet, 'brought', sum, y, size, end.totalRight);
  };
  for (const [index, line] of spec.lines.entries()) {
    const text = pen.wrap(line.description, (description?.width ?? 120) - 2 * PAD, { size });
    const height = text.length * size * 1.22 + line.sublines.length * size * 1.1 + air;
    const opens = line.section !== undefined && line.section !== section;
    if (y + height + (opens ? size + 8 : 0) + (style.carry ? size + 6 : 0) > at.bottom) turn();
    if (opens) {
      if (section !== undefined && sheet.look('sections').chance(0.5))
        y = carry(spec, sheet, 'lineSum', sectionSum, y, size, end.totalRight);
      section = line.section;
      sectionSum = '0';
      y += size + 5;
      sheet.text(sheet.left + PAD, y - 2, section ?? '', { size: size + 0.5, face: 'bold' });
    }
    if (style.zebra && index % 2 === 1)
      pen.rect(sheet.left, y, sheet.right - sheet.left, height, { fill: [0.95, 0.95, 0.96] });
    for (const column of columns) drawCell(spec, sheet, line, index, column, text, y + size + air / 2 - 1, size);
    y += height;
    [sum, sectionSum] = [add(sum, line.total), add(sectionSum, line.total)];
    rule(spec, sheet, y);
  }
  const bottom = style.tall && y + at.below < at.bottom ? at.bottom - at.below : y;
  frame(spec, sheet, columns, start, bottom);
  return { y: bottom, ...end };
}

function drawHeads(spec: Spec, sheet: Sheet, columns: readonly Cells[], y: number, size: number): number {
  const { pen } = sheet;
  const { style } = spec;
  const rows = Math.max(...columns.map((column) => column.head.length));
  const height = rows * size * 1.1 + 8;
  const wide = sheet.right - sheet.left;
  if (style.tableHead === 'fill') pen.rect(sheet.left, y, wide, height, { fill: style.colour });
  if (style.tableHead === 'tint') pen.rect(sheet.left, y, wide, height, { fill: [0.9, 0.9, 0.92] });
  if (style.tableHead === 'boxed') pen.rect(sheet.left, y, wide, height, { stroke: [0.2, 0.2, 0.2] });
  if (style.tableHead === 'line') pen.line(sheet.left, y + height, sheet.right, y + height, { width: 0.9 });
  const colour = style.tableHead === 'fill' ? ([1, 1, 1] as const) : ([0.1, 0.1, 0.12] as const);
  for (const column of columns)
    for (const [i, text] of column.head.entries())
      put(sheet, column, text, y + size + 2 + i * size * 1.1, { size: size - 0.5, face: 'bold', colour });
  return y + height;
}

function put(sheet: Sheet, { name, x, width }: Cells, text: string, y: number, ink: Ink): void {
  if (TO_THE_RIGHT.has(name)) sheet.text(x + width - PAD, y, text, { ...ink, align: 'right' });
  else sheet.text(x + PAD, y, text, ink);
}

function drawCell(
  spec: Spec,
  sheet: Sheet,
  line: Line,
  index: number,
  column: Cells,
  text: readonly string[],
  y: number,
  size: number,
): void {
  const field = FIELDS[column.name];
  const mark: { field?: Mark } = field === undefined ? {} : { field: `lineItems[${index}].${field}` };
  if (column.name !== 'description') {
    const shown = cellText(spec, line, index, column.name, sheet);
    const value =
      column.name === 'quantity' ? { value: number(spec.format, line.quantity, spec.format.quantityDigits) } : {};
    if (shown !== '') put(sheet, column, shown, y, { size, ...mark, ...value });
    return;
  }
  const below = sheet.items(
    column.x + PAD,
    y,
    text.map((part) => ({ text: part, ...mark })),
    { size, leading: size * 1.22 },
  );
  sheet.items(
    column.x + PAD,
    below - size * 0.1,
    line.sublines.map((part) => ({ text: part })),
    { size: size - 1, leading: size * 1.1, colour: GREY },
  );
}

function carry(spec: Spec, sheet: Sheet, key: LabelKey, sum: string, y: number, size: number, right: number): number {
  sheet.text(right - 90, y + size + 3, spec.words[key], { size, face: 'italic', align: 'right' });
  sheet.text(right - PAD, y + size + 3, amount(spec, sum), { size, face: 'italic', align: 'right' });
  return y + size + 9;
}

function rule({ style }: Spec, { pen, left, right }: Sheet, y: number): void {
  if (style.rules === 'rows') pen.line(left, y, right, y, { width: 0.3, colour: [0.72, 0.72, 0.72] });
  if (style.rules === 'dotted')
    for (let x = left; x < right; x += 5) pen.line(x, y, x + 1.5, y, { width: 0.5, colour: [0.5, 0.5, 0.5] });
}

function frame(
  { style }: Spec,
  { pen, left, right }: Sheet,
  columns: readonly Cells[],
  top: number,
  bottom: number,
): void {
  if (style.rules === 'double') {
    pen.line(left, bottom, right, bottom, { width: 0.6 });
    pen.line(left, bottom + 2, right, bottom + 2, { width: 0.6 });
  }
  if (style.rules !== 'grid' && style.rules !== 'columns') return;
  pen.rect(left, top, right - left, bottom - top, { stroke: [0.3, 0.3, 0.3], line: 0.5 });
  for (const column of columns.slice(1)) pen.line(column.x, top, column.x, bottom, { width: 0.4 });
}
