/**
 * Brings jobs to their handlers, as many at a time as their lane allows. On the station each seat of a lane pulls from the queue. At the site a delivery pushes
 * ids, which are claimed in the database; the seats pull only while the delivery is not available, and one of them looks now and then all the same, for what
 * a delivery may have lost.
 */
import type { JobName, QueueName } from '../../core/contract/jobs.ts';
import { createGather } from '../queue/gather.ts';
import type { Delivery, Taken } from '../queue/delivery.ts';
import type { ClaimedJob } from '../queue/queue.ts';
import { createHandling, type Ended, type Handlers, type HandlingParts } from './handling.ts';
import { createSeats, type Seats } from './seats.ts';

const LEASE_MS = 30_000;
const BEAT_MS = 5_000;
/** Another look at the queue, for a backoff that ran out. */
const IDLE_MS = 1_000;
/** Between two looks beside a delivery that seems well. */
const SAFETY_MS = 5_000;
/** Between two tries of a seat while the queue itself fails: at first a second, at most half a minute. */
const MAX_PAUSE_MS = 30_000;

/** Among several processes another one takes over, and within ten seconds (docs/decisions/0016). */
export const SITE_LEASE = { leaseMs: 8_000, beatMs: 2_000, graceMs: 20_000 } as const;

export interface Lane {
  readonly handlers: Handlers;
  readonly concurrency: number;
  /** The queue of a delivery whose jobs it takes. */
  readonly queue?: QueueName;
}

export interface Runner {
  start(): void;
  /** Aborts what works for an invoice. */
  abort(root: string): void;
  /** Takes no more jobs, waits for the running ones as long as it may, then aborts them and gives them back. */
  stop(): Promise<void>;
}

export interface RunnerParts extends Omit<HandlingParts, 'leaseMs' | 'beatMs'> {
  readonly leaseMs?: number;
  readonly beatMs?: number;
  /** How long running jobs may go on when the process stops. */
  readonly graceMs?: number;
  readonly delivery?: Delivery;
  readonly now: () => number;
}

export function createRunner(parts: RunnerParts, lanes: readonly Lane[]): Runner {
  const { queue, log, delivery, leaseMs = LEASE_MS, beatMs = BEAT_MS, graceMs = 0 } = parts;
  const handling = createHandling({ ...parts, leaseMs, beatMs });
  const claimed = createGather((ids: readonly string[]) => queue.claimThese(ids, leaseMs));
  /** Of each lane, the seats that have nothing to do. */
  const resting: Naps[] = [];
  const pauses: Naps = new Set();
  /** Aborted when the station stops. */
  const end = new AbortController();
  const stopping = (): boolean => end.signal.aborted;
  /** One look for each lane, whatever its seats: whoever finds something sends the next one to look, too. */
  const wakeLanes = (): void => {
    for (const naps of resting) wakeOne(naps);
  };

  const wakeAll = (): void => {
    for (const wake of [pauses, ...resting].flatMap((naps) => [...naps])) wake();
  };

  const work = async (lane: Lane, job: ClaimedJob): Promise<Ended> => {
    const handler = lane.handlers[job.name];
    if (handler === undefined) throw new Error(`no handler for job ${job.name}`);
    if (!stopping()) return handling.run(job, handler);
    await queue.release(job);
    return 'waiting';
  };

  /** Pulls until nothing is left, or until the delivery takes over. */
  const pull = async (lane: Lane, { seats, naps, isSafety }: Seat): Promise<void> => {
    const names = Object.keys(lane.handlers) as JobName[];
    while (!stopping()) {
      const isPushed = lane.queue !== undefined && delivery?.available() === true;
      if (isPushed) {
        await nap(pauses, SAFETY_MS);
        if (stopping() || (!isSafety && delivery.available())) continue;
      }
      const leave = await seats.take();
      try {
        const job = stopping() ? undefined : await queue.claim(names, leaseMs);
        if (job !== undefined) {
          wakeOne(naps);
          await work(lane, job);
          continue;
        }
      } finally {
        leave();
      }
      if (!stopping() && !isPushed) await nap(naps, IDLE_MS);
    }
  };

  /** A seat outlives a store that fails for a while (a full disk): it tries again, never gives up silently. */
  const keepSeat = async (lane: Lane, seat: Seat): Promise<void> => {
    let pause = IDLE_MS;
    while (!stopping()) {
      const from = performance.now();
      try {
        await pull(lane, seat);
      } catch (error) {
        if (stopping()) return;
        log.error('queue failed', { error });
        if (performance.now() - from > MAX_PAUSE_MS) pause = IDLE_MS;
        await nap(pauses, pause);
        pause = Math.min(MAX_PAUSE_MS, pause * 2);
      }
    }
  };

  /** Works on a job for as long as the database gives it to us. */
  const workOff = async (lane: Lane, id: string): Promise<Taken> => {
    while (!stopping()) {
      const claim = await claimed(id);
      if (claim.kind === 'later') return { kind: 'again', at: claim.at };
      if (claim.kind === 'gone') return { kind: claim.state === 'dead' ? 'dead' : 'ended' };
      const ended = await work(lane, claim.job);
      if (ended === 'dead') return { kind: 'dead' };
      // A retry: the database knows when.
      if (ended !== 'waiting') return { kind: 'ended' };
    }
    return { kind: 'again', at: 0 };
  };

  const take = async (lane: Lane, seats: Seats, id: string): Promise<Taken> => {
    const leave = await seats.take();
    try {
      return await workOff(lane, id);
    } catch (error) {
      log.error('queue failed', { job: id, error });
      return { kind: 'again', at: parts.now() + IDLE_MS };
    } finally {
      leave();
    }
  };

  let seated: Promise<void>[] = [];
  const leaves: (() => void)[] = [];
  const sit = (lane: Lane): Promise<void>[] => {
    const seats = createSeats(lane.concurrency);
    const naps: Naps = new Set();
    resting.push(naps);
    if (lane.queue !== undefined)
      delivery?.consume(lane.queue, { concurrency: lane.concurrency, take: (id) => take(lane, seats, id) });
    return Array.from({ length: lane.concurrency }, (_, index) =>
      keepSeat(lane, { seats, naps, isSafety: index === 0 }),
    );
  };
  return {
    start() {
      leaves.push(queue.onWork(wakeLanes));
      if (delivery !== undefined) leaves.push(delivery.onChange(wakeAll));
      seated = lanes.flatMap(sit);
    },
    abort: (root) => handling.abort(root),
    async stop() {
      end.abort();
      for (const leave of leaves.splice(0)) leave();
      wakeAll();
      const consumed = delivery?.stopConsuming();
      await handling.stop(graceMs);
      await Promise.all([consumed, ...seated]);
    },
  };
}

/** Those who sleep, by what wakes them. */
type Naps = Set<() => void>;

interface Seat {
  readonly seats: Seats;
  /** Of its lane. */
  readonly naps: Naps;
  /** Looks now and then beside a delivery. */
  readonly isSafety: boolean;
}

function wakeOne(naps: Naps): void {
  const [wake] = naps;
  wake?.();
}

function nap(wakes: Naps, ms: number): Promise<void> {
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
