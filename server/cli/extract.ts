/** `extract`: files -> one JSON line a document, without a data folder. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Writable } from 'node:stream';
import { extractLine, unreadableLine } from '../../core/export/extract-line.ts';
import { filesUnder } from '../intake/intake.ts';
import { createPool } from '../pool.ts';
import { sourceWorker } from '../station.ts';
import { choice, type Command, countOption, parse, type Surroundings, UsageError } from './command.ts';
import { createHeadless, type Headless, type Outcome } from './headless.ts';

const HELP = `Usage: ap-intake extract FILE|FOLDER... --jsonl OUT [--parallel N] [--languages eng,deu] [--lang en|de]

Reads invoices and writes one JSON line a document, in the order of the files. Nothing is kept.
PDF, PNG, JPEG, TIFF, WebP, e-invoice XML, EML, MSG and ZIP are known by their content; a file that holds
several documents gives a line each with the same "file" and a "part". Amounts are JSON numbers; what is not
on a document is absent. Progress is printed on standard error.
The exit code is 1 where a file could not be read at all; its line says why.

  --jsonl OUT       file to write; "-" for standard output
  --parallel N      documents at a time (default 2)
  --languages LIST  read scans with these languages alone (default: each page in its own)
  --lang en|de      language of the findings' sentences (default en)

Examples:
  ap-intake extract invoice.pdf --jsonl -
  ap-intake extract ~/invoices --jsonl invoices.jsonl --parallel 4
`;

interface Task {
  readonly path: string;
  /** As it stands in the line. */
  readonly file: string;
}

export const extractCommand: Command = {
  summary: 'read files and write one JSON line a document',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, {
      jsonl: { type: 'string' },
      parallel: { type: 'string' },
      languages: { type: 'string' },
      lang: { type: 'string' },
    });
    if (values.jsonl === undefined) throw new UsageError('--jsonl is missing.');
    const tasks = await tasksOf(positionals, around.cwd);
    if (tasks.length === 0) throw new UsageError('Name at least one file, or a folder with files in it.');
    const language = choice('lang', values.lang, ['en', 'de'], 'en');
    const threads = countOption('parallel', values.parallel) ?? 2;
    const languages = values.languages?.split(',').filter((code) => code !== '');

    const temporary = await mkdtemp(join(tmpdir(), 'ap-extract-'));
    const pool = createPool({ workerFile: around.env['AP_WORKER_FILE'] || sourceWorker(), threads });
    const out = await openOut(values.jsonl, around.cwd);
    try {
      const headless = createHeadless({
        pool,
        ...(languages === undefined ? {} : { languages }),
        temporary,
        signal: around.signal,
      });
      const write = (text: string): Promise<void> => writeTo(out, text);
      const failed = await extractAll({ tasks, headless, threads, around, language, write });
      return around.signal.aborted ? 130 : failed > 0 ? 1 : 0;
    } finally {
      await closeOut(out);
      await pool.close();
      await rm(temporary, { recursive: true, force: true });
    }
  },
};

async function tasksOf(given: readonly string[], cwd: string): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const name of given) {
    const path = resolve(cwd, name);
    const info = await stat(path).catch(() => undefined);
    if (info === undefined) throw new UsageError(`There is no file or folder ${name}.`);
    const file = (found: string): string =>
      info.isDirectory() ? relative(path, found).split(sep).join('/') : basename(path);
    for (const found of await filesUnder([path])) tasks.push({ path: found, file: file(found) });
  }
  return tasks;
}

interface Run {
  readonly tasks: readonly Task[];
  readonly headless: Headless;
  readonly threads: number;
  readonly around: Surroundings;
  readonly language: 'en' | 'de';
  readonly write: (text: string) => Promise<void>;
}

/** Some at a time; written in the order of the files, each as soon as those before it are. The number of files that could not be read. */
async function extractAll({ tasks, headless, threads, around, language, write }: Run): Promise<number> {
  const done = new Map<number, string>();
  let next = 0;
  let written = 0;
  let finished = 0;
  let failed = 0;
  const flush = async (): Promise<void> => {
    for (let text = done.get(written); text !== undefined; text = done.get(written)) {
      done.delete(written);
      written += 1;
      await write(text);
    }
  };
  const seat = async (): Promise<void> => {
    while (next < tasks.length && !around.signal.aborted) {
      const at = next++;
      const task = tasks[at];
      if (task === undefined) return;
      const outcomes = await outcomesOf(headless, task, around);
      if (around.signal.aborted) return;
      if (outcomes.every((outcome) => outcome.kind === 'unreadable')) failed += 1;
      done.set(at, linesOf(task.file, outcomes, language));
      finished += 1;
      around.say(`${finished}/${tasks.length} ${task.file} ${summaryOf(outcomes)}`);
      await flush();
    }
  };
  await Promise.all(Array.from({ length: threads }, seat));
  return failed;
}

async function outcomesOf(headless: Headless, { path, file }: Task, around: Surroundings): Promise<Outcome[]> {
  const from = performance.now();
  try {
    return await headless.file(path, (done, pages) => {
      if (pages > 5) around.say(`  ${file}: page ${done} of ${pages}`);
    });
  } catch (error) {
    if (around.signal.aborted) return [];
    // One file must not stop the others; what failed is said in its line and here.
    around.say(`${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const detail = error instanceof Error ? error.message : String(error);
    return [{ kind: 'unreadable', reason: 'engine-error', detail, ms: Math.round(performance.now() - from) }];
  }
}

function linesOf(file: string, outcomes: readonly Outcome[], language: 'en' | 'de'): string {
  return outcomes
    .map((outcome, index) => {
      const part = outcomes.length > 1 ? index + 1 : undefined;
      const origin = { file, part, ms: outcome.ms, language };
      const line = outcome.kind === 'read' ? extractLine(outcome.invoice, origin) : unreadableLine(outcome, origin);
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}

function summaryOf(outcomes: readonly Outcome[]): string {
  const [only, ...others] = outcomes;
  if (only === undefined || others.length > 0) return `${outcomes.length} documents`;
  return only.kind === 'read' ? `${only.reading.source} ${only.ms} ms` : `cannot be read: ${only.reason}`;
}

async function openOut(name: string, cwd: string): Promise<Writable> {
  if (name === '-') return process.stdout;
  const file = createWriteStream(resolve(cwd, name));
  // A folder that does not exist, or no right to write: said before any work.
  await once(file, 'open');
  return file;
}

async function writeTo(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}

async function closeOut(out: Writable): Promise<void> {
  if (out === process.stdout) return;
  out.end();
  await once(out, 'close');
}
