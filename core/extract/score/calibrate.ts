/**
 * [Note: Confidence]
 * A raw score orders the readings of one field; it is no share of right answers. The curves of curves.ts turn it into one: they were fitted by
 * `npm run calibrate` on generated invoices, one for each field, for text layers and pictures and for kinds of evidence apart; where that is too rare, a wider
 * curve answers (docs/reliability.md). The raw score stays in the cell, so that other curves can be fitted without reading again.
 */
import type { ReadCell, ReadLine, ReadTaxRow } from '../../contract/reading.ts';
import type { HeaderField } from '../../invoice/fields.ts';
import { hasLegalForm } from '../values/name.ts';
import { CURVES } from './curves.ts';
import { typeOfPath } from './paths.ts';

/** Points of a rising curve: [score, share right]. */
export type Curve = readonly (readonly [number, number])[];

/** `grossTotal`, `line.quantity`, `taxRow.base`. */
export type FieldPath = HeaderField | `line.${string}` | `taxRow.${string}`;

/** Where a value was read: words of a text layer have no misread letters. */
export type Origin = 'text' | 'ocr';
export const originOf = (cell: Pick<ReadCell, 'source'>): Origin => (cell.source === 'ocr' ? 'ocr' : 'text');

/** The share of right answers at a score; between two points in a straight line. */
export function shareAt(curve: Curve, score: number): number {
  const next = curve.findIndex(([x]) => score <= x);
  if (next < 0) return curve.at(-1)?.[1] ?? 0;
  const [x1, y1] = curve[next] ?? [0, 0];
  const [x0, y0] = curve[next - 1] ?? [x1, y1];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (score - x0)) / (x1 - x0);
}

/**
 * What kind of evidence chose a value: it makes the amounts add up, its check digits hold, a label names it, something else on the page confirms it, it has the
 * form of such a value, or only its place speaks for it. The same score is worth more with one than with another.
 */
export const EVIDENCE = ['sum', 'checked', 'labelled', 'confirmed', 'formed', 'placed'] as const;
export type Evidence = (typeof EVIDENCE)[number];

export function evidenceOf({ reasons, value }: Pick<ReadCell, 'reasons' | 'value'>): Evidence {
  const has = (...codes: readonly string[]): boolean => reasons.some((r) => codes.includes(r.split(':')[0] ?? ''));
  if (has('arithmetic', 'sum')) return 'sum';
  if (has('checksum')) return 'checked';
  if (has('label', 'labels', 'section')) return 'labelled';
  // A street stands on the page twice as well, with its number; a company's form of law is printed behind names alone.
  const legal = hasLegalForm(value);
  if (has('domain') || (has('repeated') && (legal || !/\d/.test(value)))) return 'confirmed';
  return legal || has('form') ? 'formed' : 'placed';
}

/** Names of the curves that may answer for a value, the closest first. */
export const curveKeys = (path: string, origin: Origin, evidence: Evidence): string[] => [
  `${path}/${origin}/${evidence}`,
  `${path}/${origin}`,
  `type.${typeOfPath(path)}/${origin}`,
  `any/${origin}`,
];

export function calibrated(path: FieldPath, origin: Origin, evidence: Evidence, score: number): number {
  const curve = curveKeys(path, origin, evidence)
    .map((key) => CURVES[key])
    .find((found) => found !== undefined);
  return Math.round(shareAt(curve ?? [], score) * 1000) / 1000;
}

/** The amounts of generated invoices always add up, so no curve knows what one is worth that contradicts the others: somebody has to look. */
const CONTRADICTED = 0.7;

/** A cell with a raw score -> the same with a confidence. */
export function withConfidence(path: FieldPath, cell: ReadCell): ReadCell {
  const confidence = calibrated(path, originOf(cell), evidenceOf(cell), cell.confidence);
  const contradicted = cell.reasons.includes('totals-disagree');
  return {
    ...cell,
    score: cell.confidence,
    confidence: contradicted ? Math.min(confidence, CONTRADICTED) : confidence,
  };
}

function calibrateCells<F extends string>(
  entity: 'line' | 'taxRow',
  cells: Readonly<Partial<Record<F, ReadCell>>>,
): Partial<Record<F, ReadCell>> {
  const entries = Object.entries(cells) as [F, ReadCell][];
  return Object.fromEntries(
    entries.map(([field, cell]) => [field, withConfidence(`${entity}.${field}`, cell)]),
  ) as Partial<Record<F, ReadCell>>;
}

export const calibrateLines = (lines: readonly ReadLine[]): ReadLine[] =>
  lines.map((line) => ({ ...line, cells: calibrateCells('line', line.cells) }));

export const calibrateTaxRows = (rows: readonly ReadTaxRow[]): ReadTaxRow[] =>
  rows.map((row) => ({ ...row, cells: calibrateCells('taxRow', row.cells) }));
