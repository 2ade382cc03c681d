/** Reads documents as the command line does; the words of pages are kept, so that a run after a change of the extraction takes seconds. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createCheckpoints } from '../../../server/checkpoints.ts';
import { createHeadless, type Outcome } from '../../../server/cli/headless.ts';
import { createPool } from '../../../server/pool.ts';
import { sourceWorker } from '../../../server/station.ts';

export const ROOT = new URL('../../..', import.meta.url).pathname;

/** Words kept by an older reader are not this reader's words: the key is the source of everything that makes words. */
export function readerVersion(): string {
  const hash = createHash('sha256');
  const folder = join(ROOT, 'worker');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((f) => f.endsWith('.ts') && !/extract|test|einvoice|validate/.test(f)).toSorted())
    hash.update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}

export interface Task {
  readonly file: string;
  readonly path: string;
}

interface ReadOptions {
  readonly cache: string;
  readonly reader: string;
  readonly threads: number;
  /** As many as there were documents in the file. */
  readonly onOutcomes: (task: Task, outcomes: readonly Outcome[]) => void;
  readonly total?: number;
}

export interface Ended {
  /** Errors nobody expected: thrown here, or caught by a worker's last handler. */
  readonly crashes: number;
  readonly ended: number;
}

export async function readDocuments(tasks: readonly Task[], options: ReadOptions): Promise<Ended> {
  const temporary = mkdtempSync(join(tmpdir(), 'ap-bench-'));
  const pool = createPool({ workerFile: sourceWorker(), threads: options.threads });
  const { signal } = new AbortController();
  const checkpoints = { store: createCheckpoints(options.cache), version: options.reader };
  // The trust check is measured by bench:trust: here the text layers are believed.
  const headless = createHeadless({
    pool,
    temporary,
    signal,
    checkpoints,
    trust: false,
  });
  const already = (options.total ?? tasks.length) - tasks.length;
  let next = 0;
  let ended = already;
  let crashes = 0;
  const seat = async (): Promise<void> => {
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      try {
        const outcomes = await headless.file(task.path);
        crashes += outcomes.filter((o) => o.kind !== 'read' && o.reason === 'engine-error').length;
        options.onOutcomes(task, outcomes);
        ended += 1;
      } catch (error) {
        crashes += 1;
        const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
        process.stderr.write(`\n${task.file}: ${told}\n`);
      }
      process.stderr.write(`\r${ended}/${already + tasks.length} ${basename(task.file)}          `);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.threads }, seat));
  } finally {
    await pool.close();
    rmSync(temporary, { recursive: true, force: true });
  }
  process.stderr.write('\n');
  return { crashes, ended };
}
