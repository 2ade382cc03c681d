/** All curves of a training set: by field, origin and evidence; by field, by type of field and of all fields where answers are too few. */
import { curveKeys, shareAt } from '../../core/extract/score/calibrate.ts';
import type { Curve } from '../../core/extract/score/calibrate.ts';
import { fitCurve } from './fit.ts';
import type { Sample } from './samples.ts';

export type Scored = Sample & { readonly score: number };
export const isScored = (sample: Sample): sample is Scored => sample.score !== undefined;

/** Tables are read otherwise than labels: what an unknown layout costs is measured for each. */
export const PARTS = ['header/text', 'header/ocr', 'lines/text', 'lines/ocr'] as const;
export type Part = (typeof PARTS)[number];
export type Transfer = Readonly<Record<Part, number>>;
export const partOf = ({ path, origin }: Pick<Sample, 'path' | 'origin'>): Part =>
  `${path.includes('.') ? 'lines' : 'header'}/${origin}`;

/** With fewer answers a field, or a kind of evidence, takes the next wider curve. */
const LEAST = 30;
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
export function fitCurves(samples: readonly Scored[], transfer: Transfer, plain = false): Map<string, Curve> {
  const fitted = new Map<string, Curve>();
  const curves = new Map<string, Curve>();
  const groups = [...groupsOf(samples)].toSorted(([, a], [, b]) => a.wider.length - b.wider.length);
  for (const [key, { wider, samples: own }] of groups) {
    if (own.length < LEAST) continue;
    const common = wider.map((name) => fitted.get(name)).find((curve) => curve !== undefined);
    fitted.set(key, fitCurve(own, { common, transfer: 1, plain }));
    curves.set(key, fitCurve(own, { common, transfer: transferFor(key, own, transfer), plain }));
  }
  return new Map([...curves].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The curve of all fields is asked for header fields of a rare type. */
const transferFor = (key: string, [first]: readonly Scored[], transfer: Transfer): number => {
  if (first === undefined) return 1;
  return transfer[partOf(key.startsWith('any/') ? { ...first, path: '' } : first)];
};

/** As `calibrated` does it, over curves that are not written yet. */
export function confidenceBy(curves: ReadonlyMap<string, Curve>, sample: Scored): number {
  const curve = keysOf(sample)
    .map((key) => curves.get(key))
    .find((found) => found !== undefined);
  return shareAt(curve ?? [], sample.score);
}

export interface LeftOut {
  readonly family: string;
  readonly part: Part;
  readonly count: number;
  readonly wrong: number;
  readonly expected: number;
}

const FREE: Transfer = { 'header/text': 1, 'header/ocr': 1, 'lines/text': 1, 'lines/ocr': 1 };

/** Each layout read by curves that never saw it: wrong answers there were, and as many as the curves of the others said there would be. */
export function leaveOut(samples: readonly Scored[]): LeftOut[] {
  const families = [...new Set(samples.map((s) => s.family))].toSorted();
  return families.flatMap((family) => {
    const others = samples.filter((s) => s.family !== family);
    const curves = fitCurves(others, FREE, true);
    return PARTS.flatMap((part): LeftOut[] => {
      const own = samples.filter((s) => s.family === family && partOf(s) === part);
      const expected = own.reduce((sum, sample) => sum + 1 - confidenceBy(curves, sample), 0);
      const wrong = own.filter((s) => !s.right).length;
      return own.length < LEAST_FAMILY ? [] : [{ family, part, count: own.length, wrong, expected }];
    });
  });
}

/** Of each layout, as if two more wrong answers had been expected and found: few say little. */
export const ratioOf = ({ wrong, expected }: LeftOut): number => (wrong + 2) / (expected + 2);

/** The price of a layout never seen: the worst that leaving one out has cost. */
export function transferOf(left: readonly LeftOut[]): Transfer {
  const worst = (part: Part): number =>
    Math.min(MOST_TRANSFER, Math.max(1, ...left.filter((l) => l.part === part).map(ratioOf)));
  return Object.fromEntries(PARTS.map((part) => [part, Math.round(worst(part) * 100) / 100])) as Record<Part, number>;
}
