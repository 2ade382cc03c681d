/** Which vendor's page this is: keys seen on it, and whether it is printed the way that the lessons were. */
import type { Context } from '../extract/candidates/context.ts';
import { groupBy } from './group.ts';
import { editDistance } from '../extract/layout/text.ts';
import { nameKey } from '../invoice/ids.ts';
import { keysOn, weightOf } from './keys.ts';
import type { KnownLesson, Memory } from './lesson.ts';
import { type Fit, fitOf } from './print.ts';
import { nearlyPrinted } from './printed.ts';
import { idKey } from './values.ts';

export interface Fitting extends KnownLesson {
  readonly fit: Fit;
}

export interface Recognised {
  readonly vendor: string;
  readonly name: string;
  /** Lessons printed like this page; empty where only the vendor is known. */
  readonly lessons: readonly Fitting[];
  /** Every lesson of the vendor. */
  readonly all: readonly KnownLesson[];
}

/** One key that is the vendor's alone, or several that are likely so. */
const SURE = 0.65;
const WORTH_A_LOOK = 0.3;
/** Two pages of one layout share more, two vendors' pages of one program less, once their names are left out. */
const SAME_PRINT = 0.4;
const NEARLY_BEST = 0.35;
const SPOILT_PRINT = 0.6;
const MOST_LESSONS = 6;

/** Sum of what the shared keys say; a key of many vendors is the buyer's, or says nothing. */
function identity(lesson: KnownLesson, seen: ReadonlySet<string>, vendorsOf: Memory['vendorsOf']) {
  let score = 0;
  let own = false;
  for (const { key, own: isOwn } of lesson.lesson.keys) {
    if (!seen.has(key)) continue;
    const vendors = vendorsOf[key] ?? 1;
    score += weightOf(key) / vendors ** 2;
    if (isOwn === true && vendors === 1 && !key.startsWith('line:')) own = true;
  }
  return { score: score + (own ? 0.5 : 0), own };
}

interface Known {
  readonly lesson: KnownLesson;
  readonly own: boolean;
}

/**
 * Pages made by the same program for another vendor: the name that the lessons saw printed is not there, or stands there as the buyer's, the reader having
 * found another one where it never erred before or where nothing but words says whose page it is. A scan may have spoilt the name; then the vendor's own number and the whole print must speak for it.
 */
function isAnother(context: Context, group: readonly Known[], share: number, readName: string | undefined): boolean {
  const names = group.flatMap(({ lesson: { lesson } }) => lesson.fields.vendorName ?? []);
  const known = names.flatMap((one) => one.value ?? []);
  const isKnown = (name: string): boolean => known.some((one) => isLike(one, name));
  const isPrinted = names.every((one) => one.spots.length > 0);
  const neverErred = names.every((one) => one.was !== null && one.value !== null && isLike(one.value, one.was));
  const missing = isPrinted && !known.some((name) => nearlyPrinted(context, name));
  const mistakes = names.flatMap((one) => (one.was === null || one.was === one.value ? [] : one.was));
  const isMistake = readName !== undefined && mistakes.some((one) => isLike(one, readName));
  const doubtful = neverErred || !group.some(({ own }) => own);
  const differs = readName !== undefined && !isKnown(readName) && !isMistake && doubtful;
  if (!missing && !differs) return false;
  const scanned = context.layout.pages.some((page) => page.source === 'ocr');
  return !(scanned && share >= SPOILT_PRINT && group.some(({ own }) => own));
}

/** One name in the other, or but for a letter in five. */
function isLike(a: string, b: string): boolean {
  const [x, y] = [idKey(nameKey(a) ?? a), idKey(nameKey(b) ?? b)];
  if (x.includes(y) || y.includes(x)) return Math.min(x.length, y.length) >= 4 || x === y;
  const limit = Math.floor(Math.max(x.length, y.length) / 5);
  return editDistance(x, y, limit) <= limit;
}

export function recognise(context: Context, memory: Memory, readName: string | undefined): Recognised | undefined {
  const seen = new Set(keysOn(context).map((key) => key.key));
  const known = memory.lessons
    .map((lesson) => ({ lesson, ...identity(lesson, seen, memory.vendorsOf) }))
    .filter(({ score }) => score >= WORTH_A_LOOK)
    .map((one) => ({ ...one, fit: fitOf(context, one.lesson.lesson) }))
    .filter(({ score, fit }) => score + Math.max(0, fit.share - SAME_PRINT) >= SURE);
  const vendors = [...groupBy(known, (one) => one.lesson.vendor).values()].map((group) => {
    const share = Math.max(...group.map((one) => one.fit.share));
    return { group, share, score: Math.max(...group.map((one) => one.score)) + 2 * share };
  });
  const possible = vendors.filter(({ group, share }) => !isAnother(context, group, share, readName));
  const best = possible.toSorted((a, b) => b.score - a.score)[0];
  if (best === undefined) return undefined;
  const same = best.share >= SAME_PRINT;
  if (!same && !best.group.some((one) => one.own)) return undefined;
  const lessons = best.group
    .filter((one) => same && one.fit.share >= best.share - NEARLY_BEST && one.fit.share >= SAME_PRINT)
    .toSorted((a, b) => b.fit.share - a.fit.share)
    .slice(0, MOST_LESSONS)
    .map((one) => ({ ...one.lesson, fit: one.fit }));
  const first = best.group[0]?.lesson;
  if (first === undefined) return undefined;
  return { vendor: first.vendor, name: first.lesson.vendorName, lessons, all: best.group.map((one) => one.lesson) };
}
