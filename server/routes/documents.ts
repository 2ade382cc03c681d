/** Originals and pictures of their pages. Bytes of others are never shown as a page of our own: attachment, nosniff, sandbox. */
import type { FastifyReply } from 'fastify';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import type { On } from '../endpoint.ts';

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One range of `bytes=a-b`, `a-`, `-n`. Undefined: send everything (no range, several, or another unit). 'unsatisfiable': 416. */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  return start >= size || (from === '' && Number(to) === 0) ? 'unsatisfiable' : { start, end };
}

/** RFC 6266: a plain ASCII name for the old, the real one encoded. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

export function inertHeaders(reply: FastifyReply, name: string): void {
  void reply.headers({
    'content-disposition': attachment(name),
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=31536000, immutable',
  });
}

export function installDocumentRoutes(on: On): void {
  on(api.getDocument, async ({ store, blobs }, { params, request, reply }) => {
    const document = await store.document(params.sha);
    if (document === undefined) throw new AppError('not_found', 'There is no such document.');
    inertHeaders(reply, document.name);
    void reply.type(document.mime).header('accept-ranges', 'bytes').header('etag', `"${params.sha}"`);
    if (request.headers['if-none-match'] === `"${params.sha}"`) return reply.code(304).send();
    const range = parseRange(request.headers.range, document.size);
    if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${document.size}`).send();
    if (range === undefined) {
      void reply.header('content-length', document.size);
      return reply.send(await blobs.read(params.sha));
    }
    void reply
      .code(206)
      .header('content-range', `bytes ${range.start}-${range.end}/${document.size}`)
      .header('content-length', range.end - range.start + 1);
    return reply.send(await blobs.read(params.sha, range));
  });
  on(api.getPageImage, async ({ store, images }, { params, query, reply }) => {
    if ((await store.document(params.sha)) === undefined) throw new AppError('not_found', 'There is no such document.');
    const path = await images.file(params.sha, params.page, query.dpi);
    const { size } = await stat(path);
    inertHeaders(reply, `page-${params.page}.webp`);
    return reply.type('image/webp').header('content-length', size).send(createReadStream(path));
  });
}
