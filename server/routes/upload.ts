/** Files come in over HTTP: streamed into blobs as they come, a few at a time, or put by the caller into the store beside them; then taken in by one change. */
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import { type IntakeResult, LIMITS } from '../../core/contract/intake.ts';
import type { Context } from '../context.ts';
import type { On } from '../endpoint.ts';
import type { Arrived } from '../intake/intake.ts';
import { abandonUpload, completeUploads, presignUploads } from '../intake/presigned.ts';
import { cleanName } from '../intake/names.ts';
import { refusal } from '../problem.ts';

/** Every file of a batch may be as large as any, and each part has a few lines of its own. */
const MOST_BYTES = LIMITS.batchFiles * (LIMITS.bytes + 4_096);

export function installUploadRoutes(on: On): void {
  on(api.upload, async (context, { request, reply, key }) => {
    const arrived = await receive(context, request);
    return perFile(reply, await context.intake.take(arrived, 'upload', key));
  });
  on(api.presignUploads, async (context, { body, reply }) => {
    const uploads = await presignUploads(context, body.files);
    if (uploads.some(({ kind }) => kind === 'refused')) void reply.code(207);
    return { uploads };
  });
  on(api.completeUploads, async (context, { body, reply, key }) =>
    perFile(reply, await completeUploads(context, body.files, key)),
  );
  on(api.abandonUpload, (context, { params }) => abandonUpload(context, params.id));
}

function perFile(reply: FastifyReply, results: IntakeResult[]): { results: IntakeResult[] } {
  if (results.some((result) => result.kind === 'refused')) void reply.code(207);
  return { results };
}

async function receive(context: Context, request: FastifyRequest): Promise<Arrived[]> {
  if (!request.isMultipart())
    throw new AppError('unsupported', 'Send files as multipart/form-data, in parts named "file".');
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLarge();
  // One byte over the limit lets the blob store see that the limit was passed; the parser itself would cut silently.
  const limits = { limits: { fileSize: LIMITS.bytes + 1 }, throwFileSizeLimit: false };
  const keeping = createKeeping(context);
  try {
    const parts = request.files(limits);
    for (;;) {
      const { value: part, done } = await parts.next().catch(refuseForm);
      if (done === true) break;
      if (part.fieldname === 'file') await keeping.add(part);
      else part.file.resume();
    }
  } catch (error) {
    // What is on its way to the store is not left to nobody.
    await keeping.all().catch(() => undefined);
    throw error;
  }
  const arrived = await keeping.all();
  if (arrived.length === 0) throw new AppError('bad_request', 'No file was sent. Send files in parts named "file".');
  return arrived;
}

/** So many files of a request are on their way into the store while the next one comes. */
const AT_ONCE = 4;

function createKeeping(context: Context) {
  const files: Promise<Arrived>[] = [];
  const open = new Set<Promise<unknown>>();
  let away: Arrived | undefined;
  const keep = async (part: MultipartFile): Promise<Arrived> => {
    const one = await keepPart(context, part);
    if (one.kind === 'refused' && one.passing === true) away = one;
    return one;
  };
  return {
    async add(part: MultipartFile): Promise<void> {
      if (open.size >= AT_ONCE) await Promise.race(open);
      if (away !== undefined) {
        // The store takes nothing now: nobody waits for that again with every file.
        part.file.resume();
        files.push(Promise.resolve({ ...away, name: nameOf(part) }));
        return;
      }
      const one = keep(part);
      files.push(one);
      const ended: Promise<unknown> = one.catch(() => undefined).finally(() => open.delete(ended));
      open.add(ended);
    },
    /** In the order of the parts, when all of them have ended. */
    async all(): Promise<Arrived[]> {
      await Promise.allSettled(files);
      return Promise.all(files);
    },
  };
}

const tooLarge = (): AppError =>
  new AppError(
    'too_large',
    `At most ${LIMITS.batchFiles} files of ${LIMITS.bytes / 1024 / 1024} MB in one request. Nothing was taken.`,
    { files: LIMITS.batchFiles, bytes: LIMITS.bytes },
  );

/** What the parser of the form throws: it ended too early, has no boundary, is none at all, or a connection that broke. */
function refuseForm(error: unknown): never {
  if ((error as { code?: unknown }).code === 'FST_FILES_LIMIT') throw tooLarge();
  throw refusal(error) ?? new AppError('bad_request', 'The form data is not complete or not valid. Nothing was taken.');
}

/** A part that says it holds bytes is a file without a name, too; the parser's type promises one. */
const nameOf = ({ filename }: { readonly filename?: string | undefined }): string => cleanName(filename ?? '');

async function keepPart({ intake }: Context, part: MultipartFile): Promise<Arrived> {
  const { file } = part;
  try {
    return await intake.keep(nameOf(part), file);
  } catch (error) {
    // It closed before its end: the form broke off.
    if (file.errored || (file.destroyed && !file.readableEnded)) refuseForm(file.errored ?? error);
    throw error;
  }
}
