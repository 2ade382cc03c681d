/** Runs worker tasks in piscina threads: typed by core/contract/tasks.ts, with a time limit, cancel, and threads that can be killed. */
import { availableParallelism } from 'node:os';
import type { PageReading } from '../core/contract/reading.ts';
import type { TaskInput, TaskName, TaskOutput, Unreadable } from '../core/contract/tasks.ts';
import { createIdleThreads } from './idle-threads.ts';
import { createThreads } from './threads.ts';

export interface TaskOptions {
  /** Kills the thread when aborted. */
  readonly signal?: AbortSignal;
  /** Kills the thread after this time, counted from when a thread takes the task; the outcome is `unreadable: timeout`. */
  readonly timeoutMs?: number;
}

export interface Pool {
  /** Outcomes come back as values (`kind`); a killed thread as `{kind:'unreadable', reason:'timeout'|'out-of-memory'|'cancelled'}`. Rejects only for bugs. */
  run<N extends TaskName>(name: N, input: TaskInput<N>, options?: TaskOptions): Promise<TaskOutput<N> | Unreadable>;
  /** Threads that read documents; one more is kept for what a person waits for. */
  readonly threads: number;
  close(): Promise<void>;
}

export interface OpenPool extends Pool {
  /** Starts the thread that serves people, too, before the first of them asks: who opens a document does not wait for it to load. */
  warm(): void;
}

export interface PoolOptions {
  /** Path of worker/index.ts or of what it was built into. */
  readonly workerFile: string;
  readonly threads?: number;
  /** JavaScript heap of a thread; pixels and the engines' own memory are bounded by the limits of a page. */
  readonly heapMb?: number;
}

/**
 * A person waits for these: they have a thread of their own, which reads nothing and so never holds the OCR engine's memory.
 * Areas drawn on a page are read under a lens: one thread with a warm OCR engine, there only while somebody uses it.
 * Of the rest, what tells or finishes something goes before the next page.
 */
const PLACES: Record<TaskName, { readonly at: 'desk' | 'reading' | 'lens'; readonly rank: number }> = {
  validate: { at: 'desk', rank: 0 },
  renderPage: { at: 'desk', rank: 1 },
  learn: { at: 'desk', rank: 2 },
  readRegion: { at: 'lens', rank: 0 },
  inspect: { at: 'reading', rank: 0 },
  extract: { at: 'reading', rank: 0 },
  checkText: { at: 'reading', rank: 0 },
  expand: { at: 'reading', rank: 1 },
  readPage: { at: 'reading', rank: 2 },
};

/** The engine's memory goes back when nobody has drawn for a while. */
const LENS_IDLE_MS = 180_000;

export function createPool({ workerFile, threads: wanted, heapMb = 1_024 }: PoolOptions): OpenPool {
  const threads = Math.max(1, wanted ?? availableParallelism());
  // A thread that starts for one that was killed loads its engine at once, where the others have theirs.
  const start: { warmOcr?: readonly string[] } = {};
  const places = {
    reading: createThreads({ workerFile, threads, heapMb, start }),
    // Not with the others: while the first documents are being read its start would only take their core. Once warm it stays.
    desk: createIdleThreads(() => createThreads({ workerFile, threads: 1, heapMb })),
    lens: createIdleThreads(() => createThreads({ workerFile, threads: 1, heapMb }), LENS_IDLE_MS),
  };
  return {
    threads,
    async run<N extends TaskName>(name: N, input: TaskInput<N>, { signal, timeoutMs }: TaskOptions = {}) {
      const { at, rank } = PLACES[name];
      const outcome = await places[at].run({ message: { name, input }, rank, signal, timeoutMs });
      const languages = ocrLanguages(outcome);
      if (languages !== undefined) start.warmOcr = languages;
      return outcome as TaskOutput<N> | Unreadable;
    },
    warm: () => places.desk.warm(),
    async close() {
      await Promise.all(Object.values(places).map((place) => place.close()));
    },
  };
}

/** What a page was read with that went through OCR. */
function ocrLanguages(outcome: unknown): readonly string[] | undefined {
  const { page } = outcome as { page?: Partial<PageReading> };
  return page?.source === 'ocr' ? page.languages : undefined;
}
