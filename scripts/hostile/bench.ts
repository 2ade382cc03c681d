/**
 * `npm run bench:hostile`: every file of the hostile corpus through the real worker pool, as the station would take it: inspected, opened if it
 * is a container, else its first pages read and its fields extracted. Prints what was listed and what happened, then the figures.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { PageReading } from '../../core/contract/reading.ts';
import { createPool, type Pool } from '../../server/pool.ts';
import type { Expected } from './case.ts';
import { makeHostile, type HostileCase } from './make.ts';

const LIMIT = { timeoutMs: 60_000 };
const PAGES = 2;
const LANGUAGES = ['eng'];

interface Happened {
  readonly got: Expected;
  /** Text of what was read. */
  readonly text: string;
}

async function take(pool: Pool, { file, path }: HostileCase, outDir: string): Promise<Happened> {
  const seen = await pool.run('inspect', { path, name: file }, LIMIT);
  if (seen.kind === 'unreadable') return { got: { outcome: 'unreadable', reason: seen.reason }, text: seen.detail };
  const { type, pages } = seen;
  if (type === 'zip' || type === 'mail') {
    const opened = await pool.run('expand', { path, name: file, outDir }, LIMIT);
    if (opened.kind === 'unreadable')
      return { got: { outcome: 'unreadable', reason: opened.reason }, text: opened.detail };
    const leaks = opened.members.filter((member) => member.path !== join(outDir, member.sha256));
    if (leaks.length > 0) throw new Error(`${file}: written outside of its folder: ${leaks[0]?.path}`);
    return { got: { outcome: 'expands', members: opened.members.length }, text: '' };
  }
  const readings: PageReading[] = [];
  const last = type === 'xml' ? 0 : Math.min(PAGES, pages);
  for (let page = 1; page <= last; page += 1) {
    const read = await pool.run('readPage', { path, type, page, languages: LANGUAGES }, LIMIT);
    if (read.kind === 'unreadable') return { got: { outcome: 'unreadable', reason: read.reason }, text: read.detail };
    readings.push(read.page);
  }
  const fields = await pool.run('extract', { path, type, document: '0'.repeat(64), pages: readings }, LIMIT);
  if (fields.kind === 'unreadable')
    return { got: { outcome: 'unreadable', reason: fields.reason }, text: fields.detail };
  const words = fields.reading.pages.flatMap((page) => page.words.map((word) => word.text));
  const values = Object.values(fields.reading.header).map((cell) => cell.value);
  return { got: { outcome: 'reads', type, pages }, text: [...words, ...values].join(' ') };
}

function agrees(expected: Expected, { got, text }: Happened): boolean {
  if (expected.outcome === 'reads' && got.outcome === 'reads') {
    const { type, pages, text: wanted } = expected;
    return type === got.type && (pages ?? got.pages) === got.pages && (wanted === undefined || text.includes(wanted));
  }
  if (expected.outcome === 'expands' && got.outcome === 'expands') return expected.members === got.members;
  return expected.outcome === 'unreadable' && got.outcome === 'unreadable' && expected.reason === got.reason;
}

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
