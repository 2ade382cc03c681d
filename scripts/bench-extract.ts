/**
 * `npm run bench:extract -- DIR`: reads every document of a benchmark as the command line does, scores the lines, prints the table and the figures
 * (scripts/bench/extract/figures.ts). Exit code 1 where one is short.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { printEndings, printFigures } from './bench/extract/figures.ts';
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

function printWronglyAccepted(scored: readonly ScoredDocument[]): void {
  const isCore = (field: string): boolean => (CORE_FIELDS as readonly string[]).includes(field);
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

async function withTruth(opt: Options, figures: Figures): Promise<Map<string, Row>> {
  const all = jsonLines<TruthLine>(join(opt.dir, 'truth.jsonl'));
  const read = all.filter((line) => opt.only.test(line.file)).slice(0, opt.limit);
  const ended = await predict(
    read.map((line) => line.file),
    opt,
  );
  const scored = scoreAll(read, jsonLines<PredictionLine>(opt.out));
  tell(opt, read, scored, figures);
  const rows = table(scored);
  printFigures(figures, { rows, all, read, ended, generated: opt.scorer === undefined });
  return rows;
}

async function main(): Promise<void> {
  const opt = options();
  const kept: string[] = [];
  const figures = createFigures((line) => {
    kept.push(line);
    print(line);
  });
  let rows = new Map<string, Row>();
  if (existsSync(join(opt.dir, 'truth.jsonl'))) rows = await withTruth(opt, figures);
  else await withoutTruth(opt, figures);
  if (opt.write !== undefined) keep(opt.write, `npm run bench:extract -- ${basename(opt.dir)}`, rows, kept);
  if (!figures.ok()) process.exitCode = 1;
}

await main();
