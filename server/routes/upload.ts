/** Files come in over HTTP: streamed into blobs one after the other, then taken in by one change. */
import type { MultipartFile } from '@fastify/multipart';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import { LIMITS } from '../../core/contract/intake.ts';
import type { Context } from '../context.ts';
import type { On } from '../endpoint.ts';
import type { Arrived } from '../intake/intake.ts';
import { refusal } from '../problem.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

export function installUploadRoutes(on: On): void {
  on(api.upload, async (context, { request, reply }) => {
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || !KEY.test(key)))
      throw new AppError('bad_request', 'Idempotency-Key: 1 to 200 visible ASCII characters.');
    if (!request.isMultipart())
      throw new AppError('unsupported', 'Send files as multipart/form-data, in parts named "file".');
    const arrived: Arrived[] = [];
    // One byte over the limit lets the blob store see that the limit was passed; the parser itself would cut silently.
    const limits = { limits: { fileSize: LIMITS.bytes + 1 }, throwFileSizeLimit: false };
    const parts = request.files(limits);
    for (;;) {
      const { value: part, done } = await parts.next().catch(refuseForm);
      if (done === true) break;
      if (part.fieldname === 'file') arrived.push(await keepPart(context, part));
      else part.file.resume();
    }
    if (arrived.length === 0) throw new AppError('bad_request', 'No file was sent. Send files in parts named "file".');
    const results = await context.intake.take(arrived, 'upload', key);
    if (results.some((result) => result.kind === 'refused')) void reply.code(207);
    return { results };
  });
}

/** What the parser of the form throws: it ended too early, has no boundary, is none at all, or a connection that broke. */
function refuseForm(error: unknown): never {
  const limit = (error as { code?: unknown }).code === 'FST_FILES_LIMIT';
  if (limit) throw new AppError('too_large', `At most ${LIMITS.batchFiles} files in one request. Nothing was taken.`);
  throw refusal(error) ?? new AppError('bad_request', 'The form data is not complete or not valid. Nothing was taken.');
}

async function keepPart({ intake }: Context, { filename, file }: MultipartFile): Promise<Arrived> {
  try {
    return await intake.keep(filename, file);
  } catch (error) {
    if (file.errored) refuseForm(file.errored);
    throw error;
  }
}
