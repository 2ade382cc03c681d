/** Two stations and their site, over real HTTP and a real Postgres: who sees whom, and what is taken along. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Parcel } from '../../../core/contract/together-http.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { migrateAccess } from '../../access/store/postgres.ts';
import type { Person } from '../../access/testing-people.ts';
import { enrol, openTestStation, type TestStation } from '../../enrol/testing-enrol.ts';
import { type SitePlace, sitePlace, startServing, type TestServing } from '../../site/testing.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../store/testing-roles.ts';
import { until } from '../../testing-client.ts';

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
  let database: TestDatabase;
  let place: SitePlace;
  let site: TestServing;
  const open: TestStation[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '');
    await migrateAccess(database.ownerUrl);
    place = await sitePlace({ DATABASE_URL: database.url, SITES: 'main' });
    site = await startServing(place.config('api,sync,worker,validation'));
  }, 120_000);
  afterEach(async () => {
    for (const one of open.splice(0)) {
      await one.close();
      rmSync(one.folder, { recursive: true, force: true });
    }
  });
  afterAll(async () => {
    await site.close();
    place.cleanUp();
    await database.drop();
  });

  async function desk(who?: Person, folder = mkdtempSync(join(tmpdir(), 'ap-desk-'))): Promise<TestStation> {
    const made = await openTestStation({ folder });
    open.push(made);
    await made.station.start({ watch: false });
    if (who !== undefined) await enrol(made, site.people, who, { address: place.origin });
    return made;
  }
  /** Invoices that were taken in here. */
  async function invoicesOn({ station: { context } }: TestStation, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const item = archive.next();
      await context.blobs.put(item.readingBlob);
      await context.blobs.put(item.original);
      const ops = item.ops.filter(({ kind }) => kind !== 'transition');
      const { kind: _kind, ...document } = item.document;
      const { id: root } = item.invoice;
      const job = { id: context.newId(), name: 'refresh' as const, data: {}, root, priority: 3 };
      await context.commit({ ops, documents: [document], jobs: [job] });
      ids.push(root);
    }
    return ids;
  }
  test('taken along it is on the disk, nobody else’s, and comes back as it is done', async () => {
    const [ada, bo] = [await site.people.person('reviewer', 'main'), await site.people.person('reviewer', 'main')];
    const one = await desk(ada);
    const ids = await invoicesOn(one, 5);
    const two = await desk(bo);
    const at = (id: string) =>
      inTime(`${id} at the site`, async () => {
        const { store } = await site.site.stores.site('main');
        const found = await store.invoice(id);
        return found !== undefined && found.status !== 'reading' ? found : undefined;
      });
    for (const id of ids) await at(id);
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
    const first = await desk(who);
    const [id = ''] = await invoicesOn(first, 1);
    await inTime('at the site', async () => {
      const { store } = await site.site.stores.site('main');
      return (await store.invoice(id))?.status !== 'reading' && (await store.invoice(id)) !== undefined
        ? true
        : undefined;
    });
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
    open.splice(open.indexOf(first), 1);

    // The same desk on a train: no site, the same names, the same parcel.
    await site.close();
    const again = await desk(undefined, first.folder);
    expect(await again.station.sync.names()).toEqual(names);
    expect(await parcelOf(again, 'it is ready', ({ state }) => state === 'ready')).toMatchObject({ here: 1, open: 1 });
    expect(await again.station.together.keep(id, { window: randomUUID(), claim: 'free' })).toBeNull();
    expect(await again.station.together.next([id], randomUUID())).toBe(id);
    expect(await again.station.together.giveBack(parcel.id)).toMatchObject({ state: 'returning' });
    site = await startServing(place.config('api,sync,worker,validation'));
    await parcelOf(again, 'it is back', ({ state }) => state === 'ended');
    expect(await (await site.site.stores.site('main')).desks.lease(parcel.id)).toMatchObject({ end: 'returned' });
  });
});
