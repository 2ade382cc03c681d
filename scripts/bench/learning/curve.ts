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

/** `earlier`: whose lessons may be used for the paper at `index`. Where `leaveOneOut`, all others; else those before it. */
export function measure(series: readonly (readonly Paper[])[], most: number, leaveOneOut: boolean): Curve {
  const all = series.map((papers) =>
    papers.map((paper): Own => {
      const alone = extract(paper.pages);
      return { paper, alone, lesson: lessonOf(paper, alone) };
    }),
  );
  const steps = Array.from({ length: most + 1 }, emptyStep);
  const misses: Miss[] = [];
  let foreign = 0;
  for (const [v, papers] of all.entries()) {
    const others = all.flatMap((list, i) =>
      i === v ? [] : list.slice(0, OF_OTHERS).flatMap((one) => one.lesson ?? []),
    );
    for (const [i, own] of papers.entries()) {
      const before = leaveOneOut ? papers.filter((one) => one !== own) : papers.slice(0, i);
      if (!leaveOneOut && i < Math.min(FROM, papers.length - 1)) continue;
      for (let k = 0; k <= Math.min(most, before.length); k += 1) {
        const lessons = before.slice(0, k).flatMap((one) => one.lesson ?? []);
        const read = readWith(own.paper, [...others, ...lessons]);
        if (k === 0 && read.memory !== undefined) foreign += 1;
        const counted = count(steps[k] as Step, own, read);
        misses.push(...counted.map((miss) => ({ ...miss, paper: own.paper.name, lessons: k })));
      }
    }
  }
  return { steps, misses, foreign };
}

function count(step: Step, { paper, alone }: Own, read: Extraction): (FieldOutcome & { worse: boolean })[] {
  const base = scoreOf(paper, alone);
  return scoreOf(paper, read).flatMap((outcome, i) => {
    const field = step.fields.get(outcome.field) ?? { known: 0, right: 0 };
    step.fields.set(outcome.field, { known: field.known + 1, right: field.right + (outcome.right ? 1 : 0) });
    step.known += 1;
    const worse = base[i]?.right === true && !outcome.right;
    if (outcome.right) step.right += 1;
    if (worse) step.worse += 1;
    if (outcome.remembered && outcome.confidence >= 0.95) {
      step.sure += 1;
      if (outcome.right) step.sureRight += 1;
    }
    return outcome.right ? [] : [{ ...outcome, worse }];
  });
}
