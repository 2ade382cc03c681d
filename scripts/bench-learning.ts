/**
 * `npm run bench:learning [-- DIR]`: generated vendors whose layouts the reader gets wrong at first, 12 invoices each; how many header fields are right after
 * 0, 1, 2 ... corrected ones. Written to docs/figures/learning.txt and learning.svg. With DIR (a benchmark of documents, read by bench:extract before) the
 * same on its vendors with three documents or more.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createPool } from '../server/pool.ts';
import { sourceWorker } from '../server/station.ts';
import { readerVersion, ROOT } from './bench/extract/reader.ts';
import { machineLine } from './bench/extract/record.ts';
import { type Curve, curveOf, readAll, share, type Step } from './bench/learning/curve.ts';
import { keptPapers } from './bench/learning/kept.ts';
import { plot } from './bench/learning/plot.ts';
import { drawnSeries } from './bench/learning/series.ts';
import type { Paper } from './bench/learning/simulate.ts';
import { createFigures } from './figure.ts';

const MUST = 97;
/** Points of the curve. */
const MOST = 5;

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      vendors: { type: 'string', default: '40' },
      invoices: { type: 'string', default: '12' },
      seed: { type: 'string', default: '2026' },
      /** Every n-th vendor's papers come as scans. */
      scanned: { type: 'string', default: '8' },
      threads: { type: 'string', default: '2' },
      cache: { type: 'string', default: join(ROOT, '.cache', 'bench-learning') },
      pages: { type: 'string', default: join(ROOT, '.cache', 'bench-pages') },
      reader: { type: 'string' },
      misses: { type: 'boolean', default: false },
    },
  });
  return { ...values, dir: positionals[0] === undefined ? undefined : resolve(positionals[0]) };
}

const percent = (value: number): string => value.toFixed(1).padStart(6);

const row = (label: string, values: readonly string[]): string => [label.padEnd(26), ...values].join(' ');

function table(name: string, curves: readonly (readonly [string, Curve])[]): string[] {
  const first = curves[0]?.[1].steps ?? [];
  const head = ['corrected invoices seen'.padEnd(26), ...first.map((_, k) => String(k).padStart(6))].join(' ');
  const last = curves.at(-1)?.[1];
  const fields = [...(last?.steps[0]?.fields.keys() ?? [])];
  return [
    name,
    head,
    ...curves.map(([label, { steps }]) =>
      row(
        `${label}, % right`,
        steps.map((step) => percent(share(step))),
      ),
    ),
    ...fields.map((field) =>
      row(
        `  ${field}`,
        (last?.steps ?? []).map((step) => percent(share(step.fields.get(field) ?? { known: 0, right: 0 }))),
      ),
    ),
    row(
      'fields',
      (last?.steps ?? []).map((step) => String(step.known).padStart(6)),
    ),
    row(
      'made worse',
      (last?.steps ?? []).map((step) => String(step.worse).padStart(6)),
    ),
    row(
      'remembered, sure >= 0.95',
      (last?.steps ?? []).map((step) => String(step.sure).padStart(6)),
    ),
    row(
      '  of these right, %',
      (last?.steps ?? []).map((step) => percent(share({ known: step.sure, right: step.sureRight }))),
    ),
    `taken for another vendor's: ${last?.foreign ?? 0}`,
    '',
  ];
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function printMisses({ misses }: Curve): void {
  for (const { paper, lessons, field, known, said, worse } of misses)
    if (lessons >= 2 || worse)
      print(`${lessons} ${worse ? 'worse' : 'still'} ${paper} ${field}: ${JSON.stringify(known)} read ${said ?? '-'}`);
}

async function generated(opt: ReturnType<typeof options>): Promise<Paper[][]> {
  const pool = createPool({ workerFile: sourceWorker(), threads: Number(opt.threads) });
  try {
    return await drawnSeries({
      vendors: Number(opt.vendors),
      perVendor: Number(opt.invoices),
      seed: Number(opt.seed),
      cache: opt.cache,
      reader: opt.reader ?? readerVersion(),
      pool,
      threads: Number(opt.threads),
      scannedEach: Number(opt.scanned),
      progress: (done, of) => process.stderr.write(`\r${done}/${of} `),
    });
  } finally {
    process.stderr.write('\n');
    await pool.close();
  }
}

async function main(): Promise<void> {
  const opt = options();
  const figures = createFigures(print);
  const lines: string[] = [];
  if (opt.dir === undefined) {
    const series = await generated(opt);
    const readings = readAll(series, MOST, false);
    const scanned = readings.filter(({ paper }) => paper.scanned === true);
    const all = curveOf(readings, MOST);
    const curves = [
      [
        'digital',
        curveOf(
          readings.filter(({ paper }) => paper.scanned !== true),
          MOST,
        ),
      ],
      ...(scanned.length === 0 ? [] : [['scanned', curveOf(scanned, MOST)] as const]),
      ['all', all],
    ] as const;
    lines.push(
      ...table(
        `generated: ${opt.vendors} vendors x ${opt.invoices} invoices, seed ${opt.seed}, ${series.filter((papers) => papers[0]?.scanned === true).length} vendors as scans`,
        curves,
      ),
    );
    lines.forEach(print);
    if (opt.misses) printMisses(all);
    const at = (k: number): number => share(all.steps[k] as Step);
    const after = at(2);
    print(`figure learning.first_unseen ${at(0).toFixed(1)}`);
    print(`figure learning.after_one_correction ${at(1).toFixed(1)}`);
    figures.atLeast('learning.after_two_corrections', after, MUST);
    const colours = ['#06c', '#c60', '#222'];
    const plotted = curves.map(([name, { steps }], i) => ({
      name,
      colour: colours[i] ?? '#222',
      values: steps.map(share),
    }));
    writeFileSync(
      join(ROOT, 'docs/figures/learning.svg'),
      plot('Header fields right by corrections seen', plotted, MUST),
    );
    const figure = `figure learning.after_two_corrections ${after.toFixed(2)} >=${MUST} ${after >= MUST ? 'ok' : 'short'}`;
    writeFileSync(
      join(ROOT, 'docs/figures/learning.txt'),
      [machineLine(), 'npm run bench:learning', '', ...lines, figure, ''].join('\n'),
    );
  } else {
    const reader = opt.reader ?? readerVersion();
    const series = await keptPapers(opt.dir, opt.pages, reader);
    if (series.length === 0)
      throw new Error(
        'No words of pages are kept for this reader: run bench:extract first, and name its cache and reader.',
      );
    const curve = curveOf(readAll(series, 3, true), 3);
    table(`vendors with three documents or more: ${series.length}, ${series.flat().length} documents`, [
      ['all', curve],
    ]).forEach(print);
    if (opt.misses) printMisses(curve);
    print(`figure learning.known_vendors.first_unseen ${share(curve.steps[0] as Step).toFixed(1)}`);
    print(`figure learning.known_vendors.after_two_corrections ${share(curve.steps[2] as Step).toFixed(1)}`);
    print(`figure learning.known_vendors.made_worse ${(curve.steps[2] as Step).worse}`);
  }
  if (!figures.ok()) process.exitCode = 1;
}

await main();
