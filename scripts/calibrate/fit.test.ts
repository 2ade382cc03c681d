import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareAt } from '../../core/extract/score/calibrate.ts';
import { fitCurves, leaveOut, transferOf } from './curves.ts';
import type { Scored } from './curves.ts';
import { fitCurve, isotonic, lowerEnd } from './fit.ts';
import type { Point } from './fit.ts';
import { reliabilityOf } from './reliability.ts';

/** `count` answers at a score, `right` of them right. */
const answers = (score: number, count: number, right: number): Point[] =>
  Array.from({ length: count }, (_, i) => ({ score, right: i < right }));
const plain = { common: undefined, transfer: 1 };

const step = (score: number, right: number) => ({
  from: score,
  to: score,
  count: 10,
  right,
  share: right / 10,
});

test('steps that fall are one step', () => {
  expect(isotonic([step(0.2, 4), step(0.4, 8), step(0.6, 6), step(0.8, 9)]).map((s) => [s.count, s.share])).toEqual([
    [10, 0.4],
    [20, 0.7],
    [10, 0.9],
  ]);
});

test('the lower end comes nearer with the count', () => {
  const ends = [5, 50, 500].map((count) => lowerEnd(1, count));
  expect(ends.map((end) => Math.round(end * 1000))).toEqual([952, 995, 1000]);
});

test('a curve says what was seen, a little less where little was seen', () => {
  const many = fitCurve([...answers(0.3, 400, 120), ...answers(0.8, 400, 380)], plain);
  expect(shareAt(many, 0.3)).toBeCloseTo(0.28, 1);
  expect(shareAt(many, 0.8)).toBeCloseTo(0.94, 1);
  const few = fitCurve([...answers(0.3, 12, 4), ...answers(0.8, 12, 12)], plain);
  expect(shareAt(few, 0.8)).toBeLessThan(0.985);
});

test('few answers are drawn towards the common curve', () => {
  const common = [
    [0, 0.5],
    [1, 0.5],
  ] as const;
  const own = answers(0.8, 12, 12);
  expect(shareAt(fitCurve(own, { common, transfer: 1 }), 0.8)).toBeLessThan(shareAt(fitCurve(own, plain), 0.8));
});

test('the transfer multiplies the errors', () => {
  const points = answers(0.8, 1000, 950);
  const right = (transfer: number): number => shareAt(fitCurve(points, { common: undefined, transfer }), 0.8);
  expect(1 - right(2)).toBeCloseTo(2 * (1 - right(1)), 2);
});

test('any curve rises and stays under certainty', () => {
  const point = fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), right: fc.boolean() });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 300 }), (points) => {
      const curve = fitCurve(points, { common: undefined, transfer: 1.5 });
      return curve.every(([x, y], i) => y < 1 && (i === 0 || (x >= curve[i - 1]![0] && y >= curve[i - 1]![1])));
    }),
  );
});

const sample = (family: string, score: number, right: boolean): Scored => ({
  file: '',
  path: 'grossTotal',
  origin: 'ocr',
  evidence: 'labelled',
  score,
  confidence: 0,
  right,
  family,
});
const family = (name: string, wrong: number): Scored[] =>
  Array.from({ length: 400 }, (_, i) => sample(name, 0.8, i >= wrong));

test('a layout left out that is worse than the others sets the price of an unknown one', () => {
  const left = leaveOut([...family('letter', 20), ...family('grid', 20), ...family('till', 60)]);
  expect(left.map((l) => [l.family, l.wrong])).toEqual([
    ['grid', 20],
    ['letter', 20],
    ['till', 60],
  ]);
  expect(transferOf(left)['header/ocr']).toBeGreaterThan(2);
  expect(transferOf(left)['lines/text']).toBe(1);
});

test('a rare field has no curve of its own, its type has', () => {
  const rare = { ...sample('letter', 0.5, true), path: 'netTotal' };
  const curves = fitCurves([...family('letter', 20), rare], transferOf([]));
  expect([...curves.keys()]).toEqual(['any/ocr', 'grossTotal/ocr', 'grossTotal/ocr/labelled', 'type.amount/ocr']);
});

const of = (confidence: number, right: boolean) => ({ ...sample('', 0, right), confidence });

test('reliability is the mean distance between what was promised and what held', () => {
  const samples = [of(0.96, true), of(0.96, true), of(0.96, false), of(0.96, true), of(0.4, false), of(0.4, true)];
  const { error, overconfidence, sure, bins } = reliabilityOf(samples);
  expect(bins.map((b) => [b.from, b.count])).toEqual([
    [0.3, 2],
    [0.95, 4],
  ]);
  expect(error).toBeCloseTo((4 * 0.21 + 2 * 0.1) / 6);
  expect(overconfidence).toBeCloseTo((4 * 0.21) / 6);
  expect(sure).toEqual({ share: 4 / 6, right: 0.75 });
});
