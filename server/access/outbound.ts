/**
 * Requests to addresses that an admin configured (an identity provider, webhooks): https only, no redirects, the name resolved once and
 * the connection made to that very address, private and link-local networks refused unless the host is listed, small replies, a time limit.
 */
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { lookup as resolve } from 'node:dns';
import { AppError } from '../../core/contract/errors.ts';

const LONGEST_MS = 10_000;
const MOST_BYTES = 1024 * 1024;
const MOST_DRAINED = 64 * 1024;

// Apart: a list of both would find every address of version 4 in the net of mapped ones.
const blocked4 = new BlockList();
const blocked6 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  blocked4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  // Addresses of version 4 in disguise: mapped, translated, 6to4, Teredo.
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  blocked6.addSubnet(net, bits, 'ipv6');

export const isPrivate = (address: string): boolean => {
  const family = isIP(address);
  if (family === 0) return true;
  return family === 6 ? blocked6.check(address, 'ipv6') : blocked4.check(address, 'ipv4');
};

export type Resolver = (
  host: string,
  done: (error: Error | null, addresses: readonly { address: string; family: number }[]) => void,
) => void;

export interface OutboundOptions {
  /** Hosts that may be on a private network, and may speak plain http: `idp.internal`, `127.0.0.1:9080`. */
  readonly privateHosts?: readonly string[];
  readonly resolver?: Resolver;
  /** Nothing is wanted but the status: the rest of the answer is neither waited for nor kept. */
  readonly statusOnly?: boolean;
}

export const systemResolver: Resolver = (host, done) =>
  resolve(host, { all: true }, (error, addresses) => done(error, addresses));

const refusal = (host: string): AppError =>
  new AppError('forbidden', `${host} is on a private network. List it among the private hosts if it is meant.`, {
    reason: 'private-address',
    host,
  });

/** One address of the name that may be connected to; the same look-up is what is connected to. */
export function guardedLookup(listed: boolean, resolver: Resolver): LookupFunction {
  return (host, options, done) => {
    resolver(host, (error, addresses) => {
      if (error !== null) return done(error, '', 4);
      // One private address among public ones is a trap, not a choice.
      const bad = !listed && addresses.some(({ address }) => isPrivate(address));
      const [first] = addresses;
      if (bad || first === undefined) return done(refusal(host), '', 4);
      if (options.all === true)
        return (done as (error: null, found: { address: string; family: number }[]) => void)(null, [...addresses]);
      return done(null, first.address, first.family);
    });
  };
}

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

function bodyOf(init: RequestInit | undefined): string | Uint8Array | undefined {
  const body = init?.body;
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('this kind of body is not sent');
}

const isListed = ({ hostname, host }: URL, privateHosts: readonly string[]): boolean =>
  privateHosts.includes(hostname) || privateHosts.includes(host);

/** Refuses what can be told without asking a name server. */
export function checkOutbound(url: URL, privateHosts: readonly string[]): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const listed = isListed(url, privateHosts);
  if (url.protocol !== 'https:' && !(listed && url.protocol === 'http:'))
    throw new AppError('forbidden', `${url.host} is asked over https only.`, { reason: 'not-https' });
  if (url.username !== '' || url.password !== '')
    throw new AppError('forbidden', 'An address carries no password.', { reason: 'credentials' });
  // A literal address is not looked up, so it is compared here; URL has turned decimal, octal and hex forms into the common one.
  if (isIP(host) !== 0 && !listed && isPrivate(host)) throw refusal(host);
}

export function createOutboundFetch(options: OutboundOptions = {}): Fetch {
  const { privateHosts = [], resolver = systemResolver, statusOnly = false } = options;
  return async (input, init) => {
    const url = new URL(input);
    checkOutbound(url, privateHosts);
    return ask(url, init, guardedLookup(isListed(url, privateHosts), resolver), statusOnly);
  };
}

/** What was not wanted: read to its end where that is near, so that the other side is not cut off in the middle of it. Its errors are heard already. */
function drain(reply: IncomingMessage): void {
  let left = MOST_DRAINED;
  reply.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) reply.destroy();
  });
}

/** Of any other a Response cannot be made, and nothing is known that it would mean. */
const isFinal = (status: number): boolean => status >= 200 && status <= 599;
/** A Response of these refuses a body, even an empty one. */
const WITHOUT_BODY: readonly number[] = [204, 205];

export function refusedStatus(url: URL, status: number): AppError | undefined {
  if (!isFinal(status))
    return new AppError('unavailable', `${url.host} answered with a status that means nothing.`, {
      reason: 'bad-status',
      status,
    });
  // Where a redirect leads was not checked; whoever configured the address can configure the right one.
  if (status >= 300 && status < 400)
    return new AppError('forbidden', `${url.host} answered with a redirect; redirects are not followed.`, {
      reason: 'redirect',
    });
  return undefined;
}

export function headersOf(reply: IncomingMessage): Headers {
  const received = new Headers();
  for (const [name, value] of Object.entries(reply.headers))
    if (value !== undefined) received.set(name, Array.isArray(value) ? value.join(', ') : value);
  return received;
}

interface Answering {
  readonly url: URL;
  readonly statusOnly: boolean;
  readonly done: (response: Response) => void;
  readonly failed: (error: unknown) => void;
}

/** Throws what it refuses at once; `failed` has what goes wrong later. */
function take(reply: IncomingMessage, { url, statusOnly, done, failed }: Answering): void {
  reply.on('error', failed);
  const status = reply.statusCode ?? 0;
  const refused = refusedStatus(url, status);
  if (refused !== undefined) throw refused;
  if (statusOnly) {
    done(new Response(null, { status }));
    return drain(reply);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  reply.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > MOST_BYTES) failed(new AppError('too_large', `${url.host} answered with more than is read.`));
  });
  reply.on('end', () => {
    try {
      const body = WITHOUT_BODY.includes(status) ? null : Buffer.concat(chunks);
      done(new Response(body, { status, headers: headersOf(reply) }));
    } catch (error) {
      failed(error);
    }
  });
}

function ask(url: URL, init: RequestInit | undefined, lookup: LookupFunction, statusOnly: boolean): Promise<Response> {
  const body = bodyOf(init);
  const headers = Object.fromEntries(new Headers(init?.headers));
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((done, reject) => {
    const signal = AbortSignal.any([AbortSignal.timeout(LONGEST_MS), ...(init?.signal ? [init.signal] : [])]);
    const options = { method: init?.method ?? 'GET', headers: { ...headers, ...length }, lookup, signal, agent: false };
    const sent = request(url, options);
    const failed = (error: unknown): void => {
      reject(error);
      sent.destroy();
    };
    // What a listener throws ends the process: whatever a stranger answers, it is a failure of this one request.
    sent.on('response', (reply) => {
      try {
        take(reply, { url, statusOnly, done, failed });
      } catch (error) {
        failed(error);
      }
    });
    // Nobody asked for one; without a listener the connection would end and nobody hear of it.
    sent.on('upgrade', (_reply, socket) => {
      socket.destroy();
      failed(refusedStatus(url, 101));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
