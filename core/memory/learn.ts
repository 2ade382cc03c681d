/** A confirmed invoice and the words of its pages -> the lesson it teaches. */
import type { Box } from '../contract/reading.ts';
import { buildContext, type Context } from '../extract/candidates/context.ts';
import type { Token } from '../extract/layout/model.ts';
import { boxOf, textOf } from '../extract/layout/model.ts';
import { editDistance } from '../extract/layout/text.ts';
import { isAmbiguous } from '../extract/values/date.ts';
import { findTableHeads } from '../extract/table/columns.ts';
import { readTable } from '../extract/table/rows.ts';
import { HEADER_FIELD_NAMES, HEADER_FIELDS, type HeaderField } from '../invoice/fields.ts';
import { domainKey, ibanKey, keysOn, lineKey, type PageKey, taxKey, weightOf } from './keys.ts';
import type { Confirmed, FieldLesson, Lesson, Spot, Taught } from './lesson.ts';
import { pagesToLearn } from './pages.ts';
import { printOf } from './print.ts';
import { printed } from './printed.ts';
import { spotOf } from './spots.ts';
import { formOf, idKey, natureOf, type Printed, printedValues, references, type Style } from './values.ts';

const MOST_SPOTS = 4;
const MOST_KEYS = 48;

/** Undefined where there is nothing to learn from: no words, or no vendor. */
export function learn(taught: Taught): Lesson | undefined {
  const vendorName = taught.fields.vendorName?.value;
  const pages = pagesToLearn(taught.pages);
  if (vendorName === undefined || vendorName === null || pages.length === 0) return undefined;
  const plain = buildContext(pages);
  const context = { ...plain, tableLines: readTable(plain, findTableHeads(plain)).lines };
  const style = styleOf(context, taught);
  const fields: Lesson['fields'] = {};
  for (const field of HEADER_FIELD_NAMES) {
    const confirmed = taught.fields[field];
    if (confirmed === undefined || natureOf(field) === 'none') continue;
    if (confirmed.value === null && confirmed.was === null) continue;
    fields[field] = fieldLesson(context, field, confirmed, style);
  }
  apart(fields);
  const { invoice, document, rates } = taught;
  const keys = keysOf(context, taught, vendorName);
  return { v: 1, vendorName, invoice, document, keys, print: printOf(context), style, rates: [...rates], fields };
}

/** What is due is mostly the gross total: then its place may be the gross total's, and says nothing of what is due after a payment. */
function apart({ amountDue, grossTotal }: Lesson['fields']): void {
  if (amountDue !== undefined && amountDue.value === grossTotal?.value) amountDue.spots = [];
}

/** How numbers and dates are written, where the confirmed values leave one way only. */
function styleOf(context: Context, taught: Taught): Style {
  const orders = new Set<'dayFirst' | 'monthFirst'>();
  for (const field of ['issueDate', 'dueDate', 'deliveryDate'] as const) {
    const value = taught.fields[field]?.value;
    if (value === undefined || value === null) continue;
    for (const date of context.dates) {
      if (date.dayFirst === date.monthFirst) continue;
      if (isAmbiguous(date) && date.dayFirst === value) orders.add('dayFirst');
      if (isAmbiguous(date) && date.monthFirst === value) orders.add('monthFirst');
    }
  }
  const [order] = orders;
  const { mark } = context;
  return {
    ...(mark === undefined ? {} : { mark }),
    ...(orders.size === 1 && order !== undefined ? { dayOrder: order } : {}),
  };
}

function fieldLesson(context: Context, field: HeaderField, confirmed: Confirmed, style: Style): FieldLesson {
  const { value, was, by } = confirmed;
  const places = value === null ? [] : placesOf(context, field, value, confirmed, style);
  const first = places[0];
  const base = { value, was: was?.value ?? null, by, spots: places.map((place) => place.spot) };
  const wrong = was !== null && was.value !== value ? wordsIn(context, was.page, was.box) : [];
  const label = first === undefined ? undefined : labelOf(context, first.tokens);
  return {
    ...base,
    ...(wrong.length > 0 ? { not: [spotOf(context, wrong)] } : {}),
    ...(label === undefined ? {} : { label }),
    ...(first === undefined ? {} : { seen: { page: (first.tokens[0] as Token).page, box: boxOf(first.tokens) } }),
  };
}

interface Found {
  readonly spot: Spot;
  readonly tokens: readonly Token[];
}

/** Where the value is printed, the place a person or the reader pointed at first. */
function placesOf(context: Context, field: HeaderField, value: string, at: Confirmed, style: Style): Found[] {
  const { type } = HEADER_FIELDS[field];
  const found =
    type === 'id' && natureOf(field) === 'placed'
      ? idPlaces(context, value)
      : typedPlaces(context, field, value, style);
  const pointed = new Set(wordsIn(context, at.page, at.box).map((t) => t.index));
  const isPointed = (f: Found): boolean => f.tokens.some((t) => pointed.has(t.index));
  const inTable = (f: Found): boolean =>
    f.tokens.some((t) => context.tableLines.has(context.layout.lineOf[t.index]?.index ?? -1));
  const rank = (f: Found): number => (isPointed(f) ? 0 : inTable(f) ? 2 : 1);
  const best = found.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_SPOTS);
  // An amount that was typed in: sums stand below what they sum up, and a line of the table may have the same amount.
  const last = found.findLast((f) => f.spot.left.some((word) => word !== '#'));
  if (type === 'amount' && last !== undefined && !found.some(isPointed)) return [last];
  // The same day elsewhere is chance where it is known which one was meant: due on the day of issue.
  return type === 'date' && best[0] !== undefined && isPointed(best[0]) ? best.filter(isPointed) : best;
}

function typedPlaces(context: Context, field: HeaderField, value: string, style: Style): Found[] {
  if (natureOf(field) !== 'placed') {
    const tokens = printed(context, value);
    return tokens.length === 0 ? [] : [{ tokens, spot: spotOf(context, tokens) }];
  }
  const all = printedValues(context, field, style);
  const exact = all.filter((p) => p.value === value);
  const near = exact.length > 0 ? exact : all.filter((p) => isMisread(p, value));
  return near.map((p) => ({ tokens: p.tokens, spot: spotOf(context, p.tokens) }));
}

/** One digit of a scan read wrong: the place is right all the same. */
const isMisread = (found: Printed, value: string): boolean => {
  const [a, b] = [found.value.replace(/\D/g, ''), value.replace(/\D/g, '')];
  return found.tokens[0]?.source === 'ocr' && b.length >= 4 && a.length === b.length && editDistance(a, b, 1) === 1;
};

const LENGTHS = [1, 2, 3, 4];

function idPlaces(context: Context, value: string): Found[] {
  const want = idKey(value);
  if (want === '') return [];
  const runs = references(context, LENGTHS);
  const whole = runs.filter((run) => idKey(run.value) === want);
  const shortest = Math.min(...whole.map((run) => run.tokens.length));
  if (whole.length > 0)
    return whole
      .filter((run) => run.tokens.length === shortest)
      .map((run) => ({ tokens: run.tokens, spot: { ...spotOf(context, run.tokens), form: formOf(run.value) } }));
  const glued = runs.filter((run) => run.tokens.length === 1).flatMap((run) => gluedPlace(context, run, value));
  if (glued.length > 0) return glued;
  const misread = runs.filter(
    (run) => run.tokens[0]?.source === 'ocr' && want.length >= 5 && editDistance(idKey(run.value), want, 1) <= 1,
  );
  return misread.map((run) => ({ tokens: run.tokens, spot: { ...spotOf(context, run.tokens), form: formOf(value) } }));
}

/** The value within a word: "Nr.4711", "2024-17/A". */
function gluedPlace(context: Context, run: Printed, value: string): Found[] {
  const at = run.text.indexOf(value);
  if (at < 0 || value.length < 3) return [];
  const prefix = run.text.slice(0, at);
  const suffix = run.text.slice(at + value.length);
  if (/\d/.test(prefix + suffix)) return [];
  const affix = { ...(prefix ? { prefix } : {}), ...(suffix ? { suffix } : {}) };
  return [{ tokens: run.tokens, spot: { ...spotOf(context, run.tokens), ...affix, form: formOf(value) } }];
}

/** Words of which at least half lies in a box of the displayed page. */
export function wordsIn(context: Context, page: number | undefined, box: Box | undefined): Token[] {
  if (page === undefined || box === undefined) return [];
  return context.layout.tokens.filter((token) => {
    if (token.page !== page) return false;
    const [x0, y0, x1, y1] = token.box;
    const shared = (Math.min(x1, box[2]) - Math.max(x0, box[0])) * (Math.min(y1, box[3]) - Math.max(y0, box[1]));
    return Math.min(x1, box[2]) > Math.max(x0, box[0]) && shared * 2 >= (x1 - x0) * (y1 - y0);
  });
}

/** The printed words to the left on the line, or else right above: what people call the label. */
function labelOf(context: Context, tokens: readonly Token[]): string | undefined {
  const first = tokens[0] as Token;
  const line = context.layout.lineOf[first.index];
  const before = (line?.segments ?? []).filter((s) => s.x0 < first.x0);
  const own = before.at(-1)?.tokens.filter((t) => t.x1 <= first.x0 + 2 && !/\d/.test(t.text)) ?? [];
  const next = (before.at(-2)?.tokens ?? []).filter((t) => !/\d/.test(t.text));
  const left = (own.length > 0 ? own : next).slice(-5);
  if (left.some((t) => t.key.length >= 2)) return textOf(left).slice(0, 60);
  const page = context.layout.pages.find((p) => p.page === first.page);
  const above = (page?.lines ?? [])
    .filter((l) => l.y1 <= first.y0 + 2 && first.y0 - l.y1 < 60)
    .flatMap((l) => l.segments)
    .filter((s) => s.x0 < first.x1 && s.x1 > first.x0 && /\p{L}{2}/u.test(s.text))
    .at(-1);
  return above?.text.slice(0, 60);
}

function keysOf(context: Context, { fields }: Taught, vendorName: string): Lesson['keys'] {
  const value = (field: HeaderField): string => fields[field]?.value ?? '';
  const own = new Set([taxKey(value('vendorTaxId')), ibanKey(value('vendorIban')), domainKey(value('vendorEmail'))]);
  const foreign = new Set([
    taxKey(value('buyerTaxId')),
    lineKey(value('buyerName')),
    ...[...value('buyerAddress').split('\n'), ...value('deliveryAddress').split('\n')].map(lineKey),
  ]);
  const buyer = idKey(value('buyerName')).replace(/\d/g, '');
  const isForeign = ({ key }: PageKey): boolean =>
    foreign.has(key) || (buyer.length >= 6 && key.startsWith('line:') && key.includes(buyer));
  const found = keysOn(context).filter((key) => !isForeign(key));
  const name = lineKey(vendorName);
  const isOwn = (key: string): boolean => own.has(key) || (key === name && key.length > 9);
  return found
    .map(({ key }) => (isOwn(key) ? { key, own: true } : { key }))
    .toSorted((a, b) => weightOf(b.key) - weightOf(a.key))
    .slice(0, MOST_KEYS);
}
