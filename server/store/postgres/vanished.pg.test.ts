/** A database that vanishes without a word: what waits for it gives up, what comes later does not wait for each old connection, and afterwards all is as before. */
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { type Proxy, startProxy } from '../testing-proxy.ts';
import { newId, NOTHING } from '../testing-stores.ts';
import { createConnections } from './connection.ts';
import type { PostgresDatabase } from './create.ts';
import { GRACE_MS } from './errors.ts';

const STATEMENT_MS = 500;
/** Giving up, and a new connection that does not come about. */
const SILENCE_MS = STATEMENT_MS + GRACE_MS;
const CONNECT_MS = 5_000;
const SLACK_MS = 3_000;

const job = () => {
  const root = newId();
  return { id: newId(), name: 'validate' as const, data: { invoice: root }, root, priority: 10 };
};
const failed = async (work: Promise<unknown>): Promise<{ reason: unknown; ms: number }> => {
  const from = performance.now();
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const details = (error as { details?: { reason?: unknown } } | undefined)?.details;
  return { reason: details?.reason ?? error, ms: performance.now() - from };
};

describe.skipIf(postgres.url === undefined)('a database that vanishes without a word', () => {
  const site = newSite();
  let proxy: Proxy;
  let database: PostgresDatabase;

  beforeEach(async () => {
    const { url } = await sharedDatabase();
    proxy = await startProxy(url);
    database = await openDatabase(proxy.url, { poolSize: 3, statementTimeoutMs: STATEMENT_MS });
    await database.createSite(site);
  });
  afterEach(async () => {
    await proxy.close();
    await database.close();
  });

  test('holds up nobody for longer than a statement may take', async () => {
    const { store } = await database.site(site);
    // Three connections, all of them idle when it happens.
    await Promise.all([store.settings(), store.exportBatches(), store.counters(new Date().toISOString())]);
    expect((await store.commit({ ...NOTHING, jobs: [job()] })).kind).toBe('ok');
    proxy.swallow();

    const all = await Promise.all([
      failed(store.commit({ ...NOTHING, jobs: [job()] })),
      failed(store.settings()),
      failed(store.invoice('none')),
    ]);
    for (const { reason, ms } of all) {
      expect(reason).toMatch(/^database-(away|interrupted)$/);
      expect(ms).toBeLessThan(SILENCE_MS + CONNECT_MS + SLACK_MS);
    }
    // The connections that were idle are not tried one after the other.
    const later = await failed(store.commit({ ...NOTHING, jobs: [job()] }));
    expect(later.reason).toBe('database-away');
    expect(later.ms).toBeLessThan(CONNECT_MS + SLACK_MS);

    proxy.restore();
    expect((await store.commit({ ...NOTHING, jobs: [job()] })).kind).toBe('ok');
    expect(await store.invoice('none')).toBeUndefined();
  }, 60_000);

  test('is told from one that is allowed to think for long', async () => {
    const connections = createConnections({
      url: proxy.url,
      poolSize: 1,
      statementTimeoutMs: STATEMENT_MS,
      applicationName: 'test',
    });
    const asleep = sql`SELECT pg_sleep(${(SILENCE_MS + 500) / 1_000}), 1 AS n`;
    const rows = await connections.write(site, (tx) => tx.commit([asleep]), { timeoutMs: 2 * SILENCE_MS });
    expect(rows[0]?.[0]).toMatchObject({ n: 1 });
    // Afterwards the connection is as good as before.
    const before = proxy.opened;
    expect(await connections.ask(sql`SELECT 1 AS n`)).toEqual([{ n: 1 }]);
    expect(proxy.opened).toBe(before);
    await connections.close();
  }, 60_000);
});
