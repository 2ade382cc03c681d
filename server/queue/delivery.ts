/**
 * The port of what brings ids of waiting jobs to the processes that work on them (the site: Redis, `redis.ts`). It never decides anything: which job may run,
 * when and how often is in the database, and every id that comes is claimed there first. Where it is not available, workers look in the database themselves.
 */
import type { QueueName } from '../../core/contract/jobs.ts';

/** What is to be done with an id that was brought: nothing more, bring it again (ms since 1970), or show it as given up. */
export type Taken =
  | { readonly kind: 'ended' }
  | { readonly kind: 'again'; readonly at: number }
  | { readonly kind: 'dead' };

export interface Consumer {
  readonly concurrency: number;
  /** Never throws. */
  readonly take: (id: string) => Promise<Taken>;
}

export interface Delivery {
  readonly available: () => boolean;
  /** Called with every change of `available`. The returned function ends it. */
  readonly onChange: (listener: (available: boolean) => void) => () => void;
  /** Begins to bring the ids of a queue to this process. */
  consume(queue: QueueName, consumer: Consumer): void;
  /** Brings no more ids, and waits for those that are being worked on. */
  readonly stopConsuming: () => Promise<void>;
}
