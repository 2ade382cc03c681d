/** The queue: what is in it, and what it gave up. */
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import type { Context } from '../context.ts';
import { serve } from '../endpoint.ts';
import { replayAll } from '../jobs/dead.ts';

export function installJobRoutes(app: FastifyInstance, { queue, hub, log }: Context): void {
  serve(app, api.listJobs, async () => ({ items: await queue.list() }));
  serve(app, api.listDeadJobs, async ({ query }) => {
    const { items, next } = await queue.deadLetters(query);
    return { items: [...items], next };
  });
  serve(app, api.replayJob, async ({ params }) => {
    const state = await queue.replay(params.id);
    if (state === 'gone') throw new AppError('not_found', 'There is no such job among those that were given up.');
    log.info('job replayed', { job: params.id, reason: state });
    hub.touch();
    return { state };
  });
  serve(app, api.replayDeadJobs, async () => {
    const all = await replayAll(queue);
    log.info('jobs replayed', { count: all.replayed });
    hub.touch();
    return all;
  });
  serve(app, api.purgeDeadJobs, async ({ body }) => {
    const purged = await queue.purge(body);
    log.info('jobs purged', { count: purged });
    hub.touch();
    return { purged };
  });
}
