/**
 * Files that their owner puts straight into the site's store, by addresses that this server signed: announced, put, completed. What was put is read back and
 * hashed before it becomes a document, so that nothing depends on what the store checked.
 */
import { AppError } from '../../core/contract/errors.ts';
import { type IntakeResult, LIMITS } from '../../core/contract/intake.ts';
import type { AnnouncedFile, PresignedUpload } from '../../core/contract/uploads-http.ts';
import type { Uploads } from '../blobs/uploads.ts';
import type { Context } from '../context.ts';
import type { Arrived } from './intake.ts';
import { cleanName } from './names.ts';
import { eachOf } from '../each-of.ts';

/** From here on a file comes in parts: a line that breaks costs one of them. */
const PARTS_FROM = 16 * 1024 * 1024;
/** Each is read back through this server's disk. */
const AT_ONCE = 4;

function uploadsOf({ uploads }: Context): Uploads {
  if (uploads !== undefined) return uploads;
  throw new AppError(
    'not_allowed',
    'This server keeps its documents on a disk, where nobody else can put them. Send the files to POST /api/v1/invoices/upload as multipart/form-data.',
    { reason: 'no-presigned-uploads', instead: '/api/v1/invoices/upload' },
  );
}

export async function presignUploads(context: Context, files: readonly AnnouncedFile[]): Promise<PresignedUpload[]> {
  const uploads = uploadsOf(context);
  return eachOf(files, AT_ONCE, async ({ name, ...promised }): Promise<PresignedUpload> => {
    const file = cleanName(name);
    if (promised.size > LIMITS.bytes) {
      const detail = `The limit is ${LIMITS.bytes / 1024 / 1024} MB.`;
      return { kind: 'refused', file, reason: 'too-large', detail };
    }
    const invoices = await context.store.invoiceIds({ document: promised.sha256 });
    if (invoices.length > 0) return { kind: 'already', file, document: promised.sha256, invoices };
    const { md5, ...rest } = promised;
    const own = (id: string): string => uploads.ticketOf(id, context.actor);
    if (promised.size <= PARTS_FROM) {
      const put = await uploads.presignPut({ ...rest, ...(md5 === undefined ? {} : { md5 }) });
      return { kind: 'put', file, ...put, id: own(put.id) };
    }
    const { id, expiresAt, parts } = await uploads.presignParts(rest);
    return { kind: 'parts', file, id: own(id), expiresAt, parts: [...parts] };
  });
}

export async function completeUploads(
  context: Context,
  files: readonly { readonly id: string; readonly name: string }[],
  key?: string,
): Promise<IntakeResult[]> {
  const uploads = uploadsOf(context);
  const arrived = await eachOf(files, AT_ONCE, ({ id, name }) =>
    adopt(uploads, () => uploads.openTicket(id, context.actor), cleanName(name)),
  );
  return context.intake.take(arrived, 'upload', key);
}

export async function abandonUpload(context: Context, id: string): Promise<{ abandoned: true }> {
  const uploads = uploadsOf(context);
  await uploads.abandon(uploads.openTicket(id, context.actor));
  return { abandoned: true };
}

/** One file that is not there or not what was announced keeps nobody else's from coming in. */
async function adopt(uploads: Uploads, idOf: () => string, name: string): Promise<Arrived> {
  try {
    const { sha256, size, existed } = await uploads.adopt(idOf());
    return { kind: 'kept', name, sha256, size, isNew: !existed };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message: detail, details } = error;
    const reason = typeof details['reason'] === 'string' ? details['reason'] : code;
    // What has not arrived may be put yet, and a store that is away comes back: the same request is worth another try.
    if (code === 'not_found' || code === 'storage' || code === 'unavailable')
      return { kind: 'refused', name, reason, detail, passing: true };
    if (code === 'invalid_value' || code === 'bad_request') return { kind: 'refused', name, reason, detail };
    throw error;
  }
}
