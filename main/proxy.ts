/** `ap://app/...` -> HTTP over the server's private socket. Knows nothing of Electron, so that plain Node tests it on a real socket. */
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export const ORIGIN = 'ap://app';
/** Headers that belong to one connection, or that only this proxy may set. */
const DROPPED = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'host',
  'authorization',
  'cookie',
  'set-cookie',
]);
/** Responses that may not carry a body. */
const BODILESS = new Set([101, 204, 205, 304]);

export interface ProxyOptions {
  readonly socket: string;
  /** Sent by the proxy itself: the page never knows it. */
  readonly token: string;
}

const problem = (status: number, code: string, detail: string): Response =>
  new Response(JSON.stringify({ type: 'about:blank', title: code, status, detail, code, details: {} }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'retry-after': '1' },
  });

function toHeaders(from: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || DROPPED.has(name)) continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  return headers;
}

export function createProxy({ socket, token }: ProxyOptions): (request: Request) => Promise<Response> {
  return (request) => {
    const url = new URL(request.url);
    if (url.protocol !== 'ap:' || url.host !== 'app')
      return Promise.resolve(problem(404, 'not_found', 'There is no such place.'));
    const headers: Record<string, string> = {};
    request.headers.forEach((value, name) => {
      if (!DROPPED.has(name)) headers[name] = value;
    });
    headers['host'] = 'app';
    headers['authorization'] = `Bearer ${token}`;
    return send(
      { socketPath: socket, path: url.pathname + url.search, method: request.method, headers, agent: false },
      request,
    );
  };
}

function send(options: RequestOptions, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(options, (reply) => {
      const status = reply.statusCode ?? 502;
      const bodiless = BODILESS.has(status) || options.method === 'HEAD';
      if (bodiless) reply.resume();
      const body = bodiless ? null : (Readable.toWeb(reply) as ReadableStream<Uint8Array>);
      resolve(new Response(body, { status, headers: toHeaders(reply.headers) }));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (request.signal.aborted) reject(error);
      // While the server starts (again) there is nobody on the socket: the page asks again.
      else resolve(problem(503, 'unavailable', 'The station is starting.'));
    });
    request.signal.addEventListener('abort', () => outgoing.destroy(), { once: true });
    if (request.body) {
      pipeline(Readable.fromWeb(request.body as never), outgoing).catch(() => outgoing.destroy());
    } else outgoing.end();
  });
}
