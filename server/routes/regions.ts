/** What is printed in an area that a person has drawn on a page. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { api } from '../../core/contract/http.ts';
import type { Context } from '../context.ts';
import { serve } from '../endpoint.ts';

export function installRegionRoutes(app: FastifyInstance, { regions }: Context): void {
  serve(app, api.readRegion, ({ params, body, reply }) =>
    regions.read(params.id, params.page, body, goneSignal(reply)),
  );
  serve(app, api.prepareRegion, async ({ params }) => ({ ready: await regions.prepare(params.id, params.page) }));
}

/** Aborted when whoever asked has gone before the answer. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
