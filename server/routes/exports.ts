/** Exports: made once per batch id, kept as files. */
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import type { On } from '../endpoint.ts';
import { inertHeaders } from './documents.ts';

export function installExportRoutes(on: On): void {
  on(api.createExport, ({ exports }, { body }) => exports.create(body));
  on(api.listExports, async ({ store }) => ({ items: await store.exportBatches() }));
  on(api.getExportFile, async ({ store, blobs }, { params, reply }) => {
    const batch = (await store.exportBatches()).find((candidate) => candidate.id === params.id);
    if (batch === undefined) throw new AppError('not_found', 'There is no such export.');
    inertHeaders(reply, batch.fileName);
    return reply
      .type('application/octet-stream')
      .header('content-length', batch.size)
      .send(await blobs.read(batch.sha256));
  });
}
