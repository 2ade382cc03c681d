/** The totals: which rows are printed, and in which of the places that companies give them. */
import { isZero, negate } from '../../../core/invoice/decimal.ts';
import { amount, money, percent } from '../format.ts';
import type { Field, Spec } from '../model.ts';
import type { TableEnd } from './lines.ts';
import { GREY } from './pieces.ts';
import type { Ink, Sheet } from './sheet.ts';

export interface Row {
  readonly label: string;
  readonly value: string;
  readonly field?: Field;
  readonly strong?: boolean;
}

const CODED: ReadonlySet<string> = new Set(['EUR', 'USD', 'GBP', 'CHF', 'INR', 'JPY', 'SEK', 'PLN', 'CAD', 'AUD']);

export function totalRows(spec: Spec, sheet: Sheet): Row[] {
  const { totals, words, taxCase, style } = spec;
  const look = sheet.look('totals');
  const up = (text: string) => (style.upper ? text.toUpperCase() : text);
  const off = (part: string | undefined) => (part === undefined ? undefined : amount(spec, negate(part)));
  const row = (label: string, text: string | undefined, field?: Field): Row[] =>
    text === undefined ? [] : [{ label: up(label), value: text, ...(field && { field }) }];
  const showSum = look.chance(0.2);
  const sumRow = look.chance(0.65);
  const zeroRow = look.chance(0.5);
  const coded = look.chance(0.6);
  const both = look.chance(0.7);
  const changed = totals.discount !== undefined || totals.freight !== undefined || totals.surcharge !== undefined;
  const net = amount(spec, totals.net);
  const bare = spec.quirks.bareTotal === true;
  const code = spec.format.money === 'none' && coded && CODED.has(spec.currency) ? ` ${spec.currency}` : '';
  const taxed = taxCase === 'normal' || taxCase === 'us' || taxCase === 'included';
  const netFirst = taxed || zeroRow || changed;
  const grossRow: Row = {
    label: bare ? '' : up(words.gross) + code,
    value: money(spec, totals.gross),
    field: 'grossTotal',
    strong: true,
  };
  const before: Row[] = [
    ...(changed || (showSum && taxCase !== 'included')
      ? row(words.lineSum === words.net ? words.colTotal : words.lineSum, amount(spec, totals.lineSum))
      : []),
    ...row(
      `${words.discountTotal} ${totals.discountPercent === undefined ? '' : percent(spec, totals.discountPercent)}`,
      off(totals.discount),
    ),
    ...row(words.freight, totals.freight && amount(spec, totals.freight)),
    ...row(words.surcharge, totals.surcharge && amount(spec, totals.surcharge)),
  ];
  const taxes = taxRows(spec, taxed, sumRow, zeroRow);
  const after: Row[] = [
    ...row(words.rounding, totals.rounding && amount(spec, totals.rounding)),
    grossRow,
    ...row(
      `${words.withheld} ${totals.withheldPercent === undefined ? '' : percent(spec, totals.withheldPercent)}`,
      off(totals.withheld),
    ),
    ...row(words.prepaid, off(totals.prepaid)),
    ...row(words.previous, totals.previous && amount(spec, totals.previous)),
  ];
  const settled = totals.withheld !== undefined || totals.prepaid !== undefined || totals.previous !== undefined;
  const due: Row[] = settled
    ? [{ label: up(words.amountDue) + code, value: money(spec, totals.due), field: 'amountDue', strong: true }]
    : [];
  if (taxCase === 'included' && both)
    return [...after.slice(0, 1), ...after.slice(1), ...due, ...row(words.net, net, 'netTotal'), ...taxes];
  return [...before, ...(netFirst ? row(words.net, net, 'netTotal') : []), ...taxes, ...after, ...due];
}

function taxRows(spec: Spec, taxed: boolean, sumRow: boolean, zeroRow: boolean): Row[] {
  const { totals, words } = spec;
  const up = (text: string) => (spec.style.upper ? text.toUpperCase() : text);
  if (!taxed)
    return zeroRow
      ? [{ label: up(`${words.tax} ${percent(spec, '0')}`), value: amount(spec, '0'), field: 'taxTotal' }]
      : [];
  const single = totals.taxes.length === 1;
  const rows = totals.taxes
    .filter(({ amount: tax }) => single || !isZero(tax))
    .map(({ rate, base, amount: tax }): Row => {
      const label = single
        ? `${words.tax} ${percent(spec, rate)}`
        : `${words.tax} ${percent(spec, rate)} ${words.base} ${amount(spec, base)}`;
      return { label: up(label), value: amount(spec, tax), ...(single && { field: 'taxTotal' as const }) };
    });
  if (single || !sumRow) return rows.length === 1 ? rows.map((row) => ({ ...row, field: 'taxTotal' as const })) : rows;
  return [
    ...rows,
    { label: up(`${words.tax} ${TOTAL_WORD[spec.language]}`), value: amount(spec, totals.tax), field: 'taxTotal' },
  ];
}

const TOTAL_WORD = {
  en: 'total',
  de: 'gesamt',
  fr: 'totale',
  es: 'total',
  it: 'totale',
  nl: 'totaal',
  pt: 'total',
} as const;

const gap = (size: number): number => size + 5.5;
export const totalsHeight = (spec: Spec, rows: readonly Row[]): number =>
  spec.style.totals === 'strip' ? 34 + taxTableHeight(spec) : rows.length * (gap(spec.style.size) + 1) + 20;

export function drawTotals(spec: Spec, sheet: Sheet, rows: readonly Row[], end: TableEnd): number {
  const wide = sheet.right - sheet.left;
  switch (spec.style.totals) {
    case 'right':
      return column(
        spec,
        sheet,
        rows,
        sheet.left + wide * sheet.look('totals-left').pick([0.48, 0.52, 0.58]),
        sheet.right - 4,
        end.y + 8,
      );
    case 'box': {
      const left = sheet.left + wide * 0.52;
      const below = column(spec, sheet, rows, left + 6, sheet.right - 6, end.y + 10);
      sheet.pen.rect(left, end.y + 8, sheet.right - left, below - end.y - 6, { stroke: [0.3, 0.3, 0.3] });
      return below + 4;
    }
    case 'left':
      return column(spec, sheet, rows, sheet.left + 2, sheet.left + wide * 0.46, end.y + 8);
    case 'full':
      return column(spec, sheet, rows, sheet.left + 2, sheet.right - 4, end.y + 8);
    case 'in-table':
      return column(spec, sheet, rows, Math.max(sheet.left, end.totalLeft - 170), end.totalRight - 4, end.y + 2);
    case 'strip':
    default:
      return strip(spec, sheet, rows, end.y + 10);
  }
}

function column(spec: Spec, sheet: Sheet, rows: readonly Row[], left: number, right: number, top: number): number {
  const { style } = spec;
  const look = sheet.look('totals-column');
  const ruled = look.chance(0.6);
  const filled = look.chance(0.22);
  const toRight = look.chance(0.2);
  let y = top;
  for (const row of rows) {
    const size = row.strong ? style.size + 1.5 : style.size;
    const face = row.strong ? ('bold' as const) : ('regular' as const);
    if (row.strong && filled)
      sheet.pen.rect(left - 4, y + 3, right - left + 8, gap(size) + 2, { fill: [0.9, 0.9, 0.93] });
    else if (row.strong && ruled) sheet.pen.line(left, y + 2, right, y + 2, { width: 0.8, colour: style.colour });
    y += gap(size) + (row.strong ? 1 : -0.5);
    const valueWidth = sheet.pen.measure(row.value, { size, face });
    const ink = sheet.fitted(row.label, right - left - valueWidth - 8, { size, face });
    if (toRight)
      sheet.text(right - Math.max(76, valueWidth + 10), y, row.label, {
        ...sheet.fitted(row.label, right - left - Math.max(76, valueWidth + 10), ink),
        align: 'right',
      });
    else sheet.text(left, y, row.label, ink);
    if (row.label.endsWith(` ${spec.currency}`))
      sheet.mark(toRight ? right - Math.max(76, valueWidth + 10) : left, y, row.label, {
        ...ink,
        ...(toRight && { align: 'right' as const }),
        field: 'currency',
        value: spec.currency,
      });
    value(spec, sheet, row, right, y, { size, face, align: 'right' });
  }
  return y + 8;
}

/** The currency stands in the amount or in the label of the total. */
function value(
  spec: Spec,
  sheet: Sheet,
  row: Row,
  x: number,
  y: number,
  ink: { size: number; face: 'bold' | 'regular'; align: 'right' | 'left' | 'center' },
): void {
  const plain =
    row.field === undefined
      ? row.value
      : amount(
          spec,
          row.field === 'grossTotal'
            ? spec.totals.gross
            : row.field === 'amountDue'
              ? spec.totals.due
              : row.field === 'netTotal'
                ? spec.totals.net
                : spec.totals.tax,
        );
  sheet.text(x, y, row.value, {
    ...ink,
    ...(row.field && { field: row.field }),
    ...(row.value.includes(plain) && { value: plain }),
  });
  if (row.strong) markCurrency(spec, sheet, row.value.replace(plain, '').trim(), x, y, row.value, ink);
}

/** Symbols that several currencies share name none. */
export function markCurrency(
  spec: Spec,
  sheet: Sheet,
  sign: string,
  x: number,
  y: number,
  text: string,
  ink: Ink,
): void {
  const shared = sign === '$' && spec.currency !== 'USD';
  if (sign !== '' && sign !== '-' && !shared && sign.length <= 3)
    sheet.mark(x, y, text, { ...ink, field: 'currency', value: sign });
}

const taxTableHeight = ({ totals }: Spec): number => (totals.taxes.length + 1) * 12 + 10;

/** Boxes side by side, as French and Italian forms have them; the rates in a small table above. */
function strip(spec: Spec, sheet: Sheet, rows: readonly Row[], top: number): number {
  const { style, totals, words } = spec;
  let y = top;
  if (totals.taxes.length > 1 || sheet.look('strip-tax').chance(0.4)) {
    const columns = [words.colRate, words.net, words.tax];
    for (const [i, head] of columns.entries())
      sheet.text(sheet.left + 60 + i * 80, y + 8, head, { size: 7.5, face: 'bold', align: 'right' });
    for (const [n, { rate, base, amount: tax }] of totals.taxes.entries())
      for (const [i, text] of [percent(spec, rate), amount(spec, base), amount(spec, tax)].entries())
        sheet.text(sheet.left + 60 + i * 80, y + 20 + n * 11, text, { size: 8, align: 'right' });
    y += taxTableHeight(spec) + 4;
  }
  const shown = rows.slice(0, 6);
  const left = rows.slice(6);
  const step = (sheet.right - sheet.left) / shown.length;
  for (const [i, row] of shown.entries()) {
    const x = sheet.left + i * step;
    sheet.pen.rect(x, y, step, 30, {
      stroke: [0.3, 0.3, 0.3],
      line: 0.5,
      ...(row.strong && { fill: [0.92, 0.92, 0.94] as const }),
    });
    const labelInk = { ...sheet.fitted(row.label, step - 6, { size: 7, colour: GREY }), align: 'center' as const };
    sheet.text(x + step / 2, y + 10, row.label, labelInk);
    if (row.label.endsWith(` ${spec.currency}`))
      sheet.mark(x + step / 2, y + 10, row.label, { ...labelInk, field: 'currency', value: spec.currency });
    const face = row.strong ? ('bold' as const) : ('regular' as const);
    const { size = style.size } = sheet.fitted(row.value, step - 6, { size: style.size + 0.5, face });
    value(spec, sheet, row, x + step / 2, y + 24, { size, face, align: 'center' });
  }
  y += 34;
  return left.length > 0
    ? column(spec, sheet, left, sheet.left + (sheet.right - sheet.left) / 2, sheet.right - 4, y)
    : y;
}
