/** A station that begins with its site's snapshot: a real site and its worker, a real Postgres, real HTTP. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { SnapshotManifest } from '../../../core/contract/snapshot.ts';
import type { SyncView } from '../../../core/contract/station-sync-http.ts';
import { bulkLoadPostgres } from '../../../scripts/archive/bulk-load-postgres.ts';
import { type ArchivedInvoice, createArchive } from '../../../scripts/archive/invoices.ts';
import { migrateAccess } from '../../access/store/postgres.ts';
import { enrol, openTestStation, type TestStation } from '../../enrol/testing-enrol.ts';
import { type SitePlace, sitePlace, startServing, type TestServing } from '../../site/testing.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper, createTestDatabase, type TestDatabase } from '../../store/testing-roles.ts';
import { until } from '../../testing-client.ts';

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
  let database: TestDatabase;
  let place: SitePlace;
  let site: TestServing;
  let worker: TestServing;
  const open: TestStation[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '');
    await migrateAccess(database.ownerUrl);
    place = await sitePlace({ DATABASE_URL: database.url, SITES: 'main', AP_SNAPSHOT_FROM: '500' });
    site = await startServing(place.config('api,sync'));
    await bulkLoadPostgres({
      url: database.url,
      site: 'main',
      count: COUNT,
      seed: 8,
      loaded: (one) => loaded.push(one),
    });
    worker = await startServing(place.config('worker,validation'));
    await until('the snapshot', newest);
  }, 180_000);
  afterEach(async () => {
    for (const one of open.splice(0)) {
      await one.close();
      rmSync(one.folder, { recursive: true, force: true });
    }
  });
  afterAll(async () => {
    await site.close();
    await worker.close();
    place.cleanUp();
    await database.drop();
  });

  const hub = async () => {
    const { hub: found } = await site.site.stores.site('main');
    if (found === undefined) throw new Error('a site on Postgres has a hub');
    return found;
  };
  const newest = async () => (await hub()).snapshots.newest();

  async function desk(folder = mkdtempSync(join(tmpdir(), 'ap-desk-'))): Promise<TestStation> {
    const made = await openTestStation({ folder });
    open.push(made);
    await made.station.start({ watch: false });
    return made;
  }
  async function connect(made: TestStation): Promise<void> {
    const who = await site.people.person('reviewer', 'main');
    expect((await enrol(made, site.people, who, { address: place.origin })).step).toBe('done');
  }

  test('all invoices of the site and its own, nothing lost, and it goes on', async () => {
    const made = SnapshotManifest.parse(JSON.parse((await newest())?.manifest ?? '{}'));
    expect(made).toMatchObject({ site: 'main', invoices: COUNT });
    const one = await desk();
    const { context } = one.station;
    // Work of before the connection.
    const own = createArchive(99).next();
    const ops = own.ops.filter(({ kind }) => kind !== 'transition');
    await context.blobs.put(own.readingBlob);
    await context.blobs.put(own.original);
    const { id: root } = own.invoice;
    const job = { id: context.newId(), name: 'refresh' as const, data: {}, root, priority: 3 };
    expect((await context.commit({ ops, documents: [own.document], jobs: [job] })).kind).toBe('ok');
    await until('it is shown', () => context.store.invoice(root));
    const device = context.store.device;

    await connect(one);
    await inStep(one);
    expect(one.logged()).not.toMatch(/"level":50/);
    expect(context.store.device).toBe(device);
    expect(await context.store.invoice(root)).toBeDefined();
    expect((await context.store.opsOf(root)).length).toBe(ops.length - 1);
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

  test('one from before an erasure is given to nobody', async () => {
    const kept = await newest();
    const erase = (at: string) =>
      asSuper(database, (client) =>
        client.query("INSERT INTO erased (site, target, op_id, at) VALUES ('main', 'x', 'x', $1)", [at]),
      );
    await erase('2001-01-01T00:00:00Z');
    expect(await newest()).toEqual(kept);
    await asSuper(database, (client) => client.query('DELETE FROM erased'));
    await erase(new Date().toISOString());
    expect(await newest()).toBeUndefined();
    const again = { ...kept, sha256: 'f'.repeat(64), madeAt: new Date(Date.now() + 3_600_000).toISOString() };
    expect(await (await hub()).snapshots.keep(again as never)).toEqual([kept?.sha256]);
    await asSuper(database, (client) => client.query('DELETE FROM erased'));
    expect(await (await hub()).snapshots.keep(kept as never)).toEqual([]);
    await asSuper(database, (client) => client.query('DELETE FROM snapshot WHERE sha256 = $1', [again.sha256]));
    expect(await newest()).toEqual(kept);
  });

  test('what it has is what the log says', async () => {
    const joined = await desk();
    await connect(joined);
    await inStep(joined);
    const { hub: found } = await site.site.stores.site('main');
    const kept = await found?.snapshots.newest();
    await found?.snapshots.dropAll();
    const read = await desk();
    await connect(read);
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
    const one = await desk();
    await connect(one);
    await inStep(one);
    expect(one.logged()).toContain('no snapshot to begin with');
    await until(
      'all of them',
      async () => (await one.station.context.store.invoiceIds({})).length >= COUNT || undefined,
    );
  });
});
