/** What the visible pages of an e-invoice print, and where: the text reader's findings, searched by value. */
import type { Extraction, PageReading } from '../contract/reading.ts';
import { buildContext } from '../extract/candidates/context.ts';
import type { Context } from '../extract/candidates/context.ts';
import { extract } from '../extract/extract.ts';
import { labelKey } from '../extract/layout/text.ts';
import type { Token } from '../extract/layout/model.ts';
import { valueOf } from '../extract/values/amount.ts';
import { absolute } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import type { FieldType } from '../invoice/fields.ts';

/** Words that print one value. */
export type Print = readonly Token[];

export interface Visible {
  readonly context: Context;
  /** What the text reader makes of the pages without the XML. */
  readonly seen: Extraction;
  /** Everywhere the value is printed, in reading order; amounts whatever their sign. */
  readonly find: (type: FieldType, value: string) => readonly Print[];
}

function addTo(map: Map<string, Print[]>, key: string | undefined, print: Print): void {
  if (key === undefined || print.length === 0) return;
  const list = map.get(key);
  if (list) list.push(print);
  else map.set(key, [print]);
}

function numberPrints(context: Context): Map<Decimal, Print[]> {
  const prints = new Map<Decimal, Print[]>();
  for (const number of context.numbers) {
    const value = valueOf(number, context.mark);
    addTo(prints, value === undefined ? undefined : absolute(value), number.tokens);
  }
  return prints;
}

function datePrints(context: Context): Map<string, Print[]> {
  const prints = new Map<string, Print[]>();
  for (const date of context.dates) {
    addTo(prints, date.dayFirst, date.tokens);
    addTo(prints, date.monthFirst, date.tokens);
  }
  return prints;
}

/** Finds texts by their letters and digits alone, over word and line ends. */
function createTextFinder(tokens: readonly Token[]): (text: string) => Print[] {
  const keyed = tokens.filter((token) => token.key !== '');
  return (text) => {
    const target = labelKey(text);
    if (target.length < 2)
      return keyed.filter((token) => token.key === target && target !== '').map((token) => [token]);
    const prints: Print[] = [];
    for (let start = 0; start < keyed.length; start++) {
      let rest = target;
      let end = start;
      while (rest !== '' && end < keyed.length && rest.startsWith(keyed[end]!.key))
        rest = rest.slice(keyed[end++]!.key.length);
      if (rest === '') prints.push(keyed.slice(start, end));
    }
    return prints;
  };
}

const NUMERIC: ReadonlySet<FieldType> = new Set(['amount', 'decimal', 'percent']);

export function lookAt(pages: readonly PageReading[]): Visible {
  const worded = pages.filter((page) => page.words.length > 0);
  const context = buildContext(worded);
  const numbers = numberPrints(context);
  const dates = datePrints(context);
  const texts = createTextFinder(context.layout.lines.flatMap((line) => line.tokens));
  const find: Visible['find'] = (type, value) => {
    if (NUMERIC.has(type)) return numbers.get(absolute(value)) ?? [];
    return type === 'date' ? (dates.get(value) ?? []) : texts(value);
  };
  return { context, seen: extract(worded), find };
}
