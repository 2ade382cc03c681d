/**
 * Takes jobs to whatever carries them: those that this process makes as soon as they are committed, and all others that the outbox hands out. One at a time in a
 * process; several processes share the work by the outbox.
 */
import { namesOf, queueOf, QUEUES, type QueueName } from '../../core/contract/jobs.ts';
import type { Log } from '../log.ts';
import { type Due, PATIENCE_MS, type Queue } from './queue.ts';
import type { Brought } from './redis-queues.ts';

export interface RelayParts {
  readonly outbox: Pick<Queue, 'handOut' | 'takeBack' | 'onWork' | 'carry'>;
  readonly carrier: {
    readonly available: () => boolean;
    readonly onChange: (listener: (available: boolean) => void) => () => void;
    readonly onLoss: (listener: () => void) => () => void;
    /** It failed. */
    readonly suspect: () => void;
    readonly bring: (queue: QueueName, due: readonly Due[]) => Promise<Brought>;
  };
  readonly log: Log;
  /** What the carrier did not have. */
  readonly handedOut: (queue: QueueName, added: readonly Due[]) => void;
  /** Those handed out longer ago are looked after. */
  readonly patienceMs?: number;
}

export interface Relay {
  start(): void;
  /** Hands out what there is now. */
  readonly flush: () => Promise<void>;
  stop(): Promise<void>;
}

/** Backoffs that end, leases that ran out, jobs of a process that died before it told: nobody says so. */
const LOOK_MS = 1_000;
const BATCH = 500;

const idsOf = (due: readonly Due[]): string[] => due.map(({ id }) => id);

export function createRelay({ outbox, carrier, log, handedOut, patienceMs = PATIENCE_MS }: RelayParts): Relay {
  let going: Promise<void> | undefined;
  let isLooking = false;
  /** Made by this process, and marked as handed out. */
  const made: Due[] = [];
  const end = new AbortController();
  const stopped = (): boolean => end.signal.aborted;
  const leaves: (() => void)[] = [];

  /** Whether all of it was taken. */
  const bring = async (queue: QueueName, due: readonly Due[]): Promise<boolean> => {
    try {
      const { added, left } = await carrier.bring(queue, due);
      if (left.length > 0) await outbox.takeBack(idsOf(left));
      if (added.length > 0) handedOut(queue, added);
      return left.length === 0;
    } catch (error) {
      carrier.suspect();
      await outbox.takeBack(idsOf(due));
      throw error;
    }
  };
  const handOver = async (queue: QueueName): Promise<void> => {
    const names = namesOf(queue);
    while (carrier.available() && !stopped()) {
      const due = await outbox.handOut(names, { limit: BATCH, patienceMs });
      // What was not taken would be handed out again and again.
      if (due.length === 0 || !(await bring(queue, due)) || due.length < BATCH) return;
    }
  };
  const bringMade = async (): Promise<void> => {
    const some = made.splice(0, BATCH);
    if (!carrier.available()) return outbox.takeBack(idsOf(some));
    for (const queue of QUEUES) {
      const due = some.filter(({ name }) => queueOf[name] === queue);
      if (due.length > 0) await bring(queue, due);
    }
  };
  const work = async (): Promise<void> => {
    while ((isLooking || made.length > 0) && !stopped()) {
      try {
        while (made.length > 0 && !stopped()) await bringMade();
        if (!isLooking) continue;
        isLooking = false;
        for (const queue of QUEUES) await handOver(queue);
      } catch (error) {
        // The next look tries again; until then the workers look for themselves.
        log.warn('jobs not handed out', { error });
      }
    }
  };
  const go = (): Promise<void> => {
    going ??= work().finally(() => {
      going = undefined;
      if (made.length > 0 && !stopped()) void go();
    });
    return going;
  };
  const flush = (): Promise<void> => {
    isLooking = true;
    return go();
  };
  const look = (): void => void flush();
  const startOver = (): void => {
    outbox.takeBack().then(look, (error: unknown) => log.warn('jobs not taken back', { error }));
  };
  const carry = (due: readonly Due[]): void => {
    made.push(...due);
    void go();
  };
  let putDown: (() => void) | undefined;
  /** While nothing can be carried, jobs are made for whoever looks. */
  const change = (available: boolean): void => {
    putDown?.();
    putDown = available ? outbox.carry(carry) : undefined;
    if (available) look();
  };

  return {
    start() {
      const timer = setInterval(look, LOOK_MS);
      leaves.push(
        () => clearInterval(timer),
        outbox.onWork(look),
        carrier.onLoss(startOver),
        carrier.onChange(change),
        () => putDown?.(),
      );
      if (carrier.available()) change(true);
      else look();
    },
    flush,
    async stop() {
      for (const leave of leaves.splice(0)) leave();
      end.abort();
      await going;
      // What was not brought any more is another one's.
      if (made.length > 0) await outbox.takeBack(idsOf(made.splice(0))).catch(() => undefined);
    },
  };
}
