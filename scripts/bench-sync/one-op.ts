/** One operation at a time over one kept connection, beside pgbench's simple updates by one client: what a single save costs on its way to the site. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from '../figure.ts';
import { median, percentile, range } from './numbers.ts';
import type { BenchSite } from './site.ts';
import { createPen } from './pen.ts';

const SECONDS = 5;
const WARM = 100;

function findPgbench(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin', 'pgbench')).find(existsSync);
}

/** Milliseconds for one transaction. */
function pgbench(command: string, url: string, args: readonly string[]): number {
  const { stdout, stderr, status } = spawnSync(command, [...args, url], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`pgbench: ${stderr}`);
  return Number(/latency average = ([\d.]+) ms/.exec(stdout)?.[1] ?? Number.NaN);
}

export async function measureOneOp(parts: {
  readonly site: BenchSite;
  readonly runs: number;
  readonly figures: Figures;
  readonly say: (line: string) => void;
}): Promise<void> {
  const { site, runs, figures, say } = parts;
  const command = findPgbench();
  if (command === undefined) {
    say('not measured: pgbench is not on this machine (it comes with the system package postgresql-15)');
    return;
  }
  const url = new URL(site.files.superUrl);
  url.pathname = '/postgres';
  pgbench(command, url.href, ['-i', '-q', '-s', '10']);
  const pen = await createPen(site, await site.person('one'));
  for (let at = 0; at < WARM; at += 1) await pen.save();
  const ours: number[] = [];
  const theirs: number[] = [];
  const ratios: number[] = [];
  let all: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const latency = pgbench(command, url.href, ['-n', '-N', '-c', '1', '-T', String(SECONDS)]);
    const times: number[] = [];
    for (const until = performance.now() + SECONDS * 1_000; performance.now() < until;) times.push(await pen.save());
    all = all.concat(times);
    ours.push(median(times));
    theirs.push(latency);
    ratios.push(median(times) / latency);
  }
  pen.stop();
  say(
    `one operation: p50 ${median(ours).toFixed(2)} ms (${range(ours, 2)}), p95 ${percentile(all, 0.95).toFixed(2)} ms; pgbench -N: ${median(theirs).toFixed(2)} ms (${range(theirs, 2)})`,
  );
  figures.atMost('sync_one_op_per_pgbench', median(ratios), 4);
}
