/**
 * `npm run calibrate -- TRAIN... [--test DIR]... [--check DIR]...`: fits the curves of confidence on sets of the generator, writes core/extract/score/curves.ts,
 * then reads the other sets with them and writes docs/reliability.md, its plots and docs/figures/calibration.txt. `--check` names a set whose truth lists
 * only some of what is printed; nothing is ever fitted on it. `--dry` writes nothing.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { jsonLines } from './bench/extract/predictions.ts';
import { readDocuments, readerVersion, ROOT } from './bench/extract/reader.ts';
import { machineLine } from './bench/extract/record.ts';
import type { TruthLine } from './bench/score/score.ts';
import { curvesFile } from './calibrate/curves-file.ts';
import type { Fitted } from './calibrate/curves-file.ts';
import { fitCurves, isScored, leaveOut, transferOf } from './calibrate/curves.ts';
import { page, PARTS, plots } from './calibrate/page.ts';
import type { Checked } from './calibrate/page.ts';
import { reliabilityOf } from './calibrate/reliability.ts';
import { samplesOf } from './calibrate/samples.ts';
import type { Sample } from './calibrate/samples.ts';
import { createFigures } from './figure.ts';

const USAGE = `Usage: npm run calibrate -- TRAIN... [--test DIR] [--check DIR]... [--cache DIR] [--reader HASH] [--threads N] [--dry]\n`;
const GENERATED = '#1f6fb2';
const REAL = '#c2571a';

const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    test: { type: 'string', multiple: true, default: [] },
    check: { type: 'string', multiple: true, default: [] },
    cache: { type: 'string', default: join(ROOT, '.cache', 'bench-pages') },
    reader: { type: 'string' },
    threads: { type: 'string', default: '2' },
    dry: { type: 'boolean', default: false },
  },
});
function refuse(message: string): never {
  process.stderr.write(`${message}\n${USAGE}`);
  process.exit(2);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Set {
  readonly documents: number;
  readonly samples: readonly Sample[];
}

async function readSet(folder: string, complete: boolean): Promise<Set> {
  const truth = new Map(jsonLines<TruthLine>(join(folder, 'truth.jsonl')).map((line) => [line.file, line]));
  const byFile = new Map<string, readonly Sample[]>();
  const tasks = [...truth.keys()].map((file) => ({ file, path: join(folder, file) }));
  await readDocuments(tasks, {
    cache: resolve(asked.cache),
    reader: asked.reader ?? readerVersion(),
    threads: Number(asked.threads),
    onOutcomes: ({ file }, outcomes) => {
      const read = outcomes.findLast((outcome) => outcome.kind === 'read');
      const line = truth.get(file);
      if (read && line) byFile.set(file, samplesOf(line, read.reading, complete));
    },
  });
  // In the order of the truth, whatever was read first: the same sets give the same curves.
  return { documents: byFile.size, samples: [...truth.keys()].flatMap((file) => byFile.get(file) ?? []) };
}

const write = (path: string, text: string): void => {
  if (asked.dry) return;
  mkdirSync(join(ROOT, path, '..'), { recursive: true });
  writeFileSync(join(ROOT, path), text);
};

/** "1000 digital-pdf". */
function describe(folder: string): string {
  const counts = new Map<string, number>();
  for (const { kind } of jsonLines<TruthLine>(join(folder, 'truth.jsonl')))
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

async function fit(folders: readonly string[]): Promise<{ fitted: Fitted; left: ReturnType<typeof leaveOut> }> {
  const { documents, samples } = await readSets(folders, true);
  const scored = samples.filter(isScored);
  const left = leaveOut(scored);
  const transfer = transferOf(left);
  const curves = fitCurves(scored, transfer);
  for (const origin of ['text', 'ocr'] as const)
    if (!curves.has(`any/${origin}`))
      refuse(`The training sets hold too few ${origin === 'ocr' ? 'pictures' : 'PDFs'}.`);
  const fitted = { documents, values: scored.length, sets: folders.map(describe), transfer };
  write('core/extract/score/curves.ts', curvesFile(curves, fitted));
  return { fitted, left };
}

async function readSets(folders: readonly string[], complete: boolean): Promise<Set> {
  const sets: Set[] = [];
  // oxlint-disable-next-line no-await-in-loop -- each set fills the pool
  for (const folder of folders) sets.push(await readSet(resolve(folder), complete));
  return {
    documents: sets.reduce((n, set) => n + set.documents, 0),
    samples: sets.flatMap((set) => set.samples),
  };
}

async function checks(): Promise<Checked[]> {
  const generated = { name: 'generated', colour: GENERATED, ...(await readSets(asked.test, true)) };
  const real = { name: 'real', colour: REAL, ...(await readSets(asked.check, false)) };
  return [generated, real].filter((set) => set.documents > 0);
}

function printFigures(checked: readonly Checked[]): boolean {
  const kept: string[] = [];
  const figures = createFigures((line) => {
    kept.push(line);
    print(line);
  });
  for (const { name, samples } of checked) {
    for (const part of PARTS) {
      const { error, overconfidence } = reliabilityOf(samples.filter(part.takes));
      figures.atMost(`calibration.${name}.${part.name}.ece_percent`, 100 * error, 8);
      figures.atMost(`calibration.${name}.${part.name}.overconfidence_percent`, 100 * overconfidence, 3);
    }
    const { sure } = reliabilityOf(samples.filter((s) => !s.path.includes('.')));
    figures.atLeast(`calibration.${name}.confidence95.share`, 100 * sure.share, 50);
    figures.atLeast(`calibration.${name}.confidence95.right`, 100 * sure.right, 98);
  }
  write('docs/figures/calibration.txt', `${['npm run calibrate', machineLine(), '', ...kept].join('\n')}\n`);
  return figures.ok();
}

async function main(): Promise<void> {
  const folders = positionals.map((name) => resolve(name));
  const missing = [...folders, ...[asked.test, asked.check].flat().map((f) => resolve(f))].find(
    (folder) => !existsSync(join(folder, 'truth.jsonl')),
  );
  if (folders.length === 0) refuse('Name a training set.');
  if (missing !== undefined) refuse(`${missing} has no truth.jsonl.`);
  const { fitted, left } = await fit(folders);
  print(`${fitted.values} values of ${fitted.documents} documents; transfer ${JSON.stringify(fitted.transfer)}`);
  for (const l of left)
    print(`  ${l.family} ${l.part}: ${l.wrong} wrong of ${l.count}, expected ${l.expected.toFixed(1)}`);
  const checked = await checks();
  for (const { name, svg } of plots(checked)) write(`docs/reliability/${name}`, svg);
  write('docs/reliability.md', page(fitted, left, checked));
  if (!printFigures(checked)) process.exitCode = 1;
}

await main();
