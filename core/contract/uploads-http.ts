/** Endpoints by which files come in. Part of `api` (http.ts). */
import { z } from 'zod';
import { IntakeResult, LIMITS } from './intake.ts';

const none = z.object({});
const post = 'POST' as const;
const Name = z.string().min(1).max(1_000);
/** Names what was promised, to whoever promised it: another one's is as if it were not there. What was put is proved before it counts. */
const UploadId = z.string().min(1).max(200);

/** A file that somebody is going to put straight into the store. */
export const AnnouncedFile = z.object({
  name: Name,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().min(0),
  /** Base64, as in Content-MD5: for stores that check nothing else of what is put to a presigned address. */
  md5: z
    .string()
    .regex(/^[A-Za-z0-9+/]{22}==$/)
    .optional(),
});
export type AnnouncedFile = z.infer<typeof AnnouncedFile>;

const Put = z.object({
  method: z.literal('PUT'),
  url: z.string(),
  /** To be sent exactly so, and Content-Length with `size`: all of them are signed. */
  headers: z.record(z.string(), z.string()),
  size: z.int(),
});

/** What to do with one announced file. */
export const PresignedUpload = z.discriminatedUnion('kind', [
  /** One PUT; it may be repeated until `expiresAt`. */
  Put.extend({ kind: z.literal('put'), file: z.string(), id: z.string(), expiresAt: z.string() }),
  /** A large file: bytes `start` to `start + size` of it in a PUT each, in any order, as often as needed. */
  z.object({
    kind: z.literal('parts'),
    file: z.string(),
    id: z.string(),
    expiresAt: z.string(),
    parts: z.array(Put.extend({ number: z.int(), start: z.int() })),
  }),
  /** These bytes are here: there is nothing to put, and nothing to complete. */
  z.object({ kind: z.literal('already'), file: z.string(), document: z.string(), invoices: z.array(z.string()) }),
  z.object({ kind: z.literal('refused'), file: z.string(), reason: z.string(), detail: z.string() }),
]);
export type PresignedUpload = z.infer<typeof PresignedUpload>;

const batchOf = <T extends z.ZodType>(file: T) => z.object({ files: z.array(file).min(1).max(LIMITS.batchFiles) });
const results = z.object({ results: z.array(IntakeResult) });

export const uploadsApi = {
  /** multipart/form-data, files in parts named `file`, at most 50 of at most 50 MB. One result a file, in their order. */
  upload: {
    method: post,
    path: '/api/v1/invoices/upload',
    params: none,
    query: none,
    body: 'multipart',
    reply: results,
    keyed: true,
    perFile: true,
  },
  /** Addresses of the site's own store, one answer a file: the bytes do not pass through this server. `not_allowed` where there is no such store. */
  presignUploads: {
    method: post,
    path: '/api/v1/invoices/uploads',
    params: none,
    query: none,
    body: batchOf(AnnouncedFile),
    reply: z.object({ uploads: z.array(PresignedUpload) }),
    perFile: true,
  },
  /** What was put becomes documents, once it was read and proved here. `upload-missing` and `upload-incomplete` may be asked again, with the same key. */
  completeUploads: {
    method: post,
    path: '/api/v1/invoices/uploads/complete',
    params: none,
    query: none,
    body: batchOf(z.object({ id: UploadId, name: Name })),
    reply: results,
    keyed: true,
    perFile: true,
  },
  /** Removes what was put so far. Asked twice, or after it was completed, it changes nothing. */
  abandonUpload: {
    method: 'DELETE' as const,
    path: '/api/v1/invoices/uploads/:id',
    params: z.object({ id: UploadId }),
    query: none,
    body: null,
    reply: z.object({ abandoned: z.literal(true) }),
  },
} as const;
