/**
 * The job `webhook`: tells one subscriber one event. What came of each try is kept beside the job, for whoever looks after the receiver. At least once: a process
 * that ends between the receiver's answer and its own note of it tells again, under the same id.
 */
import { jobs as contracts } from '../../core/contract/jobs.ts';
import { type JobHandler, NotYet, type Outcome, type Work } from '../jobs/handling.ts';
import { triesOf } from '../queue/backoff.ts';
import type { Store } from '../store/store.ts';
import type { Delivery, Subscription, WebhookStore } from '../store/webhook-store.ts';
import type { Send, Sent } from './send.ts';
import type { Turns } from './turns.ts';

export const KEPT_MS = 30 * 86_400_000;
const SLOW_MS = 3_000;

export interface DeliverParts {
  readonly site: string;
  readonly store: Store;
  readonly webhooks: WebhookStore;
  readonly send: Send;
  readonly turns: Turns;
  readonly now: () => number;
  /** The receiver wants no more. */
  readonly gone: (id: string) => Promise<void>;
  readonly observe: (sent: Sent) => void;
}

/** The queue keeps the code, and decides when the next try is. */
class NotDelivered extends Error {
  readonly code: string;
  constructor(code: string) {
    super('a webhook was not delivered');
    this.name = 'NotDelivered';
    this.code = code;
  }
}

export function createDeliver(parts: DeliverParts): JobHandler {
  const { site, store, webhooks, send, turns, now, gone, observe } = parts;

  const finish = async ({ job }: Work): Promise<Outcome> => {
    const finishes = { job: job.id, lease: job.lease };
    const result = await store.commit({ ops: [], projections: [], documents: [], jobs: [], finishes });
    return result.kind === 'ok' ? 'done' : 'lost';
  };

  const keep = async ({ job }: Work, state: Delivery['state'], sent: Omit<Sent, 'kind'>): Promise<void> => {
    const { subscription, event } = contracts.webhook.parse(job.data);
    const { status, error, ms } = sent;
    const updatedAt = new Date(now()).toISOString();
    const since = new Date(now() - KEPT_MS).toISOString();
    const told = { id: job.root, job: job.id, subscription, event, attempts: job.attempt };
    const createdAt = event.timestamp > since ? event.timestamp : updatedAt;
    await webhooks.saveDelivery({ ...told, state, status, error, ms, createdAt, updatedAt }, since);
  };

  const note = async (work: Work, { id }: Subscription, sent: Sent): Promise<Outcome> => {
    if (sent.kind === 'failed') {
      await keep(work, work.job.attempt < triesOf('webhook') ? 'waiting' : 'failed', sent);
      throw new NotDelivered(sent.error ?? 'failed');
    }
    if (sent.kind === 'gone') await gone(id);
    await keep(work, sent.kind === 'gone' ? 'failed' : 'delivered', sent);
    return finish(work);
  };

  return async (work) => {
    const { subscription: id, event } = contracts.webhook.parse(work.job.data);
    const subscription = await webhooks.subscription(id);
    if (subscription === undefined) return finish(work);
    if (subscription.state === 'disabled') {
      await keep(work, 'cancelled', { status: null, error: 'disabled', ms: 0 });
      return finish(work);
    }
    const turn = turns.enter(`${site} ${subscription.id}`);
    if (turn.kind === 'later') throw new NotYet(turn.afterMs);
    const begun = performance.now();
    // Whoever answers, and soon, takes nobody's seat, whatever he says.
    let ok = true;
    try {
      const sent = await send(site, subscription, event, work.signal);
      ok = sent.status !== null && sent.ms < SLOW_MS;
      observe(sent);
      return await note(work, subscription, sent);
    } finally {
      turn.leave({ ok, ms: performance.now() - begun });
    }
  };
}
