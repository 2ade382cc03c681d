/**
 * `npm run bench:trust -- DIR`: PDFs whose text layer lies, honest ones that look odd, and the digital PDFs of a benchmark, read as the station reads
 * them. Counts the lies that were found and the false alarms, and says what the look costs.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { TRUST_NOTE, withTrust } from '../core/trust/apply.ts';
import { checksOf, trustTargets } from '../core/trust/targets.ts';
import { createCheckpoints } from '../server/checkpoints.ts';
import { createHeadless } from '../server/cli/headless.ts';
import { createPool } from '../server/pool.ts';
import { sourceWorker } from '../server/station.ts';
import { createFigures } from './figure.ts';
import { honestDocuments, lyingDocuments, type TrustDocument } from './generate/lying.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '50' },
    /** Folder for the generated PDFs, to look at them. */
    keep: { type: 'string' },
    /** Words of pages kept by an earlier run, and of which reader. */
    cache: { type: 'string' },
    reader: { type: 'string', default: '' },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const temporary = mkdtempSync(join(tmpdir(), 'ap-trust-'));
const pool = createPool({ workerFile: sourceWorker(), threads: 1 });
const times: number[] = [];

interface Seen {
  readonly alarms: readonly Readonly<Record<string, string>>[];
  /** What was read in the field before anybody looked. */
  readonly read: Readonly<Record<string, string | undefined>>;
}

const reader = (cached: boolean) =>
  createHeadless({
    pool,
    languages: ['eng', 'deu', 'fra'],
    temporary,
    signal: new AbortController().signal,
    trust: false,
    ...(cached && values.cache !== undefined
      ? { checkpoints: { store: createCheckpoints(resolve(values.cache)), version: values.reader } }
      : {}),
  });

/** As server/read-document.ts does it, but timed by itself. */
async function look(path: string, cached: boolean): Promise<Seen> {
  const [outcome] = await reader(cached).file(path);
  if (outcome?.kind !== 'read') return { alarms: [], read: {} };
  const targets = trustTargets(outcome.reading);
  const from = performance.now();
  const looked = await pool.run('checkText', { path, checks: checksOf(targets) });
  times.push(performance.now() - from);
  if (looked.kind !== 'checked') throw new Error(`${path}: ${looked.reason} ${looked.detail}`);
  const { notes, header } = withTrust(outcome.reading, targets, looked.results);
  return {
    alarms: notes.filter(({ code }) => code === TRUST_NOTE).map(({ params }) => params),
    read: Object.fromEntries(Object.entries(header).map(([field, cell]) => [field, cell?.text])),
  };
}

async function lookAtAll(documents: readonly TrustDocument[]): Promise<Seen[]> {
  const folder = values.keep ?? temporary;
  mkdirSync(folder, { recursive: true });
  const all: Seen[] = [];
  for (const { name, bytes } of documents) {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    all.push(await look(path, false));
  }
  return all;
}

const digitalOf = (dir: string): string[] =>
  readFileSync(join(dir, 'truth.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { file: string; kind: string })
    .filter(({ kind }) => kind === 'digital-pdf')
    .map(({ file }) => join(dir, file));

try {
  const [seed, count] = [Number(values.seed), Number(values.count)];
  const figures = createFigures(print);
  const lying = await lyingDocuments(seed, count);
  const lies = await lookAtAll(lying);
  let found = 0;
  for (const [i, { name, way, field, lie }] of lying.entries()) {
    const flagged = lies[i]!.alarms.some((alarm) => alarm['field'] === field);
    if (flagged) found += 1;
    else print(`not found  ${name}  ${way}  ${field}: says ${lie}, read ${lies[i]!.read[field] ?? 'nothing'}`);
  }
  const honest = await honestDocuments(seed, count);
  const clean = await lookAtAll(honest);
  for (const [i, { name, way, field }] of honest.entries())
    for (const alarm of clean[i]!.alarms) print(`false alarm  ${name}  ${way}  ${field}  ${JSON.stringify(alarm)}`);
  const waysToLie = new Set(lying.map(({ way }) => way)).size;
  figures.atLeast('trust.ways_to_lie', waysToLie, Math.min(10, count));
  figures.atLeast('trust.lying_flagged', found, count);
  figures.atMost('trust.honest_flagged', clean.filter(({ alarms }) => alarms.length > 0).length, 1);
  const [dir] = positionals;
  if (dir !== undefined) {
    times.length = 0;
    const files = digitalOf(resolve(dir));
    let alarmed = 0;
    for (const file of files) {
      const { alarms } = await look(file, true);
      if (alarms.length > 0) alarmed += 1;
      for (const alarm of alarms) print(`false alarm  ${file}  ${JSON.stringify(alarm)}`);
    }
    print(`${files.length} digital PDFs`);
    figures.atMost('trust.false_alarms', alarmed, 1);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  figures.atMost('trust.ms_p50', at(0.5), 300);
  figures.atMost('trust.ms_p95', at(0.95), 600);
  if (!figures.ok()) process.exitCode = 1;
} finally {
  await pool.close();
  rmSync(temporary, { recursive: true, force: true });
}
