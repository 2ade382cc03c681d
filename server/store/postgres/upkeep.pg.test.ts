import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { fieldSetOp } from '../../../core/sync/drafts.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { author, newId, NOTHING } from '../testing-stores.ts';

const DAY_MS = 86_400_000;

const job = (root: string) => ({
  id: newId(),
  name: 'validate' as const,
  data: { invoice: root },
  root,
  priority: 1,
});

describe.skipIf(postgres.url === undefined)('upkeep and odd texts', () => {
  test('ended jobs and answers are removed after their time, open jobs never', async () => {
    const clock = { now: Date.parse('2026-03-01T00:00:00Z') };
    const { url } = await sharedDatabase();
    const database = await openDatabase(url, { now: () => clock.now, leaseNow: () => clock.now });
    const site = newSite();
    await database.createSite(site);
    const { store, queue } = await database.site(site);
    const idempotency = { key: 'k', requestHash: 'h', reply: '{}' };
    await store.commit({ ...NOTHING, jobs: [job('a'), job('b')], idempotency });
    const claimed = await queue.claim(['validate'], 1_000);
    if (claimed !== undefined) await queue.finish(claimed);
    clock.now += 6 * DAY_MS;
    await database.tidy();
    expect(await queue.list()).toHaveLength(2);
    clock.now += 2 * DAY_MS;
    await database.tidy();
    expect(await queue.list()).toMatchObject([{ state: 'waiting' }]);
    expect(await store.idempotent('k')).toBeDefined();
    clock.now += 7 * DAY_MS;
    await database.tidy();
    expect(await store.idempotent('k')).toBeUndefined();
    expect(await queue.counts()).toMatchObject({ waiting: 1 });
    await database.close();
  });

  test('texts that Postgres does not keep come back all the same, and verify', async () => {
    const { url } = await sharedDatabase();
    const database = await openDatabase(url);
    const site = newSite();
    await database.createSite(site);
    const { store } = await database.site(site);
    const item = createArchive(77).next();
    const { id } = item.invoice;
    const value = `a\0b\uE0FFc ${randomBytes(2).toString('hex')}`;
    const entity = { type: 'invoice' as const, id };
    const cell = { entity, field: 'contractRef', value, parents: [], source: 'manual' as const, reason: '\0' };
    const ops = [...item.ops, fieldSetOp(author(), id, cell)];
    const odd = { ...item.invoice.header.vendorName, value: 'Odd\0 \ud800 & Co' };
    const invoice = { ...item.invoice, header: { ...item.invoice.header, vendorName: odd } } as typeof item.invoice;
    const document = { ...item.document, name: 'a\0b\udfff.pdf' };
    const result = await store.commit({
      ...NOTHING,
      ops,
      projections: [{ expect: 0, projection: projectionOf(invoice) }],
      documents: [document],
    });
    expect(result.kind).toBe('ok');
    expect((await store.opsOf(id)).at(-1)?.content).toMatchObject({ value, reason: '\0' });
    expect((await store.invoice(id))?.header.vendorName?.value).toBe('Odd\0 \ud800 & Co');
    expect((await store.document(document.sha256))?.name).toBe('ab\uFFFD.pdf');
    await store.rebuildHeads();
    expect((await store.verifyAudit()).problems).toEqual([]);
    await database.close();
  });
});
