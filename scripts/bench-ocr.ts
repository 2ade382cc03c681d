/**
 * `npm run bench:ocr -- [DIR] [--only latency,peers,likely,threads,memory,quality,cancel] [--short] [--languages eng+deu] [--pages N] [--verbose]`: speed, memory and
 * quality of reading. DIR holds PDFs with a text layer (a benchmark's truth.jsonl names them, else all are taken); without it the samples are read. "speed" is
 * latency, peers and threads.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCancel } from './bench-ocr/cancel.ts';
import { measureLatency } from './bench-ocr/latency.ts';
import { compareGuesses } from './bench-ocr/likely.ts';
import { measureMemory } from './bench-ocr/memory.ts';
import { digitalPdfs, pictureOf, SAMPLES, truePages } from './bench-ocr/pages.ts';
import { comparePeers } from './bench-ocr/peers.ts';
import { measureQuality } from './bench-ocr/quality.ts';
import { spoil } from './bench-ocr/spoil.ts';
import type { BenchImage } from './bench-ocr/station.ts';
import { measureThreads } from './bench-ocr/threads.ts';
import { createFigures } from './figure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: 'latency,peers,likely,threads,memory,quality,cancel' },
    short: { type: 'boolean', default: false },
    languages: { type: 'string' },
    pages: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const dir = positionals[0] === undefined ? undefined : resolve(positionals[0]);
if (dir !== undefined && !existsSync(dir)) {
  process.stderr.write(`There is no folder ${dir}.\n`);
  process.exit(2);
}
const steps = new Set(values.only.replace('speed', 'latency,peers,threads').split(','));
const languages = values.languages?.split('+');
const { short } = values;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
const sizes = short
  ? { documents: 20, peers: 3, rounds: 1, guesses: 6, workers: 3, quality: 4, more: 0, cancels: 8 }
  : { documents: 80, peers: 9, rounds: 2, guesses: 24, workers: 6, quality: 18, more: 100, cancels: 20 };
const wanted = values.pages === undefined ? sizes.quality : Number(values.pages);

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const load = (): string =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
const folder = mkdtempSync(join(tmpdir(), 'ap-bench-ocr-'));
const figures = createFigures(say);
const step = async (name: string, work: () => Promise<void>): Promise<void> => {
  if (!steps.has(name)) return;
  const from = performance.now();
  say(`\n${name}`);
  await work();
  say(`(${((performance.now() - from) / 1000).toFixed(0)} s, load ${load()})`);
};

try {
  say(
    `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 1e9).toFixed(0)} GB, Linux ${release()}, Node ${process.version}, commit ${commit()}, load ${load()}`,
  );
  const pages = await truePages(digitalPdfs(dir), Math.max(wanted, sizes.peers));
  if (pages.length === 0) throw new Error('no PDF with a whole text layer was found');
  const clean: BenchImage[] = [];
  // Pages with few words are as large as others and read sooner.
  const quick = pages.toSorted((a, b) => a.words.length - b.words.length).slice(0, sizes.workers);
  for (const [i, page] of quick.entries()) {
    const path = join(folder, `clean-${i}.png`);
    writeFileSync(path, await spoil(await pictureOf(page.path), 'clean', i, 0));
    clean.push({ path, language: page.language });
  }
  await step('latency', () => measureLatency({ dir, count: sizes.documents, say, progress }, figures));
  await step('peers', () =>
    comparePeers(
      { pages: pages.slice(0, sizes.peers), rounds: sizes.rounds, languages, folder, say, progress },
      figures,
    ),
  );
  await step('likely', () =>
    compareGuesses({ dir: dir ?? SAMPLES, pages, count: sizes.guesses, folder, say, progress }),
  );
  await step('threads', () => measureThreads({ images: clean, rounds: short ? 1 : 3, say, progress }, figures));
  await step('memory', () => measureMemory({ images: clean, workers: short ? 1 : 2, more: sizes.more, say }, figures));
  await step('quality', () =>
    measureQuality(
      { pages: pages.slice(0, wanted), languages, threads: 2, folder, verbose: values.verbose, say, progress },
      figures,
    ),
  );
  await step('cancel', () =>
    measureCancel({ images: clean.map(({ path }) => path), count: sizes.cancels, say, progress }, figures),
  );
  if (!figures.ok()) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
