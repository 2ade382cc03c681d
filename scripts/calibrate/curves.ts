/** All curves of a training set: by field and origin, by type of field where a field is too rare, and one of all fields. */
import { shareAt } from '../../core/extract/score/calibrate.ts';
import type { Curve, Origin } from '../../core/extract/score/calibrate.ts';
import { typeOfPath } from '../../core/extract/score/paths.ts';
import { fitCurve } from './fit.ts';
import type { Sample } from './samples.ts';

export type Scored = Sample & { readonly score: number };
export const isScored = (sample: Sample): sample is Scored => sample.score !== undefined;

export const ORIGINS: readonly Origin[] = ['text', 'ocr'];
/** A field with fewer answers takes the curve of its type. */
const LEAST_FIELD = 40;
/** A layout with fewer answers says little about the cost of an unknown layout. */
const LEAST_FAMILY = 150;
const MOST_TRANSFER = 4;

const keysOf = ({ path, origin }: Scored): string[] => [`${path}/${origin}`, `type.${typeOfPath(path)}/${origin}`];

function byKey(samples: readonly Scored[]): Map<string, Scored[]> {
  const groups = new Map<string, Scored[]>();
  for (const sample of samples)
    for (const key of keysOf(sample)) {
      const group = groups.get(key);
      if (group) group.push(sample);
      else groups.set(key, [sample]);
    }
  return groups;
}

export function fitCurves(samples: readonly Scored[], transfer: Readonly<Record<Origin, number>>): Map<string, Curve> {
  const curves = new Map<string, Curve>();
  for (const origin of ORIGINS) {
    const own = samples.filter((s) => s.origin === origin);
    const common = fitCurve(own, { common: undefined, transfer: 1 });
    curves.set(`any/${origin}`, fitCurve(own, { common: undefined, transfer: transfer[origin] }));
    for (const [key, group] of byKey(own))
      if (group.length >= LEAST_FIELD) curves.set(key, fitCurve(group, { common, transfer: transfer[origin] }));
  }
  return new Map([...curves].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** As `calibrated` does it, over curves that are not written yet. */
export function confidenceBy(curves: ReadonlyMap<string, Curve>, sample: Scored): number {
  const [own = '', type = ''] = keysOf(sample);
  const curve = curves.get(own) ?? curves.get(type) ?? curves.get(`any/${sample.origin}`) ?? [];
  return shareAt(curve, sample.score);
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
