import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { expect, test } from 'vitest';
import { createHub } from './hub.ts';

test('whoever comes when it is closed is told to come again, and is left no stream that nothing feeds', () => {
  const hub = createHub({ version: 'test', counters: () => Promise.reject(new Error('not asked for')) });
  const raw = Object.assign(new EventEmitter(), { writableLength: 0, writeHead() {}, write() {}, end() {} });
  let hijacked = 0;
  const reply = { raw, hijack: () => (hijacked += 1) } as unknown as FastifyReply;
  hub.stream(reply);
  expect([hub.streams, hijacked]).toEqual([1, 1]);
  hub.close();
  expect(() => hub.stream(reply)).toThrow(
    expect.objectContaining({ code: 'unavailable', details: { retryAfter: 1 } }) as Error,
  );
  // Not taken from whoever answers.
  expect([hub.streams, hijacked]).toEqual([0, 1]);
});
