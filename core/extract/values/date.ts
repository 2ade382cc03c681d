/** Dates as printed -> ISO dates. Where day and month could be swapped both readings are kept; the document's evidence decides later. */
import type { IsoDate } from '../../invoice/date.ts';
import { isoDate } from '../../invoice/date.ts';
import { TABLES } from '../labels/find.ts';
import type { Line, Token } from '../layout/model.ts';
import { fold } from '../layout/text.ts';
import { lineText } from './line-text.ts';

export interface DateMatch {
  readonly tokens: readonly Token[];
  readonly text: string;
  /** Reading with the day first; absent where no such day exists. */
  readonly dayFirst: IsoDate | undefined;
  /** Reading with the month first, only where it differs or is the only one. */
  readonly monthFirst: IsoDate | undefined;
  readonly separator: string;
  readonly line: number;
  readonly page: number;
}

export type DayOrder = 'dayFirst' | 'monthFirst';

export const MONTHS: ReadonlyMap<string, number> = new Map(
  TABLES.flatMap((table) => table.months.flatMap((names, i) => names.map((name): [string, number] => [name, i + 1]))),
);
const MONTH = `(?:${[...MONTHS.keys()].toSorted((a, b) => b.length - a.length).join('|')})`;

const ISO = /(?<![\d.,/-])(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?![\d/-])/g;
/** Letters before two digits and a year of two are an article's number ("HD03-04-06"). */
const NUMERIC =
  /(?<![\d.,/-])(?<![a-z](?=\d{1,2} ?([./-]) ?\d{1,2} ?\1 ?\d{2}(?!\d)))(\d{1,2}) ?([./-]) ?(\d{1,2}) ?\3 ?(\d{4}|\d{2})(?![\d/]|[-.]\d)/g;
const DAY_MONTH = new RegExp(
  String.raw`(?<![\d.,/-])(\d{1,2})(?:st|nd|rd|th|er|o|a)?[ .\-/]*(?:de |of |di )?(${MONTH})\.?[ .,\-/']*(?:de |of |del? )?(\d{4}|\d{2})(?!\d)`,
  'g',
);
const MONTH_DAY = new RegExp(
  String.raw`(?<![a-z])(${MONTH})\.?[ \-]*(\d{1,2})(?:st|nd|rd|th)?[ ,.\-]+(\d{4})(?!\d)`,
  'g',
);

/** Two-digit years are of this century up to a generous horizon: invoices are not older than the euro. */
const fullYear = (year: string): number => (year.length === 4 ? Number(year) : 2000 + Number(year));
/** Years an invoice can plausibly bear; keeps article numbers and version numbers out. */
const plausible = (year: number): boolean => year >= 1990 && year <= 2079;

const date = (year: number, month: number, day: number): IsoDate | undefined =>
  plausible(year) ? isoDate(year, month, day) : undefined;

interface Found {
  readonly start: number;
  readonly end: number;
  readonly dayFirst: IsoDate | undefined;
  readonly monthFirst: IsoDate | undefined;
  readonly separator: string;
}

function found(
  match: RegExpExecArray,
  dayFirst: IsoDate | undefined,
  monthFirst: IsoDate | undefined,
  separator: string,
): Found[] {
  if (!dayFirst && !monthFirst) return [];
  return [{ start: match.index, end: match.index + match[0].length, dayFirst, monthFirst, separator }];
}

function numeric(match: RegExpExecArray): Found[] {
  const [a, b, year] = [Number(match[2]), Number(match[4]), fullYear(match[5] ?? '')];
  const dayFirst = date(year, b, a);
  const monthFirst = date(year, a, b);
  return found(match, dayFirst, monthFirst === dayFirst ? undefined : monthFirst, match[3] ?? '');
}

const month = (name: string | undefined): number => MONTHS.get(name ?? '') ?? 0;

/** Characters of a scan that are digits in a date; same length, so positions hold. */
const repair = (text: string): string =>
  text
    .replace(/(?<=\d[\d./-]*)[oO](?=[\d./-])/g, '0')
    .replace(/(?<=[\d./-])[lI|](?=[\d./-])/g, '1')
    // "29/12/7017": of the years that an invoice can bear this is 2017.
    .replace(/(?<=(?<!\d)\d{1,2}[./-]\d{1,2}[./-])[013-9](?=0[0-4]\d(?!\d))/g, '2');

export function findDates(line: Line): DateMatch[] {
  const { text, tokens } = lineText(line);
  // Folding must keep lengths so that positions map back; characters that would not are left alone.
  const folded = text
    .split('')
    .map((c) => (fold(c).length === c.length ? fold(c) : ' '.repeat(c.length)))
    .join('');
  const source = line.tokens[0]?.source === 'ocr' ? repair(folded) : folded;
  const all: Found[] = [
    ...[...source.matchAll(ISO)].flatMap((m) =>
      found(m, date(Number(m[1]), Number(m[3]), Number(m[4])), undefined, 'iso'),
    ),
    ...[...source.matchAll(NUMERIC)].flatMap(numeric),
    ...[...source.matchAll(DAY_MONTH)].flatMap((m) =>
      found(m, date(fullYear(m[3] ?? ''), month(m[2]), Number(m[1])), undefined, 'name'),
    ),
    ...[...source.matchAll(MONTH_DAY)].flatMap((m) =>
      found(m, date(Number(m[3]), month(m[1]), Number(m[2])), undefined, 'name'),
    ),
  ];
  const kept = all.filter((f, i) => !all.some((g, j) => j < i && g.start < f.end && f.start < g.end));
  return kept.flatMap((f) => {
    const words = tokens(f.start, f.end);
    if (words.length === 0) return [];
    return [
      {
        tokens: words,
        text: text.slice(f.start, f.end),
        dayFirst: f.dayFirst,
        monthFirst: f.monthFirst,
        separator: f.separator,
        line: line.index,
        page: line.page,
      },
    ];
  });
}

export const isAmbiguous = (d: DateMatch): boolean => d.dayFirst !== undefined && d.monthFirst !== undefined;
