/** A station that begins with its site's snapshot: a real site and its worker, a real Postgres, real HTTP. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { SnapshotManifest } from '../../../core/contract/snapshot.ts';
import type { SyncView } from '../../../core/contract/station-sync-http.ts';
import { bulkLoadPostgres } from '../../../scripts/archive/bulk-load-postgres.ts';
import { type ArchivedInvoice, createArchive } from '../../../scripts/archive/invoices.ts';
import { takeIn } from '../../../scripts/archive/take-in.ts';
import type { TestStation } from '../../enrol/testing-enrol.ts';
import type { TestServing } from '../../site/testing.ts';
import { type PostgresSite, postgresSite } from '../../site/testing-postgres-site.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper, type TestDatabase } from '../../store/testing-roles.ts';
import { until } from '../../testing-client.ts';
import { createDesks, type Desks } from './testing-desks.ts';

const COUNT = 120;

const inStep = ({ station }: TestStation): Promise<SyncView> =>
  until('everything in step', async () => {
    const view = await station.sync.view();
    const { send, fetch } = view.waiting;
    return send + fetch === 0 && view.heardAt !== null && view.joining === null ? view : undefined;
  });

/** What does not say when this database heard of it, nor what it has of the bytes. */
const comparable = (invoice: Invoice | undefined): unknown =>
  JSON.parse(
    JSON.stringify(invoice, (key, value: unknown) => (/^(?:at|createdAt|updatedAt|receivedAt)$/.test(key) ? 0 : value)),
  );

describe.skipIf(postgres.url === undefined)('a station begins with a snapshot', { timeout: 180_000 }, () => {
  const loaded: ArchivedInvoice[] = [];
  let room: PostgresSite;
  let database: TestDatabase;
  let site: TestServing;
  let desks: Desks;

  beforeAll(async () => {
    room = await postgresSite(postgres.url, { AP_SNAPSHOT_FROM: '500' });
    ({ database } = room);
    site = await room.start('api,sync');
    desks = createDesks(room.place.origin);
    await bulkLoadPostgres({
      url: database.url,
      site: 'main',
      count: COUNT,
      seed: 8,
      loaded: (one) => loaded.push(one),
    });
    await room.start('worker,validation');
    await until('the snapshot', newest);
  }, 180_000);
  afterEach(() => desks.close());
  afterAll(() => room.close());

  const hub = async () => {
    const { hub: found } = await site.site.stores.site('main');
    if (found === undefined) throw new Error('a site on Postgres has a hub');
    return found;
  };
  const newest = async () => (await hub()).snapshots.newest();

  test('all invoices of the site and its own, nothing lost, and it goes on', async () => {
    const made = SnapshotManifest.parse(JSON.parse((await newest())?.manifest ?? '{}'));
    expect(made).toMatchObject({ site: 'main', invoices: COUNT });
    const one = await desks.open();
    const { context } = one.station;
    // Work of before the connection.
    const root = await takeIn(context, createArchive(99));
    await until('it is shown', () => context.store.invoice(root));
    const written = (await context.store.opsOf(root)).length;
    const device = context.store.device;

    await desks.connect(one, site);
    await inStep(one);
    expect(one.logged()).not.toMatch(/"level":50/);
    expect(context.store.device).toBe(device);
    expect(await context.store.invoice(root)).toBeDefined();
    expect((await context.store.opsOf(root)).length).toBe(written);
    const list = await context.store.invoices({ limit: 1, sort: 'createdAt', order: 'desc' } as never);
    expect(list.total).toBe(COUNT + 1);
    // It was not read: no operation of a closed invoice is here.
    const { ops: held, gone, problems } = await context.store.verifyAudit();
    expect(problems).toEqual([]);
    expect(gone).toBeGreaterThan(COUNT * 5);
    expect(held).toBeLessThan(COUNT * 5);
    expect(readdirSync(join(one.folder, 'own')).filter((name) => /joining|\.part/.test(name))).toEqual([]);

    // What it wrote is at the site, and what others write comes.
    const { store } = await site.site.stores.site('main');
    await until('its work at the site', () => store.invoice(root));
    const openOne = loaded.find(({ invoice }) => invoice.state === 'received')?.invoice.id ?? '';
    const before = await context.store.invoice(openOne);
    expect(comparable(before)).toEqual(comparable(await store.invoice(openOne)));
    // The history of an old one is at the site, and comes when somebody looks.
    const [old, other] = loaded.filter(({ invoice }) => invoice.state === 'exported').map(({ invoice }) => invoice);
    if (old === undefined || other === undefined) throw new Error('none is closed');
    expect((await context.store.opsOf(old.id)).length).toBe(old.revision);
    expect((await context.store.verifyAudit()).problems).toEqual([]);
    // Found by what stands in it.
    const first = loaded[3]?.invoice.header.invoiceNumber?.value ?? '';
    const found = await context.store.invoices({ q: first, limit: 5, sort: 'createdAt', order: 'desc' } as never);
    expect(found.items.map(({ invoiceNumber }) => invoiceNumber)).toContain(first);
    // Nobody to be asked.
    await one.station.sync.close();
    expect(await context.store.invoice(other.id)).toBeDefined();
    await expect(context.store.opsOf(other.id)).rejects.toMatchObject({ details: { reason: 'needs-site' } });
  });

  test('one from before an erasure is given to nobody, whatever the clocks say', async () => {
    const kept = await newest();
    if (kept === undefined) throw new Error('there is none');
    /** By an operation of that number, or of the one behind it. */
    const erase = (seq: number) =>
      asSuper(database, (client) =>
        client.query(
          `INSERT INTO erased (site, target, op_id, at) SELECT 'main', 'x', op_id, '2001-01-01' FROM op_log WHERE site = 'main' AND seq = $1`,
          [seq],
        ),
      );
    await erase(kept.seq);
    expect(await newest()).toEqual(kept);
    await asSuper(database, (client) => client.query('DELETE FROM erased'));
    // The station of before has written.
    await erase(kept.seq + 1);
    expect(await newest()).toBeUndefined();
    const { snapshots } = await hub();
    const late = { ...kept, sha256: 'e'.repeat(64), madeAt: new Date(Date.now() + 3_600_000).toISOString() };
    await snapshots.announce(late);
    expect((await snapshots.all()).toSorted()).toEqual([kept.sha256, late.sha256].toSorted());
    expect((await snapshots.keep(late)).toSorted()).toEqual([kept.sha256, late.sha256].toSorted());
    await snapshots.forget([late.sha256]);
    const again = { ...kept, sha256: 'f'.repeat(64), seq: kept.seq + 1 };
    await snapshots.announce(again);
    expect(await newest()).toBeUndefined();
    expect(await snapshots.keep(again)).toEqual([kept.sha256]);
    expect(await newest()).toEqual(again);
    await asSuper(database, (client) => client.query('DELETE FROM erased'));
    expect(await snapshots.keep(kept)).toEqual([]);
    await snapshots.forget([again.sha256]);
    expect(await newest()).toEqual(kept);
  });

  test('whoever calls it a reading hides it from nobody', async () => {
    const { sha256 = '' } = (await newest()) ?? {};
    const other = 'a'.repeat(64);
    const found = await hub();
    for (const one of [sha256, other]) await found.refuseBlob(one, 'type');
    expect([...(await found.refusedBlobs([sha256, other])).keys()]).toEqual([other]);
  });

  test('what it has is what the log says', async () => {
    const joined = await desks.open();
    await desks.connect(joined, site);
    await inStep(joined);
    const { hub: found } = await site.site.stores.site('main');
    const kept = await found?.snapshots.newest();
    await found?.snapshots.forget(await found.snapshots.all());
    const read = await desks.open();
    await desks.connect(read, site);
    await inStep(read);
    expect(kept).toBeDefined();
    const [a, b] = [joined.station.context.store, read.station.context.store];
    const ids = await a.invoiceIds({});
    // Shown one by one, by jobs.
    await until('all of them', async () => (await b.invoiceIds({})).length >= ids.length || undefined);
    expect(new Set(await b.invoiceIds({}))).toEqual(new Set(ids));
  });

  test('a snapshot that nobody of the site signed is not taken; the log is read', async () => {
    await asSuper(database, (client) =>
      client.query(`UPDATE snapshot SET manifest = replace(manifest, '"v":1', '"v":2')`),
    );
    const one = await desks.open();
    await desks.connect(one, site);
    await inStep(one);
    expect(one.logged()).toContain('no snapshot to begin with');
    await until(
      'all of them',
      async () => (await one.station.context.store.invoiceIds({})).length >= COUNT || undefined,
    );
  });
});
