/** Plays a vendor's invoices one after the other: each is read with what the ones before it taught, then corrected by its truth as a person would. */
import type { Extraction, PageReading } from '../../../core/contract/reading.ts';
import { extract, vendorKeys } from '../../../core/extract/extract.ts';
import { canonicalDecimal } from '../../../core/invoice/decimal.ts';
import type { HeaderField } from '../../../core/invoice/fields.ts';
import { vendorKey } from '../../../core/invoice/ids.ts';
import type { Confirmed, KnownLesson, Memory } from '../../../core/memory/lesson.ts';
import { learn } from '../../../core/memory/learn.ts';
import {
  alternatives,
  isKnown,
  isRight,
  type Known,
  SCORED_FIELD_NAMES,
  SCORED_FIELDS,
  type ScoredField,
} from '../score/rules.ts';

export type Truth = Readonly<Partial<Record<ScoredField, Known>>>;

export interface Paper {
  readonly name: string;
  readonly vendor: string;
  readonly scanned?: boolean;
  readonly pages: readonly PageReading[];
  readonly truth: Truth;
}

export interface FieldOutcome {
  readonly field: ScoredField;
  readonly right: boolean;
  readonly said: string | undefined;
  readonly known: Known;
  readonly confidence: number;
  readonly remembered: boolean;
}

const canonical = (field: ScoredField, known: Known): string => {
  const first = alternatives(known)[0];
  return SCORED_FIELDS[field] === 'amount' ? (canonicalDecimal(String(first)) ?? String(first)) : String(first);
};

export const scoreOf = (paper: Paper, read: Extraction): FieldOutcome[] =>
  SCORED_FIELD_NAMES.flatMap((field): FieldOutcome[] => {
    const known = paper.truth[field];
    if (known === undefined || !isKnown(known)) return [];
    const cell = read.header[field];
    return [
      {
        field,
        known,
        said: cell?.value,
        right: cell !== undefined && isRight(field, known, cell.value),
        confidence: cell?.confidence ?? 0,
        remembered: cell?.reasons.some((reason) => /^memory(-fixed)?:/.test(reason)) === true,
      },
    ];
  });

/** What a person confirms: the truth where it is known, else what was read. */
export function lessonOf(paper: Paper, alone: Extraction): KnownLesson | undefined {
  const fields: Partial<Record<HeaderField, Confirmed>> = {};
  for (const [field, cell] of Object.entries(alone.header)) {
    const was = { value: cell.value, page: cell.page, box: cell.box };
    fields[field as HeaderField] = { value: cell.value, was, by: 'accepted', page: cell.page, box: cell.box };
  }
  for (const field of SCORED_FIELD_NAMES) {
    const known = paper.truth[field];
    if (known === undefined || !isKnown(known)) continue;
    const read = fields[field];
    if (read?.value !== undefined && isRight(field, known, read.value)) continue;
    fields[field] = { value: canonical(field, known), was: read?.was ?? null, by: 'corrected' };
  }
  const rates = alone.taxRows.flatMap((row) => row.cells.rate?.value ?? []);
  const lesson = learn({ invoice: paper.name, document: paper.name, pages: [...paper.pages], fields, rates });
  const vendor = vendorKey(lesson?.vendorName, null);
  return lesson === undefined || vendor === null ? undefined : { id: paper.name, vendor, lesson };
}

/** The lessons that a store would find by these keys, newest first. */
function lookUp(keys: ReadonlySet<string>, lessons: readonly KnownLesson[], most = 20): Memory {
  const vendors = new Map<string, Set<string>>();
  const found: { known: KnownLesson; shared: number }[] = [];
  for (const known of lessons) {
    let shared = 0;
    for (const { key } of known.lesson.keys) {
      if (!keys.has(key)) continue;
      shared += key.startsWith('line:') ? 1 : 4;
      vendors.set(key, (vendors.get(key) ?? new Set()).add(known.vendor));
    }
    if (shared > 0) found.push({ known, shared });
  }
  const best = found
    .toReversed()
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, most);
  const vendorsOf = Object.fromEntries([...vendors].map(([key, set]) => [key, set.size]));
  return { lessons: best.map((one) => one.known), vendorsOf };
}

export const readWith = (paper: Paper, lessons: readonly KnownLesson[]): Extraction =>
  extract(paper.pages, lookUp(keysOf(paper), lessons));

const kept = new WeakMap<Paper, ReadonlySet<string>>();

/** Found once a paper: they do not depend on what is known. */
function keysOf(paper: Paper): ReadonlySet<string> {
  const keys = kept.get(paper) ?? new Set(vendorKeys(paper.pages));
  kept.set(paper, keys);
  return keys;
}
