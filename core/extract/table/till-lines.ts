/** Lines of a till receipt, which has no column heads: a description and its amount per line, taken only where they add up to a printed sum. */
import type { ReadCell, ReadLine } from '../../contract/reading.ts';
import type { Decimal } from '../../invoice/decimal.ts';
import { add, canonicalDecimal, compare, multiply, near } from '../../invoice/decimal.ts';
import type { Context } from '../candidates/context.ts';
import { hasKind } from '../candidates/context.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Line, Token } from '../layout/model.ts';
import { boxOf, textOf } from '../layout/model.ts';
import { cellOf } from '../score/scored.ts';
import type { NumberMatch } from '../values/amount.ts';
import { hasCents, valueOf } from '../values/amount.ts';

const SUMS: readonly LabelKind[] = [
  'netTotal',
  'taxTotal',
  'grossTotal',
  'total',
  'amountDue',
  'subtotal',
  'lineTotalSum',
  'tendered',
  'change',
];

interface TillLine {
  readonly page: number;
  readonly description: readonly Token[];
  readonly quantity: readonly Token[];
  readonly count: Decimal | undefined;
  readonly amount: NumberMatch;
  readonly value: Decimal;
}

const hasWord = (tokens: readonly Token[]): boolean => tokens.some((t) => /\p{L}{3}/u.test(t.text));

/** A sum's label opens the line: the items are over. */
const isSum = (context: Context, line: Line): boolean => {
  const label = context.labelsOfLine.get(line.index)?.[0];
  return label !== undefined && label.tokens[0] === line.tokens[0] && hasKind(label, ...SUMS);
};

/** "2 Soup", "2x Soup", "2 @ 3.50": how many, before the description or instead of it. */
function countIn(tokens: readonly Token[]): { quantity: readonly Token[]; rest: readonly Token[] } {
  const [first, second] = tokens;
  if (!first || !/^\d{1,3}[x×@*]?$/i.test(first.text)) return { quantity: [], rest: tokens };
  const sign = second && /^[x×@*]$/i.test(second.text) ? 2 : 1;
  return { quantity: [first], rest: tokens.slice(sign) };
}

function tillLine(context: Context, line: Line, above: Line | undefined): TillLine | undefined {
  const numbers = (context.numbersOfLine.get(line.index) ?? []).filter((n) => hasCents(n) && !n.percent);
  const amount = numbers.at(-1);
  const value = amount && valueOf(amount, context.mark);
  if (!amount || value === undefined || context.labelsOfLine.get(line.index)?.some((l) => l.closed)) return undefined;
  if (line.tokens.some((t) => context.taken.has(t.index))) return undefined;
  const figures = new Set(numbers.flatMap((n) => n.tokens));
  const before = line.tokens.filter((t) => t.x1 <= (amount.tokens[0]?.x0 ?? 0) + 1 && !figures.has(t));
  const { quantity, rest } = countIn(before);
  const description = hasWord(rest) ? rest : (above?.tokens ?? []);
  if (!hasWord(description)) return undefined;
  const count = quantity[0] ? canonicalDecimal(quantity[0].text.replace(/\D/g, '')) : undefined;
  return { page: line.page, description, quantity, count, amount, value };
}

function itemsOf(context: Context): { items: TillLine[]; prices: Map<TillLine, NumberMatch> } {
  const items: TillLine[] = [];
  const prices = new Map<TillLine, NumberMatch>();
  let above: Line | undefined;
  for (const line of context.layout.lines) {
    if (isSum(context, line)) break;
    const item = tillLine(context, line, above);
    if (item) {
      items.push(item);
      const price = (context.numbersOfLine.get(line.index) ?? []).filter((n) => hasCents(n)).at(-2);
      const each = price && valueOf(price, context.mark);
      if (
        price &&
        each !== undefined &&
        item.count !== undefined &&
        near(multiply(each, item.count), item.value, '0.02')
      )
        prices.set(item, price);
    }
    const plain = (context.numbersOfLine.get(line.index)?.length ?? 0) === 0;
    above = !item && plain && !context.labelsOfLine.has(line.index) ? line : undefined;
  }
  return { items, prices };
}

const cell = (value: string, text: string, tokens: readonly Token[], score: number): ReadCell =>
  cellOf([{ value, text, tokens, score, reasons: ['sum-of-lines'] }]) as ReadCell;

/** The sum of several items, where it is printed once more below them. */
export function tillSum(context: Context): Decimal | undefined {
  const { items } = itemsOf(context);
  const last = Math.max(...items.map((i) => i.amount.line));
  if (items.length < 2) return undefined;
  const total = add(...items.map((i) => i.value));
  const below = context.numbers.filter((n) => n.line > last).map((n) => valueOf(n, context.mark));
  return compare(total, '0') > 0 && below.includes(total) ? total : undefined;
}

/** `sums`: what the items may add up to, the total or the subtotal. */
export function readTillLines(context: Context, sums: readonly Decimal[]): ReadLine[] {
  const { items, prices } = itemsOf(context);
  if (items.length === 0) return [];
  const total = add(...items.map((i) => i.value));
  if (compare(total, '0') <= 0 || !sums.some((sum) => near(sum, total, '0.05'))) return [];
  return items.map((item, row): ReadLine => {
    const { page, description, quantity, count, amount, value } = item;
    const price = prices.get(item);
    const each = price && valueOf(price, context.mark);
    const text = textOf(description);
    return {
      row,
      page,
      box: boxOf([...quantity, ...description, ...amount.tokens].filter((t) => t.page === page)),
      cells: {
        description: cell(text, text, description, 0.8),
        lineTotal: cell(value, amount.text, amount.tokens, 0.93),
        ...(count === undefined ? {} : { quantity: cell(count, textOf(quantity), quantity, 0.8) }),
        ...(price && each !== undefined ? { unitPrice: cell(each, price.text, price.tokens, 0.9) } : {}),
      },
    };
  });
}
