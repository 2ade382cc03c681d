/** Everything found on the pages, in one place for the field finders. */
import type { PageReading } from '../../contract/reading.ts';
import type { Label } from '../labels/find.ts';
import { findLabels } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import { buildLayout } from '../layout/lines.ts';
import type { Layout, Line, Page, Segment, Token } from '../layout/model.ts';
import type { DecimalMark, NumberMatch } from '../values/amount.ts';
import { decimalMark, findNumbers } from '../values/amount.ts';
import { mendCents } from '../values/mend-cents.ts';
import type { DateMatch } from '../values/date.ts';
import { findDates } from '../values/date.ts';
import type { IbanMatch } from '../values/iban.ts';
import { findIbans } from '../values/iban.ts';
import type { TaxIdMatch } from '../values/tax-id.ts';
import { findVatIds } from '../values/tax-id.ts';

export interface Context {
  readonly layout: Layout;
  readonly labels: readonly Label[];
  readonly labelsOfLine: ReadonlyMap<number, readonly Label[]>;
  /** The label a word belongs to, by the word's index. */
  readonly labelAt: ReadonlyMap<number, Label>;
  readonly numbers: readonly NumberMatch[];
  readonly numbersOfLine: ReadonlyMap<number, readonly NumberMatch[]>;
  readonly dates: readonly DateMatch[];
  readonly datesOfLine: ReadonlyMap<number, readonly DateMatch[]>;
  readonly ibans: readonly IbanMatch[];
  readonly vatIds: readonly TaxIdMatch[];
  readonly mark: DecimalMark | undefined;
  /** Words that are part of a date, an IBAN or a VAT id and hence of no amount. */
  readonly taken: ReadonlySet<number>;
  /** Lines of the lines table, once it is known. */
  readonly tableLines: ReadonlySet<number>;
  /** What stands on those lines beside the table. */
  readonly beside: ReadonlySet<Segment>;
}

function byLine<T extends { readonly line: number }>(items: readonly T[]): Map<number, T[]> {
  const map = new Map<number, T[]>();
  for (const item of items) {
    const list = map.get(item.line);
    if (list) list.push(item);
    else map.set(item.line, [item]);
  }
  return map;
}

export function buildContext(readings: readonly PageReading[]): Context {
  const layout = buildLayout(readings);
  const labels = findLabels(layout);
  const dates = layout.lines.flatMap(findDates);
  const ibans = layout.lines.flatMap(findIbans);
  const vatIds = layout.lines.flatMap(findVatIds);
  const taken = new Set([...dates, ...ibans, ...vatIds].flatMap((m) => m.tokens.map((t) => t.index)));
  const read = layout.lines.flatMap(findNumbers).filter((n) => !n.tokens.some((t) => taken.has(t.index)));
  const mark = decimalMark(read);
  const numbers = mendCents(read, layout, mark);
  return {
    layout,
    labels,
    labelsOfLine: byLine(labels),
    labelAt: new Map(labels.flatMap((label) => label.tokens.map((t): [number, Label] => [t.index, label]))),
    numbers,
    numbersOfLine: byLine(numbers),
    dates,
    datesOfLine: byLine(dates),
    ibans,
    vatIds,
    mark,
    taken,
    tableLines: new Set(),
    beside: new Set(),
  };
}

/** The same pages without the labels and dates of some lines: column heads and service dates of the lines table mean nothing outside it. */
export function outsideOf(
  context: Context,
  lines: ReadonlySet<number>,
  beside: ReadonlySet<Segment> = new Set(),
): Context {
  const labels = context.labels.filter((label) => !lines.has(label.line) || beside.has(label.segment));
  const dates = context.dates.filter((d) => !lines.has(d.line));
  return {
    ...context,
    tableLines: lines,
    beside,
    labels,
    labelsOfLine: byLine(labels),
    labelAt: new Map(labels.flatMap((label) => label.tokens.map((t): [number, Label] => [t.index, label]))),
    dates,
    datesOfLine: byLine(dates),
  };
}

/** The lines table lies between two heights: what stands below it belongs to no address above it. */
export const isDivided = (context: Context, page: number, from: number, to: number): boolean =>
  pageOf(context, page).lines.some((line) => context.tableLines.has(line.index) && line.y0 > from && line.y1 < to);

export const pageOf = (context: Context, page: number): Page =>
  context.layout.pages.find((p) => p.page === page) as Page;
export const lineOf = (context: Context, token: Token): Line => context.layout.lineOf[token.index] as Line;
export const hasKind = (label: Label, ...kinds: readonly LabelKind[]): boolean => kinds.some((k) => label.kinds.has(k));
