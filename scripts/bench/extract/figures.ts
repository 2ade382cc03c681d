/**
 * The figures of a run and what they must be. A must is laid on a row of the table only where every document of that row was read; a part of a benchmark
 * (`--only`) has figures and musts of its own name.
 */
import type { Figures } from '../../figure.ts';
import { accepted, allFieldsShare, atConfidence, coreShare, fieldShare, lineF1, rowsOf } from '../score/score.ts';
import type { Row, TruthLine } from '../score/score.ts';
import type { ScoredField } from '../score/rules.ts';
import type { Ended } from './reader.ts';

export interface Run {
  readonly rows: ReadonlyMap<string, Row>;
  /** All documents of the benchmark, and those that were asked for. */
  readonly all: readonly TruthLine[];
  readonly read: readonly TruthLine[];
  readonly ended: Ended;
  readonly generated: boolean;
}

const COLUMNS: readonly (readonly [name: string, field: ScoredField, must: number])[] = [
  ['number', 'invoiceNumber', 85],
  ['date', 'issueDate', 88],
  ['vendor', 'vendorName', 75],
  ['net', 'netTotal', 80],
  ['tax', 'taxTotal', 78],
  ['gross', 'grossTotal', 88],
];

/** Fewer documents say nothing about shares. */
const LEAST_PART = 10;

/** Rows of which every document was read. */
export function wholeRows(all: readonly TruthLine[], read: readonly TruthLine[]): Set<string> {
  const left = new Map<string, number>();
  const tally = (lines: readonly TruthLine[], step: number): void => {
    for (const name of lines.flatMap((line) => rowsOf(line))) left.set(name, (left.get(name) ?? 0) + step);
  };
  tally(all, 1);
  tally(read, -1);
  return new Set([...left].filter(([, n]) => n === 0).map(([name]) => name));
}

function ends(figures: Figures, name: string, { ended, read }: Pick<Run, 'ended' | 'read'>): void {
  figures.atMost(`${name}.crashes`, ended.crashes, 0);
  figures.atLeast(`${name}.documents`, ended.ended, read.length);
}

function einvoices(figures: Figures, run: Run): void {
  const row = run.rows.get('all');
  if (row) figures.atLeast('einvoice.all_fields', allFieldsShare(row), 99.5);
  ends(figures, 'einvoice', run);
}

function certainties(figures: Figures, name: string, row: Row): void {
  const sure = atConfidence(row, 0.95);
  figures.atLeast(`${name}.confidence95.share`, sure.share, 50);
  figures.atLeast(`${name}.confidence95.right`, sure.right, 98);
  const unseen = accepted(row);
  figures.atLeast(`${name}.accepted.share`, unseen.share, 25);
  figures.atMost(`${name}.accepted.wrong`, unseen.wrongShare, 2);
}

/** A set of the generator, none of whose documents was used to fit anything. */
function generated(figures: Figures, run: Run, row: Row): void {
  figures.atLeast('generated.all_fields', allFieldsShare(row), 95);
  figures.atLeast('generated.line_f1', lineF1(row), 0.93);
  certainties(figures, 'generated', row);
  ends(figures, 'generated', run);
}

function columns(figures: Figures, row: Row): void {
  for (const [name, field, must] of COLUMNS) figures.atLeast(`extract.${name}`, fieldShare(row, field), must);
  figures.atLeast('extract.all_fields', allFieldsShare(row), 80);
  figures.atLeast('extract.five_core', coreShare(row), 45);
  figures.atLeast('extract.line_f1', lineF1(row), 0.7);
  certainties(figures, 'extract', row);
}

/** A part: no column may fall under the must of the weakest kind, and what is called sure must be right (a field of a hundred more than for the whole). */
function part(figures: Figures, row: Row): void {
  figures.atLeast('extract.part.all_fields', allFieldsShare(row), 72);
  const sure = atConfidence(row, 0.95);
  if (sure.count > 0) figures.atLeast('extract.part.confidence95.right', sure.right, 97);
  figures.atMost('extract.part.accepted.wrong_documents', accepted(row).wrong, 1);
}

function documents(figures: Figures, run: Run): void {
  const whole = wholeRows(run.all, run.read);
  const rowIfWhole = (name: string): Row | undefined => (whole.has(name) ? run.rows.get(name) : undefined);
  const all = run.rows.get('all');
  if (all && whole.has('all')) columns(figures, all);
  else if (all && run.read.length >= LEAST_PART) part(figures, all);
  for (const [name, must] of [
    ['digital-pdf', 70],
    ['pdf:letter', 86],
    ['scan:real', 72],
  ] as const) {
    const row = rowIfWhole(name);
    if (row) figures.atLeast(`extract.${name.replaceAll(/[:-]/g, '_')}.all_fields`, allFieldsShare(row), must);
  }
  ends(figures, 'extract', run);
}

export function printFigures(figures: Figures, run: Run): void {
  const all = run.rows.get('all');
  if (run.read.some((line) => /xml|zugferd/.test(line.kind))) einvoices(figures, run);
  else if (run.generated && all) generated(figures, run, all);
  else documents(figures, run);
}

/** Files without truth: each must end, with a reading or a reason. */
export const printEndings = (figures: Figures, run: Pick<Run, 'ended' | 'read'>): void => ends(figures, 'broken', run);
