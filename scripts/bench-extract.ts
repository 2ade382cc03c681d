/**
 * `npm run bench:extract -- DIR`: reads every document of a benchmark as the command line does, scores the lines, prints the table and the figures
 * (scripts/bench/extract/figures.ts). Exit code 1 where one is short.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { printEndings, printFigures } from './bench/extract/figures.ts';
import { limitRows, limitsOf } from './bench/extract/limits.ts';
import type { Limit } from './bench/extract/limits.ts';
import { options } from './bench/extract/options.ts';
import type { Options } from './bench/extract/options.ts';
import { differences, outsideRows, outsideTable } from './bench/extract/outside.ts';
import { jsonLines, predict } from './bench/extract/predictions.ts';
import { keep } from './bench/extract/record.ts';
import { printConfidence, printMisses, printRow } from './bench/score/print.ts';
import { CORE_FIELDS } from './bench/score/rules.ts';
import { scoreAll, table } from './bench/score/score.ts';
import type { PredictionLine, Row, ScoredDocument, TruthLine } from './bench/score/score.ts';
import { createFigures } from './figure.ts';
import type { Figures } from './figure.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Prints the table, by the scorer beside the benchmark where there is one, and holds the two against each other. */
function tell(opt: Options, truth: readonly TruthLine[], scored: readonly ScoredDocument[], figures: Figures): void {
  const rows = table(scored, opt.by);
  const said = new Map(jsonLines<PredictionLine>(opt.out).map((line) => [basename(line.file), line]));
  if (opt.accepted) printWronglyAccepted(scored);
  if (opt.scorer === undefined) {
    if (opt.misses === undefined) for (const [name, row] of rows) print(printRow(name, row));
    else printMisses(scored, opt.misses, (file) => said.get(basename(file))?.[opt.misses as 'currency']).forEach(print);
    return;
  }
  const temporary = mkdtempSync(join(tmpdir(), 'ap-truth-'));
  try {
    const file = join(temporary, 'truth.jsonl');
    writeFileSync(file, truth.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const pass = [...(opt.by ? ['--by', opt.by] : []), ...(opt.misses ? ['--misses', opt.misses] : [])];
    process.stdout.write(outsideTable(opt.scorer, file, opt.out, pass));
    const all = rows.get('all');
    if (all) ['', ...printConfidence(all), ''].forEach(print);
    const apart = differences(outsideRows(opt.scorer, file, opt.out), table(scored));
    apart.forEach(print);
    figures.atMost('score.differences', apart.length, 0);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const isCore = (field: string): boolean => (CORE_FIELDS as readonly string[]).includes(field);

function printWronglyAccepted(scored: readonly ScoredDocument[]): void {
  for (const { truth, values } of scored) {
    const core = values.filter((v) => isCore(v.field));
    if (core.every((v) => v.accepted) && core.some((v) => v.known && !v.right))
      print(JSON.stringify({ file: truth.file, wrong: core.filter((v) => v.known && !v.right) }));
  }
}

async function withoutTruth(opt: Options, figures: Figures): Promise<void> {
  const read = jsonLines<TruthLine>(join(opt.dir, 'list.jsonl'))
    .filter((line) => opt.only.test(line.file))
    .slice(0, opt.limit);
  const ended = await predict(
    read.map((line) => line.file),
    opt,
  );
  printEndings(figures, { ended, read });
}

interface Told {
  readonly rows: ReadonlyMap<string, Row>;
  readonly limits: readonly string[];
}

async function withTruth(opt: Options, figures: Figures): Promise<Told> {
  const all = jsonLines<TruthLine>(join(opt.dir, 'truth.jsonl'));
  const read = all.filter((line) => opt.only.test(line.file)).slice(0, opt.limit);
  const byFile = new Map(read.map((line) => [line.file, line]));
  const limits: Limit[] = [];
  const ended = await predict([...byFile.keys()], opt, (file, reading) => {
    const line = byFile.get(file);
    if (line) limits.push(...limitsOf(line, reading));
  });
  if (opt.limits) limitRows(limits).forEach(print);
  const scored = scoreAll(read, jsonLines<PredictionLine>(opt.out));
  tell(opt, read, scored, figures);
  const rows = table(scored);
  printFigures(figures, { rows, all, read, ended, generated: opt.scorer === undefined });
  return { rows, limits: limits.length > 0 ? limitRows(limits) : [] };
}

async function main(): Promise<void> {
  const opt = options();
  const kept: string[] = [];
  const figures = createFigures((line) => {
    kept.push(line);
    print(line);
  });
  let told: Told = { rows: new Map(), limits: [] };
  if (existsSync(join(opt.dir, 'truth.jsonl'))) told = await withTruth(opt, figures);
  else await withoutTruth(opt, figures);
  if (opt.write !== undefined)
    keep(opt.write, {
      command: `npm run bench:extract -- ${basename(opt.dir)}`,
      rows: told.rows,
      figures: kept,
      more: told.limits,
    });
  if (!figures.ok()) process.exitCode = 1;
}

await main();
