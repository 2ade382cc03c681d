/** The tax that the lines' own rates make: what several rules compare with what is printed. */
import type { Invoice, Line } from '../contract/invoice.ts';
import { currencyDigits, minorUnit } from '../invoice/currency.ts';
import { add, multiply, near, round } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import { lineAmount, value } from './read.ts';

export const digitsOf = (invoice: Invoice): number => currencyDigits(value(invoice, 'currency') ?? '') ?? 2;

export const share = (base: Decimal, rate: Decimal, digits: number): Decimal =>
  round(multiply(multiply(base, rate), '0.01'), digits);

/** Canonical decimals are equal as text where they are equal. */
const linesAt = (invoice: Invoice, rate: Decimal): Line[] =>
  invoice.lines.filter((line) => lineAmount(line, 'taxRate') === rate);

/** How far rounding line by line can lead away from rounding once: half a unit a line. */
export const slack = (invoice: Invoice, within: Decimal): Decimal =>
  add(
    within,
    multiply(multiply(minorUnit(value(invoice, 'currency')), '0.5'), String(Math.max(2, invoice.lines.length))),
  );

export interface RatedTax {
  readonly rate: Decimal;
  /** Rounded once on the sum of the lines, and line by line: issuers do either, both are lawful. */
  readonly once: Decimal;
  readonly perLine: Decimal;
}

/** Tax of the lines of one rate; undefined where one of them has no total. */
export function taxAt(invoice: Invoice, rate: Decimal): RatedTax | undefined {
  const lines = linesAt(invoice, rate).map((line) => lineAmount(line, 'lineTotal'));
  const totals = lines.filter((total) => total !== null);
  if (totals.length === 0 || totals.length < lines.length) return undefined;
  const digits = digitsOf(invoice);
  return {
    rate,
    once: share(add(...totals), rate, digits),
    perLine: add(...totals.map((total) => share(total, rate, digits))),
  };
}

/** For every rate of the lines; undefined unless all lines have a rate and a total and the totals add up to the net total. */
export function taxesByRate(invoice: Invoice, net: Decimal): RatedTax[] | undefined {
  const read = invoice.lines.map((line) => ({
    rate: lineAmount(line, 'taxRate'),
    total: lineAmount(line, 'lineTotal'),
  }));
  const totals = read.map(({ total }) => total).filter((total) => total !== null);
  const rates = read.map(({ rate }) => rate).filter((rate) => rate !== null);
  if (read.length === 0 || totals.length < read.length || rates.length < read.length) return undefined;
  if (!near(add(...totals), net, minorUnit(value(invoice, 'currency')))) return undefined;
  const taxes = [...new Set(rates)].map((rate) => taxAt(invoice, rate)).filter((tax) => tax !== undefined);
  return taxes.length === 0 ? undefined : taxes;
}

/** The whole tax by the lines' rates, rounded once per rate. */
export function ratedTax(invoice: Invoice, net: Decimal): Decimal | undefined {
  const taxes = taxesByRate(invoice, net);
  return taxes === undefined ? undefined : add(...taxes.map(({ once }) => once));
}
