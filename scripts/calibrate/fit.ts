/**
 * Samples -> curves. Isotonic regression (pool adjacent violators) of right answers over raw scores; each step of it is drawn towards the curve of all fields
 * together as much as its count is small, and taken at the lower end of what the count allows. See docs/reliability.md.
 */
import { shareAt } from '../../core/extract/score/calibrate.ts';
import type { Curve } from '../../core/extract/score/calibrate.ts';

export interface Point {
  readonly score: number;
  readonly right: boolean;
}

export interface Step {
  /** Raw scores it reaches over. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly right: number;
  /** Share of right answers that the step stands for. */
  readonly share: number;
}

/** Fewer samples than this in a step say little. */
const LEAST = 12;
/** How many answers of the common curve a step is mixed with. */
const PRIOR = 10;
/** Standard deviations below the mean: one answer in three would be lower by chance. */
const DEVIATIONS = 0.5;
/** No reading is certain. */
const CEILING = 0.99;
const FLOOR = 0.01;

/** Neighbouring scores together until each group says something; equal scores are never parted. */
function grouped(points: readonly Point[]): Step[] {
  const least = Math.max(LEAST, points.length / 40);
  const steps: Step[] = [];
  let [from, count, right] = [0, 0, 0];
  const sorted = points.toSorted((a, b) => a.score - b.score);
  for (const [i, point] of sorted.entries()) {
    if (count === 0) from = point.score;
    count += 1;
    right += Number(point.right);
    const next = sorted[i + 1];
    if (next !== undefined && (count < least || next.score === point.score)) continue;
    steps.push({ from, to: point.score, count, right, share: right / count });
    [count, right] = [0, 0];
  }
  return steps;
}

const joined = (a: Step, b: Step): Step => {
  const count = a.count + b.count;
  const share = (a.share * a.count + b.share * b.count) / count;
  return { from: a.from, to: b.to, count, right: a.right + b.right, share };
};

/** Pool adjacent violators: where a better score was right less often, the two are one step. */
export function isotonic(steps: readonly Step[]): Step[] {
  const rising: Step[] = [];
  for (const step of steps) {
    let last = step;
    for (let before = rising.at(-1); before !== undefined && before.share >= last.share; before = rising.at(-1)) {
      rising.pop();
      last = joined(before, last);
    }
    rising.push(last);
  }
  return rising;
}

/** Lower end of Wilson's interval. */
export function lowerEnd(share: number, count: number): number {
  const z2 = DEVIATIONS ** 2;
  const centre = share + z2 / (2 * count);
  const spread = DEVIATIONS * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count ** 2));
  return (centre - spread) / (1 + z2 / count);
}

export interface FitOptions {
  /** The curve of all fields together; none for that curve itself. */
  readonly common: Curve | undefined;
  /** By how much wrong answers are more frequent on documents unlike the generated ones. */
  readonly transfer: number;
  /** As seen, not at the lower end: for comparing with what was seen elsewhere. */
  readonly plain?: boolean;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

export function fitCurve(points: readonly Point[], { common, transfer, plain = false }: FitOptions): Curve {
  const steps = isotonic(grouped(points)).map((step): Step => {
    const prior = common === undefined ? 0 : PRIOR;
    const count = step.count + prior;
    const share =
      (step.right + prior * (common === undefined ? 0 : shareAt(common, (step.from + step.to) / 2))) / count;
    return { ...step, share: plain ? share : lowerEnd(share, count) };
  });
  const curve = isotonic(steps).flatMap(({ from, to, share }): [number, number][] => {
    const wrong = (1 - share) * transfer;
    const said = round(Math.min(plain ? 1 : CEILING, Math.max(FLOOR, 1 - wrong)));
    const [start, end] = [round(from), round(to)];
    return start === end
      ? [[start, said]]
      : [
          [start, said],
          [end, said],
        ];
  });
  const [first] = curve;
  // Below the worst score seen the share falls to nothing.
  return first === undefined || first[0] === 0 ? curve : [[0, round(Math.min(first[1], 0.1))], ...curve];
}
