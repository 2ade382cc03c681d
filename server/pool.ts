/** Runs worker tasks in piscina threads: typed by core/contract/tasks.ts, with a time limit, cancel, and a thread that can be killed. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { UnreadableReason } from '../core/contract/intake.ts';
import type { TaskInput, TaskMessage, TaskName, TaskOutput, Unreadable } from '../core/contract/tasks.ts';

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

export interface PoolOptions {
  /** Path of worker/index.ts or of what it was built into. */
  readonly workerFile: string;
  readonly threads?: number;
  /** JavaScript heap of a thread; pixels and the engines' own memory are bounded by the limits of a page. */
  readonly heapMb?: number;
}

interface Job {
  readonly message: TaskMessage;
  readonly options: TaskOptions;
  readonly settle: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Ends the task, wherever it is. */
  readonly kill: AbortController;
  detach: () => void;
}

/** A person waits for these: they pass everything that reads, and one thread takes nothing else. */
const WAITED_FOR: ReadonlySet<TaskName> = new Set(['validate', 'renderPage']);
/** Of the rest, what tells or finishes something goes before the next page. */
const RANK: Record<TaskName, number> = { validate: 0, renderPage: 1, inspect: 2, extract: 2, expand: 3, readPage: 4 };

/** Threads in a row that died before they did anything. */
const MOST_DEATHS = 2;

const stopped = (reason: UnreadableReason, detail: string): Unreadable => ({ kind: 'unreadable', reason, detail });

export function createPool(options: PoolOptions): Pool {
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const waiting: Job[] = [];
  const running = new Set<Job>();
  let deaths = 0;
  let closed = false;
  let opened: Piscina | undefined;

  const open = (): Piscina => {
    const piscina = new Piscina({
      filename: options.workerFile,
      // Started once and kept warm: the engines take longer to load than most pages to read.
      minThreads: threads + 1,
      maxThreads: threads + 1,
      // Blocking waits between tasks would starve what the engines still do in the background of their thread.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? 1_024 },
    });
    // A thread died without a task. piscina replaces it, but not for ever: where the worker's own code does not load, nothing would answer again.
    piscina.on('error', (error: unknown) => {
      deaths += 1;
      if (opened !== piscina || deaths < MOST_DEATHS) return;
      opened = undefined;
      void piscina.destroy();
      for (const job of [...running, ...waiting.splice(0)]) job.reject(error);
    });
    return piscina;
  };
  opened = open();

  const isReader = (job: Job): boolean => !WAITED_FOR.has(job.message.name);
  const mayStart = (job: Job): boolean =>
    running.size <= threads && (!isReader(job) || [...running].filter(isReader).length < threads);

  const next = (): void => {
    for (let at = waiting.findIndex(mayStart); at >= 0; at = waiting.findIndex(mayStart)) {
      const [job] = waiting.splice(at, 1);
      if (job !== undefined) void start(job);
    }
  };

  const start = async (job: Job): Promise<void> => {
    running.add(job);
    const { timeoutMs } = job.options;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => job.kill.abort(stopped('timeout', `stopped after ${timeoutMs / 1_000} s`)), timeoutMs);
    try {
      opened ??= open();
      const outcome: unknown = await opened.run(job.message, { signal: job.kill.signal });
      deaths = 0;
      job.settle(outcome);
    } catch (error) {
      const value = valueOf(error, job.kill.signal, closed);
      if (value === undefined) job.reject(error);
      else job.settle(value);
    } finally {
      clearTimeout(timer);
      job.detach();
      running.delete(job);
      next();
    }
  };

  const enqueue = (job: Job): void => {
    const rank = RANK[job.message.name];
    const at = waiting.findIndex((other) => RANK[other.message.name] > rank);
    waiting.splice(at < 0 ? waiting.length : at, 0, job);
    next();
  };

  return {
    threads,
    run<N extends TaskName>(name: N, input: TaskInput<N>, taskOptions: TaskOptions = {}) {
      return new Promise<TaskOutput<N> | Unreadable>((resolve, reject) => {
        const settle = (outcome: unknown): void => resolve(outcome as TaskOutput<N> | Unreadable);
        const cancelled = stopped('cancelled', 'stopped before it was finished');
        const { signal } = taskOptions;
        if (closed || signal?.aborted === true) {
          settle(cancelled);
          return;
        }
        const job: Job = {
          message: { name, input },
          options: taskOptions,
          settle,
          reject,
          kill: new AbortController(),
          detach: () => undefined,
        };
        const onAbort = (): void => {
          const at = waiting.indexOf(job);
          if (at < 0) job.kill.abort(cancelled);
          else {
            waiting.splice(at, 1);
            settle(cancelled);
          }
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        job.detach = () => signal?.removeEventListener('abort', onAbort);
        enqueue(job);
      });
    },
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.settle(stopped('cancelled', 'the station is closing'));
      await opened?.destroy();
    },
  };
}

/** What the domain knows about a thread that did not answer; undefined for a bug. */
function valueOf(error: unknown, kill: AbortSignal, closed: boolean): Unreadable | undefined {
  if (kill.aborted) return kill.reason as Unreadable;
  if (closed) return stopped('cancelled', 'the station is closing');
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return stopped('out-of-memory', 'the reader ran out of memory');
  // A native library that ends its thread: no JavaScript error can say why.
  if (typeof message === 'string' && message.startsWith('worker exited with code'))
    return stopped('engine-error', message);
  return undefined;
}
