/**
 * Requests of a station to its site and to what the site names (its identity provider, its object store): TLS by the trust of the system, no redirects, time
 * limits, answers as streams that are cut off over their limit, kept connections. A person has typed the site's address, so it may be on a private network; what
 * the site names may be so only where the site itself is: a site on the internet has no business in this house, and one in the house none on this machine.
 */
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getCACertificates } from 'node:tls';
import { AppError } from '../../core/contract/errors.ts';
import {
  checkOutbound,
  guardedLookup,
  headersOf,
  refusedStatus,
  type Resolver,
  systemResolver,
} from '../access/outbound.ts';
import { siteError } from './failure.ts';
import { mayName, type Nearness, nearnessOf } from './nearness.ts';
import type { SiteRequest } from './site-link.ts';

const HEAD_MS = 30_000;
const IDLE_MS = 30_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** With a time of its own, an agent also keeps to the time that the other end says. See [Note: Kept connections]. */
const KEPT = { keepAlive: true, maxSockets: 8, timeout: 50_000 } as const;
const BODILESS: readonly number[] = [204, 205, 304];

export interface SiteFetchOptions {
  /** Origin of the site. */
  readonly address: string;
  readonly resolver?: Resolver;
  /** In place of what the system trusts. */
  readonly ca?: readonly string[];
}

export interface SiteFetch {
  /** Throws `SiteLinkError`, or the reason of the caller's signal. */
  (url: string | URL, request?: SiteRequest): Promise<Response>;
  /** Ends the kept connections. */
  close(): void;
}

let trusted: string[] | undefined;
/** Those that come with Node, those that the user added, and those of the system: a company's own authority is there. */
function systemTrust(): string[] {
  trusted ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return trusted;
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

const farthest = (all: readonly Nearness[]): Nearness =>
  all.length === 0 || all.includes('public')
    ? 'public'
    : all.every((one) => one === 'loopback')
      ? 'loopback'
      : 'private';

/** A name that means any address which the site may not name means none. */
const sifted =
  (resolver: Resolver, site: Nearness): Resolver =>
  (host, done) =>
    resolver(host, (error, found) => {
      const isMeant = found === undefined || found.every(({ address }) => mayName(site, nearnessOf(address)));
      done(error, isMeant ? found : []);
    });

export function createSiteFetch({ address, resolver = systemResolver, ca }: SiteFetchOptions): SiteFetch {
  const site = new URL(address);
  const agents = {
    'http:': new HttpAgent(KEPT),
    'https:': new HttpsAgent(KEPT),
  };
  let near: Promise<Nearness> | undefined;
  /** How near the site is: as the farthest of its addresses. */
  const nearness = (): Promise<Nearness> =>
    (near ??= new Promise((done) => {
      const host = bare(site.hostname);
      if (isIP(host) !== 0) return done(nearnessOf(host));
      return resolver(host, (error, found) => {
        // Not known now: asked again the next time.
        if (error !== null) near = undefined;
        done(error === null ? farthest(found.map((one) => nearnessOf(one.address))) : 'public');
      });
    }));

  /** Hosts that may be on a private network, and speak http; and the look-up of their names. */
  async function wayTo(url: URL): Promise<{ listed: string[]; lookup: LookupFunction }> {
    if (url.host === site.host) return { listed: [site.host], lookup: guardedLookup(true, resolver) };
    const none = { listed: [], lookup: guardedLookup(false, resolver) };
    // Without TLS only where the site itself has none, which a person allowed.
    if (url.protocol === 'http:' && site.protocol !== 'http:') return none;
    const from = await nearness();
    const host = bare(url.hostname);
    if (from === 'public' || (isIP(host) !== 0 && !mayName(from, nearnessOf(host)))) return none;
    return { listed: [url.host], lookup: guardedLookup(true, sifted(resolver, from)) };
  }

  const fetch = async (input: string | URL, request: SiteRequest = {}): Promise<Response> => {
    const url = new URL(input);
    const { signal } = request;
    signal?.throwIfAborted();
    try {
      const { listed, lookup } = await wayTo(url);
      checkOutbound(url, listed);
      const secure = url.protocol === 'https:';
      return await send(url, request, {
        agent: secure ? agents['https:'] : agents['http:'],
        lookup,
        ...(secure ? { ca: ca === undefined ? systemTrust() : [...ca] } : {}),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw siteError(error, url.host);
    }
  };
  return Object.assign(fetch, {
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  });
}

type Wire = Pick<RequestOptions, 'agent' | 'lookup'> & { readonly ca?: string[] };

/**
 * [Note: Kept connections] The other end ends a connection that nothing went over for a while, a proxy after a minute: the time that a person needs to sign in. A request that goes
 * out at that moment is lost with it. It is sent once more, over a new connection; what a station sends may come twice (operations have ids), as after any lost answer.
 */
const isKeptTooLong = (reused: boolean, error: unknown): boolean =>
  reused && ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');

function send(url: URL, request: SiteRequest, wire: Wire): Promise<Response> {
  const { method = 'GET', headers = {}, body, signal, headMs = HEAD_MS } = request;
  const whole = typeof body === 'string' || body instanceof Uint8Array;
  const length = whole ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  return new Promise((done, reject) => {
    const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method,
      headers: { ...headers, ...length },
      ...wire,
      ...(signal === undefined ? {} : { signal }),
    });
    const late = setTimeout(() => sent.destroy(new Error('no answer in time')), headMs);
    let isAnswered = false;
    const failed = (error: unknown): void => {
      clearTimeout(late);
      if (!isAnswered && isKeptTooLong(sent.reusedSocket, error)) done(send(url, request, { ...wire, agent: false }));
      else reject(error instanceof Error ? error : new Error(String(error)));
      sent.destroy();
    };
    sent.on('error', failed);
    sent.on('upgrade', (_reply, socket) => {
      socket.destroy();
      failed(refusedStatus(url, 101));
    });
    sent.on('response', (reply) => {
      isAnswered = true;
      clearTimeout(late);
      try {
        done(responseOf(url, reply, request));
      } catch (error) {
        reply.resume();
        failed(error);
      }
    });
    if (body === undefined || whole) sent.end(body);
    else pipeline(Readable.from(body()), sent).catch(failed);
  });
}

/** The body as it comes over the wire: counted, and given up where nothing comes any more. */
function responseOf(url: URL, reply: IncomingMessage, { idleMs = IDLE_MS, mostBytes = MOST_BYTES }: SiteRequest) {
  const status = reply.statusCode ?? 0;
  const refused = status === 304 ? undefined : refusedStatus(url, status);
  if (refused !== undefined) throw refused;
  const init = { status, headers: headersOf(reply) };
  // What fails after its last reader has gone is nobody's news.
  reply.on('error', () => undefined);
  if (BODILESS.includes(status)) {
    reply.resume();
    return new Response(null, init);
  }
  return new Response(streamed(reply, bounded(reply, { url, idleMs, mostBytes }), idleMs), init);
}

/**
 * Nothing is read before somebody asks for it, and who wants none of it gives the connection back: a generator that never began ends without its `finally`. Whoever forgets
 * both keeps no connection for ever: there are few.
 */
function streamed(reply: IncomingMessage, parts: AsyncGenerator<Buffer>, idleMs: number): ReadableStream<Uint8Array> {
  const unread = setTimeout(() => reply.destroy(new Error('nobody read the answer')), idleMs).unref();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(unread);
        const { done, value } = await parts.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        clearTimeout(unread);
        // All of it is here: the next request may have the connection.
        if (reply.complete) reply.resume();
        else reply.destroy();
        await parts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

interface Bounds {
  readonly url: URL;
  readonly idleMs: number;
  readonly mostBytes: number;
}

async function* bounded(reply: IncomingMessage, { url, idleMs, mostBytes }: Bounds): AsyncGenerator<Buffer> {
  let size = 0;
  const idle = setTimeout(() => reply.destroy(new Error('the answer broke off')), idleMs);
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      idle.refresh();
      size += chunk.length;
      if (size > mostBytes) throw new AppError('too_large', `${url.host} answered with more than is read.`);
      yield chunk;
    }
    // Cut off before its announced end.
    if (!reply.complete) throw new Error('the answer broke off');
  } catch (error) {
    throw siteError(error, url.host);
  } finally {
    clearTimeout(idle);
    if (!reply.complete) reply.destroy();
  }
}
