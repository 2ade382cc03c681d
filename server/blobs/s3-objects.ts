/** Objects of one bucket: looked at, sent, fetched, removed. Nothing here knows what a blob is. */
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../../core/contract/errors.ts';
import type { Endpoint } from './s3-client.ts';
import { isMissing, isNamed, isPassing, isRaced, storageError } from './s3-error.ts';
import type { Spooled } from './s3-spool.ts';

const MIB = 1024 * 1024;
/** Up to here one request: an invoice is never larger than its limit of 50 MiB, and hardly ever than this. */
const ONE_PIECE = 16 * MIB;
const PART = 8 * MIB;
/** Parts of one upload on their way at once. */
const LANES = 2;
/** A broken download goes on where it broke off, that often without a byte in between. */
const RESUMES = 5;

export interface Found {
  readonly size: number;
  readonly etag: string;
}

export interface Objects {
  /** Undefined where there is none. */
  head(key: string): Promise<Found | undefined>;
  /** `only-if-absent` resolves to `exists` where another writer was quicker. `own` where an earlier try of this very call may have been that writer. */
  send(key: string, what: Spooled, condition: 'only-if-absent' | 'whatever'): Promise<'sent' | 'exists' | 'own'>;
  /** Rejects with AppError not_found. Both ends inclusive. */
  fetch(key: string, range?: { start: number; end: number }): Promise<Readable>;
  ping(): Promise<void>;
}

export interface ObjectsOptions {
  readonly onePiece?: number | undefined;
  readonly partSize?: number | undefined;
}

export function createObjects(endpoint: Endpoint, options: ObjectsOptions = {}): Objects {
  const { onePiece = ONE_PIECE, partSize = PART } = options;
  const Bucket = endpoint.config.bucket;
  /** Until a store says that it does not know conditions. */
  let conditions = true;
  /** Until a store says that the bucket is somewhere else. */
  let isHere = true;

  async function head(key: string): Promise<Found | undefined> {
    try {
      const found = await endpoint.call('head', (client) => client.send(new HeadObjectCommand({ Bucket, Key: key })));
      return { size: found.ContentLength ?? 0, etag: (found.ETag ?? '').replaceAll('"', '') };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  const guard = (absent: boolean): { IfNoneMatch?: string } => (absent && conditions ? { IfNoneMatch: '*' } : {});

  /** A store that does not know conditions is asked without them from then on: both writers write the same bytes. */
  async function guarded<T>(absent: boolean, attempt: (condition: { IfNoneMatch?: string }) => Promise<T>): Promise<T> {
    try {
      return await attempt(guard(absent));
    } catch (error) {
      if (!absent || !conditions || !isNamed(error, 'NotImplemented')) throw error;
      conditions = false;
      return attempt({});
    }
  }

  function wholeCommand(key: string, what: Spooled, Body: Uint8Array | Readable, condition: { IfNoneMatch?: string }) {
    const command = new PutObjectCommand({
      Bucket,
      Key: key,
      Body,
      ContentLength: what.size,
      ContentType: 'application/octet-stream',
      ...condition,
    });
    // The signature covers the hash: the store refuses other bytes than these.
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = what.sha256;
        return next(args);
      },
      { step: 'build', name: 'payloadHash' },
    );
    return command;
  }

  async function sendWhole(key: string, what: Spooled, absent: boolean): Promise<void> {
    await guarded(absent, async (condition) => {
      const body = what.body();
      if (isHere && body instanceof Uint8Array) {
        const { sha256 } = what;
        isHere = await endpoint.sendBytes({ key, sha256, bytes: body, absent: condition.IfNoneMatch !== undefined });
        if (isHere) return;
      }
      try {
        await endpoint.client.send(wholeCommand(key, what, body, condition));
      } finally {
        // A request that failed leaves its source open.
        if (body instanceof Readable) body.destroy();
      }
    });
  }

  async function sendParts(key: string, what: Spooled, absent: boolean): Promise<void> {
    const made = await endpoint.call('multipart', (client) =>
      client.send(new CreateMultipartUploadCommand({ Bucket, Key: key, ContentType: 'application/octet-stream' })),
    );
    const upload = { Bucket, Key: key, UploadId: made.UploadId };
    try {
      const Parts = await partsOf(upload, what);
      await complete(upload, Parts, what.size, absent);
    } catch (error) {
      // Parts cost space until somebody takes them away; the lifecycle of the bucket does where even this fails.
      await endpoint
        .call('abort', (client) => client.send(new AbortMultipartUploadCommand(upload)))
        .catch(() => undefined);
      throw error;
    }
  }

  async function partsOf(upload: { Bucket: string; Key: string; UploadId: string | undefined }, what: Spooled) {
    const size = Math.max(partSize, Math.ceil(what.size / 10_000));
    const count = Math.ceil(what.size / size);
    const etags: string[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let index = next++; index < count; index = next++) {
        const Body = await what.part(index * size, Math.min(what.size, (index + 1) * size) - 1);
        const sent = await endpoint.call('part', (client) =>
          client.send(new UploadPartCommand({ ...upload, PartNumber: index + 1, Body, ContentLength: Body.length })),
        );
        etags[index] = sent.ETag ?? '';
      }
    };
    const stopping = async (): Promise<void> => {
      try {
        await lane();
      } finally {
        next = count;
      }
    };
    // All of them are waited for: a part that arrives after the upload was given up would stay.
    const ended = await Promise.allSettled(Array.from({ length: LANES }, stopping));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    return etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
  }

  /** The answer may be lost after the work was done: then the upload is gone and the object is there. */
  async function complete(
    upload: { Bucket: string; Key: string; UploadId: string | undefined },
    Parts: { ETag: string; PartNumber: number }[],
    size: number,
    absent: boolean,
  ): Promise<void> {
    try {
      await endpoint.call('complete', (client) =>
        guarded(absent, (condition) =>
          client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...condition })),
        ),
      );
    } catch (error) {
      const gone = error instanceof AppError && error.details['code'] === 'NoSuchUpload';
      if (!gone) throw error;
    }
    const kept = await head(upload.Key);
    if (kept?.size !== size) {
      throw new AppError(
        'storage',
        `${endpoint.config.endpoint} took a file in parts and does not show it in bucket "${Bucket}".`,
        {
          reason: 's3-failing',
          endpoint: endpoint.config.endpoint,
          bucket: Bucket,
        },
      );
    }
  }

  async function send(key: string, what: Spooled, condition: 'only-if-absent' | 'whatever') {
    const absent = condition === 'only-if-absent';
    let tries = 0;
    try {
      if (what.size > onePiece) await sendParts(key, what, absent);
      else
        await endpoint.call('put', () => {
          tries += 1;
          return sendWhole(key, what, absent);
        });
      return 'sent' as const;
    } catch (error) {
      if (!isRaced(error)) throw error;
      return tries > 1 ? ('own' as const) : ('exists' as const);
    }
  }

  async function get(key: string, start: number, end: number | undefined, etag?: string): Promise<Got> {
    const whole = start === 0 && end === undefined;
    const reply = await endpoint.call('get', (client) =>
      client.send(
        new GetObjectCommand({
          Bucket,
          Key: key,
          ...(whole ? {} : { Range: `bytes=${start}-${end ?? ''}` }),
          ...(etag === undefined ? {} : { IfMatch: etag }),
        }),
      ),
    );
    return { body: reply.Body as Readable, etag: reply.ETag, size: reply.ContentLength ?? 0 };
  }

  /** Chunks to the end, over broken connections; the object must be the same one all along. */
  async function* chunksOf(first: Got, key: string, start: number, hold: (body: Readable) => void) {
    const stop = start + first.size;
    let chunks = (first.body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    let broken = 0;
    for (let at = start; at < stop;) {
      let next: IteratorResult<Buffer, unknown>;
      try {
        next = await chunks.next();
        if (next.done === true) throw Object.assign(new Error('the body ended early'), { name: 'IncompleteBody' });
      } catch (error) {
        broken += 1;
        if (!isPassing(error) || broken > RESUMES) throw storageError(error, endpoint.config);
        const { body } = await again(key, at, stop - 1, first.etag);
        hold(body);
        chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
        continue;
      }
      at += next.value.length;
      broken = 0;
      // Outside the `try`: what the reader of this stream throws in is not the storage's trouble.
      yield next.value;
    }
  }

  async function again(key: string, start: number, end: number, etag: string | undefined): Promise<Got> {
    try {
      return await get(key, start, end, etag);
    } catch (error) {
      throw storageError(error, endpoint.config);
    }
  }

  async function fetch(key: string, range?: { start: number; end: number }): Promise<Readable> {
    const start = range?.start ?? 0;
    let first: Got;
    try {
      first = await get(key, start, range?.end);
    } catch (error) {
      if (isMissing(error)) throw new AppError('not_found', 'Nothing is kept under this name.');
      // Behind the end there is nothing, as in a file.
      if (error instanceof AppError && error.details['code'] === 'InvalidRange') return Readable.from([]);
      throw error;
    }
    let open = first.body;
    const chunks = chunksOf(first, key, start, (body) => (open = body));
    const stream = Readable.from(chunks, { objectMode: false });
    // Closed before it was read, a generator never gets to its end.
    stream.once('close', () => open.destroy());
    return stream;
  }

  return {
    head,
    send,
    fetch,
    ping: async () => {
      try {
        await endpoint.call('bucket', (client) => client.send(new HeadBucketCommand({ Bucket })));
      } catch (error) {
        if (!isMissing(error)) throw error;
        throw storageError(Object.assign(new Error('no bucket'), { name: 'NoSuchBucket' }), endpoint.config);
      }
    },
  };
}

interface Got {
  readonly body: Readable;
  readonly etag: string | undefined;
  readonly size: number;
}
