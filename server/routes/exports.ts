/** Exports: made once per batch id, kept as files. */
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import type { Context } from '../context.ts';
import { serve } from '../endpoint.ts';
import { inertHeaders } from './documents.ts';

export function installExportRoutes(app: FastifyInstance, { exports, store, blobs }: Context): void {
  serve(app, api.createExport, ({ body }) => exports.create(body));
  serve(app, api.listExports, async () => ({ items: await store.exportBatches() }));
  serve(app, api.getExportFile, async ({ params, reply }) => {
    const batch = (await store.exportBatches()).find((candidate) => candidate.id === params.id);
    if (batch === undefined) throw new AppError('not_found', 'There is no such export.');
    inertHeaders(reply, batch.fileName);
    return reply
      .type('application/octet-stream')
      .header('content-length', batch.size)
      .send(await blobs.read(batch.sha256));
  });
}
