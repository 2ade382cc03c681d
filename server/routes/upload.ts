/** Files come in over HTTP: streamed into blobs one after the other, then taken in by one change. */
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import { LIMITS } from '../../core/contract/intake.ts';
import type { Context } from '../context.ts';
import { serve } from '../endpoint.ts';
import type { Arrived } from '../intake/intake.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

export function installUploadRoutes(app: FastifyInstance, context: Context): void {
  serve(app, api.upload, async ({ request, reply }) => {
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || !KEY.test(key)))
      throw new AppError('bad_request', 'Idempotency-Key: 1 to 200 visible ASCII characters.');
    if (!request.isMultipart())
      throw new AppError('unsupported', 'Send files as multipart/form-data, in parts named "file".');
    const arrived: Arrived[] = [];
    // One byte over the limit lets the blob store see that the limit was passed; the parser itself would cut silently.
    const limits = { limits: { fileSize: LIMITS.bytes + 1 }, throwFileSizeLimit: false };
    for await (const part of request.files(limits)) {
      if (part.fieldname !== 'file') {
        part.file.resume();
        continue;
      }
      arrived.push(await context.intake.keep(part.filename, part.file));
    }
    if (arrived.length === 0) throw new AppError('bad_request', 'No file was sent. Send files in parts named "file".');
    const results = await context.intake.take(arrived, 'upload', key);
    if (results.some((result) => result.kind === 'refused')) void reply.code(207);
    return { results };
  });
}
