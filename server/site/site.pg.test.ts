/** The same site on what is embedded, and as three processes over Postgres: people upload, workers read, corrections carry their names. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Invoice } from '../../core/contract/invoice.ts';
import { freePort } from '../access/testing-site.ts';
import { openDatabase, postgres } from '../store/testing-postgres.ts';
import { invoicePdf, multipart } from '../testing.ts';
import { correctionOf, until } from '../testing-client.ts';
import { sitePlace, startServing, type TestServing } from './testing.ts';
import { postgresSite } from './testing-postgres-site.ts';

interface Made {
  readonly api: TestServing;
  readonly others: readonly TestServing[];
  cleanUp(): Promise<void>;
}

async function embedded(): Promise<Made> {
  const place = await sitePlace();
  const api = await startServing(place.config(undefined));
  return {
    api,
    others: [],
    async cleanUp() {
      await api.close();
      place.cleanUp();
    },
  };
}

async function onPostgres(url: string): Promise<Made> {
  const room = await postgresSite(url, { SITES: 'main,north' });
  const api = await room.start('api,sync');
  const others = [await room.start('worker'), await room.start('validation')];
  return { api, others, cleanUp: () => room.close() };
}

const { url } = postgres;
const implementations: [string, () => Promise<Made>][] = [
  ['on SQLite, one process', embedded],
  ...(url === undefined
    ? []
    : [['on Postgres, three processes', () => onPostgres(url)] as [string, () => Promise<Made>]]),
];

const CORRELATION = 'door-0a1b2c3d4e5f';

async function upload({ people }: TestServing, token: string, name: string, bytes: Uint8Array): Promise<string> {
  const { body, type } = multipart([{ name, bytes }]);
  const reply = await people.request('/api/v1/invoices/upload', token, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': type, 'x-request-id': CORRELATION },
  });
  expect(reply.status).toBe(200);
  const { results } = (await reply.json()) as { results: { invoices: string[] }[] };
  return results[0]?.invoices[0] ?? '';
}

describe.each(implementations)('a site %s', (name, make) => {
  let made: Made;
  let reviewer: string;
  let actor: string;
  const get = async <T>(path: string, token = reviewer): Promise<T> =>
    (await (await made.api.people.request(path, token)).json()) as T;

  beforeAll(async () => {
    made = await make();
    const who = await made.api.people.person('reviewer');
    actor = `user:${who.id}`;
    reviewer = (await made.api.people.signIn(who)).access;
  }, 60_000);
  afterAll(() => made.cleanUp());

  test('an uploaded invoice is read by a worker, corrected in the name of a person, and its page is there', async () => {
    const id = await upload(made.api, reviewer, 'a.pdf', await invoicePdf({ number: 'SITE-1' }));
    const read = await until('the invoice is read', async () => {
      const invoice = await get<Invoice>(`/api/v1/invoices/${id}`);
      return invoice.reading === null ? undefined : invoice;
    });
    expect(read.header.invoiceNumber?.value).toBe('SITE-1');
    const corrected = await made.api.people.request(`/api/v1/invoices/${id}/corrections`, reviewer, {
      json: { corrections: [correctionOf(read, 'invoiceNumber', 'SITE-1A')] },
    });
    expect(corrected.status).toBe(200);
    const after = (await corrected.json()) as Invoice;
    expect(after.header.invoiceNumber).toMatchObject({ value: 'SITE-1A', actor });
    const page = await made.api.people.request(
      `/api/v1/documents/${read.document.sha256}/pages/1/image?dpi=50`,
      reviewer,
    );
    await page.arrayBuffer();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const confirmed = await made.api.people.request(`/api/v1/invoices/${id}/transitions`, reviewer, {
      json: { opId: randomUUID(), to: 'confirmed', digest: after.digest, reason: 'checked' },
    });
    expect(confirmed.status).toBe(200);
    const { store } = await made.api.site.stores.site('main');
    expect((await store.verifyAudit()).problems).toEqual([]);
    // One name from the door to the worker.
    const logs = [made.api, ...made.others].map(({ logged }) => logged()).join('');
    const named = logs.split('\n').filter((line) => line.includes(CORRELATION));
    expect(named.some((line) => line.includes('"msg":"request"'))).toBe(true);
    expect(named.some((line) => line.includes('"jobName":"intake"'))).toBe(true);
    expect((await store.opsOf(id)).filter((op) => op.body.actor === actor).length).toBeGreaterThanOrEqual(4);
  }, 60_000);

  test('the status is that of a site, and says nothing of folders', async () => {
    expect(await get('/api/v1/status')).toMatchObject({ place: 'site', dataFolder: null, secrets: null, actor });
  });

  test('no folder of its machine is watched, or even looked at', async () => {
    const admin = (await made.api.people.signIn(await made.api.people.person('admin'))).access;
    const settings = await get<object>('/api/v1/settings', admin);
    for (const watchedFolder of ['/etc', '/nowhere/at/all']) {
      const reply = await made.api.people.request('/api/v1/settings', admin, {
        method: 'PUT',
        body: JSON.stringify({ ...settings, watchedFolder }),
        headers: { 'content-type': 'application/json' },
      });
      expect([reply.status, await reply.json()]).toMatchObject([
        422,
        { details: { field: 'watchedFolder' }, detail: expect.stringContaining('A site watches no folder') },
      ]);
    }
  });

  test('each process is alive, ready, and tells its numbers inside only', async () => {
    for (const { internalUrl } of [made.api, ...made.others]) {
      expect((await fetch(`${internalUrl}/health`)).status).toBe(200);
      expect((await fetch(`${internalUrl}/health/ready`)).status).toBe(200);
      expect(await (await fetch(`${internalUrl}/metrics`)).text()).toContain('ap_queue_length');
      const numbers = await (await fetch(`${made.api.internalUrl}/metrics`)).text();
      expect(numbers).toMatch(/ap_invoices\{site="main",status="\w+"\} 1/);
      expect(numbers).toContain('ap_event_streams{site="main"} 0');
    }
    expect((await made.api.people.request('/metrics', reviewer)).status).toBe(404);
  });

  test.runIf(name.includes('Postgres'))('another site sees nothing of it', async () => {
    const id = await upload(made.api, reviewer, 'mine.pdf', await invoicePdf({ number: 'SITE-2' }));
    const stranger = (await made.api.people.signIn(await made.api.people.person('admin', 'north'))).access;
    expect((await made.api.people.request(`/api/v1/invoices/${id}`, stranger)).status).toBe(404);
    expect(await get('/api/v1/invoices', stranger)).toMatchObject({ items: [] });
    const mine = await get<Invoice>(`/api/v1/invoices/${id}`);
    const original = `/api/v1/documents/${mine.document.sha256}`;
    expect((await made.api.people.request(original, stranger)).status).toBe(404);
    const own = await made.api.people.request(original, reviewer);
    expect([own.status, (await own.arrayBuffer()).byteLength]).toEqual([200, mine.document.size]);
  });
});

test.skipIf(url === undefined)(
  'a job of a site that this process does not know waits, and holds up nothing',
  async () => {
    const room = await postgresSite(url);
    const other = await openDatabase(room.database.url);
    await other.createSite('elsewhere');
    const { store, queue } = await other.site('elsewhere');
    const jobs = Array.from({ length: 6 }, () => {
      const id = randomUUID();
      return { id, name: 'read' as const, data: { document: 'd', invoice: id }, root: id, priority: 0 };
    });
    await store.commit({ ops: [], projections: [], documents: [], jobs });
    const site = await room.start(undefined);
    const { access } = await site.people.signIn(await site.people.person('reviewer'));
    const id = await upload(site, access, 'b.pdf', await invoicePdf({ number: 'SITE-9' }));
    await until('the invoice is read', async () => {
      const invoice = (await (await site.people.request(`/api/v1/invoices/${id}`, access)).json()) as Invoice;
      return invoice.reading === null ? undefined : invoice;
    });
    await site.close();
    const left = (await queue.list()).map(({ state, attempts }) => ({ state, attempts }));
    expect(left).toEqual(jobs.map(() => ({ state: 'waiting', attempts: 0 })));
    await other.close();
    await room.close();
  },
  60_000,
);

test('a replica that is told to stop answers what has begun', async () => {
  const place = await sitePlace();
  const site = await startServing(place.config(undefined));
  const { access } = await site.people.signIn(await site.people.person('reviewer'));
  const { body, type } = multipart([{ name: 'c.pdf', bytes: await invoicePdf({ number: 'SITE-10' }) }]);
  const half = Math.floor(body.length / 2);
  const gate: { begin?: () => void } = {};
  const begun = new Promise<void>((resolve) => {
    gate.begin = resolve;
  });
  async function* slowly() {
    yield body.subarray(0, half);
    gate.begin?.();
    await new Promise((resolve) => setTimeout(resolve, 700));
    yield body.subarray(half);
  }
  const headers = { authorization: `Bearer ${access}`, 'content-type': type };
  const sent = { method: 'POST', headers, body: slowly(), duplex: 'half' };
  const reply = fetch(`${place.origin}/api/v1/invoices/upload`, sent as unknown as RequestInit);
  await begun;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closed = site.close();
  expect((await reply).status).toBe(200);
  const from = performance.now();
  await closed;
  // Its connection could be kept for another request: nobody waits for that.
  expect(performance.now() - from).toBeLessThan(8_000);
  place.cleanUp();
});

test('a replica that is told to stop answers who had reached it', async () => {
  const place = await sitePlace();
  const site = await startServing(place.config(undefined));
  const { access } = await site.people.signIn(await site.people.person('reviewer'));
  const { hostname, port, host } = new URL(place.origin);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  const closed = site.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  socket.write(`GET /api/v1/me HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${access}\r\n\r\n`);
  const answer = String((await once(socket, 'data'))[0]);
  expect(answer).toMatch(/^HTTP\/1.1 200 .*\r\nconnection: close\r\n/is);
  await closed;
  place.cleanUp();
});

test('a replica that is told to stop answers whom the kernel has let in', async () => {
  const place = await sitePlace();
  const site = await startServing(place.config(undefined));
  const { access } = await site.people.signIn(await site.people.person('reviewer'));
  const { hostname, port, host } = new URL(place.origin);
  const sockets = Array.from({ length: 5 }, () => connect({ host: hostname, port: Number(port) }));
  const answers = sockets.map((socket) => once(socket, 'data'));
  for (const socket of sockets)
    socket.write(`GET /api/v1/me HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${access}\r\n\r\n`);
  // They are connected, as far as the kernel is concerned; this process has not heard of any of them.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  const closed = site.close();
  for (const answer of answers)
    expect(String((await answer)[0])).toMatch(/^HTTP\/1.1 200 .*\r\nconnection: close\r\n/is);
  await closed;
  place.cleanUp();
});

test('a replica is ready when everybody can reach it, and no sooner', async () => {
  const internalPort = await freePort();
  const place = await sitePlace({ AP_INTERNAL_PORT: String(internalPort) });
  const { hostname, port } = new URL(place.origin);
  // The public listener takes its time; on a loaded machine it does so by itself.
  const listen = Reflect.get(Server.prototype, 'listen') as (...args: unknown[]) => Server;
  const slow = vi.spyOn(Server.prototype, 'listen').mockImplementation(function late(this: Server, ...args: unknown[]) {
    const isPublic = (args[0] as { port?: number }).port === Number(port);
    if (isPublic) setTimeout(() => listen.apply(this, args), 500);
    else listen.apply(this, args);
    return this;
  });
  const starting = startServing(place.config(undefined));
  const told = await until('the first word', async () => {
    const answer = await fetch(`http://127.0.0.1:${internalPort}/health/ready`).catch(() => undefined);
    return answer?.status;
  });
  const site = await starting;
  slow.mockRestore();
  const after = await fetch(`${site.internalUrl}/health/ready`);
  expect([told, after.status]).toEqual([503, 200]);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  socket.destroy();
  await site.close();
  place.cleanUp();
});

test('a site that asks for too much is told when to come again', async () => {
  const place = await sitePlace({ AP_SITE_RATE: '5' });
  const site = await startServing(place.config(undefined));
  const { access } = await site.people.signIn(await site.people.person('reviewer'));
  const replies = await Promise.all(Array.from({ length: 40 }, () => site.people.request('/api/v1/me', access)));
  const refused = replies.filter((reply) => reply.status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(25);
  expect(refused.every((reply) => reply.headers.get('retry-after') === '1')).toBe(true);
  expect((await fetch(`${place.origin}/health`)).status).toBe(200);
  await site.close();
  place.cleanUp();
});
