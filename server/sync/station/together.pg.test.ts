/** Two stations and their site, over real HTTP and a real Postgres: who sees whom, and what is taken along. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Parcel } from '../../../core/contract/together-http.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { takeIn } from '../../../scripts/archive/take-in.ts';
import type { Person } from '../../access/testing-people.ts';
import { openTestStation, type TestStation } from '../../enrol/testing-enrol.ts';
import type { TestServing } from '../../site/testing.ts';
import { type PostgresSite, postgresSite } from '../../site/testing-postgres-site.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { until } from '../../testing-client.ts';
import { createDesks, type Desks } from './testing-desks.ts';

const SERVICES = 'api,sync,worker,validation';

/** Documents are read, sent, checked and fetched on the way: on a busy machine that takes a while. */
const inTime = <T>(what: string, look: () => Promise<T | undefined>): Promise<T> =>
  until(what, look)
    .catch(() => until(what, look))
    .catch(() => until(what, look));

const parcelOf = (one: TestStation, what: string, as: (parcel: Parcel) => boolean): Promise<Parcel> =>
  inTime(what, async () => (await one.station.together.parcels()).find(as));

const TERMS = { hours: 8, filter: { sort: 'createdAt' as const, order: 'asc' as const } };

test('a station without a site says that there is nobody, and takes nothing along', async () => {
  const alone = await openTestStation();
  const { together } = alone.station;
  expect(together.view()).toEqual({ on: false, tag: '', desks: [], leases: [] });
  expect(await together.keep(randomUUID(), { window: randomUUID(), claim: 'free' })).toBeNull();
  const [first, second] = [randomUUID(), randomUUID()];
  expect(await together.next([first, second], randomUUID())).toBe(first);
  expect(await together.parcels()).toEqual([]);
  await expect(together.take({ size: 5, ...TERMS })).rejects.toMatchObject({ details: { reason: 'site-away' } });
  await alone.close();
});

describe.skipIf(postgres.url === undefined)('stations that know of each other', { timeout: 240_000 }, () => {
  const archive = createArchive(77);
  let room: PostgresSite;
  let site: TestServing;
  let desks: Desks;

  beforeAll(async () => {
    room = await postgresSite(postgres.url);
    site = await room.start(SERVICES);
    desks = createDesks(room.place.origin);
  }, 120_000);
  afterEach(() => desks.close());
  afterAll(() => room.close());

  async function deskOf(who: Person): Promise<TestStation> {
    const made = await desks.open();
    await desks.connect(made, site, who);
    return made;
  }
  /** Invoices that were taken in there. */
  async function invoicesOn({ station }: TestStation, count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) ids.push(await takeIn(station.context, archive));
    return ids;
  }
  const atSite = (id: string) =>
    inTime(`${id} at the site`, async () => {
      const { store } = await site.site.stores.site('main');
      const found = await store.invoice(id);
      // With its bytes: who takes it along before they are there waits for them again and again.
      return found !== undefined && found.status !== 'reading' && found.document.kind !== undefined ? found : undefined;
    });

  test('taken along it is on the disk, nobody else’s, and comes back as it is done', async () => {
    const [ada, bo] = [await site.people.person('reviewer', 'main'), await site.people.person('reviewer', 'main')];
    const one = await deskOf(ada);
    const ids = await invoicesOn(one, 5);
    const two = await deskOf(bo);
    for (const id of ids) await atSite(id);
    const taken = await two.station.together.take({ size: 3, ...TERMS });
    expect(taken).toMatchObject({ size: 3, lost: 0 });
    const ready = await parcelOf(two, 'it is ready', ({ state }) => state === 'ready');
    expect(ready).toMatchObject({ here: 3 });
    for (const id of ready.invoices) {
      const invoice = await two.station.context.store.invoice(id);
      expect(await two.station.sync.blobs.has(invoice?.document.sha256 ?? '')).toBeDefined();
    }
    // The other station takes what is left; then there is nothing.
    const rest = await one.station.together.take({ size: 5, ...TERMS });
    expect(rest.size).toBe(2);
    expect(rest.invoices.filter((id) => ready.invoices.includes(id))).toEqual([]);
    expect(await one.station.together.take({ size: 5, ...TERMS })).toMatchObject({ size: 0, state: 'ended' });
    const seen = await inTime('both are heard of', async () => {
      const { leases } = one.station.together.view();
      return leases.length === 2 ? leases : undefined;
    });
    expect(seen.map(({ actor }) => actor).toSorted()).toEqual(
      [`local:${one.station.context.store.device}`, `user:${bo.id}`].toSorted(),
    );

    // One is decided and goes back by itself; one is taken over at the site, on purpose.
    const [decided = '', over = '', last = ''] = ready.invoices;
    const { context } = two.station;
    const { digest } = await context.model.invoice(decided);
    await context.review.transition(decided, { opId: context.newId(), to: 'on_hold', digest, reason: 'later' });
    await parcelOf(two, 'what is done is back', ({ invoices, lost }) => invoices.length === 2 && lost === 0);
    const { access } = await site.people.signIn(ada);
    const said = await site.people.request(`/api/v1/invoices/${over}/desk`, access, {
      json: { window: randomUUID(), claim: 'over' },
    });
    expect(await said.json()).toMatchObject({ holder: { actor: `user:${ada.id}`, own: true } });
    const lost = await parcelOf(two, 'it was taken over', ({ lost: gone }) => gone === 1);
    expect(lost.invoices).toEqual([last]);
    expect(await two.station.together.giveBack(lost.id)).toMatchObject({ state: 'ended', end: 'returned' });
    await two.station.together.dismiss(lost.id);
    expect(await two.station.together.parcels()).toEqual([]);

    // An admin releases what is out; who has it along hears of it.
    const eve = await site.people.person('admin', 'main');
    const released = await site.people.request(
      `/api/v1/leases/${rest.id}/release`,
      (await site.people.signIn(eve)).access,
      {
        json: {},
      },
    );
    expect(released.status).toBe(200);
    const ended = await parcelOf(one, 'it was released', ({ state }) => state === 'ended');
    expect(ended).toMatchObject({ end: 'released', endedBy: `user:${eve.id}` });
  });

  test('without the site work goes on, names stay, and what is given back waits for it', async () => {
    const who = await site.people.person('reviewer', 'main');
    const first = await deskOf(who);
    const [id = ''] = await invoicesOn(first, 1);
    await atSite(id);
    const parcel = await first.station.together.take({
      size: 1,
      hours: 1,
      filter: { sort: 'createdAt', order: 'desc' },
    });
    expect(parcel.invoices).toEqual([id]);
    await parcelOf(first, 'it is ready', ({ state }) => state === 'ready');
    const names = await first.station.sync.names();
    expect(names.map(({ actor }) => actor)).toContain(`user:${who.id}`);
    await first.close();

    // The same desk on a train: no site, the same names, the same parcel.
    await site.close();
    const again = await desks.open(first.folder);
    expect(await again.station.sync.names()).toEqual(names);
    expect(await parcelOf(again, 'it is ready', ({ state }) => state === 'ready')).toMatchObject({ here: 1, open: 1 });
    expect(await again.station.together.keep(id, { window: randomUUID(), claim: 'free' })).toBeNull();
    expect(await again.station.together.next([id], randomUUID())).toBe(id);
    expect(await again.station.together.giveBack(parcel.id)).toMatchObject({ state: 'returning' });
    site = await room.start(SERVICES);
    await parcelOf(again, 'it is back', ({ state }) => state === 'ended');
    expect(await (await site.site.stores.site('main')).desks.lease(parcel.id)).toMatchObject({ end: 'returned' });
  });
});
