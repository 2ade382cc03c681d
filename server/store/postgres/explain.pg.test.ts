import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { uuid7 } from '../../../core/sync/ids.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { bulkLoadPostgres } from '../../../scripts/archive/bulk-load-postgres.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { asSuper } from '../testing-roles.ts';
import { NOTHING } from '../testing-stores.ts';
import type { PostgresDatabase } from './create.ts';
import { crowd } from './testing-crowd.ts';
import { type Explained, explained, explainEverything, lookAt, tellingAccess, wholeScans } from './testing-explain.ts';
import { hotQueries } from './testing-hot.ts';

const COUNT = 1_200;
const JOBS = 300;

/** On an archive this small the planner would read whole tables because that is quicker: it is told to do so only where there is no other way. */
describe.skipIf(postgres.url === undefined)('hot queries go by an index', () => {
  const site = newSite();
  let database: PostgresDatabase;
  let invoice: Invoice;
  let telling: ReturnType<typeof tellingAccess>;
  const plans: Explained[] = [];
  const tell = (notice: string): void => {
    const one = explained(notice);
    if (one !== undefined) plans.push(one);
  };

  beforeAll(async () => {
    const shared = await sharedDatabase();
    const first = await openDatabase(shared.url);
    await first.createSite(site);
    await bulkLoadPostgres({
      url: shared.url,
      site,
      count: COUNT,
      seed: 5,
      loaded: (item) => {
        ({ invoice } = item);
      },
    });
    const { store } = await first.site(site);
    const jobs = Array.from({ length: JOBS }, (_, at) => ({
      id: uuid7(Date.now(), randomBytes(10)),
      name: 'validate' as const,
      data: { invoice: `i${at}` },
      root: `i${at}`,
      priority: 10,
    }));
    await store.commit({ ...NOTHING, jobs });
    await first.close();
    await asSuper(shared, async (client) => {
      // On few texts the trigrams are not worth their index.
      await client.query(
        "INSERT INTO invoice_search SELECT $1, 1000000 + n, 'lieferant ' || md5(n::text) || ' re-' || n FROM generate_series(1, 30000) AS n",
        [site],
      );
    });
    await crowd(shared, site, 2_000);
    await explainEverything(shared, true);
    database = await openDatabase(shared.url, {
      poolSize: 1,
      onNotice: tell,
    });
    telling = tellingAccess(shared.url, tell);
    return async () => {
      await telling.close();
      await database.close();
    };
  });

  test('every hot query, and a save', async () => {
    const own = await database.site(site);
    const { store } = own;
    const hot = hotQueries({
      ...own,
      site,
      every: database.queue,
      access: telling.access,
      invoice,
      today: invoice.createdAt,
    });
    const item = createArchive(6).next();
    const save = async (): Promise<void> => {
      const projections = [{ expect: 0, projection: projectionOf(item.invoice) }];
      const { ops, document } = item;
      const result = await store.commit({ ...NOTHING, ops, projections, documents: [document] });
      expect(result.kind).toBe('ok');
    };
    const looked = await lookAt({ ...hot, 'a save': save }, plans, () =>
      Promise.all([database.ping(), telling.settle()]),
    );
    // Otherwise nothing was looked at.
    expect(looked.filter(({ statements }) => statements === 0)).toEqual([]);
    expect(looked.flatMap(({ whole }) => whole)).toEqual([]);
  });

  test('a plan that reads everything is noticed', async () => {
    const { store } = await database.site(site);
    plans.length = 0;
    await store.rebuildHeads();
    expect(plans.flatMap(wholeScans)).not.toEqual([]);
  });
});
