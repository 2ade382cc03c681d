/** Lines of an e-invoice to be written: every mandatory part of BG-25 present, no negative price (BR-27), price and quantity as confirmed. */
import type { Line } from '../contract/invoice.ts';
import { add, absolute, isNegative, isZero, multiply, negate, round, subtract } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import type { LineField } from '../invoice/fields.ts';
import { divideExactly } from './exact.ts';
import { UNIT_BY_AGREEMENT, unitCode } from './units.ts';

export interface ExportLine {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly articleNumber?: string;
  readonly quantity: Decimal;
  readonly unitCode: string;
  /** The printed unit, where there is no code for it. */
  readonly unitName?: string;
  readonly price: Decimal;
  /** BT-149 where the price is for more than one. */
  readonly baseQuantity?: Decimal;
  /** Positive lowers the total (BG-27), negative raises it (BG-28). */
  readonly discount?: Decimal;
  readonly total: Decimal;
  readonly taxRate?: Decimal;
  readonly poLine?: string;
  readonly account?: string;
  readonly costCentre?: string;
}

interface Figures {
  quantity: Decimal;
  price: Decimal;
  total: Decimal;
  base?: Decimal;
}

const positive = (value: string | undefined): Decimal | undefined =>
  value === undefined || isNegative(value) || isZero(value) || value === '1' ? undefined : value;

/** What is missing of quantity, price and total follows from the others where the line has enough. */
function figures(value: (name: LineField) => string | undefined): Figures | undefined {
  const discount = value('discount') ?? '0';
  const base = positive(value('priceBase'));
  let [quantity, price, total] = [value('quantity'), value('unitPrice'), value('lineTotal')];
  if (total === undefined) {
    if (price === undefined) return undefined;
    const goods = multiply(quantity ?? '1', price);
    const each = base === undefined ? goods : divideExactly(goods, base);
    if (each === undefined) return undefined;
    total = round(subtract(each, discount), 2);
  }
  quantity ??= '1';
  if (price !== undefined) return { quantity, price, total, ...(base !== undefined && { base }) };
  const goods = add(total, discount);
  if (isZero(quantity)) return isZero(goods) ? { quantity, price: '0', total } : undefined;
  const each = divideExactly(goods, quantity);
  // Not exact: the price is for the whole quantity, which loses nothing.
  if (each === undefined) return { quantity, price: goods, total, base: absolute(quantity) };
  return { quantity, price: each, total };
}

/** A line printed as 2 x 10.00 = -20.00 or -2 x 10.00 = -20.00 on a credit note both give 2 x 10.00 = 20.00. */
function turn({ quantity, price, total, ...rest }: Figures): Figures {
  const turnedTotal = negate(total);
  if (isNegative(quantity)) return { ...rest, quantity: negate(quantity), price, total: turnedTotal };
  if (isNegative(price)) return { ...rest, quantity, price: negate(price), total: turnedTotal };
  // Both positive: they agree with the turned total, unless the line itself was a positive one among negatives.
  return { ...rest, quantity: isNegative(turnedTotal) ? negate(quantity) : quantity, price, total: turnedTotal };
}

function withoutNegativePrice(f: Figures): Figures {
  return isNegative(f.price) ? { ...f, quantity: negate(f.quantity), price: negate(f.price) } : f;
}

function exportLine(line: Line, id: string, turned: boolean, problems: string[]): ExportLine | undefined {
  const value = (name: LineField): string | undefined => line.cells[name]?.value?.trim() || undefined;
  const text = value('description') ?? value('articleNumber');
  if (text === undefined) problems.push(`Line ${id} has no description (BT-153).`);
  const found = figures(value);
  if (found === undefined) problems.push(`Line ${id} needs a line total (BT-131) or a unit price (BT-146).`);
  if (text === undefined || found === undefined) return undefined;
  const { quantity, price, total, base } = withoutNegativePrice(turned ? turn(found) : found);
  const [name = '', ...more] = text.split('\n');
  const unit = value('unit');
  const code = unitCode(unit, line.cells.unit?.source === 'xml');
  const discount = value('discount');
  const optional = {
    description: more.length > 0 ? more.join('\n') : undefined,
    articleNumber: value('articleNumber'),
    unitName: code === UNIT_BY_AGREEMENT && unit !== UNIT_BY_AGREEMENT ? unit : undefined,
    baseQuantity: base,
    discount: discount === undefined || isZero(discount) ? undefined : turned ? signedLike(total, discount) : discount,
    taxRate: value('taxRate'),
    poLine: value('poLine'),
    account: value('account'),
    costCentre: value('costCentre'),
  };
  const known = Object.fromEntries(Object.entries(optional).filter(([, v]) => v !== undefined));
  return { id, name, quantity, unitCode: code, price, total, ...known };
}

const signedLike = (total: Decimal, discount: Decimal): Decimal =>
  isNegative(total) === isNegative(discount) ? discount : negate(discount);

export function exportLines(lines: readonly Line[], turned: boolean, problems: string[]): ExportLine[] {
  // Sub lines whose amount another line holds as well would be counted twice (BR-CO-10).
  const counted = lines.filter((line) => !line.cells.lineTotal?.reasons.includes('not-in-sum'));
  if (counted.length === 0) problems.push('There are no lines; an e-invoice needs at least one (BR-16).');
  const used = new Set<string>();
  return counted.flatMap((line, index) => {
    const own = line.cells.position?.value?.trim();
    const id = own !== undefined && own !== '' && !used.has(own) ? own : freeId(used, index + 1);
    used.add(id);
    return exportLine(line, id, turned, problems) ?? [];
  });
}

function freeId(used: ReadonlySet<string>, from: number): string {
  let n = from;
  while (used.has(String(n))) n++;
  return String(n);
}
