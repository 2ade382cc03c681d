/** All curves of a training set: by field, origin and evidence; by field, by type of field and of all fields where answers are too few. */
import { curveKeys, shareAt } from '../../core/extract/score/calibrate.ts';
import type { Curve, Origin } from '../../core/extract/score/calibrate.ts';
import { fitCurve } from './fit.ts';
import type { Sample } from './samples.ts';

export type Scored = Sample & { readonly score: number };
export const isScored = (sample: Sample): sample is Scored => sample.score !== undefined;

export const ORIGINS: readonly Origin[] = ['text', 'ocr'];
/** With fewer answers a field, or a kind of evidence, takes the next wider curve. */
const LEAST = 40;
/** A layout with fewer answers says little about the cost of an unknown layout. */
const LEAST_FAMILY = 150;
const MOST_TRANSFER = 4;

const keysOf = ({ path, origin, evidence }: Scored): string[] => curveKeys(path, origin, evidence);

interface Group {
  /** Names of the curves that answer where this one is missing, the closest first. */
  readonly wider: readonly string[];
  readonly samples: Scored[];
}

function groupsOf(samples: readonly Scored[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const sample of samples)
    for (const [i, key] of keysOf(sample).entries()) {
      const group = groups.get(key) ?? { wider: keysOf(sample).slice(i + 1), samples: [] };
      group.samples.push(sample);
      groups.set(key, group);
    }
  return groups;
}

/** From the widest to the narrowest: a curve is drawn towards the next wider one where it has few answers. */
export function fitCurves(
  samples: readonly Scored[],
  transfer: Readonly<Record<Origin, number>>,
  plain = false,
): Map<string, Curve> {
  const fitted = new Map<string, Curve>();
  const curves = new Map<string, Curve>();
  const groups = [...groupsOf(samples)].toSorted(([, a], [, b]) => a.wider.length - b.wider.length);
  for (const [key, { wider, samples: own }] of groups) {
    if (own.length < LEAST) continue;
    const common = wider.map((name) => fitted.get(name)).find((curve) => curve !== undefined);
    fitted.set(key, fitCurve(own, { common, transfer: 1, plain }));
    curves.set(key, fitCurve(own, { common, transfer: transfer[own[0]?.origin ?? 'text'], plain }));
  }
  return new Map([...curves].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** As `calibrated` does it, over curves that are not written yet. */
export function confidenceBy(curves: ReadonlyMap<string, Curve>, sample: Scored): number {
  const curve = keysOf(sample)
    .map((key) => curves.get(key))
    .find((found) => found !== undefined);
  return shareAt(curve ?? [], sample.score);
}

export interface LeftOut {
  readonly family: string;
  readonly origin: Origin;
  readonly count: number;
  readonly wrong: number;
  readonly expected: number;
}

/** Each layout read by curves that never saw it: wrong answers there were, and as many as the curves of the others said there would be. */
export function leaveOut(samples: readonly Scored[]): LeftOut[] {
  const families = [...new Set(samples.map((s) => s.family))].toSorted();
  return families.flatMap((family) => {
    const curves = fitCurves(
      samples.filter((s) => s.family !== family),
      { text: 1, ocr: 1 },
      true,
    );
    return ORIGINS.flatMap((origin): LeftOut[] => {
      const own = samples.filter((s) => s.family === family && s.origin === origin);
      const expected = own.reduce((sum, sample) => sum + 1 - confidenceBy(curves, sample), 0);
      const wrong = own.filter((s) => !s.right).length;
      return own.length < LEAST_FAMILY ? [] : [{ family, origin, count: own.length, wrong, expected }];
    });
  });
}

/** The price of a layout never seen: the worst that leaving one out has cost. */
export function transferOf(left: readonly LeftOut[], origin: Origin): number {
  const ratios = left.filter((l) => l.origin === origin).map(({ wrong, expected }) => wrong / Math.max(expected, 1));
  return Math.round(Math.min(MOST_TRANSFER, Math.max(1, ...ratios)) * 100) / 100;
}
