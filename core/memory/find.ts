/** A field's value on this page, at the place where the lessons saw it. */
import type { Context } from '../extract/candidates/context.ts';
import type { Token } from '../extract/layout/model.ts';
import { HEADER_FIELDS, type HeaderField } from '../invoice/fields.ts';
import type { FieldLesson, Spot } from './lesson.ts';
import { alike, type Shift, spotOf } from './spots.ts';
import { formOf, natureOf, type Printed, printedValues, references, type Style } from './values.ts';
import type { Fitting } from './vendor.ts';

export interface Remembered extends Printed {
  /** 0..1: how much the place is like the learnt ones. */
  readonly score: number;
  /** The best other value. */
  readonly second: number;
  readonly lessons: number;
}

interface Learnt {
  readonly field: FieldLesson;
  readonly shift: Shift;
}

export const learntOf = (lessons: readonly Fitting[], field: HeaderField): Learnt[] =>
  lessons.flatMap(({ lesson, fit }) => {
    const one = lesson.fields[field];
    return one === undefined ? [] : [{ field: one, shift: fit.shift }];
  });

/** The best of the learnt places, by lesson; the first is where a person pointed, the others may be chance. */
const bestOf = (spots: readonly Spot[], seen: Spot, shift: Shift): number =>
  Math.max(0, ...spots.map((spot, i) => alike(spot, seen, shift) * (i === 0 ? 1 : 0.95)));

/** What is like all of the lessons is where it belongs; one that is like some of them may be another variant of the layout. */
export function scoreOf(learnt: readonly Learnt[], seen: Spot): number {
  const scores = learnt
    .filter(({ field }) => field.spots.length > 0)
    .map(({ field, shift }) => bestOf(field.spots, seen, shift));
  if (scores.length === 0) return 0;
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return OF_THE_BEST * Math.max(...scores) + (1 - OF_THE_BEST) * mean;
}

const OF_THE_BEST = 0.4;

/** How much some words are like the places that turned out wrong. */
export const wrongScore = (learnt: readonly Learnt[], seen: Spot): number =>
  Math.max(0, ...learnt.flatMap(({ field, shift }) => (field.not ?? []).map((spot) => alike(spot, seen, shift))));

function candidates(context: Context, field: HeaderField, learnt: readonly Learnt[], style: Style): Printed[] {
  if (HEADER_FIELDS[field].type !== 'id') return printedValues(context, field, style);
  const spots = learnt.flatMap((one) => one.field.spots);
  const lengths = [...new Set(spots.map((spot) => spot.words))];
  const forms = new Set(spots.map((spot) => spot.form));
  const affixes = spots.filter((spot) => spot.prefix !== undefined || spot.suffix !== undefined);
  const runs = references(context, lengths).map((run) => withoutAffix(run, affixes));
  const fitting = runs.filter((run) => forms.has(formOf(run.value)));
  // Another form than ever seen is rather another number than the one looked for; a scan may have lost a dash.
  return fitting.length > 0 ? fitting : runs;
}

function withoutAffix(run: Printed, affixes: readonly Spot[]): Printed {
  for (const { prefix = '', suffix = '' } of affixes) {
    if (!run.text.startsWith(prefix) || !run.text.endsWith(suffix)) continue;
    const value = run.text.slice(prefix.length, run.text.length - suffix.length);
    if (/\d/.test(value)) return { ...run, value };
  }
  return run;
}

/** Where nothing is alike the value is not there. */
const LEAST = 0.5;

/** Every value that is printed at a place like the learnt ones, the most alike first. */
export function rankRemembered(
  context: Context,
  field: HeaderField,
  lessons: readonly Fitting[],
  style: Style,
): Omit<Remembered, 'second'>[] {
  const learnt = learntOf(lessons, field).filter((one) => one.field.spots.length > 0);
  if (learnt.length === 0 || natureOf(field) !== 'placed') return [];
  const spots = new Map<string, Spot>();
  const spotAt = (tokens: readonly Token[]): Spot => {
    const key = `${tokens[0]?.index} ${tokens.length}`;
    const known = spots.get(key) ?? spotOf(context, tokens);
    spots.set(key, known);
    return known;
  };
  return candidates(context, field, learnt, style)
    .map((printed) => ({ ...printed, score: scoreOf(learnt, spotAt(printed.tokens)), lessons: learnt.length }))
    .filter(({ score }) => score >= LEAST)
    .toSorted((a, b) => b.score - a.score);
}

/** The most alike of them, and how much so the best other value is. */
export function bestRemembered(ranked: readonly Omit<Remembered, 'second'>[]): Remembered | undefined {
  const [best] = ranked;
  if (best === undefined) return undefined;
  const second = ranked.find((one) => one.value !== best.value)?.score ?? 0;
  return { ...best, second };
}
