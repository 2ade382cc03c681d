/** Takes what the outbox hands out to whatever carries it. One at a time in a process; several processes share the work by the outbox. */
import { namesOf, QUEUES, type QueueName } from '../../core/contract/jobs.ts';
import type { Log } from '../log.ts';
import type { Due, Queue } from './queue.ts';

export interface RelayParts {
  readonly outbox: Pick<Queue, 'handOut' | 'takeBack' | 'onWork'>;
  readonly carrier: {
    readonly available: () => boolean;
    readonly onChange: (listener: (available: boolean) => void) => () => void;
    readonly onLoss: (listener: () => void) => () => void;
    /** It failed. */
    readonly suspect: () => void;
    readonly bring: (queue: QueueName, due: readonly Due[]) => Promise<void>;
  };
  readonly log: Log;
  readonly handedOut: (queue: QueueName, due: readonly Due[]) => void;
  /** Those handed out longer ago are looked after. */
  readonly patienceMs?: number;
}

export interface Relay {
  start(): void;
  /** Hands out what there is now. */
  readonly flush: () => Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;
/** Backoffs that end, leases that ran out, jobs of a process that died before it told: nobody says so. */
const LOOK_MS = 1_000;
const BATCH = 500;

export function createRelay({ outbox, carrier, log, handedOut, patienceMs = PATIENCE_MS }: RelayParts): Relay {
  let going: Promise<void> | undefined;
  let again = false;
  const end = new AbortController();
  const stopped = (): boolean => end.signal.aborted;
  const leaves: (() => void)[] = [];

  const handOver = async (queue: QueueName): Promise<void> => {
    const names = namesOf(queue);
    while (carrier.available() && !stopped()) {
      const due = await outbox.handOut(names, { limit: BATCH, patienceMs });
      if (due.length === 0) return;
      try {
        await carrier.bring(queue, due);
      } catch (error) {
        carrier.suspect();
        await outbox.takeBack(due.map(({ id }) => id));
        throw error;
      }
      handedOut(queue, due);
      if (due.length < BATCH) return;
    }
  };
  const work = async (): Promise<void> => {
    while (again && !stopped()) {
      again = false;
      try {
        for (const queue of QUEUES) await handOver(queue);
      } catch (error) {
        // The next look tries again; until then the workers look for themselves.
        log.warn('jobs not handed out', { error });
      }
    }
  };
  const flush = (): Promise<void> => {
    again = true;
    going ??= work().finally(() => {
      going = undefined;
    });
    return going;
  };
  const look = (): void => void flush();
  const startOver = (): void => {
    outbox.takeBack().then(look, (error: unknown) => log.warn('jobs not taken back', { error }));
  };

  return {
    start() {
      const timer = setInterval(look, LOOK_MS);
      leaves.push(
        () => clearInterval(timer),
        outbox.onWork(look),
        carrier.onLoss(startOver),
        carrier.onChange((available) => {
          if (available) look();
        }),
      );
      look();
    },
    flush,
    async stop() {
      end.abort();
      for (const leave of leaves.splice(0)) leave();
      await going;
    },
  };
}
