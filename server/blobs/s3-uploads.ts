/**
 * Presigned uploads: bytes arrive under `incoming/<site>/<id>` and become a blob by the same road as all others, once they were read back and hashed here. They
 * are not copied inside the store: between a hash and a copy the holder of an address could put something else there.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../core/contract/errors.ts';
import type { Endpoint } from './s3-client.ts';
import type { Keeper } from './s3-keeper.ts';
import { checked, type Keys, readUploadId, uploadId, type UploadId } from './s3-keys.ts';
import type { Objects } from './s3-objects.ts';
import { createPresign } from './s3-presign.ts';
import { purge } from './s3-purge.ts';
import { spool } from './s3-spool.ts';
import { createTickets } from './upload-ticket.ts';
import type { PresignedParts, PresignedPut, Promised, Uploads } from './uploads.ts';

const MIB = 1024 * 1024;
const PART = 16 * MIB;
const MOST_PARTS = 1_000;
/** Long enough for 50 MiB on a slow line. */
const EXPIRES_SECONDS = 15 * 60;
const LONGEST_SECONDS = 24 * 60 * 60;
/** Twice the longest life of an address. */
const CLEAN_MS = 2 * LONGEST_SECONDS * 1_000;

interface Needs {
  readonly endpoint: Endpoint;
  readonly objects: Objects;
  readonly keys: Keys;
  readonly keeper: Keeper;
  readonly folder: string;
  readonly now: () => number;
}

export function createUploads({ endpoint, objects, keys, keeper, folder, now }: Needs): Uploads {
  const Bucket = endpoint.config.bucket;
  const presign = createPresign(endpoint.config);

  const lifetime = (seconds: number) => {
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_SECONDS) {
      throw new AppError('bad_request', `An upload can be open for 1 to ${LONGEST_SECONDS} seconds.`);
    }
    const at = new Date(now());
    return { at, expiresSeconds: seconds, expiresAt: new Date(at.getTime() + seconds * 1_000).toISOString() };
  };

  async function presignPut(promised: Promised, seconds = EXPIRES_SECONDS, name = randomUUID()): Promise<PresignedPut> {
    const id = newId(promised, name);
    const { expiresAt, ...life } = lifetime(seconds);
    const headers = binding(promised, endpoint.config.presignBinding);
    const length = { 'content-length': String(promised.size) };
    const url = await presign({ method: 'PUT', key: keys.incoming(id), headers: { ...headers, ...length }, ...life });
    return { id, method: 'PUT', url, headers, size: promised.size, expiresAt };
  }

  async function presignParts(promised: Promised, seconds = EXPIRES_SECONDS): Promise<PresignedParts> {
    const id = newId(promised);
    if (promised.size === 0) throw new AppError('bad_request', 'An empty file has no parts.');
    const { expiresAt, ...life } = lifetime(seconds);
    const key = keys.incoming(id);
    const made = await endpoint.call('multipart', (client) =>
      client.send(new CreateMultipartUploadCommand({ Bucket, Key: key, ContentType: 'application/octet-stream' })),
    );
    const partSize = Math.max(PART, Math.ceil(promised.size / MOST_PARTS / MIB) * MIB);
    const parts = Array.from({ length: Math.ceil(promised.size / partSize) }, async (_, index) => {
      const start = index * partSize;
      const size = Math.min(partSize, promised.size - start);
      const query = { partNumber: String(index + 1), uploadId: made.UploadId ?? '' };
      const url = await presign({ method: 'PUT', key, query, headers: { 'content-length': String(size) }, ...life });
      return { number: index + 1, start, size, method: 'PUT' as const, url, headers: {} };
    });
    return { id, expiresAt, parts: await Promise.all(parts) };
  }

  /** The multipart upload under this key that is still open, if any. */
  async function openUpload(key: string): Promise<string | undefined> {
    const found = await endpoint.call('list uploads', (client) =>
      client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key })),
    );
    return found.Uploads?.find((one) => one.Key === key)?.UploadId;
  }

  async function partsOf(key: string, UploadId: string) {
    const parts: { ETag: string; PartNumber: number; size: number }[] = [];
    for (let marker: string | undefined; ;) {
      const PartNumberMarker = marker;
      const page = await endpoint.call('list parts', (client) =>
        client.send(
          new ListPartsCommand({
            Bucket,
            Key: key,
            UploadId,
            ...(PartNumberMarker === undefined ? {} : { PartNumberMarker }),
          }),
        ),
      );
      for (const { ETag = '', PartNumber = 0, Size = 0 } of page.Parts ?? [])
        parts.push({ ETag, PartNumber, size: Size });
      if (page.IsTruncated !== true || page.NextPartNumberMarker === marker) return parts;
      marker = page.NextPartNumberMarker;
    }
  }

  /** False where there is nothing to complete. The parts stay open while some are missing. */
  async function completed(key: string, promised: UploadId): Promise<boolean> {
    const UploadId = await openUpload(key);
    if (UploadId === undefined) return false;
    const parts = await partsOf(key, UploadId);
    const arrived = parts.reduce((sum, part) => sum + part.size, 0);
    if (arrived !== promised.size) {
      throw new AppError(
        'not_found',
        `${arrived} of ${promised.size} bytes have arrived. Put the missing parts and ask again.`,
        {
          reason: 'upload-incomplete',
          arrived,
          size: promised.size,
          parts: parts.map((part) => part.PartNumber),
        },
      );
    }
    const Parts = parts.map(({ ETag, PartNumber }) => ({ ETag, PartNumber }));
    await endpoint
      .call('complete', (client) =>
        client.send(new CompleteMultipartUploadCommand({ Bucket, Key: key, UploadId, MultipartUpload: { Parts } })),
      )
      .catch((error: unknown) => {
        // Another process was quicker, or the answer to an earlier try was lost: the object is looked for next.
        if (!(error instanceof AppError) || error.details['code'] !== 'NoSuchUpload') throw error;
      });
    return true;
  }

  async function discard(key: string): Promise<void> {
    await purge(endpoint, key);
    const UploadId = await openUpload(key);
    if (UploadId === undefined) return;
    await endpoint
      .call('abort', (client) => client.send(new AbortMultipartUploadCommand({ Bucket, Key: key, UploadId })))
      .catch((error: unknown) => {
        if (!(error instanceof AppError) || error.details['code'] !== 'NoSuchUpload') throw error;
      });
  }

  async function find(id: string, promised: UploadId) {
    const key = keys.incoming(id);
    return (await objects.head(key)) ?? ((await completed(key, promised)) ? objects.head(key) : undefined);
  }

  async function adopt(id: string) {
    const promised = readUploadId(id);
    const key = keys.incoming(id);
    const found = await find(id, promised);
    if (found === undefined) return adoptedBefore(promised);
    if (found.size !== promised.size) {
      await discard(key);
      throw mismatch(`${found.size} bytes instead of ${promised.size}`, { size: found.size });
    }
    const source = await incoming(key);
    if (source === undefined) return adoptedBefore(promised);
    const spooled = await spool(source, { folder, maxBytes: promised.size });
    try {
      if (spooled.sha256 !== promised.sha256) {
        await discard(key);
        throw mismatch('its sha256 differs', { sha256: spooled.sha256 });
      }
      const kept = await keeper.keep(spooled);
      await discard(key);
      return kept;
    } finally {
      await spooled.discard();
    }
  }

  /** Undefined where it went between a look and a read: another process adopted it, or it ran out of time. */
  async function incoming(key: string): Promise<Readable | undefined> {
    try {
      return await objects.fetch(key);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  async function adoptedBefore({ sha256, size }: UploadId) {
    const kept = await objects.head(keys.blob(sha256));
    if (kept?.size !== size) throw nothing();
    return { sha256, size, existed: true };
  }

  return {
    ...createTickets(endpoint.config, keys.uploads),
    presignPut,
    idOf: (name, promised) => newId(promised, name),
    presignParts,
    adopt,
    abandon: async (id) => {
      readUploadId(id);
      await discard(keys.incoming(id));
    },
    clean: async (olderThanMs = CLEAN_MS) => {
      const before = now() - olderThanMs;
      const objectsGone = await purge(endpoint, keys.uploads, before);
      // Those under the blobs are parts that this server was sending when it died.
      return (
        objectsGone + (await abortOld(endpoint, keys.uploads, before)) + (await abortOld(endpoint, keys.blobs, before))
      );
    },
  };
}

const newId = ({ sha256, size }: Pick<Promised, 'sha256' | 'size'>, name: string = randomUUID()): string => {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new AppError('bad_request', 'An upload needs the size of its file.');
  return uploadId(name, { sha256: checked(sha256), size });
};

const mismatch = (what: string, details: Record<string, unknown>): AppError =>
  new AppError('invalid_value', `What was uploaded is not what was announced: ${what}. It was removed.`, {
    reason: 'upload-mismatch',
    ...details,
  });

const nothing = (): AppError =>
  new AppError('not_found', 'Nothing has arrived for this upload, or its time is over. Begin a new one.', {
    reason: 'upload-missing',
  });

/** What the uploader has to send along, all of it signed. */
function binding({ sha256, md5 }: Promised, kind: 'payload' | 'checksum'): Record<string, string> {
  return {
    'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
    ...(kind === 'payload' ? { 'x-amz-content-sha256': sha256 } : {}),
    ...(md5 === undefined ? {} : { 'content-md5': md5 }),
  };
}

async function abortOld(endpoint: Endpoint, Prefix: string, before: number): Promise<number> {
  const Bucket = endpoint.config.bucket;
  const page = await endpoint.call('list uploads', (client) =>
    client.send(new ListMultipartUploadsCommand({ Bucket, Prefix })),
  );
  // One page (1,000) a time: what is left is taken by the next cleaning.
  const old = (page.Uploads ?? []).filter((one) => (one.Initiated?.getTime() ?? Number.POSITIVE_INFINITY) < before);
  for (const { Key, UploadId } of old) {
    await endpoint.call('abort', (client) => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
  }
  return old.length;
}
