/**
 * Raw scores -> confidence: how often a value with this score is right, measured on documents with known truth and smoothed by hand.
 * Rough on purpose: few documents, so no value reaches certainty.
 */
import type { FieldType, HeaderField } from '../../invoice/fields.ts';
import { HEADER_FIELDS } from '../../invoice/fields.ts';

/** Points of a rising curve: [score, share right]. */
type Curve = readonly (readonly [number, number])[];

const REFERENCES: Curve = [
  [0, 0.1],
  [0.35, 0.4],
  [0.5, 0.8],
  [0.7, 0.92],
  [0.85, 0.97],
  [1, 0.98],
];
const DATES: Curve = [
  [0, 0.1],
  [0.3, 0.65],
  [0.5, 0.88],
  [0.7, 0.95],
  [0.9, 0.97],
  [1, 0.98],
];
const NAMES: Curve = [
  [0, 0.1],
  [0.3, 0.42],
  [0.5, 0.66],
  [0.7, 0.76],
  [0.8, 0.86],
  [0.9, 0.92],
  [1, 0.97],
];
const IDS: Curve = [
  [0, 0.1],
  [0.5, 0.6],
  [0.7, 0.82],
  [0.8, 0.92],
  [0.95, 0.97],
  [1, 0.98],
];
const AMOUNTS: Curve = [
  [0, 0.1],
  [0.35, 0.45],
  [0.5, 0.68],
  [0.7, 0.86],
  [0.8, 0.95],
  [0.95, 0.985],
  [1, 0.99],
];
const CURRENCIES: Curve = [
  [0, 0.1],
  [0.5, 0.65],
  [0.8, 0.9],
  [0.9, 0.98],
  [1, 0.99],
];
const PLAIN: Curve = [
  [0, 0],
  [1, 0.97],
];

const CURVES: Partial<Record<FieldType, Curve>> = {
  id: REFERENCES,
  date: DATES,
  amount: AMOUNTS,
  taxId: IDS,
  iban: IDS,
  currency: CURRENCIES,
};

const curveOf = (field: HeaderField): Curve =>
  field === 'vendorName' || field === 'buyerName' ? NAMES : (CURVES[HEADER_FIELDS[field].type] ?? PLAIN);

export function calibrated(field: HeaderField, score: number): number {
  const curve = curveOf(field);
  for (const [i, [x1, y1]] of curve.entries()) {
    const before = curve[i - 1];
    if (score > x1) continue;
    if (!before) return y1;
    const [x0, y0] = before;
    return Math.round((y0 + ((y1 - y0) * (score - x0)) / (x1 - x0)) * 1000) / 1000;
  }
  return curve.at(-1)?.[1] ?? 0;
}
