/** The queue: what is in it, and what it gave up. */
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import { isOnInvoices, type JobName } from '../../core/contract/jobs.ts';
import type { On } from '../endpoint.ts';
import { replayAll } from '../jobs/dead.ts';

export function installJobRoutes(on: On): void {
  // What is told to other programs has lists of its own (webhooks), and here only what was given up of it.
  on(api.listJobs, async ({ queue }) => ({
    items: (await queue.list()).filter(({ name }) => isOnInvoices(name as JobName)),
  }));
  on(api.listDeadJobs, async ({ queue }, { query }) => {
    const { items, next } = await queue.deadLetters(query);
    return { items: [...items], next };
  });
  on(api.replayJob, async ({ queue, hub, log }, { params }) => {
    const state = await queue.replay(params.id);
    if (state === 'gone') throw new AppError('not_found', 'There is no such job among those that were given up.');
    log.info('job replayed', { job: params.id, reason: state });
    hub.touch();
    return { state };
  });
  on(api.replayDeadJobs, async ({ queue, hub, log }) => {
    const all = await replayAll(queue);
    log.info('jobs replayed', { count: all.replayed });
    hub.touch();
    return all;
  });
  on(api.purgeDeadJobs, async ({ queue, hub, log }, { body }) => {
    const purged = await queue.purge(body);
    log.info('jobs purged', { count: purged });
    hub.touch();
    return { purged };
  });
}
