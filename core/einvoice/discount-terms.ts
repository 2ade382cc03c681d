/**
 * Cash discount terms in one form: `14 days: 2 %`, with the amount it is granted on where that is not the whole invoice: `14 days: 2 % of 357.93`.
 * XRechnung writes them into BT-20 as `#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=357.93#` lines; CII EXTENDED as elements.
 */
import { withDigits } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import { xmlDecimal } from './values.ts';

export interface DiscountTerm {
  readonly days: string;
  readonly percent: Decimal;
  readonly base?: Decimal;
}

const SKONTO = /^#(SKONTO)#TAGE=(\d{1,4})#PROZENT=(\d+(?:\.\d+)?)(?:#BASISBETRAG=(-?\d+(?:\.\d+)?))?#$/i;
const CANONICAL = /^(\d{1,4}) days: (\d+(?:\.\d+)?) %(?: of (-?\d+(?:\.\d+)?))?$/;

function term(days: string, percent: string, base?: string): DiscountTerm | undefined {
  const exact = xmlDecimal(percent);
  if (exact === undefined) return undefined;
  const on = base === undefined ? undefined : xmlDecimal(base);
  return { days: String(Number(days)), percent: exact, ...(on !== undefined && { base: on }) };
}

export const formatDiscountTerm = ({ days, percent, base }: DiscountTerm): string =>
  `${days} days: ${percent} %${base === undefined ? '' : ` of ${base}`}`;

export function parseDiscountTerm(line: string): DiscountTerm | undefined {
  const match = CANONICAL.exec(line.trim());
  return match ? term(match[1]!, match[2]!, match[3]) : undefined;
}

export const skontoLine = ({ days, percent, base }: DiscountTerm): string =>
  `#SKONTO#TAGE=${days}#PROZENT=${withDigits(percent, 2)}#${base === undefined ? '' : `BASISBETRAG=${withDigits(base, 2)}#`}`;

/** Splits BT-20 into its structured discount lines and the words around them. */
export function splitPaymentTerms(text: string): { terms: DiscountTerm[]; rest: string } {
  const terms: DiscountTerm[] = [];
  const rest: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = SKONTO.exec(line.trim());
    const found = match ? term(match[2]!, match[3]!, match[4]) : undefined;
    if (found) terms.push(found);
    else rest.push(line);
  }
  return { terms, rest: rest.join('\n') };
}
