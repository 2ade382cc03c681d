/**
 * What was read, seen in the light of what the vendor's earlier invoices taught. A remembered place never overrides blindly: the value is read from this page,
 * its place must be more like the learnt ones than the place that the reader chose, and sums that add up are not broken.
 */
import type { Extraction, ReadCell, ReadingMemory } from '../contract/reading.ts';
import type { Context } from '../extract/candidates/context.ts';
import { cellOf } from '../extract/score/scored.ts';
import { HEADER_FIELD_NAMES, type HeaderField } from '../invoice/fields.ts';
import { bestRemembered, learntOf, rankRemembered, type Remembered, scoreOf, wrongScore } from './find.ts';
import { rememberFixed } from './fixed.ts';
import { wordsIn } from './learn.ts';
import { spotOf } from './spots.ts';
import { type Choice, type Choices, followGross, keepSums, type Total, TOTALS } from './sums.ts';
import type { Style } from './values.ts';
import { natureOf } from './values.ts';
import type { Recognised } from './vendor.ts';

export type Header = Extraction['header'];

/** Exact: the place is the learnt one in nearly every respect. Conservative on purpose; one invoice may have been like this by chance. */
const EXACT = 0.85;

export function confidenceOf(score: number, lessons: number): number {
  if (score >= EXACT) return lessons >= 2 ? 0.97 : 0.9;
  return lessons >= 2 ? 0.88 : 0.78;
}

export const reasonOf = (lessons: number): string => `memory:${lessons}`;

/** The style that the vendor's lessons agree on. */
export function styleOf({ all }: Recognised): Style {
  const marks = new Set(all.flatMap(({ lesson }) => lesson.style.mark ?? []));
  const orders = new Set(all.flatMap(({ lesson }) => lesson.style.dayOrder ?? []));
  const [mark] = marks;
  const [order] = orders;
  return {
    ...(marks.size === 1 && mark !== undefined ? { mark } : {}),
    ...(orders.size === 1 && order !== undefined ? { dayOrder: order } : {}),
  };
}

export function withMemory(
  context: Context,
  read: Extraction,
  known: Recognised,
): Extraction & { memory: ReadingMemory } {
  const style = styleOf(known);
  const header: Header = { ...read.header };
  for (const field of HEADER_FIELD_NAMES) {
    if (natureOf(field) !== 'placed') continue;
    const found = bestRemembered(rankRemembered(context, field, known.lessons, style));
    const cell = decide(context, field, header[field], found, known);
    if (cell === undefined) delete header[field];
    else header[field] = cell;
  }
  keepSums(header, read.header, known, choicesOf(context, header, read.header, known, style));
  followGross(header, read.header);
  const notes = rememberFixed(context, header, known);
  const before = changes(read.header, header);
  const memory = { vendor: known.vendor, name: known.name, lessons: known.all.map(({ id }) => id), before };
  return { ...read, header, notes: [...read.notes, ...notes], memory };
}

function changes(before: Header, after: Header): ReadingMemory['before'] {
  const changed = HEADER_FIELD_NAMES.filter((field) => before[field]?.value !== after[field]?.value);
  return Object.fromEntries(changed.map((field) => [field, before[field]?.value ?? null]));
}

/** A value at the learnt place, as a cell; the reader's own candidates stay beside it. */
function remembered(found: Remembered, before: ReadCell | undefined): ReadCell | undefined {
  const { value, text, tokens, score, lessons } = found;
  const cell = cellOf([{ value, text, tokens, score, reasons: [reasonOf(lessons)] }], confidenceOf(score, lessons));
  if (cell === undefined) return undefined;
  const own = { ...cell.candidates[0], source: 'vendor-memory' as const } as ReadCell['candidates'][number];
  const others = (before?.candidates ?? []).filter((candidate) => candidate.value !== value);
  return { ...cell, source: 'vendor-memory', candidates: [own, ...others].slice(0, 6) };
}

/** Read and remembered alike: surer than either. */
const confirmed = (cell: ReadCell, found: Remembered): ReadCell => ({
  ...cell,
  confidence: Math.max(cell.confidence, confidenceOf(found.score, found.lessons) * (cell.confidence < 0.3 ? 0.9 : 1)),
  reasons: [...cell.reasons, reasonOf(found.lessons)],
});

function decide(
  context: Context,
  field: HeaderField,
  read: ReadCell | undefined,
  found: Remembered | undefined,
  { lessons }: Recognised,
): ReadCell | undefined {
  const learnt = learntOf(lessons, field);
  if (learnt.length === 0) return read;
  if (read !== undefined && found?.value === read.value) return confirmed(read, found);
  const tokens = wordsIn(context, read?.page, read?.box);
  const spot = tokens.length > 0 ? spotOf(context, tokens) : undefined;
  if (found !== undefined && isBetter(found, read, spot === undefined ? 0 : scoreOf(learnt, spot), learnt))
    return remembered(found, read) ?? read;
  // Where a person had to clear or move the value before, the same place is wrong again.
  const wrong = spot === undefined ? 0 : wrongScore(learnt, spot);
  const emptied = learnt.filter(({ field: one }) => one.value === null).length;
  if (read !== undefined && wrong >= EXACT && emptied * 2 > learnt.length) return undefined;
  return read;
}

type Learnt = ReturnType<typeof learntOf>;

/** The place must be like the learnt one, clearly more so than any other value's and than the reader's. */
function isBetter(found: Remembered, read: ReadCell | undefined, readScore: number, learnt: Learnt): boolean {
  const missed = learnt.filter(({ field }) => field.was !== field.value && field.value !== null).length;
  const often = missed * 2 >= learnt.length;
  if (found.score - found.second < (often ? 0.04 : 0.08)) return false;
  if (read === undefined) return found.score >= (often ? 0.68 : 0.8);
  if (often) return found.score >= 0.66 && found.score > readScore + 0.04;
  return found.score >= 0.82 && found.score > readScore + 0.15;
}
const MOST_CHOICES = 8;

/** What each total could be: as it stands now, as it was read, and what else is printed at places like the learnt ones. */
function choicesOf(context: Context, header: Header, before: Header, known: Recognised, style: Style): Choices {
  const of = (field: Total): Choice[] => {
    const learnt = learntOf(known.lessons, field);
    const read = [header[field], before[field]].flatMap((cell): Choice[] => {
      if (cell === undefined) return [];
      const tokens = wordsIn(context, cell.page, cell.box);
      const alike = tokens.length === 0 ? 0 : scoreOf(learnt, spotOf(context, tokens));
      // What the reader found by its label is more than a place that is not like any other.
      return [{ cell, score: Math.max(alike, cell.confidence) }];
    });
    const printed = rankRemembered(context, field, known.lessons, style).slice(0, MOST_CHOICES);
    const others = printed.flatMap((one): Choice[] => {
      const cell = remembered({ ...one, second: 0 }, before[field]);
      return cell === undefined || read.some((own) => own.cell.value === one.value) ? [] : [{ cell, score: one.score }];
    });
    return [...read, ...others];
  };
  return Object.fromEntries(TOTALS.map((field) => [field, of(field)])) as unknown as Choices;
}
