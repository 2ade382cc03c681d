import type { Finding, Invoice, Line } from '../../contract/invoice.ts';
import { currencyDigits } from '../../invoice/currency.ts';
import {
  absolute,
  add,
  compare,
  divide,
  fractionDigits,
  isZero,
  multiply,
  near,
  negate,
  round,
  subtract,
} from '../../invoice/decimal.ts';
import type { Decimal } from '../../invoice/decimal.ts';
import { lineAmount, lineLabel, lineRef, lineValue, says, tolerance, value } from '../read.ts';
import type { Rule, RuleContext } from '../rule.ts';

/** quantity × price (− discount) = line total, in each of the ways invoices lawfully print it. */
export const lineMathMismatch: Rule = {
  code: 'LINE_MATH_MISMATCH',
  version: 1,
  needs: ['tolerances'],
  judge(invoice, context) {
    return invoice.lines.flatMap((line) => judgeLine(this, invoice, line, context));
  },
};

interface Numbers {
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly actual: Decimal;
  readonly discount: Decimal;
  readonly base: Decimal;
  readonly digits: number;
  readonly within: Decimal;
}

function judgeLine(rule: Rule, invoice: Invoice, line: Line, context: RuleContext): Finding[] {
  const numbers = numbersOf(rule, invoice, line, context);
  if (numbers === undefined || lawful(invoice, line, numbers)) return [];
  const { quantity, unitPrice, actual, discount, base } = numbers;
  const expected = product(numbers, discount, base);
  const otherBase =
    base === '1' ? BASES.find((guess) => agrees(numbers, product(numbers, discount, guess))) : undefined;
  const rounded = roundedPrice(numbers, expected);
  const returned = near(expected, negate(actual), numbers.within);
  return [
    says(rule, invoice, {
      severity: rounded || returned ? 'info' : otherBase === undefined ? 'error' : 'warning',
      cells: (
        ['lineTotal', 'unitPrice', 'quantity', ...(isZero(discount) ? [] : (['discount'] as const))] as const
      ).map((field) => lineRef(line, field)),
      ...variantOf({ rounded, returned, otherBase, base, discount }),
      params: {
        line: lineLabel(invoice, line),
        quantity,
        unitPrice,
        discount: absolute(discount),
        base: otherBase ?? base,
        expected,
        actual,
      },
      clear: 'correct-line',
    }),
  ];
}

function variantOf(found: {
  rounded: boolean;
  returned: boolean;
  otherBase: string | undefined;
  base: Decimal;
  discount: Decimal;
}) {
  if (found.returned) return { variant: 'returned' };
  if (found.rounded) return { variant: 'rounded-price' };
  if (found.otherBase !== undefined) return { variant: 'price-base' };
  if (!isZero(found.discount)) return { variant: 'discount' };
  return found.base === '1' ? {} : { variant: 'base' };
}

/** Price bases that are printed in words or left to the trade's custom ("per 100", "%", "je 1000"). */
const BASES: readonly Decimal[] = ['100', '1000', '10'];

function numbersOf(rule: Rule, invoice: Invoice, line: Line, context: RuleContext): Numbers | undefined {
  const quantity = lineAmount(line, 'quantity');
  const unitPrice = lineAmount(line, 'unitPrice');
  const actual = lineAmount(line, 'lineTotal');
  if (quantity === null || unitPrice === null || actual === null) return undefined;
  const digits = Math.max(currencyDigits(value(invoice, 'currency') ?? '') ?? 2, fractionDigits(actual));
  const numbers = { quantity, unitPrice, actual, digits, within: tolerance(rule.code, invoice, context) };
  return { ...numbers, discount: lineAmount(line, 'discount') ?? '0', base: priceBase(line) };
}

/** What the price is for: the field where the XML gives it, else as printed beside unit or price ("100 St", "per 1000", "/100"). */
function priceBase(line: Line): Decimal {
  const given = lineAmount(line, 'priceBase');
  if (given !== null && compare(given, '0') > 0) return given;
  const printed = `${line.cells.unit?.text ?? ''} ${lineValue(line, 'unit') ?? ''} ${line.cells.unitPrice?.text ?? ''}`;
  const match = /(?:\/|\bper\b|\bje\b|\bpro\b|\bpour\b|\bcada\b|\bogni\b)\s*(10|100|1[.,' ]?000)(?![\d.,])/i.exec(
    printed,
  );
  return match?.[1]?.replaceAll(/\D/g, '') ?? '1';
}

/** quantity × price, for the base the price is for. Divisions cost most of the work, and nearly every price is for one piece. */
const gross = ({ quantity, unitPrice }: Numbers, base: Decimal): Decimal => {
  const whole = multiply(quantity, unitPrice);
  return base === '1' ? whole : (divide(whole, base, 12) ?? '0');
};

const product = (numbers: Numbers, discount: Decimal, base: Decimal): Decimal =>
  round(isZero(discount) ? gross(numbers, base) : subtract(gross(numbers, base), absolute(discount)), numbers.digits);

const agrees = ({ actual, within }: Numbers, expected: Decimal): boolean => near(expected, actual, within);

/** What the line may lawfully come to, the usual first. */
function* results(numbers: Numbers): Generator<Decimal> {
  const { discount, base } = numbers;
  yield product(numbers, discount, base);
  // Issuers who set the base to the quantity or to the price itself and mean one piece.
  if (base !== '1') yield product(numbers, discount, '1');
  if (isZero(discount)) return;
  // The price is net of the discount already (EN 16931, BT-146).
  yield product(numbers, '0', base);
  // An e-invoice's charge on the line is a discount below zero.
  yield subtract(product(numbers, '0', base), discount);
  // The discount is a rate. Whether "10" stands for percent is in the column's heading, if anywhere.
  if (compare(absolute(discount), '100') <= 0) yield percent(numbers, subtract('100', absolute(discount)));
}

/** A free line (total 0, price for information) takes nothing from anybody; a line may be printed with its tax. */
function lawful(invoice: Invoice, line: Line, numbers: Numbers): boolean {
  // A reversal may carry its sign in one factor only.
  const credit = value(invoice, 'documentType') === 'credit-note';
  for (const expected of results(numbers)) {
    if (agrees(numbers, expected)) return true;
    if (credit && near(absolute(expected), absolute(numbers.actual), numbers.within)) return true;
  }
  if (isZero(numbers.actual)) return true;
  const rate = lineAmount(line, 'taxRate');
  return rate !== null && agrees(numbers, percent(numbers, add('100', rate)));
}

const percent = (numbers: Numbers, share: Decimal): Decimal =>
  round(multiply(multiply(gross(numbers, numbers.base), share), '0.01'), numbers.digits);

/** The printed price may be a rounded one: each piece then differs by less than half of its last decimal. */
function roundedPrice({ quantity, unitPrice, actual, base, discount }: Numbers, expected: Decimal): boolean {
  const digits = fractionDigits(unitPrice);
  if (digits < 2 || !isZero(discount)) return false;
  const half = divide('0.5', `1${'0'.repeat(digits)}`, digits + 1) ?? '0';
  return near(expected, actual, divide(multiply(absolute(quantity), half), base, 12) ?? '0');
}
