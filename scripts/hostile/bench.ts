/**
 * `npm run bench:hostile`: every file of the hostile corpus through the real worker pool, as the station would take it: inspected, opened if it
 * is a container, else its first pages read and its fields extracted. Prints what was listed and what happened, then the figures.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createPool } from '../../server/pool.ts';
import type { Expected } from './case.ts';
import { makeHostile } from './make.ts';
import { agrees, take } from './take.ts';

const say = (expected: Expected): string =>
  expected.outcome === 'reads'
    ? `reads ${expected.type}${expected.pages === undefined ? '' : ` ${expected.pages}p`}`
    : expected.outcome === 'expands'
      ? `expands ${expected.members}`
      : expected.reason;

function figure(name: string, value: number, most: number): boolean {
  console.log(`figure ${name} ${value} <=${most} ${value <= most ? 'ok' : 'short'}`);
  return value <= most;
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ap-hostile-'));
  const pool = createPool({ workerFile: join(import.meta.dirname, '../../worker/index.ts'), threads: 1 });
  let crashes = 0;
  let others = 0;
  let slowest = 0;
  try {
    const cases = await makeHostile(join(folder, 'corpus'));
    for (const item of cases) {
      const start = performance.now();
      let result = '';
      let right = false;
      try {
        const happened = await take(pool, item, join(folder, 'out'));
        right = agrees(item.expected, happened);
        result = `${say(happened.got)}  ${happened.text.slice(0, 90).replaceAll(/[\p{Cc}\p{M}\n]/gu, '')}`;
      } catch (error) {
        crashes += 1;
        result = `CRASH ${error instanceof Error ? error.message : String(error)}`;
      }
      const ms = Math.round(performance.now() - start);
      slowest = Math.max(slowest, ms);
      if (!right) others += 1;
      console.log(
        `${right ? 'ok   ' : 'OTHER'} ${item.file.padEnd(28)} ${say(item.expected).padEnd(22)} ${String(ms).padStart(6)} ms  ${result}`,
      );
    }
    console.log(`figure hostile-files ${cases.length} >=25 ${cases.length >= 25 ? 'ok' : 'short'}`);
  } finally {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
  const all = [
    figure('hostile-crashes', crashes, 0),
    figure('hostile-other-outcomes', others, 0),
    figure('hostile-slowest-ms', slowest, 60_000),
  ];
  return all.every(Boolean) ? 0 : 1;
}

process.exitCode = await main();
