/** Worker threads of one kind and the tasks that wait for them. A task can be ended wherever it is; a thread that has to die takes only its own task along. */
import { Piscina } from 'piscina';
import type { UnreadableReason } from '../core/contract/intake.ts';
import type { TaskMessage, Unreadable } from '../core/contract/tasks.ts';

export interface ThreadOptions {
  readonly workerFile: string;
  readonly threads: number;
  /** JavaScript heap of a thread. */
  readonly heapMb: number;
  /** Handed to each thread when it starts, as it is then. */
  readonly start?: Readonly<Record<string, unknown>>;
}

export interface Wanted {
  readonly message: TaskMessage;
  /** Lower goes first; equal in the order of arrival. */
  readonly rank: number;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface Threads {
  /** What the task answered, or why it was ended. Rejects for bugs alone. */
  run(wanted: Wanted): Promise<unknown>;
  close(): Promise<void>;
}

interface Job extends Wanted {
  readonly settle: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly kill: AbortController;
  /** The threads fell under it once, through no fault of its own. */
  readonly again: boolean;
}

const stopped = (reason: UnreadableReason, detail: string): Unreadable => ({ kind: 'unreadable', reason, detail });
const CANCELLED = stopped('cancelled', 'stopped before it was finished');
export const CLOSING = stopped('cancelled', 'the station is closing');

export function createThreads({ workerFile, threads, heapMb, start: workerData }: ThreadOptions): Threads {
  const waiting: Job[] = [];
  const running = new Set<Job>();
  const fallen = new WeakMap<Piscina, unknown>();
  let closed = false;
  let opened: Piscina | undefined;

  const open = (): Piscina => {
    const piscina = new Piscina({
      filename: workerFile,
      // Started once and kept warm: the engines take longer to load than most pages to read.
      minThreads: threads,
      maxThreads: threads,
      // Blocking waits between tasks would starve what the engines still do in the background of their thread.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
      workerData,
    });
    // A thread died outside of any task. Where that was its start, piscina starts none again and nothing would ever answer.
    piscina.on('error', (error: unknown) => {
      if (opened !== piscina) return;
      opened = undefined;
      fallen.set(piscina, error);
      void piscina.destroy();
    });
    return piscina;
  };
  opened = open();

  const start = async (job: Job): Promise<void> => {
    running.add(job);
    const unlimit = limit(job, running);
    const piscina = (opened ??= open());
    try {
      job.settle(await piscina.run(job.message, { signal: job.kill.signal }));
    } catch (error) {
      const value = closed ? CLOSING : valueOf(error, job.kill.signal);
      if (value !== undefined) job.settle(value);
      else if (!fallen.has(piscina)) job.reject(codedAgain(error));
      else if (job.again) job.reject(fallen.get(piscina));
      else waiting.unshift({ ...job, again: true });
    } finally {
      unlimit();
      running.delete(job);
      next();
    }
  };

  const next = (): void => {
    while (running.size < threads) {
      const job = waiting.shift();
      if (job === undefined) return;
      void start(job);
    }
  };

  const end = (kill: AbortController): void => {
    const at = waiting.findIndex((job) => job.kill === kill);
    if (at < 0) kill.abort(CANCELLED);
    else for (const job of waiting.splice(at, 1)) job.settle(CANCELLED);
  };

  const enqueue = (job: Job): void => {
    const at = waiting.findIndex(({ rank }) => rank > job.rank);
    waiting.splice(at < 0 ? waiting.length : at, 0, job);
    next();
  };

  return {
    async run(wanted) {
      if (closed || wanted.signal?.aborted === true) return CANCELLED;
      const kill = new AbortController();
      const onAbort = (): void => end(kill);
      wanted.signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await new Promise((settle, reject) => {
          enqueue({ ...wanted, settle, reject, kill, again: false });
        });
      } finally {
        wanted.signal?.removeEventListener('abort', onAbort);
      }
    },
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.settle(CLOSING);
      await opened?.destroy();
    },
  };
}

/** A machine that is busy with other things gets the time limit this many times over, never for ever. */
const MOST_LIMITS = 3;

/**
 * Counted from when a thread takes the task: a long queue is no reason to give up on what stands last in it. Nor are other programs that take the cores: a
 * page that hangs burns a core of its own, and only where the threads had less than half of one each is the task given longer.
 */
function limit({ timeoutMs, kill }: Job, running: ReadonlySet<Job>): () => void {
  if (timeoutMs === undefined) return () => undefined;
  const from = process.cpuUsage();
  let limits = 1;
  const look = (): void => {
    const { user, system } = process.cpuUsage(from);
    const each = (user + system) / 1_000 / Math.max(1, running.size);
    if (limits >= MOST_LIMITS || each > (limits * timeoutMs) / 2) {
      kill.abort(stopped('timeout', `stopped after ${(limits * timeoutMs) / 1_000} s`));
      return;
    }
    limits += 1;
    timer = setTimeout(look, timeoutMs);
  };
  let timer = setTimeout(look, timeoutMs);
  return () => clearTimeout(timer);
}

/** Of an error that comes from a thread the message is left alone, which for one of the file system begins with its code. */
function codedAgain(error: unknown): unknown {
  if (!(error instanceof Error) || 'code' in error) return error;
  const code = /^(E[A-Z]{3,}): /.exec(error.message)?.[1];
  return code === undefined ? error : Object.assign(error, { code });
}

/** What the domain knows about a thread that did not answer; undefined for a bug. */
function valueOf(error: unknown, kill: AbortSignal): Unreadable | undefined {
  if (kill.aborted) return kill.reason as Unreadable;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return stopped('out-of-memory', 'the reader ran out of memory');
  // A native library that ends its thread: no JavaScript error can say why.
  if (typeof message === 'string' && message.startsWith('worker exited with code'))
    return stopped('engine-error', message);
  return undefined;
}
