/**
 * `npm run bench:extract -- DIR`: reads every document of a benchmark as the command line does, scores the lines with the scorer beside it, prints the figures.
 * Predictions are appended as they come (`--resume` takes up where a run ended); the words of pages are kept, so that a run after a change of the extraction takes seconds.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { extractLine, unreadableLine } from '../core/export/extract-line.ts';
import { createCheckpoints } from '../server/checkpoints.ts';
import { createHeadless, type Headless } from '../server/cli/headless.ts';
import { createPool } from '../server/pool.ts';
import { sourceWorker } from '../server/station.ts';
import { createFigures } from './figure.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const USAGE = `Usage: npm run bench:extract -- DIR [--out FILE] [--limit N] [--only REGEX] [--resume] [--by KEY] [--misses FIELD] [--threads N] [--cache DIR] [--reader HASH]
DIR holds documents/ and truth.jsonl; score.mjs stands beside DIR or one folder above.
`;

interface Truth {
  readonly file: string;
  readonly kind: string;
}

interface Options {
  readonly dir: string;
  readonly out: string;
  readonly cache: string;
  readonly threads: number;
  readonly resume: boolean;
  readonly limit: number;
  readonly only: RegExp;
  readonly scorer: string;
  readonly pass: readonly string[];
  /** Whose kept words are taken: while the extraction is worked on, those of an older reader will do. */
  readonly reader: string;
}

function options(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      cache: { type: 'string', default: join(ROOT, '.cache', 'bench-pages') },
      threads: { type: 'string', default: '2' },
      limit: { type: 'string' },
      only: { type: 'string', default: '' },
      resume: { type: 'boolean', default: false },
      by: { type: 'string' },
      misses: { type: 'string' },
      reader: { type: 'string' },
    },
  });
  const dir = positionals[0] === undefined ? undefined : resolve(positionals[0]);
  if (dir === undefined || !existsSync(join(dir, 'truth.jsonl'))) {
    process.stderr.write(
      `${dir === undefined ? 'Name the folder of the benchmark.' : `${dir} has no truth.jsonl.`}\n${USAGE}`,
    );
    process.exit(2);
  }
  const scorer = [dirname(dir), dirname(dirname(dir))].map((d) => join(d, 'score.mjs')).find((f) => existsSync(f));
  if (scorer === undefined) {
    process.stderr.write(`There is no score.mjs in ${dirname(dir)} or ${dirname(dirname(dir))}.\n`);
    process.exit(2);
  }
  const name = dir.split('/').slice(-2).join('-');
  return {
    dir,
    out: resolve(values.out ?? join(ROOT, '.cache', `${name}.jsonl`)),
    cache: resolve(values.cache),
    threads: Number(values.threads),
    resume: values.resume,
    limit: values.limit === undefined ? Infinity : Number(values.limit),
    only: new RegExp(values.only),
    scorer,
    reader: values.reader ?? readerVersion(),
    pass: [...(values.by ? ['--by', values.by] : []), ...(values.misses ? ['--misses', values.misses] : [])],
  };
}

/** Words kept by an older reader are not this reader's words: the key is the source of everything that makes words. */
function readerVersion(): string {
  const hash = createHash('sha256');
  const folder = join(ROOT, 'worker');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((f) => f.endsWith('.ts') && !/extract|test|einvoice|validate/.test(f)).toSorted()) {
    hash.update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

const lines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);

/** What an interrupted run wrote; the last line may be torn. */
function finished(file: string): Truth[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): Truth[] => {
      try {
        return [JSON.parse(line) as Truth];
      } catch {
        return [];
      }
    });
}

interface Ended {
  readonly crashes: number;
  readonly ended: number;
}

async function readAll(truth: readonly Truth[], headless: Headless, opt: Options): Promise<Ended> {
  const kept = opt.resume && existsSync(opt.out) ? finished(opt.out) : [];
  const done = new Set(kept.map((line) => line.file));
  mkdirSync(dirname(opt.out), { recursive: true });
  writeFileSync(opt.out, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const tasks = truth.filter((t) => !done.has(t.file));
  let next = 0;
  let ended = done.size;
  let crashes = 0;
  const seat = async (): Promise<void> => {
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      try {
        const outcomes = await headless.file(join(opt.dir, task.file));
        for (const [i, outcome] of outcomes.entries()) {
          const origin = {
            file: task.file,
            part: outcomes.length > 1 ? i + 1 : undefined,
            ms: outcome.ms,
            language: 'en' as const,
          };
          const line = outcome.kind === 'read' ? extractLine(outcome.invoice, origin) : unreadableLine(outcome, origin);
          if (outcome.kind !== 'read' && outcome.reason === 'engine-error') crashes += 1;
          appendFileSync(opt.out, `${JSON.stringify(line)}\n`);
        }
        ended += 1;
      } catch (error) {
        crashes += 1;
        process.stderr.write(
          `\n${task.file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
      }
      process.stderr.write(`\r${ended}/${truth.length} ${basename(task.file)}          `);
    }
  };
  await Promise.all(Array.from({ length: opt.threads }, seat));
  process.stderr.write('\n');
  return { crashes, ended };
}

interface Box {
  readonly fields: Readonly<Record<string, { readonly n: number; readonly ok: number }>>;
}

const share = (box: Box | undefined): number => {
  const fields = Object.values(box?.fields ?? {});
  const known = fields.reduce((n, f) => n + f.n, 0);
  return known === 0 ? 0 : (100 * fields.reduce((n, f) => n + f.ok, 0)) / known;
};

function score(opt: Options, truthFile: string): Readonly<Record<string, Box>> {
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, [opt.scorer, truthFile, opt.out, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
      .stdout;
  process.stdout.write(run(opt.pass));
  return JSON.parse(run(['--json'])) as Readonly<Record<string, Box>>;
}

async function main(): Promise<void> {
  const opt = options();
  const temporary = mkdtempSync(join(tmpdir(), 'ap-bench-'));
  const pool = createPool({ workerFile: sourceWorker(), threads: opt.threads });
  try {
    const truth = lines<Truth>(join(opt.dir, 'truth.jsonl'))
      .filter((t) => opt.only.test(t.file))
      .slice(0, opt.limit);
    const truthFile = join(temporary, 'truth.jsonl');
    writeFileSync(truthFile, truth.map((t) => `${JSON.stringify(t)}\n`).join(''));
    const signal = new AbortController().signal;
    const checkpoints = { store: createCheckpoints(opt.cache), version: opt.reader };
    const headless = createHeadless({ pool, languages: ['eng', 'deu', 'fra'], temporary, signal, checkpoints });
    const { crashes, ended } = await readAll(truth, headless, opt);
    const boxes = score(opt, truthFile);
    const figures = createFigures((line) => process.stdout.write(`${line}\n`));
    process.stdout.write('\n');
    if (truth.some((t) => /xml|zugferd/.test(t.kind))) {
      figures.atLeast('einvoice.all_fields', share(boxes['all']), 98);
      figures.atMost('einvoice.crashes', crashes, 0);
      figures.atLeast('einvoice.documents', ended, truth.length);
    } else {
      if (truth.some((t) => t.kind === 'digital-pdf'))
        figures.atLeast('extract.digital.all_fields', share(boxes['digital-pdf']), 70);
      figures.atMost('extract.crashes', crashes, 0);
      figures.atLeast('extract.documents', ended, truth.length);
    }
    if (!figures.ok()) process.exitCode = 1;
  } finally {
    await pool.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

await main();
