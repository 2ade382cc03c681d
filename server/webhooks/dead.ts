/**
 * Tells who listens to `job.dead` of what the queue gave up. A job dies in the queue, not by a commit of the store; so the dead letters are looked at again and
 * again, and each is told under ids that are made of its own: told before, the store refuses the job as one that it has. Nothing is lost with a process.
 */
import { createHash } from 'node:crypto';
import { isOnInvoices, type JobName, type JobView } from '../../core/contract/jobs.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { type Outbox, webhookJob } from './outbox.ts';

/** Ended jobs are kept for longer, so that what was told is known as told. */
const HORIZON_MS = 24 * 3_600_000;
const PAGE = 200;
const MOST_REMEMBERED = 10_000;

/** A UUID (version 8) that is always the same for the same text. */
function idOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export interface DeadParts {
  readonly store: Store;
  readonly queue: Pick<Queue, 'deadLetters'>;
  readonly outbox: Pick<Outbox, 'listeners'>;
  readonly now: () => number;
}

async function youngerThan(queue: DeadParts['queue'], since: string): Promise<JobView[]> {
  const found: JobView[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await queue.deadLetters({ cursor, limit: PAGE });
    found.push(...items.filter(({ updatedAt }) => updatedAt > since));
    cursor = (items.at(-1)?.updatedAt ?? '') > since ? (next ?? undefined) : undefined;
  } while (cursor !== undefined);
  // A webhook that was given up is in the list of its deliveries: telling of it would be given up, too.
  return found.filter(({ name }) => isOnInvoices(name as JobName));
}

export function createDeadTeller({ store, queue, outbox, now }: DeadParts): () => Promise<void> {
  const told = new Set<string>();
  return async () => {
    const listeners = await outbox.listeners('job.dead');
    if (listeners.length === 0) return;
    if (told.size > MOST_REMEMBERED) told.clear();
    const since = new Date(now() - HORIZON_MS).toISOString();
    for (const { id, name, root, error, updatedAt } of await youngerThan(queue, since)) {
      const death = `${id} ${updatedAt}`;
      const data = { job: id, name, invoice: root, error: error ?? '' };
      const event = { id: idOf(death), type: 'job.dead' as const, timestamp: updatedAt, data };
      for (const { id: subscription, createdAt } of listeners) {
        const own = idOf(`${death} ${subscription}`);
        if (createdAt > updatedAt || told.has(own)) continue;
        await store.commit({
          ops: [],
          projections: [],
          documents: [],
          jobs: [webhookJob(own, own, subscription, event)],
        });
        told.add(own);
      }
    }
  };
}
