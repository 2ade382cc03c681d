/** What is printed in an area that a person has drawn on a page. */
import type { FastifyReply } from 'fastify';
import { api } from '../../core/contract/http.ts';
import type { On } from '../endpoint.ts';

export function installRegionRoutes(on: On): void {
  on(api.readRegion, ({ regions }, { params, body, reply }) =>
    regions.read(params.id, params.page, body, goneSignal(reply)),
  );
  on(api.prepareRegion, async ({ regions }, { params }) => ({ ready: await regions.prepare(params.id, params.page) }));
}

/** Aborted when whoever asked has gone before the answer. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
