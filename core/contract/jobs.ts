/** Queued jobs: durable, delivered at least once, effect exactly once (the effect's commit names the job's effect key). */
import { z } from 'zod';
import { WebhookEvent } from '../webhooks/event.ts';

/** The request that caused it, by the name that the logs have for it. */
const correlation = z.string().optional();
const job = <T extends z.ZodRawShape>(shape: T) => z.object({ ...shape, correlation });

export const jobs = {
  /** Look into a stored document: a container is expanded into documents, anything else gets its reading. */
  intake: job({ document: z.string(), invoice: z.string(), depth: z.int().default(0) }),
  /** Read one document into one invoice. */
  read: job({ document: z.string(), invoice: z.string(), languages: z.array(z.string()).optional() }),
  /** Note what a confirmed invoice teaches about its vendor. */
  learn: job({ invoice: z.string() }),
  /** Find the fields of a read invoice again, with what was learned of its vendor since; nothing happens once a person has touched it. */
  recall: job({ invoice: z.string() }),
  /** Judge an invoice again (a rule set or master data changed). */
  validate: job({ invoice: z.string() }),
  /** Write down that an invoice may be the same as others, where that is decided: at a site, or at a station alone. */
  suspect: job({ invoice: z.string() }),
  /** Make what is shown of an aggregate again from its operations, which came from elsewhere (sync); `root` is its id. */
  refresh: job({}),
  /** Remove the bytes that an erasure takes away, here and in copies of the database; `root` is the operation that erased. */
  erase: job({}),
  /** Make a file of all that a new station of the site needs (docs/snapshots.md). */
  snapshot: job({}),
  /** Tell one subscriber of a site one event; `root` is the delivery's own, so that each of them stands alone. */
  webhook: job({ subscription: z.string(), event: WebhookEvent }),
} as const;

export type Jobs = typeof jobs;
export type JobName = keyof Jobs;
export type JobData<N extends JobName> = z.infer<Jobs[N]>;

/**
 * Kinds of workers at the site: what reads documents; what judges and learns, which is short and must not stand behind a long reading; and what waits for
 * the answers of strangers, which must not take the seats of either.
 */
export const QUEUES = ['general', 'validation', 'outbound'] as const;
export type QueueName = (typeof QUEUES)[number];
export const queueOf: Readonly<Record<JobName, QueueName>> = {
  intake: 'general',
  read: 'general',
  recall: 'general',
  learn: 'validation',
  validate: 'validation',
  suspect: 'validation',
  refresh: 'validation',
  erase: 'general',
  snapshot: 'general',
  webhook: 'outbound',
};
export const namesOf = (queue: QueueName): readonly JobName[] =>
  (Object.keys(queueOf) as JobName[]).filter((name) => queueOf[name] === queue);

/** Work on invoices, which people wait for and screens show; telling other programs is none, and neither is a snapshot. */
export const isOnInvoices = (name: JobName): boolean => queueOf[name] !== 'outbound' && name !== 'snapshot';

/** A job to be made together with the change that causes it. */
export interface NewJob<N extends JobName = JobName> {
  readonly id: string;
  readonly name: N;
  readonly data: JobData<N>;
  /** The invoice it works for; one waiting job of a name per root is enough. */
  readonly root: string;
  /** Lower runs first; a person waiting: 0, import: 10. */
  readonly priority: number;
}

export const JobState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'dead']);
export type JobState = z.infer<typeof JobState>;

export const JobView = z.object({
  id: z.string(),
  name: z.string(),
  root: z.string(),
  state: JobState,
  attempts: z.int(),
  /** 0..1 where known. */
  progress: z.number(),
  /** e.g. 'page 3 of 12'. */
  stage: z.string(),
  error: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type JobView = z.infer<typeof JobView>;
