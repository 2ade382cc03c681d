/** Which values of a reading rest on a text layer alone and move money: each with the words that were believed and their place. */
import type { Box, Candidate, PageReading, ReadCell, Reading, Source, Word } from '../contract/reading.ts';
import type { HeaderField } from '../invoice/fields.ts';
import type { Strictness } from './compare.ts';

export interface TrustPart {
  readonly page: number;
  readonly box: Box;
  /** As the text layer says. */
  readonly text: string;
  /** Degrees, clockwise, to turn the page by so that its text stands upright. */
  readonly turned: number;
}

export interface TrustTarget {
  readonly field: HeaderField;
  readonly value: string;
  readonly strictness: Strictness;
  /** A value that the document holds and the reader did not choose. */
  readonly passedOver: boolean;
  /** One a line. */
  readonly parts: readonly TrustPart[];
}

const CHECKED = {
  vendorIban: 'code',
  grossTotal: 'amount',
  amountDue: 'amount',
  invoiceNumber: 'code',
  vendorName: 'name',
} as const satisfies Partial<Record<HeaderField, Strictness>>;
type Checked = keyof typeof CHECKED;

/** What a text layer said, or where a vendor's earlier invoices say it stands. An XML and a payment code speak for themselves. */
const FROM_TEXT: ReadonlySet<Source> = new Set(['text', 'vendor-memory']);

/** Accounts beside the chosen one that are looked at, too: a hidden one is a warning in itself. */
const OTHER_ACCOUNTS = 2;

export function trustTargets({ header, pages }: Pick<Reading, 'header' | 'pages'>): TrustTarget[] {
  const targets: TrustTarget[] = [];
  const add = (field: Checked, cell: ReadCell | Candidate, passedOver: boolean): void => {
    const parts = partsOf(cell, pages);
    if (parts.length > 0) targets.push({ field, value: cell.value, strictness: CHECKED[field], passedOver, parts });
  };
  for (const field of Object.keys(CHECKED) as Checked[]) {
    const cell = header[field];
    if (cell !== undefined && FROM_TEXT.has(cell.source)) add(field, cell, false);
  }
  const account = header.vendorIban;
  const others =
    account?.candidates.filter(({ value, source }) => value !== account.value && FROM_TEXT.has(source)) ?? [];
  for (const candidate of others.slice(0, OTHER_ACCOUNTS)) add('vendorIban', candidate, true);
  return targets;
}

/** As the worker's task takes them; a value set in more lines than this is no value. */
const MOST_LINES = 6;
export const checksOf = (targets: readonly TrustTarget[]) =>
  targets.map(({ strictness, parts }) => ({ strictness, parts: parts.slice(0, MOST_LINES) }));

const middle = (from: number, to: number): number => (from + to) / 2;

function partsOf({ page: number, box }: ReadCell | Candidate, pages: readonly PageReading[]): TrustPart[] {
  const page = pages.find((one) => one.page === number);
  if (page?.source !== 'text' || box === undefined) return [];
  const [x0, y0, x1, y1] = box;
  const inside = page.words.filter(({ box: b }) => {
    const [x, y] = [middle(b[0], b[2]), middle(b[1], b[3])];
    return x >= x0 && x <= x1 && y >= y0 && y <= y1;
  });
  // Text on its side runs along the page's height: its lines lie side by side.
  const sideways = page.turned % 180 !== 0;
  return linesOf(inside, sideways)
    .filter((words) => /[\p{L}\p{N}]/u.test(textOf(words)))
    .map((words) => ({ page: page.page, box: around(words), text: textOf(words), turned: page.turned }));
}

const textOf = (words: readonly Word[]): string => words.map((word) => word.text).join(' ');

const around = (words: readonly Word[]): Box => [
  Math.min(...words.map(({ box }) => box[0])),
  Math.min(...words.map(({ box }) => box[1])),
  Math.max(...words.map(({ box }) => box[2])),
  Math.max(...words.map(({ box }) => box[3])),
];

/** Words in the order of the text layer, cut where the next one starts another line. */
function linesOf(words: readonly Word[], sideways: boolean): Word[][] {
  const [low, high] = sideways ? ([0, 2] as const) : ([1, 3] as const);
  const lines: Word[][] = [];
  for (const word of words) {
    const at = middle(word.box[low], word.box[high]);
    const line = lines.find(([first]) => first !== undefined && at > first.box[low] && at < first.box[high]);
    if (line) line.push(word);
    else lines.push([word]);
  }
  return lines;
}
