/**
 * Tells who listens to `job.dead` of what the queue gave up. A job dies in the queue, not by a commit of the store; so the dead letters are looked at again and
 * again, and each is told under ids that are made of its own: told before, the store refuses the job as one that it has. Nothing is lost with a process.
 */
import { createHash } from 'node:crypto';
import { isOnInvoices, type JobName, type JobView, type NewJob } from '../../core/contract/jobs.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import type { Subscription } from '../store/webhook-store.ts';
import { type Outbox, webhookJob } from './outbox.ts';

/** Ended jobs are kept for longer, so that what was told is known as told. */
const HORIZON_MS = 24 * 3_600_000;
const PAGE = 200;
/** Jobs of one commit. */
const AT_ONCE = 50;

/** A UUID (version 8) that is always the same for the same text. */
function idOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export interface DeadParts {
  readonly store: Pick<Store, 'commit'>;
  readonly queue: Pick<Queue, 'deadLetters' | 'existing'>;
  readonly outbox: Pick<Outbox, 'listeners'>;
  readonly now: () => number;
  /** Ids of what was told, and when the job of it died; for tests. */
  readonly told?: Map<string, string>;
}

type Death = Pick<JobView, 'id' | 'name' | 'root' | 'error' | 'updatedAt'>;

/** Page by page, the youngest first. */
async function* youngerThan(queue: DeadParts['queue'], since: string): AsyncGenerator<Death[]> {
  let cursor: string | undefined;
  do {
    const { items, next } = await queue.deadLetters({ cursor, limit: PAGE });
    const young = items.filter(({ updatedAt }) => updatedAt > since);
    // A webhook that was given up is in the list of its deliveries: telling of it would be given up, too.
    yield young.filter(({ name }) => isOnInvoices(name as JobName));
    cursor = young.length === items.length ? (next ?? undefined) : undefined;
  } while (cursor !== undefined);
}

/** What one subscriber is to be told of one death. */
interface Telling {
  readonly job: NewJob;
  readonly diedAt: string;
}

function tellingsOf({ id, name, root, error, updatedAt }: Death, listeners: readonly Subscription[]): Telling[] {
  const death = `${id} ${updatedAt}`;
  const data = { job: id, name, invoice: root, error: error ?? '' };
  const event = { id: idOf(death), type: 'job.dead' as const, timestamp: updatedAt, data };
  return listeners
    .filter(({ createdAt }) => createdAt <= updatedAt)
    .map(({ id: subscription }) => {
      const own = idOf(`${death} ${subscription}`);
      return { job: webhookJob(own, own, subscription, event), diedAt: updatedAt };
    });
}

async function commitAll(store: DeadParts['store'], jobs: readonly NewJob[]): Promise<void> {
  const commit = (some: readonly NewJob[]): ReturnType<Store['commit']> =>
    store.commit({ ops: [], projections: [], documents: [], jobs: some });
  const { kind } = await commit(jobs);
  // Another process told one of them just now: a commit is refused whole, so each goes alone, and those that are there are refused again.
  if (kind === 'conflict' && jobs.length > 1) await Promise.all(jobs.map((job) => commit([job])));
}

/** One look. It ends early where `signal` says so: the next process goes on. Not to be called while it runs. */
export function createDeadTeller(parts: DeadParts): (signal?: AbortSignal) => Promise<void> {
  const { store, queue, outbox, now, told = new Map() } = parts;
  /** Which of them nobody has told yet: a process that starts knows of none, and asks for all of a page at once. */
  async function untold(tellings: readonly Telling[]): Promise<Telling[]> {
    const asked = tellings.filter(({ job }) => !told.has(job.id));
    if (asked.length === 0) return [];
    const existing = await queue.existing(asked.map(({ job }) => job.id));
    for (const { job, diedAt } of asked) if (existing.has(job.id)) told.set(job.id, diedAt);
    return asked.filter(({ job }) => !existing.has(job.id));
  }
  return async (signal) => {
    const listeners = await outbox.listeners('job.dead');
    if (listeners.length === 0) return;
    const since = new Date(now() - HORIZON_MS).toISOString();
    // Older ones are not looked at any more, so nobody asks whether they were told.
    for (const [id, diedAt] of told) if (diedAt <= since) told.delete(id);
    for await (const deaths of youngerThan(queue, since)) {
      const tellings = await untold(deaths.flatMap((death) => tellingsOf(death, listeners)));
      for (let at = 0; at < tellings.length; at += AT_ONCE) {
        if (signal?.aborted === true) return;
        const some = tellings.slice(at, at + AT_ONCE);
        await commitAll(
          store,
          some.map(({ job }) => job),
        );
        for (const { job, diedAt } of some) told.set(job.id, diedAt);
      }
      if (signal?.aborted === true) return;
    }
  };
}
