/** A client of a running site: connections that stay, addresses of its own where a limit counts by address, patience where the site asks for it. */
import { type ClientRequest, request as plainRequest, Agent as PlainAgent, type IncomingHttpHeaders } from 'node:http';
import { Agent, request as secureRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  // The caller names the contract's type, as with `Response.json()`.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  json<T = Record<string, unknown>>(): T;
}

export interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly json?: unknown;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** 429 is an answer, not a wish to wait. */
  readonly impatient?: boolean;
  /** Of a stream: its beginning is enough. */
  readonly headOnly?: boolean;
  readonly timeoutMs?: number;
  /** A line that is slow: the body goes out in pieces, the last of them so much later. */
  readonly overMs?: number;
}

export type Ask = (path: string, asked?: Asked) => Promise<Answer>;

export interface HttpOptions {
  /** Where it is; the `Host` of every request. */
  readonly origin: string;
  /** Certificates to believe, as PEM. */
  readonly ca?: string;
  /** The caller's own address: 127.0.0.0/8 has many. */
  readonly from?: string;
}

const TIMEOUT_MS = 30_000;
const MOST_WAITS = 60;
const PIECES = 10;

async function sendSlowly(sent: ClientRequest, body: Buffer, ms: number): Promise<void> {
  const size = Math.ceil(body.length / PIECES);
  for (let from = 0; from < body.length && !sent.destroyed; from += size) {
    sent.write(body.subarray(from, from + size));
    await sleep(ms / PIECES);
  }
  // Whoever lost it was told by its error.
  if (!sent.destroyed) sent.end();
}

export function createHttp({ origin, ca, from }: HttpOptions): Ask & { readonly close: () => void } {
  const base = new URL(origin);
  const isSecure = base.protocol === 'https:';
  const agent = isSecure
    ? new Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) })
    : new PlainAgent({ keepAlive: true });
  const local = from === undefined ? {} : { localAddress: from };

  const once = (path: string, asked: Asked): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const body = asked.json === undefined ? asked.body : JSON.stringify(asked.json);
      const headers: Record<string, string | number> = {
        ...(asked.token === undefined ? {} : { authorization: `Bearer ${asked.token}` }),
        ...(asked.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...asked.headers,
      };
      const method = asked.method ?? (body === undefined ? 'GET' : 'POST');
      const place = { hostname: base.hostname, port: base.port, path, method, headers, agent, ...local };
      const sent = (isSecure ? secureRequest : plainRequest)(place, (reply) => {
        const chunks: Buffer[] = [];
        const done = (): void => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, bytes, text, json: () => JSON.parse(text) });
        };
        if (asked.headOnly === true && reply.headers['content-type']?.startsWith('text/event-stream') === true) {
          done();
          sent.destroy();
          return;
        }
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.once('error', reject);
        reply.once('end', done);
      });
      sent.setTimeout(asked.timeoutMs ?? TIMEOUT_MS, () =>
        sent.destroy(new Error(`no answer in time: ${method} ${path}`)),
      );
      sent.once('error', (error: NodeJS.ErrnoException) => {
        // A connection that rested may have been closed at the other end just now: this request never arrived.
        if (sent.reusedSocket && error.code === 'ECONNRESET') once(path, asked).then(resolve, reject);
        else reject(error);
      });
      if (asked.overMs === undefined || body === undefined) sent.end(body);
      else void sendSlowly(sent, typeof body === 'string' ? Buffer.from(body) : body, asked.overMs);
    });

  async function ask(path: string, asked: Asked = {}): Promise<Answer> {
    for (let waits = 0; ; waits += 1) {
      const answer = await once(path, asked);
      if (answer.status !== 429 || asked.impatient === true || waits === MOST_WAITS) return answer;
      await sleep(Number(answer.headers['retry-after'] ?? 1) * 1_000);
    }
  }
  return Object.assign(ask, { close: () => agent.destroy() });
}

/** What a person would be told, for the message of a failure. */
export function expectStatus(answer: Answer, status: number, what: string): Answer {
  if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer;
}
