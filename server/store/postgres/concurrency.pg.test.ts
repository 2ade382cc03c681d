import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { type ArchivedInvoice, createArchive } from '../../../scripts/archive/invoices.ts';
import type { ClaimedJob } from '../../queue/queue.ts';
import type { Change, Store } from '../store.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { asSuper } from '../testing-roles.ts';
import { newId, NOTHING } from '../testing-stores.ts';
import type { PostgresDatabase } from './create.ts';

const birth = (item: ArchivedInvoice): Change => ({
  ...NOTHING,
  ops: item.ops,
  projections: [{ expect: 0, projection: projectionOf(item.invoice) }],
  documents: [item.document],
  at: item.at,
});
const job = (root: string, priority = 10) => ({
  id: newId(),
  name: 'validate' as const,
  data: { invoice: root },
  root,
  priority,
});

const batch = (at: number) => ({
  id: newId(),
  number: 1,
  format: 'csv' as const,
  createdAt: new Date().toISOString(),
  actor: 'local:test',
  invoices: [],
  fileName: `${at}.csv`,
  sha256: 'x',
  size: 1,
});

/** Three replicas, each with a pool of its own. */
describe.skipIf(postgres.url === undefined)('several replicas at once', () => {
  const site = newSite();
  let replicas: PostgresDatabase[] = [];
  let stores: Store[] = [];
  beforeAll(async () => {
    const { url } = await sharedDatabase();
    replicas = await Promise.all([1, 2, 3].map(() => openDatabase(url, { poolSize: 4 })));
    await Promise.all(replicas.map((one) => one.createSite(site)));
    stores = await Promise.all(replicas.map(async (one) => (await one.site(site)).store));
  });
  afterAll(() => Promise.all(replicas.map((one) => one.close())));
  const storeAt = (at: number): Store => stores[at % stores.length] as Store;

  test('numbers are dense and every chain is whole', async () => {
    const archive = createArchive(11);
    const items = Array.from({ length: 90 }, () => archive.next());
    const results = await Promise.all(items.map((item, at) => storeAt(at).commit(birth(item))));
    expect(results.every(({ kind }) => kind === 'ok')).toBe(true);
    const report = await storeAt(0).verifyAudit();
    expect(report).toMatchObject({ devices: 1, problems: [] });
    const [row] = await asSuper(await sharedDatabase(), async (client) => {
      const sums = `SELECT count(*)::int AS n, max(seq)::int AS seq, max(dev_seq)::int AS dev, count(DISTINCT seq)::int AS seqs FROM op_log WHERE site = $1`;
      return (await client.query<Record<string, number>>(sums, [site])).rows;
    });
    const n = items.reduce((sum, item) => sum + item.ops.length, 0);
    expect(row).toEqual({ n, seq: n, dev: n, seqs: n });
  });

  test('of many changes over one revision one is kept', async () => {
    const archive = createArchive(12);
    const same = archive.next();
    const others = Array.from({ length: 12 }, () => birth(archive.next()));
    const [first, ...rest] = others.map((change) => ({ ...change, projections: birth(same).projections }));
    const results = await Promise.all([first, ...rest].map((change, at) => storeAt(at).commit(change as Change)));
    expect(results.filter(({ kind }) => kind === 'ok')).toHaveLength(1);
    expect(results.filter((one) => one.kind === 'conflict' && one.what === 'revision')).toHaveLength(11);
  });

  test('one answer to a request that came many times at once, one batch of a number', async () => {
    const idempotency = { key: newId(), requestHash: 'h', reply: '{}' };
    const answers = await Promise.all(stores.map((store) => store.commit({ ...NOTHING, idempotency })));
    expect(answers.filter(({ kind }) => kind === 'ok')).toHaveLength(1);
    const batches = await Promise.all(stores.map((store, at) => store.commit({ ...NOTHING, exportBatch: batch(at) })));
    expect(batches.filter(({ kind }) => kind === 'ok')).toHaveLength(1);
  });

  test('a job that many make at once waits once, as urgent as the most urgent wish; none of them fails', async () => {
    const root = newId();
    const wishes = Array.from({ length: 30 }, (_, at) =>
      [job(root, 30 - at), job(`${root}-${at % 3}`)].toSorted(() => (at % 2 === 0 ? 1 : -1)),
    );
    const results = await Promise.all(wishes.map((jobs, at) => storeAt(at).commit({ ...NOTHING, jobs })));
    expect(results.every(({ kind }) => kind === 'ok')).toBe(true);
    const { queue } = await (replicas[0] as PostgresDatabase).site(site);
    expect(await queue.counts()).toMatchObject({ waiting: 4 });
    expect((await queue.claim(['validate'], 60_000))?.root).toBe(root);
    for (
      let more = await queue.claim(['validate'], 60_000);
      more !== undefined;
      more = await queue.claim(['validate'], 60_000)
    )
      await queue.finish(more);
  });

  test('workers share the jobs; the effect of each is there once', async () => {
    const roots = Array.from({ length: 60 }, () => newId());
    await Promise.all(roots.map((root, at) => storeAt(at).commit({ ...NOTHING, jobs: [job(root)] })));
    const done: string[] = [];
    const work = async (replica: PostgresDatabase, store: Store): Promise<void> => {
      for (;;) {
        const claimed: ClaimedJob | undefined = await replica.queue.claim(['validate'], 60_000);
        if (claimed === undefined) return;
        // Some die before their effect: another worker does it again. Some commit twice.
        if (claimed.attempt === 1 && randomBytes(1)[0]! < 40) {
          await replica.queue.heartbeat(claimed, -1);
          continue;
        }
        const change = { ...NOTHING, finishes: { job: claimed.id, lease: claimed.lease } };
        const idempotency = { key: claimed.root, requestHash: 'h', reply: '{}' };
        const [one, two] = await Promise.all([
          store.commit({ ...change, idempotency }),
          store.commit({ ...change, idempotency: { ...idempotency, key: `${claimed.root}-again` } }),
        ]);
        if (one.kind === 'ok' || two.kind === 'ok') done.push(claimed.root);
        expect([one.kind, two.kind].toSorted()).toEqual(['conflict', 'ok']);
      }
    };
    await Promise.all(replicas.flatMap((replica, at) => [work(replica, storeAt(at)), work(replica, storeAt(at))]));
    // What was still locked by another one when a worker looked for the last time.
    await work(replicas[0] as PostgresDatabase, storeAt(0));
    expect(done.toSorted()).toEqual(roots.toSorted());
    expect(await (replicas[1] as PostgresDatabase).queue.counts()).toMatchObject({ waiting: 0 });
  });
});
