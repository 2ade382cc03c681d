/**
 * Places the lines of an e-invoice on its visible page. First by the rows that the text reader found there: the row with the same amounts is the line.
 * Lines it did not find are sought by their words, and their numbers near them. Heights are those of the displayed page.
 */
import type { Box, ReadCell, ReadLine } from '../contract/reading.ts';
import { labelKey, nameTokens } from '../extract/layout/text.ts';
import { boxOf } from '../extract/layout/model.ts';
import type { Token } from '../extract/layout/model.ts';
import { absolute, compare } from '../invoice/decimal.ts';
import { LINE_FIELDS } from '../invoice/fields.ts';
import type { LineField } from '../invoice/fields.ts';
import type { Print, Visible } from './visible.ts';

export interface Place {
  readonly page: number;
  readonly box: Box;
}

/** The part of a page where a line's values stand. */
interface Region {
  readonly page: number;
  readonly top: number;
  readonly bottom: number;
  /** Height of its words. */
  readonly height: number;
}
type Places = Partial<Record<LineField, Place>>;

const NUMERIC = ['lineTotal', 'unitPrice', 'quantity', 'discount', 'taxRate'] as const satisfies LineField[];
const AS_PRINTED: ReadonlySet<string> = new Set(['description', 'unit']);
const isNumeric = (field: string): boolean => (NUMERIC as readonly string[]).includes(field);

export function union(places: readonly Place[]): Place | undefined {
  const [first] = places;
  if (first === undefined) return undefined;
  const boxes = places.filter((place) => place.page === first.page).map((place) => place.box);
  const edge = (pick: (...n: number[]) => number, i: 0 | 1 | 2 | 3): number => pick(...boxes.map((box) => box[i]));
  return { page: first.page, box: [edge(Math.min, 0), edge(Math.min, 1), edge(Math.max, 2), edge(Math.max, 3)] };
}

const placeOfCell = (cell: ReadCell | undefined): Place | undefined =>
  cell?.page !== undefined && cell.box ? { page: cell.page, box: cell.box } : undefined;

const sameNumber = (a: ReadCell | undefined, b: ReadCell | undefined): boolean =>
  a !== undefined && b !== undefined && compare(absolute(a.value), absolute(b.value)) === 0;

/** How well a row of the page fits a line: shared numbers, and words of the description. */
function fit(line: ReadLine, row: ReadLine): number {
  const numbers = NUMERIC.filter((name) => sameNumber(line.cells[name], row.cells[name])).length;
  const words = new Set(nameTokens(line.cells.description?.value ?? ''));
  const shared = nameTokens(row.cells.description?.value ?? '').filter((word) => words.has(word)).length;
  const total = sameNumber(line.cells.lineTotal, row.cells.lineTotal) ? 1 : 0;
  return total + numbers + Math.min(shared, 3);
}

/** Row of the page for each line, in the page's order; a row serves one line. */
function matchRows(lines: readonly ReadLine[], rows: readonly ReadLine[]): (ReadLine | undefined)[] {
  let from = 0;
  return lines.map((line) => {
    const scored = rows.slice(from).map((row, i) => ({ index: from + i, score: fit(line, row) }));
    const best = scored.toSorted((a, b) => b.score - a.score || a.index - b.index)[0];
    if (best === undefined || best.score < 3) return undefined;
    from = best.index + 1;
    return rows[best.index];
  });
}

const regionOf = (places: readonly Place[], margin: number): Region | undefined => {
  const whole = union(places);
  if (whole === undefined) return undefined;
  const height = Math.min(...places.map((p) => p.box[3] - p.box[1]));
  return {
    page: whole.page,
    top: whole.box[1] - height * margin,
    bottom: whole.box[3] + height * margin,
    height,
  };
};

const isIn = (region: Region, token: Token): boolean => {
  const middle = (token.box[1] + token.box[3]) / 2;
  return token.page === region.page && middle > region.top && middle < region.bottom;
};

const distance = (print: Print, y: number): number => Math.abs((print[0]?.box[1] ?? 0) - y);

/** Fills what is still without a place from the words of the region; a word serves one cell. */
function fillFrom(visible: Visible, line: ReadLine, region: Region, places: Places): void {
  const used = new Set<number>();
  const middle = (region.top + region.bottom) / 2;
  const take = (field: LineField, prints: readonly Print[]): void => {
    const inside = prints.filter((print) => print.every((t) => isIn(region, t) && !used.has(t.index)));
    const best = inside.toSorted((a, b) => distance(a, middle) - distance(b, middle))[0];
    if (best?.[0] === undefined) return;
    for (const token of best) used.add(token.index);
    places[field] = { page: best[0].page, box: boxOf(best) };
  };
  for (const [name, cell] of Object.entries(line.cells) as [LineField, ReadCell][]) {
    if (places[name] !== undefined || name === 'unit' || name === 'description') continue;
    if (isNumeric(name) && cell.value === '0') continue;
    take(name, visible.find(isNumeric(name) ? 'decimal' : LINE_FIELDS[name].type, cell.value));
  }
}

function placesOnRow(visible: Visible, line: ReadLine, row: ReadLine): Places {
  const places: Places = {};
  for (const [name, cell] of Object.entries(line.cells) as [LineField, ReadCell][]) {
    const seen = row.cells[name];
    // A code for a unit and the words of a description are printed in ways of their own; where they stand is known all the same.
    const same = isNumeric(name) ? sameNumber(cell, seen) : AS_PRINTED.has(name) || sameText(cell, seen);
    const place = same ? placeOfCell(seen) : undefined;
    if (place) places[name] = place;
  }
  const all = Object.values(row.cells).flatMap((cell) => placeOfCell(cell) ?? []);
  const region = regionOf(all, 0.5);
  if (region) fillFrom(visible, line, region, places);
  return places;
}
const sameText = (a: ReadCell, b: ReadCell | undefined): boolean =>
  b !== undefined && labelKey(a.value) === labelKey(b.value);

/** A line by its words: the description, its beginning or the article number; its numbers stand up to two rows above or below. */
function placesByWords(visible: Visible, line: ReadLine, after: Place | undefined): Places {
  const name = line.cells.description?.value.split('\n')[0] ?? '';
  const words = name.split(' ');
  const texts = [name, words.length > 4 ? words.slice(0, 4).join(' ') : '', line.cells.articleNumber?.value ?? ''];
  const isAfter = (token: Token): boolean =>
    after === undefined || token.page > after.page || (token.page === after.page && token.box[1] > after.box[1]);
  for (const text of texts.filter((t) => t.length > 2)) {
    const print = visible.find('text', text).find((p) => p[0] !== undefined && isAfter(p[0]));
    if (print?.[0] === undefined) continue;
    const place: Place = { page: print[0].page, box: boxOf(print) };
    const places: Places = { description: place };
    const region = regionOf([place], 2);
    if (region) fillFrom(visible, line, region, places);
    return places;
  }
  return {};
}

export function placeLines(visible: Visible, lines: readonly ReadLine[]): ReadLine[] {
  const rows = matchRows(lines, visible.seen.lines);
  let after: Place | undefined;
  return lines.map((line, index) => {
    const row = rows[index];
    const places = row ? placesOnRow(visible, line, row) : placesByWords(visible, line, after);
    const whole = union(Object.values(places));
    after = whole ?? after;
    const cells = Object.entries(line.cells).map(([name, cell]) => [name, { ...cell, ...places[name as LineField] }]);
    return { ...line, ...whole, cells: Object.fromEntries(cells) as ReadLine['cells'] };
  });
}
