/**
 * Beside the store of a site: whatever a change tells to subscribers goes into the same commit, as jobs, one for each of them. A site without subscriptions pays
 * a look at its table every two seconds of work, and nothing else.
 */
import type { NewJob } from '../../core/contract/jobs.ts';
import { type EventType, type Happened, happenings, type WebhookEvent } from '../../core/webhooks/event.ts';
import { withCorrelation } from '../correlation.ts';
import type { Store } from '../store/store.ts';
import type { Subscription, WebhookStore } from '../store/webhook-store.ts';

/** A subscription counts so soon in every process. */
const FRESH_MS = 2_000;
/** Behind what people wait for; the queue is its own anyway. */
const PRIORITY = 10;

export interface OutboxParts {
  readonly store: Store;
  readonly webhooks: Pick<WebhookStore, 'subscriptions'>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** What of a change can be news. */
type Told = Parameters<typeof happenings>[0];

export interface Outbox {
  /** Who is active and listens to this. */
  listeners(type: EventType): Promise<readonly Subscription[]>;
  /** The jobs that tell of a change. */
  jobsOf(change: Told): Promise<NewJob[]>;
  /** The same for whoever knows what changes only inside of a transaction: who listens is asked before it. */
  readonly teller: () => Promise<(change: Told) => NewJob[]>;
  /** The same store, whose commits tell. */
  readonly store: Store;
  /** Subscriptions were changed here. */
  readonly changed: () => void;
}

export const webhookJob = (id: string, root: string, subscription: string, event: WebhookEvent): NewJob => ({
  id,
  root,
  name: 'webhook',
  data: { subscription, event },
  priority: PRIORITY,
});

export function createOutbox({ store, webhooks, now, newId }: OutboxParts): Outbox {
  let known: { readonly at: number; readonly active: Promise<readonly Subscription[]> } | undefined;

  async function look(): Promise<readonly Subscription[]> {
    try {
      return (await webhooks.subscriptions()).filter(({ state }) => state === 'active');
    } catch (error) {
      known = undefined;
      throw error;
    }
  }
  function active(): Promise<readonly Subscription[]> {
    if (known === undefined || performance.now() - known.at > FRESH_MS)
      known = { at: performance.now(), active: look() };
    return known.active;
  }

  function jobsFor(told: readonly Happened[], subscriptions: readonly Subscription[]): NewJob[] {
    const timestamp = new Date(now()).toISOString();
    return told.flatMap((happened) => {
      const event = { id: newId(), timestamp, ...happened };
      return subscriptions
        .filter(({ events }) => (events as readonly string[]).includes(event.type))
        .map(({ id: subscription }) => {
          const id = newId();
          return withCorrelation(webhookJob(id, id, subscription, event));
        });
    });
  }
  async function jobsOf(change: Told): Promise<NewJob[]> {
    const told = happenings(change);
    return told.length === 0 ? [] : jobsFor(told, await active());
  }

  return {
    listeners: async (type) => (await active()).filter(({ events }) => events.includes(type)),
    jobsOf,
    teller: async () => {
      const subscriptions = await active();
      return (change) => (subscriptions.length === 0 ? [] : jobsFor(happenings(change), subscriptions));
    },
    store: {
      ...store,
      async commit(change) {
        const jobs = await jobsOf(change);
        return store.commit(jobs.length === 0 ? change : { ...change, jobs: [...change.jobs, ...jobs] });
      },
    },
    changed: () => {
      known = undefined;
    },
  };
}
