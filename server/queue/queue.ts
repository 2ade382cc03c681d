/**
 * The queue port. Jobs are made by `Store.commit` only (no public enqueue): at least once delivery under a lease, effect exactly once, because the effect's
 * commit finishes the job in the same transaction. The table of jobs is the truth; Redis (redis.ts) only carries ids to the workers, and whatever it loses
 * costs latency. `queue.contract.test.ts` runs every implementation: SQLite (station), Postgres (site), and a delivery by Redis in front.
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

/** What came of the wish to claim one job by its id. */
export type Claim =
  | { readonly kind: 'claimed'; readonly job: ClaimedJob }
  /**
   * Not now: its backoff runs (`at`: when it ends), somebody holds its lease (when that ends), or another one of its name works for the same root
   * (`at`: `BLOCKED_MS` from now).
   */
  | { readonly kind: 'later'; readonly at: number }
  /** Done, cancelled or dead; undefined where there is no such job. */
  | { readonly kind: 'gone'; readonly state: 'done' | 'cancelled' | 'dead' | undefined };

/** When to ask again for a job that another one of its name and root holds up: nobody knows how long that one takes. */
export const BLOCKED_MS = 1_000;

/** A job that is to be brought to a worker. */
export interface Due {
  readonly id: string;
  readonly name: JobName;
  readonly priority: number;
  /** Whose it is, where there are several: sites take turns. */
  readonly site?: string;
  /** It was handed out before: whoever carries it may still have it. */
  readonly again: boolean;
  /** Nothing ever happened to it: whoever carries it has nothing of it that is out of date. */
  readonly untouched?: boolean;
}

/** A delivery that is well has what it was given; what was handed out longer ago is looked after. */
export const PATIENCE_MS = 60_000;
/** What a process was to carry and is still waiting after so long is looked after: the process may have ended before it could. */
export const PROMISE_MS = 5_000;

/** How much there is of one kind. Kinds without any open or dead job are left out. */
export interface QueueLength {
  readonly name: JobName;
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
  /** When the oldest waiting job was made (ms since 1970), due or not; null where none waits. */
  readonly oldest: number | null;
}

export interface DeadLetters {
  readonly items: readonly JobView[];
  /** Give it back for the next page; null at the end. */
  readonly next: string | null;
}

export interface Queue {
  /** The most urgent waiting job, its lease taken until now + leaseMs; also takes jobs whose lease ran out. Undefined where none waits. */
  claim(names: readonly JobName[], leaseMs: number): Promise<ClaimedJob | undefined>;
  /**
   * Claims these jobs by id, under the same rules as `claim` (a lease that ran out is taken over; too many claims end a job as dead). One answer an id, in
   * their order; one round trip for all of them where all are claimed. A claim may be lost with the database's last moments (Postgres: synchronous_commit off): its commit then
   * finds no lease.
   */
  claimThese(ids: readonly string[], leaseMs: number): Promise<readonly Claim[]>;
  /** False where the lease was lost or the job was cancelled: stop working. */
  heartbeat(job: ClaimedJob, leaseMs: number): Promise<boolean>;
  progress(job: ClaimedJob, progress: number, stage: string): Promise<void>;
  /** Done without an effect to commit (nothing to do any more). */
  finish(job: ClaimedJob): Promise<void>;
  /** Tries again after a backoff, or `dead` after the last attempt. */
  fail(job: ClaimedJob, error: string, options: { retry: boolean }): Promise<'waiting' | 'dead'>;
  /**
   * Gives a claimed job back as if it had never been claimed (the process stops, or it is not its turn): it waits again, due at once or after `afterMs`, and the
   * claim is not counted. Where another one of its name and root waits already, that one does the work and this one is cancelled. Nothing where the lease
   * was lost.
   */
  release(job: ClaimedJob, afterMs?: number): Promise<void>;
  /** Waiting jobs of a root end, a running one loses its lease. The ids. */
  cancel(root: string): Promise<string[]>;
  /** Jobs that are not done, and the last 100 that are. */
  list(): Promise<JobView[]>;
  counts(): Promise<{ waiting: number; running: number; dead: number }>;
  lengths(): Promise<readonly QueueLength[]>;
  /** Calls back when a job may be waiting (after a commit with jobs, a failed lease, a replay). */
  onWork(listener: () => void): () => void;

  /**
   * The outbox: jobs that somebody has to be told of, marked as handed out in the same step (Postgres: `FOR UPDATE SKIP LOCKED`, so that several relays never
   * take the same). Due are waiting jobs whose backoff is over and running ones whose lease ran out, where they
   *  - were never handed out, or
   *  - were handed out before their lease ran out, or
   *  - were made more urgent since, or
   *  - were handed out `patienceMs` ago or longer: what carries them may have lost them.
   * New ones first, by urgency, then one of each site in turn, the oldest of each; then the others, the one handed out longest ago first. A job that fails or is claimed keeps its mark, one that is replayed or released loses it.
   */
  handOut(names: readonly JobName[], options: { limit: number; patienceMs: number }): Promise<readonly Due[]>;
  /**
   * From now on jobs that this process makes are marked as handed out when they are made, and given to the listener once they are committed: it brings them, or takes
   * them back. What it loses together with its process is handed out again after PROMISE_MS. The returned function ends it. Nothing where jobs are only handed out.
   */
  carry(listener: (made: readonly Due[]) => void): () => void;
  /** Forgets that these were handed out; without ids, that any was: what carries them lost everything. */
  takeBack(ids?: readonly string[]): Promise<void>;

  /** Those of these jobs that there are, in whatever state. */
  existing(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those that were given up, the youngest first. `cursor` is a `next`; limit at most 200. */
  deadLetters(page: { cursor?: string | undefined; limit: number }): Promise<DeadLetters>;
  /**
   * A dead letter waits again, due at once, its tries counted anew. 'superseded': another one of its name and root waits already and does the work; the dead
   * letter is cancelled. 'gone': it is not dead (any more).
   */
  replay(id: string): Promise<'waiting' | 'superseded' | 'gone'>;
  /** Removes dead letters for good: one, or those that died before an instant (ISO), or all. Their number. */
  purge(which: { id?: string | undefined; before?: string | undefined }): Promise<number>;
}
