/** For tests of the loop: a site that answers in this process, by the log of testing-site-log.ts, and goes wrong when it is told to. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { PageEnd, PulledOp } from '../../../core/contract/sync-http.ts';
import { PushBatch } from '../../../core/contract/sync-http.ts';
import { type SiteLink, SiteLinkError, type SiteLinkState, type SiteRequest } from '../../enrol/site-link.ts';
import type { Offer } from '../../store/station-sync-store.ts';
import type { SiteLog } from '../../store/testing-site-log.ts';

const WAIT_MS = 200;

/** What happens to the next request that it fits; gone after that. */
export type Fault = (path: string, method: string) => 'lost' | 'away' | Response | undefined;

const problem = (status: number, details: object = {}, headers: Record<string, string> = {}): Response =>
  Response.json(
    { type: 'about:blank', title: 'no', status, detail: 'no', code: 'conflict', details },
    { status, headers },
  );
export const refusal = problem;

const put = (sha256: string) => ({ kind: 'put', url: `put:${sha256}`, headers: {}, expiresAt: '' });

export function createTestingSite(first: SiteLog) {
  let log = first;
  const faults: Fault[] = [];
  const asked: string[] = [];
  const bytes = new Map<string, Buffer>();
  const listeners = new Set<(state: SiteLinkState) => void>();
  let state: SiteLinkState = {
    enrolled: true,
    site: first.site,
    address: 'https://site.example',
    deviceId: 'device',
    deviceName: 'Desk 3',
    siteKeys: [],
    user: { id: 'u', name: 'Ada', login: 'ada' },
    enrolledAt: '2026-01-01T00:00:00.000Z',
    trouble: null,
  };
  const head = () => ({ seq: log.ops.length, site_hash: log.page(log.ops.length).siteHash, epoch: log.epoch });

  function pushed(text: string): Response {
    const batch = PushBatch.parse(JSON.parse(text));
    if (batch.epoch !== log.epoch) return problem(409, { reason: 'epoch', epoch: log.epoch });
    const { device, first_dev_seq: from, ops } = batch;
    const last = { devSeq: batch.head.dev_seq, hash: batch.head.hash };
    const sent = { first: from, text: JSON.stringify(ops), count: ops.length, last };
    const offer: Offer = { device, own: true, isNew: true, ...sent, signed: null, publicKey: null };
    const { results } = log.push(offer);
    return Response.json({ acked: batch.head.dev_seq, head: head(), results });
  }

  async function page(query: URLSearchParams, signal: AbortSignal | undefined): Promise<Response> {
    const after = Number(query.get('after'));
    if (Number(query.get('epoch')) !== log.epoch) return problem(409, { reason: 'epoch', epoch: log.epoch });
    for (let waited = 0; query.get('wait') !== '0' && log.ops.length <= after && waited < WAIT_MS; waited += 20) {
      signal?.throwIfAborted();
      await new Promise((done) => setTimeout(done, 20));
    }
    const part = log.page(after, Number(query.get('limit')));
    const lines = part.ops.map(({ seq, verdict, text, content }): PulledOp => ({ body: text, content, seq, verdict }));
    const next = after + part.ops.length;
    const end: PageEnd = {
      next,
      site_hash: part.siteHash,
      epoch: log.epoch,
      head: log.ops.length,
      durable_seq: 0,
      heads: [...part.heads],
    };
    const body = [...lines, end].map((line) => `${JSON.stringify(line)}\n`).join('');
    return new Response(gzipSync(body), { headers: { 'content-encoding': 'gzip' } });
  }

  /** A few at a time. */
  function rootOps(root: string, after: number): Response {
    const all = log.ops.filter(({ seq, text }) => seq > after && (JSON.parse(text) as { root: string }).root === root);
    const at = '2026-02-03T04:05:06.000Z';
    const ops = all.slice(0, 3).map(({ seq, verdict, text, content }) => ({ seq, verdict, body: text, content, at }));
    const next = all.length > 3 ? { next: ops.at(-1)?.seq } : {};
    return Response.json({ epoch: log.epoch, ops, ...next });
  }

  async function answer(path: string, { method = 'GET', body, signal }: SiteRequest): Promise<Response> {
    const { pathname, searchParams } = new URL(path, 'https://site.example');
    const whole = typeof body === 'function' || body === undefined ? Buffer.alloc(0) : Buffer.from(body);
    const text = (whole[0] === 0x1f ? gunzipSync(whole) : whole).toString();
    if (pathname.endsWith('/head'))
      return Response.json({
        site: log.site,
        name: log.site,
        ...head(),
        now: new Date().toISOString(),
        contract_floor: 1,
      });
    const root = /\/roots\/([^/]+)\/ops$/.exec(pathname)?.[1];
    if (root !== undefined) return rootOps(root, Number(searchParams.get('after')));
    if (pathname.endsWith('/ops') && method === 'POST') return pushed(text);
    if (pathname.endsWith('/ops')) return page(searchParams, signal);
    if (pathname.endsWith('/offers')) {
      const { blobs } = JSON.parse(text) as { blobs: { sha256: string }[] };
      return Response.json({
        blobs: blobs.map(({ sha256 }) => ({ sha256, ...(bytes.has(sha256) ? { kind: 'exists' } : put(sha256)) })),
      });
    }
    const sha256 = /\/blobs\/([0-9a-f]{64})/.exec(pathname)?.[1] ?? '';
    if (pathname.endsWith('/complete')) return Response.json({ state: bytes.has(sha256) ? 'verified' : 'missing' });
    const found = bytes.get(sha256);
    return found === undefined ? problem(404, { reason: 'blob-late' }) : new Response(new Uint8Array(found));
  }

  async function ask(path: string, request: SiteRequest = {}): Promise<Response> {
    const method = request.method ?? 'GET';
    asked.push(`${method} ${path.replace(/.*\/sites\/[^/]+/, '').replace(/\?.*/, '')}`);
    const at = faults.findIndex((fault) => fault(path, method) !== undefined);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.(path, method);
    if (fault === 'away') throw new SiteLinkError('unreachable', 'no network');
    if (fault instanceof Response) return fault;
    const response = await answer(path, request);
    if (fault === 'lost') throw new SiteLinkError('unreachable', 'the answer was lost');
    request.signal?.throwIfAborted();
    return response;
  }

  const link: SiteLink = {
    state: () => state,
    onChange(listen) {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    authorisedFetch: ask,
    async presignedFetch(url, { body }: SiteRequest = {}) {
      asked.push('PUT');
      const chunks: Uint8Array[] = [];
      if (typeof body === 'function') for await (const chunk of body()) chunks.push(chunk);
      bytes.set(url.slice('put:'.length), Buffer.concat(chunks));
      return new Response(null, { status: 200 });
    },
    forked: async () => undefined,
    sign: async () => new Uint8Array(64),
  };
  return {
    link,
    faults,
    asked,
    bytes,
    log: () => log,
    /** Brought back from an older copy. */
    restore(upTo: number): void {
      log = log.restored(upTo);
    },
    become(next: SiteLinkState): void {
      state = next;
      for (const listen of listeners) listen(state);
    },
    connected: state,
  };
}
