/**
 * `npm run bench:region -- DIR`: areas of scanned pages as a person draws them round the values of a benchmark, read by the warm engine: how long a person
 * waits, and how often the value comes out right.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Box, ReadCell, Reading } from '../core/contract/reading.ts';
import { HEADER_FIELDS, type HeaderField } from '../core/invoice/fields.ts';
import { habitsOf } from '../core/invoice/typed-value.ts';
import { dayFirstIn } from '../core/region/day-order.ts';
import { regionValue } from '../core/region/value.ts';
import { textOf } from '../core/region/words.ts';
import { createCheckpoints } from '../server/checkpoints.ts';
import { createHeadless } from '../server/cli/headless.ts';
import { createPool } from '../server/pool.ts';
import { sourceWorker } from '../server/station.ts';
import { createFigures } from './figure.ts';
import { createRandom } from './random.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    documents: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    /** Words of pages kept by an earlier run, and of which reader. */
    cache: { type: 'string' },
    reader: { type: 'string', default: '' },
  },
});
const FIELDS: readonly HeaderField[] = [
  'invoiceNumber',
  'issueDate',
  'grossTotal',
  'netTotal',
  'vendorName',
  'vendorIban',
];
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const dir = resolve(positionals[0] ?? '.');
const temporary = mkdtempSync(join(tmpdir(), 'ap-region-'));
const pool = createPool({ workerFile: sourceWorker(), threads: 1 });
const random = createRandom(Number(values.seed));
const headless = createHeadless({
  pool,
  languages: ['eng', 'deu', 'fra'],
  temporary,
  signal: new AbortController().signal,
  trust: false,
  ...(values.cache === undefined
    ? {}
    : { checkpoints: { store: createCheckpoints(resolve(values.cache)), version: values.reader } }),
});

/** A hand is not exact: a little more on each side. */
const drawn = ([x0, y0, x1, y1]: Box): Box => {
  const slack = (): number => Math.round((0.1 + 0.25 * random.next()) * (y1 - y0));
  return [
    Math.max(0, x0 - slack()),
    Math.max(0, y0 - slack()),
    Math.min(10_000, x1 + slack()),
    Math.min(10_000, y1 + slack()),
  ];
};

const at = (list: readonly number[], share: number): number =>
  list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) * share)] ?? 0;

const ready: number[] = [];
const times: number[] = [];
let agreeing = 0;

async function areas(path: string, type: 'pdf' | 'image', { header, pages, language }: Reading): Promise<void> {
  const wanted = FIELDS.flatMap((field) => {
    const cell: ReadCell | undefined = header[field];
    const page = pages.find((one) => one.page === cell?.page && one.source === 'ocr');
    return cell?.box && page ? [{ field, value: cell.value, box: drawn(cell.box), page }] : [];
  });
  const [first] = wanted;
  if (first === undefined) return;
  const inputOf = ({ page }: (typeof wanted)[number]) => ({
    path,
    type,
    page: page.page,
    turned: page.turned,
    skew: page.skew,
    languages: [language ?? 'eng'],
  });
  let from = performance.now();
  await pool.run('readRegion', inputOf(first));
  ready.push(performance.now() - from);
  for (const area of wanted) {
    if (area.page !== first.page) continue;
    from = performance.now();
    const seen = await pool.run('readRegion', { ...inputOf(area), box: area.box });
    times.push(performance.now() - from);
    if (seen.kind !== 'region') throw new Error(`${path}: ${seen.reason} ${seen.detail}`);
    const usual = habitsOf(language);
    const habits = { ...usual, dayFirst: usual.dayFirst ?? dayFirstIn({ header }) };
    const value = regionValue(area.field, HEADER_FIELDS[area.field], textOf(seen.words), habits);
    if (value === area.value) agreeing += 1;
  }
}

try {
  const files = readFileSync(join(dir, 'truth.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { file: string; kind: string })
    .filter(({ kind }) => kind !== 'digital-pdf')
    .map(({ file }) => file);
  const step = Math.max(1, Math.floor(files.length / Number(values.documents)));
  for (const file of files.filter((_, i) => i % step === 0)) {
    const path = join(dir, file);
    const [outcome] = await headless.file(path);
    if (outcome?.kind === 'read') await areas(path, file.endsWith('.pdf') ? 'pdf' : 'image', outcome.reading);
  }
  print(
    `${times.length} areas of ${ready.length} pages; made ready in ${Math.round(at(ready, 0.5))} ms (p95 ${Math.round(at(ready, 0.95))})`,
  );
  print(`${Math.round((100 * agreeing) / Math.max(1, times.length))} % as the whole page was read`);
  const figures = createFigures(print);
  figures.atMost('region.ms_p50', at(times, 0.5), 150);
  figures.atMost('region.ms_p95', at(times, 0.95), 300);
  if (!figures.ok()) process.exitCode = 1;
} finally {
  await pool.close();
  rmSync(temporary, { recursive: true, force: true });
}
