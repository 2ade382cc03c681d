import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createProxy } from './proxy.ts';
import { createSocketPath } from './socket.ts';

const socket = createSocketPath();
const proxy = createProxy({ socket: socket.path, token: 'secret' });
let server: Server;
let seen: IncomingMessage | undefined;
let aborted = false;

const read = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

beforeAll(async () => {
  server = createServer((request, reply) => {
    seen = request;
    if (request.url === '/stream') {
      reply.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'a=b' });
      reply.write('one\n');
      reply.on('close', () => (aborted = true));
      return;
    }
    if (request.url === '/none') reply.writeHead(204).end();
    else void read(request).then((body) => reply.end(body));
  });
  await new Promise<void>((resolve) => server.listen(socket.path, resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  socket.remove();
});

test('hands method, path, query and body on, and its own token instead of the page’s', async () => {
  const body = new FormData();
  body.append('file', new Blob([Buffer.alloc(300_000, 7)]), 'invoice.pdf');
  const reply = await proxy(
    new Request('ap://app/api/v1/x?a=1%202', {
      method: 'POST',
      body,
      headers: { authorization: 'Bearer guessed', cookie: 'a=b', 'x-kept': 'yes' },
    }),
  );
  expect(reply.status).toBe(200);
  expect((await reply.arrayBuffer()).byteLength).toBeGreaterThan(300_000);
  expect(seen?.method).toBe('POST');
  expect(seen?.url).toBe('/api/v1/x?a=1%202');
  expect(seen?.headers.authorization).toBe('Bearer secret');
  expect(seen?.headers.host).toBe('app');
  expect(seen?.headers['x-kept']).toBe('yes');
  expect(seen?.headers.cookie).toBeUndefined();
  expect(seen?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
});

test('streams: the first event arrives while the reply is still open, and leaving ends it at the server', async () => {
  const leave = new AbortController();
  const reply = await proxy(new Request('ap://app/stream', { signal: leave.signal }));
  const reader = reply.body!.getReader();
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('one\n');
  expect(reply.headers.get('set-cookie')).toBeNull();
  leave.abort();
  await expect(reader.read()).rejects.toThrow(/abort|terminated/i);
  await expect.poll(() => aborted).toBe(true);
});

test('replies without a body have none', async () => {
  const reply = await proxy(new Request('ap://app/none'));
  expect(reply.status).toBe(204);
  expect(reply.body).toBeNull();
});

test('answers only for its own origin', async () => {
  expect((await proxy(new Request('ap://other/'))).status).toBe(404);
});

test('says that the station is starting while nobody listens', async () => {
  const reply = await createProxy({ socket: `${socket.path}-nobody`, token: 't' })(new Request('ap://app/api'));
  expect(reply.status).toBe(503);
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  expect(await reply.json()).toMatchObject({ status: 503, code: 'unavailable' });
});
