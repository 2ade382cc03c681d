import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { type ArchivedInvoice, createArchive } from '../../../scripts/archive/invoices.ts';
import type { Change, Store } from '../store.ts';
import { type Cluster, startCluster } from '../testing-cluster.ts';
import { openDatabase, postgres } from '../testing-postgres.ts';
import { asSuper, createTestDatabase, prepareCluster, type TestDatabase } from '../testing-roles.ts';
import { NOTHING } from '../testing-stores.ts';
import type { PostgresDatabase } from './create.ts';

const birth = (item: ArchivedInvoice): Change => ({
  ...NOTHING,
  ops: item.ops,
  projections: [{ expect: 0, projection: projectionOf(item.invoice) }],
  documents: [item.document],
});

/** A server of its own: it is cut off in the middle of work. */
describe.skipIf(postgres.url === undefined)('a database that goes away', () => {
  let cluster: Cluster;
  let database: PostgresDatabase;
  let files: TestDatabase;
  let store: Store;
  const archive = createArchive(21);

  beforeAll(async () => {
    // What was acknowledged has to be on the disk here.
    cluster = await startCluster({ durable: true });
    await prepareCluster(cluster.url);
    files = await createTestDatabase(cluster.url);
    database = await openDatabase(files.url);
    await database.createSite('here');
    ({ store } = await database.site('here'));
  });
  afterAll(async () => {
    await database.close();
    await cluster.stop();
  });

  test('connections that were cut are replaced: nobody notices', async () => {
    await store.commit(birth(archive.next()));
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ap_intake'`;
    await asSuper(files, (client) => client.query(cut));
    expect(await store.invoiceIds({})).toHaveLength(1);
    await asSuper(files, (client) => client.query(cut));
    expect((await store.commit(birth(archive.next()))).kind).toBe('ok');
  });

  test('everything acknowledged before a crash is there after it, whole; what was not known is told', async () => {
    const acknowledged: string[] = [];
    const doubtful: unknown[] = [];
    const over = new AbortController();
    const write = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const item = archive.next();
        const outcome = await store.commit(birth(item)).catch((error: unknown) => error);
        if (outcome instanceof Error) doubtful.push(outcome);
        else acknowledged.push(item.invoice.id);
      }
    };
    const writers = [write(), write(), write()];
    while (acknowledged.length < 20) await store.counters('2999-01-01T00:00:00.000Z');
    await cluster.crash();
    over.abort();
    await Promise.all(writers);
    for (const error of doubtful) expect(error).toMatchObject({ code: 'unavailable' });
    await expect(store.settings()).rejects.toMatchObject({ code: 'unavailable', details: { reason: 'database-away' } });
    await expect(database.ping()).rejects.toMatchObject({ code: 'unavailable' });

    await cluster.restart();
    await database.ping();
    const there = new Set(await store.invoiceIds({}));
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    expect((await store.verifyAudit()).problems).toEqual([]);
    expect((await store.commit(birth(archive.next()))).kind).toBe('ok');
  });
});
