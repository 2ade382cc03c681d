/** What kept a value from being right: the words were not read, the value was read and not thought of, or another one was preferred. */
import type { Reading } from '../../../core/contract/reading.ts';
import { buildContext } from '../../../core/extract/candidates/context.ts';
import { valueOf } from '../../../core/extract/values/amount.ts';
import {
  alternatives,
  isKnown,
  isRight,
  lettersAndDigits,
  SCORED_FIELDS,
  SCORED_FIELD_NAMES,
  wordsOf,
} from '../score/rules.ts';
import type { Known, ScoredField } from '../score/rules.ts';
import type { TruthLine } from '../score/score.ts';

export type Cause = 'right' | 'not-read' | 'overlooked' | 'misjudged';
export interface Limit {
  readonly kind: string;
  readonly field: ScoredField;
  readonly cause: Cause;
}

/** As a person would sort the pile. */
function kindOf(truth: TruthLine): string {
  if (truth.docType === 'receipt' || truth.kind === 'photo') return 'receipts, photos';
  if (truth.kind === 'digital-pdf') return truth.layout === 'xml-stylesheet' ? 'prints of XML' : 'letters as PDF';
  return truth.synthetic ? 'PDFs made pictures' : 'scans of letters';
}

type Page = ReturnType<typeof pageOf>;

function pageOf({ pages }: Reading) {
  const context = buildContext(pages.filter((page) => page.words.length > 0));
  const text = context.layout.lines.map((line) => line.text).join(' ');
  return { context, letters: lettersAndDigits(text), words: wordsOf(text) };
}

/** The known value stands among the words as they were read. */
function isOnPage(field: ScoredField, known: Known, { context, letters, words }: Page): boolean {
  const form = SCORED_FIELDS[field];
  if (form === 'amount')
    return context.numbers.some((number) => isRight(field, known, Math.abs(Number(valueOf(number, context.mark)))));
  if (form === 'date')
    return context.dates.some((date) => [date.dayFirst, date.monthFirst].some((day) => isRight(field, known, day)));
  return alternatives(known).some((value) =>
    form === 'name' ? [...wordsOf(value)].every((word) => words.has(word)) : letters.includes(lettersAndDigits(value)),
  );
}

export function limitsOf(truth: TruthLine, reading: Reading): Limit[] {
  const kind = kindOf(truth);
  const page = pageOf(reading);
  return SCORED_FIELD_NAMES.flatMap((field): Limit[] => {
    const known = truth[field];
    if (known === undefined || !isKnown(known)) return [];
    const cell = reading.header[field];
    const cause = (): Cause => {
      if (cell !== undefined && isRight(field, known, cell.value)) return 'right';
      if (cell?.candidates.some((candidate) => isRight(field, known, candidate.value))) return 'misjudged';
      return isOnPage(field, known, page) ? 'overlooked' : 'not-read';
    };
    return [{ kind, field, cause: cause() }];
  });
}

const share = (part: number, whole: number): string => ((100 * part) / Math.max(whole, 1)).toFixed(1);

/** A row a kind and field. */
export function limitRows(limits: readonly Limit[]): string[] {
  const head = `${'kind'.padEnd(20)}${'field'.padEnd(15)}   known  right %  not read  overlooked  misjudged`;
  const rows = [...new Set(limits.map((l) => l.kind))].toSorted().flatMap((kind) =>
    SCORED_FIELD_NAMES.flatMap((field): string[] => {
      const own = limits.filter((l) => l.kind === kind && l.field === field);
      if (own.length === 0) return [];
      const count = (cause: Cause): number => own.filter((l) => l.cause === cause).length;
      const cells = [
        String(own.length).padStart(8),
        share(count('right'), own.length).padStart(9),
        String(count('not-read')).padStart(10),
        String(count('overlooked')).padStart(12),
        String(count('misjudged')).padStart(11),
      ];
      return [`${kind.padEnd(20)}${field.padEnd(15)}${cells.join('')}`];
    }),
  );
  return [
    'Misses by cause. not read: the words are not there as printed; overlooked: they are, but were not thought of; misjudged: another value was preferred.',
    head,
    ...rows,
  ];
}
