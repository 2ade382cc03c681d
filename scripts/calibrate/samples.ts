/** Readings held against their truth: one sample a value, with the raw score it had and whether it was right. */
import type { ReadCell, Reading, ReadLine } from '../../core/contract/reading.ts';
import { evidenceOf, originOf } from '../../core/extract/score/calibrate.ts';
import type { Evidence, Origin } from '../../core/extract/score/calibrate.ts';
import { amountOf, isKnown, isRight, SCORED_FIELD_NAMES, alternatives, within } from '../bench/score/rules.ts';
import type { Known, ScoredField } from '../bench/score/rules.ts';
import { textLikeness } from '../bench/score/lines.ts';
import type { KnownLine } from '../bench/score/lines.ts';
import type { TruthLine } from '../bench/score/score.ts';

export interface Sample {
  readonly file: string;
  /** `grossTotal`, `line.quantity`. */
  readonly path: string;
  readonly origin: Origin;
  readonly evidence: Evidence;
  /** Raw; undefined where the value was not recognised but looked up (payment code, XML, vendor memory). */
  readonly score: number | undefined;
  readonly confidence: number;
  readonly right: boolean;
  /** What the document looks like: layouts are left out by it to see what an unknown one costs. */
  readonly family: string;
}

type Truth = TruthLine & { readonly family?: string; readonly source?: string };

/** Names of layouts where the truth has them, else the kind. */
const familyOf = (truth: Truth): string => truth.family ?? truth.layout ?? truth.kind;

/**
 * `complete`: the truth lists all that is printed, so that an answer to what is not in it is wrong, unless it follows from what is: the tax of several rates
 * added up, a total due that is the gross total.
 */
export function samplesOf(truth: Truth, reading: Reading, complete: boolean): Sample[] {
  return [...headerSamples(truth, reading, complete), ...lineSamples(truth, reading, complete)];
}

function sampleOf(truth: Truth, path: string, cell: ReadCell, right: boolean): Sample {
  const { score, confidence } = cell;
  return {
    file: truth.file,
    path,
    origin: originOf(cell),
    evidence: evidenceOf(cell),
    score,
    confidence,
    right,
    family: familyOf(truth),
  };
}

/** Known without being printed as such: the currency from the country, a tax number beside the VAT id. Nothing follows from an answer to them. */
const UNJUDGED: ReadonlySet<ScoredField> = new Set(['currency', 'vendorTaxId']);

const numberOf = (known: Known | undefined): number =>
  known === undefined ? Number.NaN : amountOf(alternatives(known)[0]);

/** What a total that is not printed follows from. */
function follows(truth: Truth, field: ScoredField, said: number): boolean {
  const gross = numberOf(truth.grossTotal);
  const [net, tax] = [numberOf(truth.netTotal), numberOf(truth.taxTotal)];
  const sources: Partial<Record<ScoredField, readonly number[]>> = {
    amountDue: [gross],
    netTotal: [gross, gross - tax],
    taxTotal: [gross - net, Number.isNaN(net) ? 0 : Number.NaN],
  };
  return sources[field]?.some((value) => within(value, said, 0.02)) ?? false;
}

function headerSamples(truth: Truth, { header }: Reading, complete: boolean): Sample[] {
  const fields = SCORED_FIELD_NAMES.flatMap((field): Sample[] => {
    const cell = header[field];
    if (cell === undefined) return [];
    const known = truth[field];
    if (known !== undefined && isKnown(known)) return [sampleOf(truth, field, cell, isRight(field, known, cell.value))];
    if (!complete || UNJUDGED.has(field)) return [];
    return [sampleOf(truth, field, cell, follows(truth, field, Number(cell.value)))];
  });
  const { documentType: type } = header;
  return type === undefined || truth.docType === undefined
    ? fields
    : [...fields, sampleOf(truth, 'documentType', type, type.value === truth.docType)];
}

const ROOM = { quantity: 0.001, unitPrice: 0.001, lineTotal: 0.01 } as const;
type NumberField = keyof typeof ROOM;
const NUMBER_FIELDS = Object.keys(ROOM) as readonly NumberField[];

const agrees = (known: Known | undefined, cell: ReadCell | undefined, room: number): boolean =>
  known !== undefined &&
  cell !== undefined &&
  alternatives(known).some((value) => within(Math.abs(amountOf(value)), Math.abs(Number(cell.value)), room));

function resemblance(known: KnownLine, { cells }: ReadLine): number {
  const numbers = NUMBER_FIELDS.filter((field) => agrees(known[field], cells[field], ROOM[field])).length;
  return numbers + (textLikeness(known.description, cells.description?.value) ?? 0);
}

/** Text that is all there, however much small print is around it. */
const ALIKE = 1.75;

/** Each line as read against the known line most like it; a line like none has no right cell, where all lines are known. */
function lineSamples(truth: Truth, { lines }: Reading, complete: boolean): Sample[] {
  const known = [...(truth.lineItems ?? [])];
  if (!isKnown(truth.lineItems)) return [];
  return lines.flatMap((line): Sample[] => {
    const best = known
      .map((other, i) => ({ i, other, like: resemblance(other, line) }))
      .filter(({ like }) => like >= 1)
      .toSorted((a, b) => b.like - a.like)[0];
    if (!best && !complete) return [];
    if (best) known.splice(best.i, 1);
    const of = best?.other;
    const numbers = NUMBER_FIELDS.flatMap((field): Sample[] => {
      const cell = line.cells[field];
      if (cell === undefined || (of !== undefined && !isKnown(of[field]))) return [];
      return [sampleOf(truth, `line.${field}`, cell, agrees(of?.[field], cell, ROOM[field]))];
    });
    const { description } = line.cells;
    if (description === undefined || (of !== undefined && !isKnown(of.description))) return numbers;
    const alike = (textLikeness(of?.description, description.value) ?? 0) >= ALIKE;
    return [...numbers, sampleOf(truth, 'line.description', description, alike)];
  });
}
