/** Rows of the table -> lines of the reading. */
import type { ReadCell, ReadLine } from '../../contract/reading.ts';
import type { LineField } from '../../invoice/fields.ts';
import type { Decimal } from '../../invoice/decimal.ts';
import { add, canonicalDecimal, divide, multiply, near } from '../../invoice/decimal.ts';
import type { Token } from '../layout/model.ts';
import { boxOf } from '../layout/model.ts';
import type { DecimalMark, NumberMatch } from '../values/amount.ts';
import { valueOf } from '../values/amount.ts';
import type { ColumnRole } from './columns.ts';
import { resolveRoles } from './roles.ts';
import type { TableRow } from './rows.ts';

export interface LineItem {
  readonly row: TableRow;
  readonly numbers: Partial<Record<ColumnRole, NumberMatch>>;
  readonly description: readonly Token[];
  readonly values: Partial<Record<'quantity' | 'unitPrice' | 'lineTotal' | 'taxRate' | 'discount', Decimal>>;
  /** quantity x price = amount holds. */
  readonly proven: boolean;
  /** A lost decimal mark of the quantity was set. */
  readonly mended?: true;
}

/** A misread quantity's factors: the decimal mark that a scan lost. */
const LOST_MARK = ['0.1', '0.01', '0.001'] as const;

/**
 * "10" in a column where all others read "1.0": the scan lost the mark. Set right where all other quantities have as many decimals and quantity x price then
 * makes the amount, with or without the row's tax.
 */
function mendQuantities(items: readonly LineItem[]): LineItem[] {
  const decimals = items.map(({ numbers }) => /[.,](\d+)$/.exec(numbers.quantity?.digits ?? '')?.[1]?.length ?? 0);
  const usual = Math.max(...decimals);
  const most = decimals.filter((d) => d === usual).length >= Math.max(2, items.length * 0.6);
  return items.map((item, i) => {
    const { quantity, unitPrice, lineTotal, taxRate } = item.values;
    const scanned = item.numbers.quantity?.tokens[0]?.source === 'ocr';
    const factor = LOST_MARK[usual - 1];
    if (!most || !scanned || decimals[i] !== 0 || factor === undefined) return item;
    if (quantity === undefined || unitPrice === undefined || lineTotal === undefined) return item;
    if (near(multiply(quantity, unitPrice), lineTotal, '0.02')) return item;
    const right = multiply(quantity, factor);
    const net = multiply(right, unitPrice);
    const gross = divide(multiply(net, add('100', taxRate ?? '0')), '100', 4) ?? net;
    const fits = near(net, lineTotal, '0.02') || near(gross, lineTotal, '0.02');
    return fits ? { ...item, values: { ...item.values, quantity: right }, mended: true as const } : item;
  });
}

export function lineItems(rows: readonly TableRow[], mark: DecimalMark | undefined): LineItem[] {
  return mendQuantities(readItems(rows, mark));
}

function readItems(rows: readonly TableRow[], mark: DecimalMark | undefined): LineItem[] {
  const roles = new Map(
    [...new Set(rows.map((r) => r.head))].map((head) => [
      head,
      resolveRoles(
        head,
        rows.filter((r) => r.head === head),
        mark,
      ),
    ]),
  );
  return rows.flatMap((row) => {
    const numbers: LineItem['numbers'] = {};
    for (const [column, number] of row.numbers) numbers[roles.get(row.head)?.get(column) ?? 'other'] = number;
    const values: LineItem['values'] = {};
    for (const field of ['quantity', 'unitPrice', 'lineTotal', 'taxRate', 'discount'] as const) {
      const number = numbers[field];
      const read = number ? valueOf(number, mark) : undefined;
      if (read !== undefined) values[field] = read;
    }
    const description = [...(row.texts.description ?? [])];
    const text = description.length > 0 ? description : [...(row.texts.article ?? []), ...(row.texts.other ?? [])];
    if (text.length === 0 && values.quantity === undefined) return [];
    return [{ row, numbers, description: text, values, proven: isProven(values) }];
  });
}

/** quantity x unit price = amount, also where the price is per hundred or thousand or a discount in percent lies between. */
function isProven({ quantity, unitPrice, lineTotal, discount }: LineItem['values']): boolean {
  if (quantity === undefined || unitPrice === undefined || lineTotal === undefined) return false;
  const product = multiply(quantity, unitPrice);
  if (['1', '10', '100', '1000'].some((per) => near(divide(product, per, 4) ?? '0', lineTotal, '0.02'))) return true;
  if (discount === undefined) return false;
  const reduced = divide(multiply(product, add('100', `-${discount}`.replace('--', ''))), '100', 4);
  return reduced !== undefined && near(reduced, lineTotal, '0.02');
}

export const sumOfLines = (items: readonly LineItem[]): Decimal | undefined => {
  const totals = items.flatMap((item) => item.values.lineTotal ?? []);
  return totals.length > 0 ? add(...totals) : undefined;
};

const confidenceOf = (tokens: readonly Token[]): number => Math.min(1, ...tokens.map((t) => t.confidence));

function cell(value: string, tokens: readonly Token[], text: string, confidence: number, reasons: string[]): ReadCell {
  const first = tokens[0];
  return {
    value,
    text,
    ...(first ? { page: first.page, box: boxOf(tokens) } : {}),
    source: tokens.some((t) => t.source === 'ocr') ? 'ocr' : 'text',
    confidence: Math.round(confidence * (0.5 + 0.5 * confidenceOf(tokens)) * 1000) / 1000,
    reasons,
    candidates: [],
  };
}

/** Text of several printed lines, a line break where a new one starts; a word hyphenated at the line's end is joined. */
function multiline(tokens: readonly Token[], lineOf: (token: Token) => number): string {
  let text = '';
  let before: Token | undefined;
  for (const token of tokens) {
    text += before === undefined ? '' : lineOf(before) === lineOf(token) ? ' ' : '\n';
    text += token.text;
    before = token;
  }
  return text;
}

export function readLines(items: readonly LineItem[], summed: boolean, lineOf: (token: Token) => number): ReadLine[] {
  return items.map((item, row): ReadLine => {
    const { row: source, numbers, values } = item;
    const cells: Partial<Record<LineField, ReadCell>> = {};
    const sure = item.proven && summed ? 0.97 : item.proven || summed ? 0.9 : 0.7;
    const reasons = [
      ...(item.mended ? ['mended'] : []),
      ...(item.proven ? ['arithmetic'] : []),
      ...(summed ? ['sum-of-lines'] : []),
      'column',
    ];
    for (const [field, value] of Object.entries(values) as [keyof LineItem['values'], Decimal][]) {
      const number = numbers[field];
      if (number) cells[field] = cell(value, number.tokens, number.text, field === 'taxRate' ? 0.85 : sure, reasons);
    }
    if (item.description.length > 0) {
      const text = multiline(item.description, lineOf);
      cells.description = cell(text, item.description, text, 0.85, ['column']);
    }
    for (const field of ['unit'] as const) {
      const tokens = source.texts[field];
      if (tokens && tokens.length > 0)
        cells[field] = cell(tokens.map((t) => t.text).join(' '), tokens, tokens.map((t) => t.text).join(' '), 0.8, [
          'column',
        ]);
    }
    const article = source.texts.article;
    if (article && article.length > 0 && (source.texts.description?.length ?? 0) > 0) {
      const text = article.map((t) => t.text).join(' ');
      cells.articleNumber = cell(text, article, text, 0.75, ['column']);
    }
    const { position } = numbers;
    const number = position ? canonicalDecimal(position.digits) : undefined;
    if (position && number !== undefined)
      cells.position = cell(position.digits, position.tokens, position.text, 0.85, ['column']);
    const tokens =
      Object.values(cells).length > 0
        ? [...item.description, ...[...source.numbers.values()].flatMap((n) => n.tokens)]
        : [];
    const onPage = tokens.filter((t) => t.page === source.page);
    return { row, page: source.page, ...(onPage.length > 0 ? { box: boxOf(onPage) } : {}), cells };
  });
}
