/** Endpoints of sync. The guard has decided by role and site; what concerns the station itself is decided here and in the hub. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { AppError } from '../../../core/contract/errors.ts';
import type { SnapshotOffer } from '../../../core/contract/snapshot.ts';
import { CONTRACT_HEADER, type RootOps, syncApi } from '../../../core/contract/sync-http.ts';
import { principalOf } from '../../access/guard.ts';
import { serve } from '../../endpoint.ts';
import { parseRange } from '../../routes/documents.ts';
import { installBodies } from './body.ts';
import { noDevice } from './origins.ts';
import type { PrintedPage } from './page.ts';
import type { PutAddress } from './put-address.ts';
import type { SyncBlobs } from './blobs.ts';
import { CONTRACT_FLOOR, type SiteHub } from './site-hub.ts';

export interface SiteSync {
  readonly hub: SiteHub;
  readonly blobs: SyncBlobs;
  readonly address: PutAddress;
  /** The newest snapshot of the history of today. */
  snapshot(): Promise<SnapshotOffer | null>;
  opsOf(root: string, after: number): Promise<RootOps>;
}

/** Throws where there is no such site, or where it does not sync. */
export type SyncOf = (site: string) => Promise<SiteSync>;

/** A station's alone: a page in a browser, or a program, has no chain of its own. */
function requireStation(request: FastifyRequest): string {
  const { device } = principalOf(request);
  if (device === null) throw noDevice();
  return device;
}

/** What an old station writes could mean something else by now. One that does not say how old it is is taken at its word. */
function refuseOld({ headers }: FastifyRequest): void {
  const told = headers[CONTRACT_HEADER];
  if (told === undefined || Number(told) >= CONTRACT_FLOOR) return;
  throw new AppError('upgrade_required', 'The site takes changes from newer versions of the station only. Update it.', {
    floor: CONTRACT_FLOOR,
  });
}

async function sendPage(request: FastifyRequest, reply: FastifyReply, page: PrintedPage): Promise<FastifyReply> {
  void reply
    .type('application/x-ndjson; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('vary', 'accept-encoding');
  const pressed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') ? await page.pressed() : undefined;
  if (pressed !== undefined) void reply.header('content-encoding', 'gzip');
  return reply.send(pressed ?? page.plain);
}

/** Aborted when the answer is out, or whoever asked is gone. */
export function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  if (reply.raw.closed) controller.abort();
  else reply.raw.once('close', () => controller.abort());
  return controller.signal;
}

async function sendBlob({ blobs }: SiteSync, sha256: string, range: string | undefined, reply: FastifyReply) {
  const reason = await blobs.refusal(sha256);
  const found = reason === undefined ? await blobs.blobs.has(sha256) : undefined;
  if (found === undefined)
    throw new AppError('not_found', 'The site does not have these bytes.', { reason: reason ?? 'blob-late' });
  void reply.type('application/octet-stream').headers({
    'accept-ranges': 'bytes',
    etag: `"${sha256}"`,
    'content-disposition': 'attachment',
    'cache-control': 'private, max-age=31536000, immutable',
  });
  const part = parseRange(range, found.size);
  if (part === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${found.size}`).send();
  if (part === undefined) return reply.header('content-length', found.size).send(await blobs.blobs.read(sha256));
  return reply
    .code(206)
    .header('content-range', `bytes ${part.start}-${part.end}/${found.size}`)
    .header('content-length', part.end - part.start + 1)
    .send(await blobs.blobs.read(sha256, part));
}

export async function installSyncRoutes(app: FastifyInstance, of: SyncOf): Promise<void> {
  await app.register(async (scope) => {
    installBodies(scope);
    serve(scope, syncApi.syncHead, async ({ params }) => (await of(params.site)).hub.head());
    serve(scope, syncApi.pushOps, async ({ params, query, body, request }) => {
      requireStation(request);
      refuseOld(request);
      return (await of(params.site)).hub.push(principalOf(request), body, query.relay);
    });
    serve(scope, syncApi.pullOps, async ({ params, query, request, reply }) => {
      const station = requireStation(request);
      const { hub } = await of(params.site);
      return sendPage(request, reply, await hub.pull(station, query, gone(reply)));
    });
    serve(scope, syncApi.offerBlobs, async ({ params, body, request }) => {
      const station = requireStation(request);
      return { blobs: await (await of(params.site)).blobs.offer(station, body.blobs) };
    });
    serve(scope, syncApi.completeBlob, async ({ params, body, request }) => {
      const station = requireStation(request);
      return (await of(params.site)).blobs.complete(station, params.sha256, body.size);
    });
    serve(scope, syncApi.putBlob, async ({ params, query, request }) => {
      const { blobs, address } = await of(params.site);
      if (!address.isOurs({ sha256: params.sha256, ...query }))
        throw new AppError('forbidden', 'This address is over, or nobody gave it.', { reason: 'address' });
      await blobs.put(params.sha256, query.size, request.body as Readable);
      return { stored: true as const };
    });
    serve(scope, syncApi.snapshot, async ({ params, request }) => {
      requireStation(request);
      return { snapshot: await (await of(params.site)).snapshot() };
    });
    serve(scope, syncApi.rootOps, async ({ params, query, request }) => {
      requireStation(request);
      return (await of(params.site)).opsOf(params.root, query.after);
    });
    serve(scope, syncApi.snapshotBytes, async ({ params, request, reply }) => {
      requireStation(request);
      return sendBlob(await of(params.site), params.sha256, request.headers.range, reply);
    });
    serve(scope, syncApi.blob, async ({ params, request, reply }) => {
      requireStation(request);
      return sendBlob(await of(params.site), params.sha256, request.headers.range, reply);
    });
  });
}
