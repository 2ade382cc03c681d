/**
 * Takes jobs from the queue and runs them, as many at a time as its lane allows. A lease is kept alive while a job works; where it is lost (cancelled, or taken
 * over after a stall) the job's signal is aborted, which kills its worker thread. A job's effect is committed together with its end, so a job that is given
 * again after a crash finds either nothing done or everything.
 */
import type { JobName } from '../../core/contract/jobs.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { ClaimedJob, Queue } from '../queue/queue.ts';
import type { JobBoard } from './board.ts';

const LEASE_MS = 30_000;
const BEAT_MS = 5_000;
/** Another look at the queue, for a backoff that ran out. */
const IDLE_MS = 1_000;
const MAX_ATTEMPTS = 3;
/** Between two tries of a seat while the queue itself fails: at first a second, at most half a minute. */
const MAX_PAUSE_MS = 30_000;
/** Screens hear of every page; the database, where each word of it is an fsync, now and then. */
const PROGRESS_MS = 500;

export interface Work {
  readonly job: ClaimedJob;
  readonly signal: AbortSignal;
  progress(share: number, stage: string): Promise<void>;
}

/** 'done': committed with its job; 'nothing': there was nothing to do any more; 'lost': somebody else has the job now. */
export type Outcome = 'done' | 'nothing' | 'lost';
export type JobHandler = (work: Work) => Promise<Outcome>;

export interface Lane {
  readonly handlers: Partial<Record<JobName, JobHandler>>;
  readonly concurrency: number;
}

export interface Runner {
  start(): void;
  /** Aborts what works for an invoice. */
  abort(root: string): void;
  /** Takes no more jobs, aborts the running ones and waits for them; they start again with the next start. */
  stop(): Promise<void>;
}

export interface RunnerParts {
  readonly queue: Queue;
  readonly board: JobBoard;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function createRunner(parts: RunnerParts, lanes: readonly Lane[]): Runner {
  const { queue, board, log, metrics } = parts;
  const running = new Map<string, { root: string; controller: AbortController; ended: Promise<void> }>();
  const wakes = new Set<() => void>();
  const pauses = new Set<() => void>();
  /** Aborted when the station stops. */
  const end = new AbortController();
  const stopping = (): boolean => end.signal.aborted;

  const run = async (job: ClaimedJob, handler: JobHandler, controller: AbortController): Promise<void> => {
    const { signal } = controller;
    const beat = setInterval(() => {
      queue.heartbeat(job, LEASE_MS).then(
        (alive) => {
          if (!alive) controller.abort(new Error('lease lost'));
        },
        () => undefined, // A store that fails says so to the job itself.
      );
    }, BEAT_MS);
    const stage = metrics.startStage(`job:${job.name}`);
    board.running(job);
    let told = 0;
    try {
      const outcome = await handler({
        job,
        signal,
        progress: async (share, text) => {
          board.progress(job, share, text);
          if (performance.now() - told < PROGRESS_MS) return;
          told = performance.now();
          await queue.progress(job, share, text);
        },
      });
      if (outcome === 'nothing') await queue.finish(job);
      board.ended(job, outcome === 'lost' ? 'cancelled' : 'done');
      metrics.jobs.inc({ name: job.name, outcome });
    } catch (error) {
      if (signal.aborted) return board.ended(job, 'cancelled');
      log.error('job failed', { job: job.id, jobName: job.name, invoice: job.root, attempt: job.attempt, error });
      const next = await queue.fail(job, errorCode(error), { retry: job.attempt < MAX_ATTEMPTS });
      board.ended(job, next === 'dead' ? 'dead' : 'waiting', errorCode(error));
      metrics.jobs.inc({ name: job.name, outcome: next === 'dead' ? 'dead' : 'retry' });
    } finally {
      clearInterval(beat);
      stage();
    }
  };

  const seat = async (lane: Lane): Promise<void> => {
    const names = Object.keys(lane.handlers) as JobName[];
    while (!stopping()) {
      const job = await queue.claim(names, LEASE_MS);
      if (job === undefined) {
        await nap(wakes);
        continue;
      }
      const handler = lane.handlers[job.name];
      if (handler === undefined) throw new Error(`no handler for job ${job.name}`);
      const controller = new AbortController();
      const ended = run(job, handler, controller);
      running.set(job.id, { root: job.root, controller, ended });
      await ended.finally(() => running.delete(job.id));
    }
  };

  /** A seat outlives a store that fails for a while (a full disk): it tries again, never gives up silently. */
  const keepSeat = async (lane: Lane): Promise<void> => {
    let pause = IDLE_MS;
    while (!stopping()) {
      const from = performance.now();
      try {
        await seat(lane);
      } catch (error) {
        if (stopping()) return;
        log.error('queue failed', { error });
        if (performance.now() - from > MAX_PAUSE_MS) pause = IDLE_MS;
        await nap(pauses, pause);
        pause = Math.min(MAX_PAUSE_MS, pause * 2);
      }
    }
  };

  let seats: Promise<void>[] = [];
  let unsubscribe: (() => void) | undefined;
  return {
    start() {
      unsubscribe = queue.onWork(() => {
        for (const wake of wakes) wake();
      });
      seats = lanes.flatMap((lane) => Array.from({ length: lane.concurrency }, () => keepSeat(lane)));
    },
    abort(root) {
      for (const entry of running.values()) if (entry.root === root) entry.controller.abort(new Error('cancelled'));
    },
    async stop() {
      end.abort();
      unsubscribe?.();
      for (const wake of [...wakes, ...pauses]) wake();
      for (const entry of running.values()) entry.controller.abort(new Error('stopping'));
      await Promise.all(seats);
    },
  };
}

function nap(wakes: Set<() => void>, ms = IDLE_MS): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      wakes.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    wakes.add(wake);
  });
}

/** Shown to people and kept in the queue: a code, no content. */
function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}
