/** Two processes of a site on a real Postgres, people in browsers, stations: who hears of whom, and who gets what. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bulkLoadPostgres } from '../../scripts/archive/bulk-load-postgres.ts';
import type { Role } from '../../core/access/roles.ts';
import { Lease, Together } from '../../core/contract/together-http.ts';
import type { Person } from '../access/testing-people.ts';
import type { TestServing } from '../site/testing.ts';
import { type PostgresSite, postgresSite } from '../site/testing-postgres-site.ts';
import { withClient } from '../store/postgres/clients.ts';
import { postgres } from '../store/testing-postgres.ts';
import { connectStation } from '../sync/hub/testing-station.ts';
import { until } from '../testing-client.ts';

describe.skipIf(postgres.url === undefined)('who is at what, at a site', { timeout: 60_000 }, () => {
  let room: PostgresSite;
  let site: TestServing;
  /** Another replica of it. */
  let other: TestServing;
  let waiting: string[];

  beforeAll(async () => {
    room = await postgresSite(postgres.url, { SITES: 'main,north' });
    site = await room.start('api,sync');
    other = await room.start('api', { AP_PORT: '0' });
    const { url } = room.database;
    await bulkLoadPostgres({ url, site: 'main', count: 40, seed: 3 });
    await withClient({ connectionString: url }, async (client) => {
      await client.query('BEGIN');
      await client.query("SELECT set_config('app.site', 'main', true)");
      await client.query("UPDATE invoices SET status = 'ready' WHERE site = 'main'");
      await client.query('COMMIT');
    });
    const { store } = await site.site.stores.site('main');
    waiting = await store.invoiceIds({ status: ['ready'] });
  }, 120_000);
  afterAll(() => room.close());

  type Asking = (path: string, json?: unknown) => Promise<{ status: number; body: unknown }>;
  const asking =
    (token: string, from: TestServing): Asking =>
    async (path, json) => {
      const headers = {
        authorization: `Bearer ${token}`,
        // As the proxy in front of the replicas says it.
        host: new URL(room.place.origin).host,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const asked = request(`${from.url ?? ''}${path}`, { method: json === undefined ? 'GET' : 'POST', headers });
      asked.end(json === undefined ? undefined : JSON.stringify(json));
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      return { status: response.statusCode ?? 0, body: JSON.parse(await text(response)) as unknown };
    };
  async function person(role: Role, from = site, at = 'main'): Promise<{ who: Person; ask: Asking }> {
    const who = await site.people.person(role, at);
    return { who, ask: asking((await site.people.signIn(who)).access, from) };
  }
  async function station(): Promise<{ who: Person; ask: Asking; device: string }> {
    const who = await site.people.person('reviewer', 'main');
    const { access, device } = await connectStation({ people: site.people, person: who });
    return { who, ask: asking(access, site), device: device.id };
  }
  const view = async (ask: Asking, query = ''): Promise<Together> =>
    Together.parse((await ask(`/api/v1/together${query}`)).body);
  const events = async () =>
    (await site.site.stores.access.eventsAfter('main', 0, 1_000)).map((event) => JSON.parse(event.text) as Told);

  test('who opens an invoice is heard of at another process; a claim keeps nobody from it', async () => {
    const [ada, bo, dora] = [await person('reviewer'), await person('reviewer', other), await person('auditor')];
    const [id = ''] = waiting;
    const mine = { window: randomUUID() };
    const before = await view(bo.ask);
    const news = view(bo.ask, `?tag=${before.tag}&wait=20`);
    const kept = await ada.ask(`/api/v1/invoices/${id}/desk`, { ...mine, claim: 'free' });
    expect(kept).toMatchObject({ status: 200, body: { holder: { actor: `user:${ada.who.id}`, own: true } } });
    const heard = await news;
    expect(heard.tag).not.toBe(before.tag);
    expect(heard.desks).toMatchObject([{ invoice: id, actor: `user:${ada.who.id}`, device: null, claimed: true }]);
    const his = { window: randomUUID() };
    expect((await bo.ask(`/api/v1/invoices/${id}/desk`, { ...his, claim: 'free' })).body).toMatchObject({
      holder: { actor: `user:${ada.who.id}`, own: false },
    });
    // Whoever cannot correct only looks, whatever is asked for.
    await dora.ask(`/api/v1/invoices/${id}/desk`, { window: randomUUID(), claim: 'over' });
    expect((await dora.ask('/api/v1/desks/next', { window: randomUUID(), invoices: [id] })).status).toBe(403);
    const three = await until('all three are seen', async () => {
      const now = await view(bo.ask);
      return now.desks.length === 3 ? now : undefined;
    });
    expect(three.desks.filter(({ claimed }) => claimed).map(({ actor }) => actor)).toEqual([`user:${ada.who.id}`]);
    expect((await bo.ask(`/api/v1/invoices/${id}/desk`, { ...his, claim: 'over' })).body).toMatchObject({
      holder: { actor: `user:${bo.who.id}`, own: true },
    });
    await bo.ask(`/api/v1/invoices/${id}/desk/leave`, his);
    expect((await bo.ask(`/api/v1/invoices/${id}/desk/leave`, his)).status).toBe(404);
    await ada.ask(`/api/v1/invoices/${id}/desk/leave`, mine);
  });

  test('nothing of it leaves the site', async () => {
    const [ada, nina] = [await person('reviewer'), await person('admin', site, 'north')];
    const [id = ''] = waiting;
    const mine = { window: randomUUID() };
    await ada.ask(`/api/v1/invoices/${id}/desk`, { ...mine, claim: 'free' });
    expect((await view(nina.ask)).desks).toEqual([]);
    expect((await nina.ask(`/api/v1/invoices/${id}/desk`, { window: randomUUID(), claim: 'over' })).status).toBe(404);
    expect((await nina.ask(`/api/v1/invoices/${id}/desk/leave`, mine)).status).toBe(404);
    expect((await nina.ask('/api/v1/desks/next', { window: randomUUID(), invoices: [id] })).body).toEqual({
      invoice: null,
    });
    await ada.ask(`/api/v1/invoices/${id}/desk/leave`, mine);
  });

  test('two stations that take along at once never get the same invoice; all others’ queues leave theirs out', async () => {
    const [one, two, bo] = [await station(), await station(), await person('reviewer', other)];
    const admin = await person('admin');
    const wish = { size: 15, hours: 8, filter: {} };
    const [id, second] = [randomUUID(), randomUUID()];
    const answers = await Promise.all([
      one.ask('/api/v1/leases', { id, ...wish }),
      two.ask('/api/v1/leases', { id: second, ...wish }),
    ]);
    const [hers, his] = answers.map(({ body }) => Lease.parse(body)) as [Lease, Lease];
    expect([hers.left, his.left]).toEqual([15, 15]);
    expect(new Set([...hers.invoices, ...his.invoices]).size).toBe(30);
    expect(hers).toMatchObject({ device: one.device, deviceName: 'Desk', actor: `user:${one.who.id}`, end: null });
    // Asked again, as its answer may have been lost; and by somebody else.
    expect(Lease.parse((await one.ask('/api/v1/leases', { id, ...wish })).body).invoices).toEqual(hers.invoices);
    expect((await two.ask('/api/v1/leases', { id, ...wish })).status).toBe(404);
    expect((await two.ask(`/api/v1/leases/${id}/return`, {})).status).toBe(404);
    expect((await bo.ask('/api/v1/leases', { id: randomUUID(), ...wish })).body).toMatchObject({
      code: 'forbidden',
      details: { reason: 'no-device' },
    });
    expect((await view(bo.ask)).leases.map((lease) => [lease.id, lease.left])).toHaveLength(2);
    const page = { window: randomUUID() };
    const got = await bo.ask('/api/v1/desks/next', { ...page, invoices: waiting });
    const { invoice } = got.body as { invoice: string };
    expect([...hers.invoices, ...his.invoices]).not.toContain(invoice);
    // On purpose it can be had; the one who had it along is told.
    const [out = '', done = ''] = hers.invoices;
    await bo.ask(`/api/v1/invoices/${out}/desk`, { ...page, claim: 'over' });
    await until(
      'one less',
      async () => (await view(one.ask)).leases.find((lease) => lease.id === id)?.left === 14 || undefined,
    );
    expect(Lease.parse((await one.ask(`/api/v1/leases/${id}/return`, { invoices: [done] })).body).left).toBe(13);
    expect((await bo.ask(`/api/v1/leases/${id}/release`, {})).status).toBe(403);
    expect(Lease.parse((await admin.ask(`/api/v1/leases/${id}/release`, {})).body)).toMatchObject({
      left: 0,
      end: 'released',
      endedBy: `user:${admin.who.id}`,
    });
    expect(Lease.parse((await two.ask(`/api/v1/leases/${second}/return`, {})).body)).toMatchObject({ end: 'returned' });
    expect((await view(bo.ask)).leases).toEqual([]);
    for (const left of [invoice, out]) await bo.ask(`/api/v1/invoices/${left}/desk/leave`, page);
    const told = (await events()).filter(({ kind }) => kind === 'lease').map(({ data }) => data['what']);
    expect(told.map(String).toSorted()).toEqual(['released', 'returned', 'taken', 'taken', 'taken-over']);
  });

  test('a station has so many out, however often it asks; what was begun and lost is filled when it is asked for again', async () => {
    const one = await station();
    const [full, lost] = [randomUUID(), randomUUID()];
    const terms = { size: 5, hours: 1, filter: {} };
    await withClient({ connectionString: room.database.url }, async (client) => {
      await client.query('BEGIN');
      await client.query("SELECT set_config('app.site', 'main', true)");
      const begun = `INSERT INTO lease (site, id, actor, device, device_name, since, until, size)
        VALUES ('main', $1, 'user:x', $2, 'Notebook', now(), now() + interval '1 hour', $3)`;
      await client.query(begun, [full, one.device, 998]);
      await client.query(begun, [lost, one.device, 0]);
      await client.query(
        `INSERT INTO claim (site, invoice, actor, device, lease, since, until)
          SELECT 'main', 'out ' || n, 'user:x', $2, $1, now(), now() + interval '1 hour' FROM generate_series(1, 998) n`,
        [full, one.device],
      );
      await client.query('COMMIT');
    });
    const taken = Lease.parse((await one.ask('/api/v1/leases', { id: lost, ...terms })).body);
    expect(taken).toMatchObject({ left: 2, size: 2, end: null });
    expect(Lease.parse((await one.ask('/api/v1/leases', { id: lost, ...terms })).body)).toEqual(taken);
    expect((await one.ask('/api/v1/leases', { id: randomUUID(), ...terms })).status).toBe(409);
    for (const id of [full, lost]) await one.ask(`/api/v1/leases/${id}/return`, {});
  });

  test('by the list that is shown, and nothing where it shows nothing that waits', async () => {
    const one = await station();
    const take = async (filter: object): Promise<Lease> =>
      Lease.parse((await one.ask('/api/v1/leases', { id: randomUUID(), size: 2, hours: 1, filter })).body);
    expect((await take({ status: ['exported'] })).invoices).toEqual([]);
    const { store } = await site.site.stores.site('main');
    const torn = await store.invoices({ only: 'conflict', sort: 'createdAt', order: 'desc', limit: 2 });
    const some = await take({ only: 'conflict' });
    expect(some.invoices.toSorted()).toEqual(torn.items.map(({ id }) => id).toSorted());
    await one.ask(`/api/v1/leases/${some.id}/return`, {});
    const { items } = await store.invoices({ status: ['ready'], sort: 'grossTotal', order: 'desc', limit: 2 });
    const first = await take({ sort: 'grossTotal', order: 'desc' });
    expect(first.invoices.toSorted()).toEqual(items.map(({ id }) => id).toSorted());
    expect((await one.ask(`/api/v1/leases/${first.id}/return`, {})).status).toBe(200);
  });
});

interface Told {
  readonly kind: string;
  readonly data: Readonly<Record<string, string>>;
}
