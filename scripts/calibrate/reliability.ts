/** How often values of a confidence were right: the check of the curves on documents that they were not fitted on. */
import type { Sample } from './samples.ts';

const EDGES = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975] as const;

export interface Bin {
  readonly from: number;
  readonly count: number;
  /** Mean confidence, and the share that was right. */
  readonly said: number;
  readonly right: number;
}

export interface Reliability {
  readonly count: number;
  readonly right: number;
  readonly bins: readonly Bin[];
  /** Expected calibration error: mean distance between confidence and right answers, weighed by count. */
  readonly error: number;
  /** The part of it where more was promised than held. */
  readonly overconfidence: number;
  readonly sure: { readonly share: number; readonly right: number };
}

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / Math.max(list.length, 1);
const share = (samples: readonly Sample[]): number => mean(samples.map((s) => Number(s.right)));

export function reliabilityOf(samples: readonly Sample[]): Reliability {
  const bins = EDGES.map((from, i): Bin => {
    const to = EDGES[i + 1] ?? Infinity;
    const own = samples.filter((s) => s.confidence >= from && s.confidence < to);
    return { from, count: own.length, said: mean(own.map((s) => s.confidence)), right: share(own) };
  }).filter((bin) => bin.count > 0);
  const weighed = (gap: (bin: Bin) => number): number =>
    bins.reduce((sum, bin) => sum + bin.count * gap(bin), 0) / Math.max(samples.length, 1);
  const sure = samples.filter((s) => s.confidence >= 0.95);
  return {
    count: samples.length,
    right: share(samples),
    bins,
    error: weighed((bin) => Math.abs(bin.said - bin.right)),
    overconfidence: weighed((bin) => Math.max(0, bin.said - bin.right)),
    sure: { share: sure.length / Math.max(samples.length, 1), right: share(sure) },
  };
}
