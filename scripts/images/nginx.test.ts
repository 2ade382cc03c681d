/** The nginx configuration of the site, in a real nginx where there is one. */
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ask, ask, type Handler, nginxBinary, startNames, startNginx, startReplica } from './nginx-harness.ts';

const ADDRESSES = [1, 2, 3, 4, 5].map((last) => `127.0.77.${last}`);
type Started<F extends (...args: never[]) => unknown> = Awaited<ReturnType<F>>;

const say: Handler = (_request, response, name) => response.end(name);
/** A request that says how long it will be, and waits to be let in. */
const announced = (mb: number) => ({
  method: 'POST',
  headers: { 'content-length': String(mb * 1024 * 1024), expect: '100-continue' },
});

if (nginxBinary === undefined)
  process.stderr.write('nginx is not installed: its configuration is not run (apt: nginx-light).\n');

describe.skipIf(nginxBinary === undefined || process.platform !== 'linux')('nginx of the site', () => {
  let known = ADDRESSES.slice(0, 3);
  let handler: Handler;
  let nginx: Started<typeof startNginx>;
  let names: Started<typeof startNames>;
  const replicas: Started<typeof startReplica>[] = [];
  const seen: { name: string; method: string; url: string; headers: Record<string, unknown> }[] = [];
  const get = (path: string, options?: Ask) => ask(nginx.ports.https, path, options);

  /** How many replicas answer; nobody gets an error. */
  const answering = async (): Promise<number> => {
    const all = await Promise.all(Array.from({ length: 30 }, () => get('/api/v1/status')));
    expect(all.every(({ status }) => status === 200)).toBe(true);
    return new Set(all.map(({ body }) => body)).size;
  };

  /** By the first replica. */
  const wasLost = (url: string) => seen.some((one) => one.name === ADDRESSES[0] && one.url === url);

  /** The answers to seventy requests, one after the other. */
  const statuses = async (options: Ask) => {
    const all = [];
    for (let index = 0; index < 70; index += 1) all.push((await get('/sign-in/x', options)).status);
    return all;
  };

  beforeAll(async () => {
    handler = say;
    const spy: Handler = (request, response, name) => {
      seen.push({ name, method: request.method!, url: request.url!, headers: request.headers });
      handler(request, response, name);
    };
    const first = await startReplica(ADDRESSES[0]!, 0, spy);
    replicas.push(first);
    for (const address of ADDRESSES.slice(1)) replicas.push(await startReplica(address, first.port, spy));
    const internal = await startReplica(ADDRESSES[0]!, 0, (_request, response) => response.end('numbers 1\n'));
    replicas.push(internal);
    names = await startNames(() => known);
    nginx = await startNginx({ api: first.port, internal: internal.port, names: names.port });
  });
  beforeEach(() => {
    handler = say;
    known = ADDRESSES.slice(0, 3);
    seen.length = 0;
  });
  afterAll(async () => {
    await nginx?.close();
    await names?.close();
    for (const replica of replicas) await replica.close();
  });

  test('speaks TLS 1.2 and 1.3 alone, and sends plain requests there', async () => {
    expect((await get('/', { maxVersion: 'TLSv1.2' })).status).toBe(200);
    expect((await get('/', { maxVersion: 'TLSv1.3' })).status).toBe(200);
    await expect(get('/', { maxVersion: 'TLSv1.1' })).rejects.toThrow(/alert protocol version|ECONNRESET/);
    const plain = await fetch(`http://127.0.0.1:${nginx.ports.http}/review?x=1`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([308, 'https://127.0.0.1/review?x=1']);
  });

  test('every answer has the security headers, once; a policy of the API stays', async () => {
    handler = (request, response) => {
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('x-powered-by', 'something');
      if (request.url === '/page') response.setHeader('content-security-policy', "default-src 'self'");
      response.end('ok');
    };
    for (const path of ['/page', '/api/v1/invoices', '/metrics']) {
      const { headers } = await get(path);
      expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['content-security-policy']).toMatch(
        path === '/page' ? /^default-src 'self'$/ : /^default-src 'none'/,
      );
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['server']).toBe('nginx');
    }
  });

  test('keeps /metrics inside', async () => {
    for (const path of ['/metrics', '/metrics/', '//metrics', '/docs/../metrics', '/%6detrics'])
      expect((await get(path)).status, path).toBe(404);
    expect(seen).toEqual([]);
    expect(await (await fetch(`http://127.0.0.1:${nginx.ports.inner}/metrics`)).text()).toBe('numbers 1\n');
  });

  test('hands on the name of the request and the real address, whatever the caller claims', async () => {
    const claims = {
      'x-forwarded-for': '6.6.6.6',
      forwarded: 'for=6.6.6.6',
      'x-real-ip': '6.6.6.6',
      'x-forwarded-proto': 'http',
    };
    const given = await get('/api/v1/status', { headers: { ...claims, 'x-request-id': 'work-4711.abc' } });
    expect(given.headers['x-request-id']).toBe('work-4711.abc');
    const made = await get('/api/v1/status', { headers: { 'x-request-id': 'a"b\\c <script>' } });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(seen.map(({ headers }) => headers['x-request-id'])).toEqual(['work-4711.abc', made.headers['x-request-id']]);
    expect(seen[0]!.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-proto': 'https',
    });
    expect(seen[0]!.headers['forwarded']).toBeUndefined();
    await expect.poll(() => nginx.accessLog()).toContain('"correlation":"work-4711.abc"');
    // Codes and searches stand in queries.
    await get('/api/v1/invoices?text=canary-4711');
    await expect.poll(() => nginx.accessLog()).toContain('"path":"/api/v1/invoices"');
    expect(nginx.accessLog()).not.toContain('canary-4711');
  });

  test('goes to another replica on 502, 503 and a lost connection, but sends no change twice', async () => {
    handler = (request, response, name) => {
      if (name !== ADDRESSES[0]) response.end(name);
      else if (request.url === '/lost') request.socket.destroy();
      else response.writeHead(request.url === '/502' ? 502 : 503).end();
    };
    // Whom nginx asks first is chance: each path until the one that fails was among them.
    for (const path of ['/502', '/503', '/lost'])
      while (!seen.some(({ name, url }) => name === ADDRESSES[0] && url === path))
        expect((await get(path)).status, path).toBe(200);
    seen.length = 0;
    for (let round = 0; round < 9; round += 1)
      await get('/lost', {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', 'x-round': String(round) },
      });
    const rounds = seen.map(({ headers }) => headers['x-round']);
    expect(new Set(rounds).size).toBe(rounds.length);
  });

  test('what a station sends goes to another replica where one is lost with it, and waits for news as it comes', async () => {
    const received: string[] = [];
    handler = (request, response, name) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (name === ADDRESSES[0]) return request.socket.destroy();
        received.push(Buffer.concat(chunks).toString());
        return response.end(name);
      });
    };
    const path = '/api/v1/sites/main/ops';
    for (const body of ['{"device":"d"}', 'x'.repeat(1024 * 1024)])
      for (seen.length = 0; !wasLost(path);) {
        received.length = 0;
        expect((await get(path, { method: 'POST', body })).status).toBe(200);
        expect(received).toEqual([body]);
      }
    // Everything else of a site goes once.
    const offers = '/api/v1/sites/main/blobs/offers';
    while (!wasLost(offers)) {
      seen.length = 0;
      const { status } = await get(offers, { method: 'POST', body: '{}' });
      expect(seen).toHaveLength(1);
      expect(status).toBe(wasLost(offers) ? 503 : 200);
    }
    const pieces: string[] = [];
    const gate = new EventEmitter();
    handler = (_request, response) => {
      response.write('{"first":1}\n');
      gate.once('finish', () => response.end('{"last":2}\n'));
    };
    const page = get(path, { onData: (text) => pieces.push(text) });
    await expect.poll(() => pieces.join('')).toBe('{"first":1}\n');
    gate.emit('finish');
    expect((await page).body).toBe('{"first":1}\n{"last":2}\n');
  });

  test('five replicas answer within ten seconds where there were three, and a gone one costs nobody an answer', async () => {
    expect(await answering()).toBe(3);
    known = ADDRESSES;
    const from = Date.now();
    while ((await answering()) < 5) {
      expect(Date.now() - from).toBeLessThan(10_000);
      await sleep(500);
    }
    await replicas[4]!.close();
    for (let round = 0; round < 5; round += 1) await answering();
  });

  test('keeps what is public, nothing that came with a token, and answers from it while the API is away', async () => {
    handler = (request, response, name) => {
      response.setHeader(
        'cache-control',
        request.url!.startsWith('/api') ? 'private, max-age=60' : 'public, max-age=1',
      );
      response.end(`${name} ${seen.length}`);
    };
    const first = await get('/assets/app-1a2b.js');
    const second = await get('/assets/app-1a2b.js');
    expect([first.headers['x-cache'], second.headers['x-cache'], second.body]).toEqual(['MISS', 'HIT', first.body]);
    const bearer = await get('/assets/app-1a2b.js', { headers: { authorization: 'Bearer x' } });
    expect([bearer.headers['x-cache'], bearer.body === first.body]).toEqual(['BYPASS', false]);
    const own = [await get('/api/v1/invoices'), await get('/api/v1/invoices')];
    expect(own[0]!.body).not.toBe(own[1]!.body);
    const docs = await get('/docs/');
    handler = (request) => request.socket.destroy();
    await sleep(1_100);
    const stale = await get('/docs/');
    expect([stale.status, stale.body]).toEqual([200, docs.body]);
    expect((await get('/api/v1/status')).status).toBe(503);
  });

  test('refuses what is too large before it arrives, as problem+json', async () => {
    const json = await get('/api/v1/settings', announced(5));
    expect([json.status, json.headers['content-type'], JSON.parse(json.body)]).toEqual([
      413,
      'application/problem+json',
      expect.objectContaining({ status: 413, code: 'too_large' }),
    ]);
    // A batch of fifty files is the API's to judge; more than it could ever take is not even begun.
    expect((await get('/api/v1/invoices/upload', announced(2_502))).status).toBe(413);
    expect((await get('/api/v1/invoices/uploads', announced(5))).status).toBe(413);
    expect(seen).toEqual([]);
    const file = Buffer.alloc(50 * 1024 * 1024);
    let received = 0;
    handler = (request, response) => {
      request.on('data', (chunk: Buffer) => (received += chunk.length));
      request.on('end', () => response.end('taken'));
    };
    expect((await get('/api/v1/invoices/upload', { method: 'POST', body: file })).body).toBe('taken');
    expect(received).toBe(file.length);
  });

  test('refuses an address or headers that are too large as problem+json, too', async () => {
    for (const [path, options, status] of [
      [`/api/v1/status?x=${'y'.repeat(20_000)}`, {}, 414],
      ['/api/v1/status', { headers: { 'x-long': 'y'.repeat(20_000) } }, 431],
    ] as const) {
      const answer = await get(path, options);
      expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
      expect(JSON.parse(answer.body)).toMatchObject({ status, code: 'bad_request' });
      expect(answer.headers['strict-transport-security']).toContain('max-age');
    }
  });

  test('a batch larger than any file goes through as it comes, and an early refusal gets back', async () => {
    const piece = Buffer.alloc(1024 * 1024, 1);
    const arrived = new EventEmitter();
    let received = 0;
    let isHeld = false;
    handler = (request, response) => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        arrived.emit('some', received);
      });
      request.on('end', () => response.end('taken'));
    };
    async function* batch() {
      for (let sent = 0; sent < 120; sent += 1) {
        yield piece;
        // Nothing is collected on the way: the API has the beginning before the end was sent.
        if (sent === 9 && received === 0) await once(arrived, 'some');
        if (sent === 9) isHeld = received > 0 && received < 120 * piece.length;
      }
    }
    const path = `http://127.0.0.1:${nginx.ports.inner}/api/v1/invoices/upload`;
    const sent = await fetch(path, { method: 'POST', body: batch(), duplex: 'half' } as unknown as RequestInit);
    expect([await sent.text(), received, isHeld]).toEqual(['taken', 120 * piece.length, true]);

    handler = (request, response) => {
      request.resume();
      response.writeHead(413, { 'content-type': 'application/problem+json' });
      response.end('{"code":"too_large"}');
    };
    for (let round = 0; round < 5; round += 1) {
      const refused = await get('/api/v1/invoices/upload', { method: 'POST', body: Buffer.alloc(20 * piece.length) });
      expect([refused.status, refused.body]).toEqual([413, '{"code":"too_large"}']);
    }
    // A refusal of nginx's own is no other one because a large body came with it.
    handler = (request) => request.socket.destroy();
    const away = await get('/api/v1/invoices/upload', { method: 'POST', body: Buffer.alloc(20 * piece.length) });
    expect([away.status, away.headers['content-type']]).toEqual([503, 'application/problem+json']);
  });

  test('events arrive as they happen', async () => {
    const gate = new EventEmitter();
    handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: hello\n\n');
      gate.once('finish', () => response.end('data: bye\n\n'));
    };
    const pieces: string[] = [];
    const whole = get('/api/v1/events', { onData: (text) => pieces.push(text) });
    await expect.poll(() => pieces.join('')).toBe('data: hello\n\n');
    gate.emit('finish');
    expect((await whole).body).toBe('data: hello\n\ndata: bye\n\n');
  });

  test('passwords are tried slowly from one address, pages are read as often as wanted', async () => {
    const post = { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await statuses({})).every((status) => status === 200)).toBe(true);
    const guesses = await statuses(post);
    expect(guesses.slice(0, 60).every((status) => status === 200)).toBe(true);
    expect(guesses).toContain(429);
  });

  test('one address cannot ask without end: 429 with the time to wait', async () => {
    const from = Date.now();
    // Without TLS and on connections that stay: the fastest that one process can ask.
    const all = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const answers = [];
        for (let index = 0; index < 100; index += 1) {
          const response = await fetch(`http://127.0.0.1:${nginx.ports.inner}/api/v1/status`);
          answers.push({ status: response.status, headers: response.headers, body: await response.text() });
        }
        return answers;
      }),
    );
    const seconds = (Date.now() - from) / 1000;
    const refused = all.flat().filter(({ status }) => status === 429);
    const passed = all.flat().length - refused.length;
    expect(refused.length).toBeGreaterThan(0);
    expect(passed).toBeLessThanOrEqual(301 + Math.ceil(seconds * 100));
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
    expect(refused[0]!.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(refused[0]!.body)).toMatchObject({ status: 429, code: 'too_many' });
  });
});
