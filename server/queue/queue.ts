/**
 * The queue port. Jobs are made by `Store.commit` only (no public enqueue): at least once delivery under a lease, effect exactly once, because the effect's
 * commit finishes the job in the same transaction. SQLite on the station, Redis/BullMQ over the outbox at the site.
 */
import type { JobName, JobView } from '../../core/contract/jobs.ts';

export interface ClaimedJob {
  readonly id: string;
  readonly name: JobName;
  readonly data: unknown;
  readonly root: string;
  readonly lease: string;
  /** 1 for the first try. */
  readonly attempt: number;
}

export interface Queue {
  /** The most urgent waiting job, its lease taken until now + leaseMs; also takes jobs whose lease ran out. Undefined where none waits. */
  claim(names: readonly JobName[], leaseMs: number): Promise<ClaimedJob | undefined>;
  /** False where the lease was lost or the job was cancelled: stop working. */
  heartbeat(job: ClaimedJob, leaseMs: number): Promise<boolean>;
  progress(job: ClaimedJob, progress: number, stage: string): Promise<void>;
  /** Done without an effect to commit (nothing to do any more). */
  finish(job: ClaimedJob): Promise<void>;
  /** Tries again after a backoff, or `dead` after the last attempt. */
  fail(job: ClaimedJob, error: string, options: { retry: boolean }): Promise<'waiting' | 'dead'>;
  /** Waiting jobs of a root end, a running one loses its lease. The ids. */
  cancel(root: string): Promise<string[]>;
  /** Jobs that are not done, and the last 100 that are. */
  list(): Promise<JobView[]>;
  counts(): Promise<{ waiting: number; running: number; dead: number }>;
  /** Calls back when a job may be waiting (after a commit with jobs, a failed lease). */
  onWork(listener: () => void): () => void;
}
