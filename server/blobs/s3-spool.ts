/**
 * What comes in, whole and hashed, before the first byte goes to the storage: then its name, length and checksums are known, a source that breaks off leaves
 * nothing anywhere, bytes that are kept already are not sent, and a lost connection can be tried again. Small ones stay in memory, others go to a file.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../../core/contract/errors.ts';
import { diskError } from './disk.ts';

/** A reading or the page of a letter; what sixteen uploads at once may hold in memory together is 16 MiB. */
const IN_MEMORY = 1024 * 1024;

export interface Spooled {
  readonly sha256: string;
  readonly size: number;
  /** Hex: the ETag of an object that was put in one piece. Made when asked for: most bytes are new. */
  md5(): Promise<string>;
  /** Anew for each try. `end` inclusive. */
  body(): Uint8Array | Readable;
  part(start: number, end: number): Promise<Buffer>;
  discard(): Promise<void>;
}

export interface SpoolOptions {
  readonly folder: string;
  readonly maxBytes?: number | undefined;
  readonly inMemory?: number | undefined;
}

export async function spool(source: Readable | Uint8Array, options: SpoolOptions): Promise<Spooled> {
  const { folder, maxBytes = Number.POSITIVE_INFINITY, inMemory = IN_MEMORY } = options;
  const sha = createHash('sha256');
  const sink = createSink(
    join(folder, randomUUID()),
    source instanceof Uint8Array ? Number.POSITIVE_INFINITY : inMemory,
  );
  let size = 0;
  try {
    const chunks = source instanceof Uint8Array ? [source] : (source as AsyncIterable<Uint8Array>);
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxBytes) {
        throw new AppError('too_large', `The file is larger than ${maxBytes} bytes.`, { limit: maxBytes });
      }
      sha.update(chunk);
      await sink.write(chunk);
    }
    const bodies = await sink.finish();
    return {
      sha256: sha.digest('hex'),
      size,
      md5: () => md5Of(bodies.body()),
      ...bodies,
      discard: () => sink.discard(),
    };
  } catch (error) {
    await sink.discard();
    throw diskError(error, folder);
  }
}

async function md5Of(body: Uint8Array | Readable): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of body instanceof Uint8Array ? [body] : (body as AsyncIterable<Uint8Array>))
    hash.update(chunk);
  return hash.digest('hex');
}

/** Memory first; a file from the chunk on that is too much. */
function createSink(path: string, inMemory: number) {
  let chunks: Uint8Array[] = [];
  let held = 0;
  let file: FileHandle | undefined;

  async function toFile(): Promise<FileHandle> {
    const handle = await open(path, 'wx', 0o600);
    file = handle;
    for (const chunk of chunks) await handle.writeFile(chunk);
    chunks = [];
    return handle;
  }

  return {
    async write(chunk: Uint8Array): Promise<void> {
      held += chunk.length;
      if (file === undefined && held <= inMemory) {
        chunks.push(chunk);
        return;
      }
      const handle = file ?? (await toFile());
      await handle.writeFile(chunk);
    },
    async finish(): Promise<Pick<Spooled, 'body' | 'part'>> {
      if (file === undefined) {
        const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
        chunks = [];
        return { body: () => whole, part: async (start, end) => Buffer.from(whole.subarray(start, end + 1)) };
      }
      // No sync: after a power cut nobody has been promised anything yet.
      await file.close();
      return { body: () => createReadStream(path), part: (start, end) => readPart(path, start, end) };
    },
    async discard(): Promise<void> {
      if (file === undefined) return;
      await file.close().catch(() => undefined);
      await rm(path, { force: true });
    },
  };
}

async function readPart(path: string, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start + 1);
  const handle = await open(path, 'r');
  try {
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) throw new Error(`${path} is shorter than it was.`);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
