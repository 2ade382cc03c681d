/** Bodies of sync: JSON that may come pressed, and never more of it than the limit once it is not. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../../core/contract/errors.ts';
import { SYNC_LIMITS } from '../../../core/contract/sync-http.ts';

const inflate = promisify(gunzip);
const MOST = SYNC_LIMITS.batchBytes;

const tooLarge = (): AppError =>
  new AppError('too_large', `A batch has ${MOST} bytes at most. Send fewer operations at once.`, { limit: MOST });
const noJson = (): AppError => new AppError('bad_request', 'The body is not JSON.', { reason: 'bad_batch' });

async function collect(payload: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of payload) {
    size += chunk.length;
    if (size > MOST) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function inflated(bytes: Buffer): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength: MOST });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw noJson();
  }
}

async function read({ headers }: FastifyRequest, payload: AsyncIterable<Uint8Array>): Promise<unknown> {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new AppError('unsupported', 'A body comes as it is, or as gzip.');
  const bytes = await collect(payload);
  const json = encoding === 'gzip' ? await inflated(bytes) : bytes;
  try {
    return JSON.parse(json.toString()) as unknown;
  } catch {
    throw noJson();
  }
}

/** For the routes of this scope alone. */
export function installBodies(scope: FastifyInstance): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { bodyLimit: MOST }, read);
  scope.addContentTypeParser('application/octet-stream', async (_request: FastifyRequest, payload: unknown) => payload);
}
