/**
 * Truth and predictions -> counts by kind of document, with what the confidence and the acceptance were worth. A field without truth is not scored: the truth
 * lists what is known, not all that is printed.
 */
import { basename } from 'node:path';
import { f1, scoreLines } from './lines.ts';
import type { KnownLine, LineScore, SaidLine } from './lines.ts';
import { CORE_FIELDS, isKnown, isRight, SCORED_FIELD_NAMES } from './rules.ts';
import type { Known, ScoredField } from './rules.ts';

export type TruthLine = Readonly<Partial<Record<ScoredField, Known>>> & {
  readonly file: string;
  readonly kind: string;
  readonly docType?: string;
  readonly language?: string;
  readonly synthetic?: boolean;
  readonly layout?: string;
  readonly lineItems?: readonly KnownLine[];
};

export type PredictionLine = Readonly<Partial<Record<ScoredField, unknown>>> & {
  readonly file: string;
  readonly lineItems?: readonly SaidLine[];
  readonly confidence?: Readonly<Record<string, number>>;
  /** By field: why it may be taken unseen. */
  readonly accepted?: Readonly<Record<string, readonly string[]>>;
};

export interface ScoredValue {
  readonly field: ScoredField;
  readonly known: boolean;
  readonly answered: boolean;
  readonly right: boolean;
  readonly confidence: number | undefined;
  readonly accepted: readonly string[] | undefined;
}

export interface ScoredDocument {
  readonly truth: TruthLine;
  readonly missing: boolean;
  readonly values: readonly ScoredValue[];
  readonly lines: LineScore | undefined;
}

export function scoreDocument(truth: TruthLine, said: PredictionLine | undefined): ScoredDocument {
  const values = SCORED_FIELD_NAMES.map((field): ScoredValue => {
    const given = said?.[field];
    const value: unknown = Array.isArray(given) ? given[0] : given;
    const known = truth[field];
    const answered = isKnown(given);
    return {
      field,
      known: isKnown(known),
      answered,
      right: answered && known !== undefined && isRight(field, known, value),
      confidence: answered ? said?.confidence?.[field] : undefined,
      accepted: answered ? said?.accepted?.[field] : undefined,
    };
  });
  const { lineItems: known, docType = 'invoice' } = truth;
  const unsigned = docType !== 'invoice' && docType !== 'receipt';
  const lines = isKnown(known) ? scoreLines(known ?? [], said?.lineItems ?? [], unsigned) : undefined;
  return { truth, missing: said === undefined, values, lines };
}

/** One prediction a document: where a file held several, the last. */
export function scoreAll(truth: readonly TruthLine[], predictions: readonly PredictionLine[]): ScoredDocument[] {
  const byName = new Map(predictions.map((line) => [basename(line.file), line]));
  return truth.map((line) => scoreDocument(line, byName.get(basename(line.file))));
}

/** The rows of the table that a document counts in. */
export function rowsOf(truth: TruthLine, by?: string): string[] {
  const rows = ['all', truth.kind];
  if (truth.synthetic) rows.push('scan:synthetic');
  else if (truth.kind === 'scan') rows.push('scan:real');
  if (truth.kind === 'digital-pdf') rows.push(truth.layout === 'xml-stylesheet' ? 'pdf:xml-stylesheet' : 'pdf:letter');
  rows.push(truth.docType === 'receipt' ? 'receipts' : 'invoices');
  if (by !== undefined) rows.push(`${by}=${String((truth as Readonly<Record<string, unknown>>)[by])}`);
  return rows;
}

export interface FieldCount {
  known: number;
  answered: number;
  right: number;
  /** Answered where nothing is known. */
  extra: number;
}

export interface Row {
  readonly documents: readonly ScoredDocument[];
  readonly fields: Readonly<Record<ScoredField, FieldCount>>;
  readonly core: { readonly known: number; readonly right: number };
  readonly lines: LineScore & { readonly documents: number };
}

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

function count(documents: readonly ScoredDocument[]): Row {
  const fields = Object.fromEntries(
    SCORED_FIELD_NAMES.map((field) => [field, { known: 0, answered: 0, right: 0, extra: 0 }]),
  ) as Record<ScoredField, FieldCount>;
  const lines = { documents: 0, known: 0, said: 0, found: 0, whole: 0 };
  for (const document of documents) {
    for (const { field, known, answered, right } of document.values) {
      const cell = fields[field];
      if (known) {
        cell.known += 1;
        cell.answered += Number(answered);
        cell.right += Number(right);
      } else cell.extra += Number(answered);
    }
    if (document.lines) lines.documents += 1;
    for (const key of ['known', 'said', 'found', 'whole'] as const) lines[key] += document.lines?.[key] ?? 0;
  }
  const scored = documents.filter((d) => coreOf(d).length > 0);
  const core = { known: scored.length, right: scored.filter((d) => coreOf(d).every((v) => v.right)).length };
  return { documents, fields, core, lines };
}

const isCore = (field: ScoredField): boolean => (CORE_FIELDS as readonly string[]).includes(field);
const coreOf = (document: ScoredDocument): ScoredValue[] => document.values.filter((v) => v.known && isCore(v.field));

export function table(documents: readonly ScoredDocument[], by?: string): Map<string, Row> {
  const groups = new Map<string, ScoredDocument[]>();
  for (const document of documents)
    for (const name of rowsOf(document.truth, by)) groups.set(name, [...(groups.get(name) ?? []), document]);
  return new Map([...groups].map(([name, list]) => [name, count(list)]));
}

export const fieldShare = (row: Row, field: ScoredField): number =>
  percent(row.fields[field].right, row.fields[field].known);

export function allFieldsShare({ fields }: Row): number {
  const cells = Object.values(fields);
  const sum = (key: keyof FieldCount): number => cells.reduce((n, cell) => n + cell[key], 0);
  return percent(sum('right'), sum('known'));
}

export const coreShare = ({ core }: Row): number => percent(core.right, core.known);
export const lineF1 = ({ lines }: Row): number => f1(lines.found, lines.known, lines.said);

/** Of the fields with truth: how many are at least this sure, and how many of those are right. */
export function atConfidence({ documents }: Row, least: number): { share: number; right: number; count: number } {
  const known = documents.flatMap((d) => d.values.filter((v) => v.known));
  const sure = known.filter((v) => v.confidence !== undefined && v.confidence >= least);
  return {
    share: percent(sure.length, known.length),
    right: percent(sure.filter((v) => v.right).length, sure.length),
    count: sure.length,
  };
}

/** Documents whose five core fields may all be taken unseen, and how many of them have a wrong one. */
export function accepted({ documents }: Row): { count: number; share: number; wrong: number; wrongShare: number } {
  const whole = documents.filter(({ values }) =>
    CORE_FIELDS.every((field) => values.some((v) => v.field === field && (v.accepted?.length ?? 0) > 0)),
  );
  const wrong = whole.filter((document) => coreOf(document).some((v) => !v.right));
  return {
    count: whole.length,
    share: percent(whole.length, documents.length),
    wrong: wrong.length,
    wrongShare: percent(wrong.length, whole.length),
  };
}
