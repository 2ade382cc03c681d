/**
 * `npm run bench:sync -- [--only throughput,one,save,idle,crowd,first] [--runs 7] [--changes 10000] [--crowd 300] [--invoices 100000] [--short]`: sync as the product does it, side by side with
 * what others need for as much, in one run on one machine. Everybody in turns, the median of the runs with their range. The stations and their loop run in this process, the
 * site in one of its own over a Postgres that keeps its promises (fsync on), with its worker where many are at work.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startActual } from './bench-sync/actual.ts';
import type { Contestant } from './bench-sync/contest.ts';
import { startCopying } from './bench-sync/copy.ts';
import { measureCrowd } from './bench-sync/crowd.ts';
import { measureIdle } from './bench-sync/idle.ts';
import { measureOneOp } from './bench-sync/one-op.ts';
import { startOurs } from './bench-sync/ours.ts';
import { installPeers, VERSIONS } from './bench-sync/peers.ts';
import { startPouch } from './bench-sync/pouch.ts';
import { measureSave } from './bench-sync/save.ts';
import { type BenchSite, startBenchSite } from './bench-sync/site.ts';
import { measureThroughput } from './bench-sync/throughput.ts';
import { createFigures } from './figure.ts';

const PARTS = ['throughput', 'one', 'save', 'idle', 'crowd', 'first'] as const;
type Part = (typeof PARTS)[number];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join(',') },
    runs: { type: 'string' },
    changes: { type: 'string' },
    crowd: { type: 'string' },
    invoices: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});
const { short } = values;
const runs = Number(values.runs ?? (short ? 3 : 7));
const changes = Number(values.changes ?? (short ? 2_000 : 10_000));
const crowdSeconds = Number(values.crowd ?? (short ? 30 : 300));
const invoices = Number(values.invoices ?? (short ? 2_000 : 100_000));
const only = new Set(values.only.split(','));
for (const name of only) if (!PARTS.includes(name as Part)) throw new Error(`--only: there is no part "${name}".`);
if (!Number.isInteger(changes) || changes < 1_000 || changes % 1_000 !== 0)
  throw new Error('--changes must be a number of thousands.');

const REVIEWERS = 20;
const ROOMS = Array.from({ length: 10 }, (_, at) => `room${at}`);
/** Each part has sites of its own: none finds what another has left. */
const SITES = ['throughput', 'one', 'save', 'idle', ...ROOMS];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figures = createFigures(say);

/** Each where it can be had; what cannot is said, and counts as short: nothing was held against it. */
async function peersIn(folder: string): Promise<Contestant[]> {
  const missing = installPeers(say);
  if (missing !== undefined) {
    say(`not measured: Actual and PouchDB cannot be had from npm here: ${missing}`);
    return [];
  }
  say(
    `peers: ${Object.entries(VERSIONS)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  );
  say(
    'durability: Postgres and SQLite here fsync every transaction; Actual keeps SQLite with a journal and full synchronisation; PouchDB writes LevelDB without fsync',
  );
  return [await startActual(folder, changes), await startPouch(folder, changes)];
}

async function throughput(site: BenchSite): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sync-'));
  const copying = await startCopying(site, changes);
  const all: Contestant[] = [];
  try {
    const ours = await startOurs(site, folder, changes);
    all.push(ours);
    const peers = await peersIn(folder);
    all.push(...peers);
    await measureThroughput({ changes, runs, ours, peers, copy: () => copying.run(), figures, say });
    if (peers.length === 0) figures.atLeast('sync_peers', 0, 2);
  } finally {
    for (const one of all) await one.stop();
    copying.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a process of its own, which nothing of the other parts is left in. It prints its figures itself. */
async function firstSync(): Promise<void> {
  const file = join(import.meta.dirname, 'bench-sync', 'first-sync-run.ts');
  const [code] = (await once(
    spawn(process.execPath, [file, '--count', String(invoices)], { stdio: 'inherit' }),
    'exit',
  )) as [number | null];
  figures.atMost('sync_first_figures_short', code === 0 ? 0 : 1, 0);
}

const took = async (name: Part, run: () => Promise<void>): Promise<void> => {
  if (!only.has(name)) return;
  const from = performance.now();
  await run();
  say(`(${name}: ${Math.round((performance.now() - from) / 1_000)} s)`);
};

async function withSite(): Promise<void> {
  const site = await startBenchSite(SITES);
  say(`Postgres ${site.version}`);
  try {
    await took('throughput', () => throughput(site));
    await took('one', () => measureOneOp({ site, runs: short ? 2 : runs, figures, say }));
    await took('save', () => measureSave({ site, saves: short ? 100 : 300, figures, say }));
    await took('idle', () => measureIdle({ site, seconds: short ? 10 : 30, figures, say }));
    await took('crowd', () =>
      measureCrowd({ site, sites: ROOMS, reviewers: REVIEWERS, seconds: crowdSeconds, figures, say }),
    );
  } finally {
    await site.stop();
  }
}

if (PARTS.some((name) => name !== 'first' && only.has(name))) await withSite();
await took('first', firstSync);
process.exit(figures.ok() ? 0 : 1);
