/** Server-sent events: what happened goes to every open stream; counters are sent at most four times a second. */
import type { FastifyReply } from 'fastify';
import { AppError } from '../core/contract/errors.ts';
import type { Counters, StationEvent } from '../core/contract/http.ts';
import type { InvoiceSummary } from '../core/contract/invoice.ts';

const COUNTERS_MS = 250;
const HELLO_MS = 15_000;
/** A reader that takes nothing must not fill our memory; it connects again and reads afresh. */
const MAX_BACKLOG = 1024 * 1024;

export interface Hub {
  publish(event: StationEvent): void;
  invoice(summary: InvoiceSummary): void;
  /** Counters may have changed. */
  touch(): void;
  stream(reply: FastifyReply): void;
  subscribe(listener: (event: StationEvent) => void): () => void;
  readonly streams: number;
  close(): void;
}

const send = (reply: FastifyReply, event: StationEvent): void => {
  if (reply.raw.writableLength > MAX_BACKLOG) {
    reply.raw.destroy();
    return;
  }
  reply.raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
};

export function createHub(options: { version: string; counters: () => Promise<Counters> }): Hub {
  const listeners = new Set<(event: StationEvent) => void>();
  const replies = new Set<FastifyReply>();
  let counting: NodeJS.Timeout | undefined;
  let closed = false;

  const publish = (event: StationEvent): void => {
    for (const reply of replies) send(reply, event);
    for (const listener of listeners) listener(event);
  };
  const touch = (): void => {
    if (closed || counting !== undefined || replies.size + listeners.size === 0) return;
    counting = setTimeout(() => {
      counting = undefined;
      options.counters().then(
        (counters) => publish({ type: 'counters', counters }),
        // The store is closing or failing: whoever asks it next says so.
        () => undefined,
      );
    }, COUNTERS_MS);
    counting.unref();
  };
  const hello = setInterval(() => publish({ type: 'hello', version: options.version }), HELLO_MS);
  hello.unref();

  return {
    publish,
    touch,
    invoice(summary) {
      publish({ type: 'invoice', id: summary.id, revision: summary.revision, summary });
      touch();
    },
    stream(reply) {
      // Nothing would ever come: the next process, or the next replica, has news.
      if (closed) throw new AppError('unavailable', 'This server is closing.', { retryAfter: 1 });
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        connection: 'keep-alive',
      });
      replies.add(reply);
      reply.raw.on('close', () => replies.delete(reply));
      reply.raw.on('error', () => replies.delete(reply));
      send(reply, { type: 'hello', version: options.version });
      touch();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get streams() {
      return replies.size;
    },
    close() {
      closed = true;
      clearInterval(hello);
      clearTimeout(counting);
      for (const reply of replies) reply.raw.end();
      replies.clear();
      listeners.clear();
    },
  };
}
