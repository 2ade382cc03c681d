/** For tests: a receiver of webhooks on loopback that checks signatures by code of its own, written after the specification and not after the sender. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
/** A status, or what else to do with the answer. */
export type Answer = number | ((reply: ServerResponse) => void);

export interface Receiver {
  /** `127.0.0.1:port`, for the list of private hosts. */
  readonly host: string;
  readonly url: string;
  readonly received: Received[];
  /** By path; 204 where nothing is said. */
  answer: (path: string, count: number) => Answer;
  at(path: string): Received[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = receiver.answer(path, receiver.at(path).length);
      if (typeof answer === 'number') reply.writeHead(answer).end('thanks');
      else answer(reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receiver: Receiver = {
    host,
    url: `http://${host}`,
    received,
    answer: () => 204,
    at: (path) => received.filter((one) => one.path === path),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** As https://www.standardwebhooks.com says a receiver does it. */
export function isSigned({ headers, body }: Received, secret: string, nowMs: number): boolean {
  const id = String(headers['webhook-id']);
  const stamp = String(headers['webhook-timestamp']);
  if (!/^\d{10}$/.test(stamp) || Math.abs(nowMs / 1_000 - Number(stamp)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update([id, stamp, body].join('.')).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((part) => {
      const [version, value = ''] = part.split(',');
      const given = Buffer.from(value, 'base64');
      return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
}
