/** Each invoice read with the lessons of 0, 1, 2 ... of its vendor's earlier ones; other vendors' lessons are always there, as in a station. */
import type { Extraction } from '../../../core/contract/reading.ts';
import { extract } from '../../../core/extract/extract.ts';
import type { KnownLesson } from '../../../core/memory/lesson.ts';
import type { ScoredField } from '../score/rules.ts';
import { type FieldOutcome, lessonOf, type Paper, readWith, scoreOf } from './simulate.ts';

export interface Step {
  known: number;
  right: number;
  /** Right without memory, wrong with it. */
  worse: number;
  /** Remembered values at a confidence of 0.95 and more. */
  sure: number;
  sureRight: number;
  readonly fields: Map<ScoredField, { known: number; right: number }>;
}

export interface Miss extends FieldOutcome {
  readonly paper: string;
  readonly lessons: number;
  readonly worse: boolean;
}

export interface Curve {
  readonly steps: readonly Step[];
  readonly misses: readonly Miss[];
  /** Papers that were taken for another vendor's. */
  readonly foreign: number;
}

const emptyStep = (): Step => ({ known: 0, right: 0, worse: 0, sure: 0, sureRight: 0, fields: new Map() });
export const share = ({ known, right }: Pick<Step, 'known' | 'right'>): number =>
  known === 0 ? 0 : (100 * right) / known;

interface Own {
  readonly paper: Paper;
  readonly alone: Extraction;
  readonly lesson: KnownLesson | undefined;
}

/** With how many corrected invoices of other vendors the memory is filled. */
const OF_OTHERS = 2;
/** The same papers at each point of the curve, so that only the number of lessons differs: those after the first this many. */
const FROM = 5;

/** One reading with some lessons. */
interface Reading {
  readonly paper: Paper;
  readonly lessons: number;
  readonly outcomes: readonly (FieldOutcome & { readonly worse: boolean })[];
  readonly foreign: boolean;
}

/** With the lessons of the papers before; where `leaveOneOut`, of all others. */
export function readAll(series: readonly (readonly Paper[])[], most: number, leaveOneOut: boolean): Reading[] {
  const all = series.map((papers) =>
    papers.map((paper): Own => {
      const alone = extract(paper.pages);
      return { paper, alone, lesson: lessonOf(paper, alone) };
    }),
  );
  return all.flatMap((papers, v) => {
    const others = all.flatMap((list, i) =>
      i === v ? [] : list.slice(0, OF_OTHERS).flatMap((one) => one.lesson ?? []),
    );
    return papers.flatMap((own, i): Reading[] => {
      const before = leaveOneOut ? papers.filter((one) => one !== own) : papers.slice(0, i);
      if (!leaveOneOut && i < Math.min(FROM, papers.length - 1)) return [];
      return Array.from({ length: Math.min(most, before.length) + 1 }, (_, k) =>
        readOnce(own, before.slice(0, k), others),
      );
    });
  });
}

function readOnce({ paper, alone }: Own, before: readonly Own[], others: readonly KnownLesson[]): Reading {
  const read = readWith(paper, [...others, ...before.flatMap((one) => one.lesson ?? [])]);
  const base = scoreOf(paper, alone);
  const outcomes = scoreOf(paper, read).map((outcome, i) => ({
    ...outcome,
    worse: base[i]?.right === true && !outcome.right,
  }));
  return { paper, lessons: before.length, outcomes, foreign: before.length === 0 && read.memory !== undefined };
}

export function curveOf(readings: readonly Reading[], most: number): Curve {
  const steps = Array.from({ length: most + 1 }, emptyStep);
  for (const { lessons, outcomes } of readings) for (const outcome of outcomes) count(steps[lessons] as Step, outcome);
  const misses = readings.flatMap(({ paper, lessons, outcomes }) =>
    outcomes.filter((outcome) => !outcome.right).map((outcome) => ({ ...outcome, paper: paper.name, lessons })),
  );
  return { steps, misses, foreign: readings.filter((reading) => reading.foreign).length };
}

function count(step: Step, { field, right, worse, remembered, confidence }: Reading['outcomes'][number]): void {
  const so = step.fields.get(field) ?? { known: 0, right: 0 };
  step.fields.set(field, { known: so.known + 1, right: so.right + (right ? 1 : 0) });
  step.known += 1;
  if (right) step.right += 1;
  if (worse) step.worse += 1;
  if (!remembered || confidence < 0.95) return;
  step.sure += 1;
  if (right) step.sureRight += 1;
}
