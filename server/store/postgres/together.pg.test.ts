/** Changes that are saved in one transaction: each is answered as if it had been alone. */
import { beforeAll, describe, expect, test } from 'vitest';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { type ArchivedInvoice, createArchive } from '../../../scripts/archive/invoices.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Change, Store } from '../store.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { newId, NOTHING } from '../testing-stores.ts';

const birth = (item: ArchivedInvoice): Change => ({
  ...NOTHING,
  ops: item.ops,
  projections: [{ expect: 0, projection: projectionOf(item.invoice) }],
  documents: [item.document],
});
const job = (root: string) => ({
  id: newId(),
  name: 'validate' as const,
  data: { invoice: root },
  root,
  priority: 10,
});

describe.skipIf(postgres.url === undefined)('changes that come at once', () => {
  const archive = createArchive(31);
  let store: Store;
  let queue: Queue;
  let transactions = 0;

  beforeAll(async () => {
    const { url } = await sharedDatabase();
    const site = newSite();
    const database = await openDatabase(url, {
      observe: ({ kind }) => {
        if (kind === 'write') transactions += 1;
      },
    });
    await database.createSite(site);
    ({ store, queue } = await database.site(site));
    return () => database.close();
  });

  test('share transactions, and each has its own answer and its place in one chain', async () => {
    const items = Array.from({ length: 40 }, () => archive.next());
    const before = transactions;
    const results = await Promise.all(items.map((item) => store.commit(birth(item))));
    expect(transactions - before).toBeLessThan(items.length / 2);
    for (const [at, result] of results.entries())
      expect(result.kind === 'ok' && result.ops.map(({ body }) => body.op_id)).toEqual(
        items[at]?.ops.map((op) => op.op_id),
      );
    expect((await store.verifyAudit()).problems).toEqual([]);
  });

  test('one that is refused does not refuse the others', async () => {
    const [one, two, again] = [archive.next(), archive.next(), archive.next()];
    await store.commit(birth(one));
    const finishes = { job: newId(), lease: newId() };
    const results = await Promise.all([
      store.commit(birth(two)),
      store.commit(birth(one)),
      store.commit({ ...birth(again), finishes }),
      store.commit(birth(again)),
    ]);
    expect(results).toMatchObject([
      { kind: 'ok' },
      { kind: 'conflict', what: 'op-exists' },
      { kind: 'conflict', what: 'lease' },
      { kind: 'ok' },
    ]);
  });

  test('the same wish many times at once is granted once, and the second sees the first', async () => {
    const item = archive.next();
    const results = await Promise.all(Array.from({ length: 8 }, () => store.commit(birth(item))));
    expect(results.filter(({ kind }) => kind === 'ok')).toHaveLength(1);
    expect(results.filter((one) => one.kind === 'conflict' && one.what === 'op-exists')).toHaveLength(7);
    const { revision } = item.invoice;
    const step = {
      ...NOTHING,
      projections: [{ expect: revision, projection: projectionOf({ ...item.invoice, revision: revision + 1 }) }],
    };
    const kinds = (await Promise.all([1, 2, 3, 4].map(() => store.commit(step)))).map(({ kind }) => kind);
    expect(kinds).toEqual(['ok', 'conflict', 'conflict', 'conflict']);
  });

  test('one that cannot be saved fails alone', async () => {
    const items = Array.from({ length: 12 }, () => archive.next());
    const broken = { ...birth(archive.next()), jobs: [{ ...job(newId()), priority: Number.NaN }] };
    const results = await Promise.allSettled([
      ...items.slice(0, 6).map((item) => store.commit(birth(item))),
      store.commit(broken),
      ...items.slice(6).map((item) => store.commit(birth(item))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(results.map((_, at) => (at === 6 ? 'rejected' : 'fulfilled')));
    const there = new Set(await store.invoiceIds({}));
    expect(items.filter(({ invoice }) => !there.has(invoice.id))).toEqual([]);
    expect(await store.opsOf(broken.ops[0]?.root ?? '')).toEqual([]);
    expect((await store.verifyAudit()).problems).toEqual([]);
  });

  test('jobs that end together: those whose lease is held', async () => {
    const roots = Array.from({ length: 10 }, () => newId());
    await store.commit({ ...NOTHING, jobs: roots.map(job) });
    const claimed = await Promise.all(roots.map(() => queue.claim(['validate'], 60_000)));
    const held = claimed.flatMap((one) => one ?? []);
    expect(held).toHaveLength(10);
    await queue.cancel(held[3]?.root ?? '');
    const before = transactions;
    const results = await Promise.all(
      held.map(({ id, lease }) => store.commit({ ...NOTHING, finishes: { job: id, lease } })),
    );
    expect(transactions - before).toBe(1);
    expect(results.map(({ kind }) => kind)).toEqual(held.map((_, at) => (at === 3 ? 'conflict' : 'ok')));
    expect(await queue.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  });
});
