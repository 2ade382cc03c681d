/**
 * Runs one claimed job to its end, wherever it came from (pulled from the queue or pushed by a delivery). A lease is kept alive while a job works; where it is
 * lost (cancelled, or taken over after a stall) the job's signal is aborted, which kills its worker thread. A job's effect is committed together with its end,
 * so a job that is given again after a crash finds either nothing done or everything.
 */
import type { JobName, JobState } from '../../core/contract/jobs.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { isDiskFull } from '../problem.ts';
import { triesOf } from '../queue/backoff.ts';
import type { ClaimedJob, Queue } from '../queue/queue.ts';
import type { JobBoard } from './board.ts';

/** Until a disk that was full is tried again. */
const FULL_MS = 15_000;
/** Screens hear of every page; the database, where each word of it is an fsync, now and then. */
const PROGRESS_MS = 500;

export interface Work {
  readonly job: ClaimedJob;
  readonly signal: AbortSignal;
  progress(share: number, stage: string): Promise<void>;
}

/** 'done': its end is committed, together with its effect where it had one; 'lost': somebody else has the job now. */
export type Outcome = 'done' | 'lost';

/** Thrown by a handler whose job has no turn yet: it is given back for so long, and that was no try. */
export class NotYet extends Error {
  readonly afterMs: number;
  constructor(afterMs: number) {
    super('not its turn yet');
    this.name = 'NotYet';
    this.afterMs = afterMs;
  }
}

export type JobHandler = (work: Work) => Promise<Outcome>;
export type Handlers = Partial<Record<JobName, JobHandler>>;

export interface HandlingParts {
  readonly queue: Queue;
  readonly board: JobBoard;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How long a claim holds without a heartbeat: what a killed process was doing is done again after that. */
  readonly leaseMs: number;
  readonly beatMs: number;
}

/** 'waiting': again later; 'cancelled': by a person, or somebody else has it. */
export type Ended = Extract<JobState, 'done' | 'waiting' | 'cancelled' | 'dead'>;

export interface Handling {
  /** Throws where the queue itself fails: the lease runs out then, and the job is done again. */
  run(job: ClaimedJob, handler: JobHandler): Promise<Ended>;
  /** Aborts what works for an invoice. */
  abort(root: string): void;
  /** Waits so long for what runs, then aborts it and gives it back. */
  stop(graceMs: number): Promise<void>;
}

interface Running {
  readonly root: string;
  readonly controller: AbortController;
  readonly ended: Promise<unknown>;
}

export function createHandling(parts: HandlingParts): Handling {
  const { queue, board, log, metrics, leaseMs, beatMs } = parts;
  const running = new Map<string, Running>();
  let isStopping = false;

  const keepAlive = (job: ClaimedJob, controller: AbortController): NodeJS.Timeout =>
    setInterval(() => {
      queue.heartbeat(job, leaseMs).then(
        (alive) => {
          if (!alive) controller.abort(new Error('lease lost'));
        },
        () => undefined, // A store that fails says so to the job itself.
      );
    }, beatMs);

  const progressOf = (job: ClaimedJob): Work['progress'] => {
    let told = 0;
    return async (share, text) => {
      board.progress(job, share, text);
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      await queue.progress(job, share, text);
    };
  };

  const succeed = (job: ClaimedJob, outcome: Outcome): Ended => {
    const ended = outcome === 'lost' ? 'cancelled' : 'done';
    board.ended(job, ended);
    metrics.jobs.inc({ name: job.name, outcome });
    return ended;
  };

  const interrupted = async (job: ClaimedJob): Promise<Ended> => {
    if (isStopping) await queue.release(job);
    const ended = isStopping ? 'waiting' : 'cancelled';
    board.ended(job, ended);
    return ended;
  };

  const deferred = async (job: ClaimedJob, { afterMs }: NotYet): Promise<Ended> => {
    await queue.release(job, Math.max(1, Math.ceil(afterMs)));
    board.ended(job, 'waiting');
    return 'waiting';
  };

  const failed = async (job: ClaimedJob, error: unknown): Promise<Ended> => {
    log.error('job failed', { job: job.id, jobName: job.name, invoice: job.root, attempt: job.attempt, error });
    const code = errorCode(error);
    const next = await queue.fail(job, code, { retry: job.attempt < triesOf(job.name) });
    board.ended(job, next, code);
    metrics.jobs.inc({ name: job.name, outcome: next === 'dead' ? 'dead' : 'retry' });
    return next;
  };

  const attempt = async (job: ClaimedJob, handler: JobHandler, controller: AbortController): Promise<Ended> => {
    const beat = keepAlive(job, controller);
    const stage = metrics.startStage(`job:${job.name}`);
    try {
      board.running(job);
      const outcome = await handler({ job, signal: controller.signal, progress: progressOf(job) });
      return succeed(job, outcome);
    } catch (error) {
      if (error instanceof NotYet) return await deferred(job, error);
      // Tried as often as it takes: nothing is wrong with the job, and who makes room expects it to go on.
      if (isDiskFull(error) && !controller.signal.aborted) {
        log.warn('a job waits for room on the disk', { job: job.id, jobName: job.name, invoice: job.root });
        return await deferred(job, new NotYet(FULL_MS));
      }
      return await (controller.signal.aborted ? interrupted(job) : failed(job, error));
    } finally {
      clearInterval(beat);
      stage();
    }
  };

  return {
    async run(job, handler) {
      const controller = new AbortController();
      const ended = attempt(job, handler, controller);
      running.set(job.id, { root: job.root, controller, ended });
      return ended.finally(() => running.delete(job.id));
    },
    abort(root) {
      for (const entry of running.values()) if (entry.root === root) entry.controller.abort(new Error('cancelled'));
    },
    async stop(graceMs) {
      const all = Promise.allSettled([...running.values()].map(({ ended }) => ended));
      if (graceMs > 0) await Promise.race([all, pause(graceMs)]);
      isStopping = true;
      for (const { controller } of running.values()) controller.abort(new Error('stopping'));
      await all;
    },
  };
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** Shown to people and kept in the queue: a code, no content. */
function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}
