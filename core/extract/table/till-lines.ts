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
import { hasCents, parseNumber, valueOf } from '../values/amount.ts';
import { lineText } from '../values/line-text.ts';

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
  'rounding',
];

interface TillLine {
  readonly page: number;
  readonly description: readonly Token[];
  /** "2 Soup" */
  readonly count: readonly Token[];
  readonly times: Times | undefined;
  readonly number: NumberMatch;
  readonly value: Decimal;
}

const hasWord = (tokens: readonly Token[]): boolean => tokens.some((t) => /\p{L}{3}/u.test(t.text));

/** A sum's label opens the line and says all of it: the items are over. "Carta igienica" is an item, "Carta" a payment. */
function isSum(context: Context, line: Line): boolean {
  const label = context.labelsOfLine.get(line.index)?.[0];
  const money = (context.numbersOfLine.get(line.index) ?? []).some((n) => hasCents(n));
  if (!label || !money || label.tokens[0] !== line.tokens[0] || !hasKind(label, ...SUMS)) return false;
  const rest = line.tokens.filter((t) => !context.labelAt.has(t.index) && /\p{L}{4}/u.test(t.text));
  return rest.length === 0 || hasKind(label, 'grossTotal', 'netTotal', 'subtotal', 'lineTotalSum', 'rounding');
}

/** "2 x 3.50", "0.385 kg @ 4.20", "3 pcs * 1.99": a quantity and its price, with or without what they make. */
const TIMES =
  /(?<![\p{L}\d.,])(\d{1,4}(?:[.,]\d{1,3})?) ?(?:\p{L}{1,4}\.? ?)?[x×@*] ?(?:\p{Sc}|RM)? ?(\d+[.,]\d{2,3})(?![\d])/iu;

interface Times {
  readonly quantity: readonly Token[];
  readonly count: Decimal;
  readonly price: readonly Token[];
  readonly each: Decimal;
}

function timesOf(context: Context, line: Line): Times | undefined {
  const { text, tokens } = lineText(line);
  const match = TIMES.exec(text.replace(/\t/g, ' '));
  const [whole, count = '', each = ''] = match ?? [];
  if (!match || whole === undefined) return undefined;
  const [c, e] = [parseNumber(count, context.mark), parseNumber(each, context.mark)];
  if (c === undefined || e === undefined) return undefined;
  const end = match.index + whole.length;
  const [quantity, price] = [tokens(match.index, match.index + count.length), tokens(end - each.length, end)];
  return { quantity, count: c, price, each: e };
}

/** "2 Soup", "2x Soup": how many, before the description. */
function countIn(tokens: readonly Token[]): { quantity: readonly Token[]; rest: readonly Token[] } {
  const [first, second] = tokens;
  if (!first || !/^\d{1,3}[x×@*]?$/i.test(first.text)) return { quantity: [], rest: tokens };
  const sign = second && /^[x×@*]$/i.test(second.text) ? 2 : 1;
  return { quantity: [first], rest: tokens.slice(sign) };
}

/** "1.00 Tomatoes   9.57", "1,267 Baguette   2,90": a count with decimals before the words. */
function leading(line: Line, numbers: readonly NumberMatch[]): readonly Token[] | undefined {
  const [first, second] = numbers;
  const [start, next] = line.tokens;
  if (!start || !next || !/\p{L}{2}/u.test(next.text)) return undefined;
  if (second === undefined) return numbers.length === 1 && /^\d{1,2}[.,]\d{3}$/.test(start.text) ? [start] : undefined;
  const counts = first && first.tokens.length === 1 && first.tokens[0] === start;
  return counts && first.currency === undefined ? first.tokens : undefined;
}

/** What a line of the roll holds: words, a quantity with its price, an amount. */
interface Parts {
  readonly line: Line;
  readonly words: readonly Token[];
  readonly count: readonly Token[];
  readonly times: Times | undefined;
  readonly amount: { readonly number: NumberMatch; readonly value: Decimal } | undefined;
}

function partsOf(context: Context, line: Line): Parts {
  const times = timesOf(context, line);
  const factors = new Set([...(times?.quantity ?? []), ...(times?.price ?? [])]);
  const numbers = (context.numbersOfLine.get(line.index) ?? []).filter(
    (n) => hasCents(n) && !n.percent && !n.tokens.some((t) => factors.has(t)),
  );
  const number = numbers.at(-1);
  const value = number && valueOf(number, context.mark);
  const figures = new Set([...factors, ...numbers.flatMap((n) => n.tokens)]);
  const edge = number?.tokens[0]?.x0 ?? Infinity;
  const before = line.tokens.filter((t) => t.x1 <= edge + 1 && !figures.has(t));
  const lead = leading(line, numbers);
  const { quantity, rest } = lead
    ? { quantity: lead, rest: before.filter((t) => !lead.includes(t)) }
    : times
      ? { quantity: [], rest: before }
      : countIn(before);
  const words = hasWord(rest) ? rest : [];
  return { line, words, count: quantity, times, amount: number && value !== undefined ? { number, value } : undefined };
}

const makes = (times: Times | undefined, value: Decimal): boolean =>
  times !== undefined && near(multiply(times.count, times.each), value, '0.02');

/** No item: the head with its dates and labels, telephone and tax numbers. */
const isForeign = (context: Context, line: Line): boolean =>
  line.tokens.some((t) => context.taken.has(t.index)) ||
  (context.labelsOfLine.get(line.index) ?? []).some((l) => l.closed);

interface Roll {
  readonly items: TillLine[];
  /** Words without an amount, that belong to the item before or the next one. */
  loose: readonly Token[];
  /** A quantity with its price on a line of its own above its item. */
  times: Times | undefined;
}

function addParts(roll: Roll, { line, words, count, times, amount }: Parts): void {
  const last = roll.items.at(-1);
  if (!amount) {
    if (times && last && !last.times && makes(times, last.value))
      roll.items[roll.items.length - 1] = { ...last, times };
    else if (times) roll.times = times;
    if (words.length > 0) roll.loose = times ? words : [...roll.loose, ...words];
    return;
  }
  const own = words.length > 0;
  // Words above an amount that has its own went on from the item before.
  if (own && roll.loose.length > 0 && last)
    roll.items[roll.items.length - 1] = { ...last, description: [...last.description, ...roll.loose] };
  const description = own ? words : roll.loose;
  const factors = [times, roll.times].find((t) => makes(t, amount.value));
  roll.loose = [];
  roll.times = undefined;
  if (description.length > 0) roll.items.push({ page: line.page, description, count, times: factors, ...amount });
}

function itemsOf(context: Context): TillLine[] {
  const roll: Roll = { items: [], loose: [], times: undefined };
  for (const line of context.layout.lines) {
    if (isSum(context, line)) break;
    if (isForeign(context, line)) roll.loose = [];
    else addParts(roll, partsOf(context, line));
    // What stands far above the first item is the head, not its name.
    if (roll.items.length === 0) roll.loose = roll.loose.filter((t) => context.layout.lineOf[t.index] === line);
  }
  return roll.items;
}

const cell = (value: string, text: string, tokens: readonly Token[], score: number): ReadCell =>
  cellOf([{ value, text, tokens, score, reasons: ['sum-of-lines'] }]) as ReadCell;

const sumOf = (items: readonly TillLine[]): Decimal => add(...items.map((i) => i.value));

/** The sum of several items, where it is printed once more below them. */
export function tillSum(context: Context): Decimal | undefined {
  const items = itemsOf(context);
  const last = Math.max(...items.map((i) => i.number.line));
  if (items.length < 2) return undefined;
  const total = sumOf(items);
  const below = context.numbers.filter((n) => n.line > last).map((n) => valueOf(n, context.mark));
  return compare(total, '0') > 0 && below.includes(total) ? total : undefined;
}

function quantityCells({ count, times }: TillLine): ReadLine['cells'] {
  if (times)
    return {
      quantity: cell(times.count, textOf(times.quantity), times.quantity, 0.9),
      unitPrice: cell(times.each, textOf(times.price), times.price, 0.9),
    };
  const number = count[0] ? canonicalDecimal(count[0].text.replace(/[^\d.,]/g, '').replace(',', '.')) : undefined;
  return number === undefined ? {} : { quantity: cell(number, textOf(count), count, 0.8) };
}

/** `sums`: what the items may add up to, the total or the subtotal. */
export function readTillLines(context: Context, sums: readonly Decimal[]): ReadLine[] {
  const items = itemsOf(context);
  if (items.length === 0) return [];
  const total = sumOf(items);
  if (compare(total, '0') <= 0 || !sums.some((sum) => near(sum, total, '0.05'))) return [];
  return items.map((item, row): ReadLine => {
    const { page, description, count, times, number, value } = item;
    const text = textOf(description);
    const words = [...count, ...(times?.quantity ?? []), ...(times?.price ?? []), ...description, ...number.tokens];
    return {
      row,
      page,
      box: boxOf(words.filter((t) => t.page === page)),
      cells: {
        description: cell(text, text, description, 0.8),
        lineTotal: cell(value, number.text, number.tokens, 0.93),
        ...quantityCells(item),
      },
    };
  });
}
