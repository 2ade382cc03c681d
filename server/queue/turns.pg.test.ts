/** Many sites on one queue: one site's backlog is not another one's waiting time. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PostgresDatabase } from '../store/postgres/create.ts';
import { openDatabase, postgres } from '../store/testing-postgres.ts';
import { type Explained, explained, explainEverything, wholeScans } from '../store/postgres/testing-explain.ts';
import { asSuper, createTestDatabase, type TestDatabase } from '../store/testing-roles.ts';
import type { SiteDue } from '../store/postgres/carried.ts';
import type { SiteJob } from './postgres.ts';
import type { Queue } from './queue.ts';
import { isRedisMissing, startTestRedis, type TestRedis } from './testing-redis.ts';
import { addReads, type Data, effect, idle, newRoot, startProcess, until } from './testing-site.ts';

const MANY = 5_000;
const roots = (count: number): string[] => Array.from({ length: count }, newRoot);
const sitesOf = (all: readonly { readonly site: string }[]): string[] => all.map(({ site }) => site);
const shares = (sites: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const site of sites) counts[site] = (counts[site] ?? 0) + 1;
  return counts;
};

type Node = Explained['plan'] & { readonly 'Parent Relationship'?: string };

/** Indexes of jobs that are read below something that sorts, without a limit in between. */
function sortedScans(plan: Node, isSorted = false): string[] {
  const type = plan['Node Type'];
  const below = type !== 'Limit' && (isSorted || type.includes('Sort'));
  const here = below && plan['Relation Name'] === 'job' ? [plan['Index Name'] ?? type] : [];
  const children: readonly Node[] = plan.Plans ?? [];
  return [...here, ...children.flatMap((one) => sortedScans(one, below && one['Parent Relationship'] !== 'InitPlan'))];
}

/** How each look into the jobs finds its rows. */
const scansOf = (plan: Node): string[] => [
  ...(plan['Relation Name'] === 'job' && plan['Node Type'] !== 'ModifyTable'
    ? [`${plan['Index Name'] ?? plan['Node Type']} ${plan['Index Cond'] ?? ''}`]
    : []),
  ...(plan.Plans ?? []).flatMap(scansOf),
];

describe.skipIf(postgres.url === undefined)('sites take turns', () => {
  let files: TestDatabase;
  let database: PostgresDatabase;
  let queue: Queue;
  let a: Data;
  let b: Data;
  const open = async (site: string): Promise<Data> => {
    await database.createSite(site);
    return database.site(site);
  };
  beforeEach(async () => {
    files = await createTestDatabase(postgres.url ?? '');
    database = await openDatabase(files.url);
    ({ queue } = database);
    a = await open('a');
    b = await open('b');
  });
  afterEach(() => database.close());

  const handOut = async (limit: number): Promise<SiteDue[]> =>
    (await queue.handOut(['read'], { limit, patienceMs: 60_000 })) as SiteDue[];
  const claim = async (): Promise<SiteJob> => {
    const job = await queue.claim(['read'], 60_000);
    if (job === undefined) throw new Error('no job was claimed');
    return job as SiteJob;
  };

  test('one job beside a backlog is among the next that are handed out', async () => {
    await addReads(a, roots(MANY), 10, 1_000);
    const [root = ''] = roots(1);
    await addReads(b, [root]);
    const due = await handOut(10);
    expect(sitesOf(due.slice(0, 2)).toSorted()).toEqual(['a', 'b']);
    expect(shares(sitesOf(due))).toEqual({ a: 9, b: 1 });
  });

  test('urgency comes before turns', async () => {
    await addReads(a, roots(20), 10);
    await addReads(b, roots(2), 10);
    await addReads(a, roots(3), 0);
    expect(sitesOf(await handOut(7)).slice(0, 3)).toEqual(['a', 'a', 'a']);
  });

  test('workers that look in the database: the site that is worked for least is next', async () => {
    await addReads(a, roots(MANY), 10, 1_000);
    await addReads(b, roots(1));
    expect(sitesOf([await claim(), await claim()]).toSorted()).toEqual(['a', 'b']);
    await addReads(b, roots(MANY), 10, 1_000);
    const more: SiteJob[] = [];
    for (let at = 0; at < 20; at += 1) more.push(await claim());
    expect(shares(sitesOf(more))).toEqual({ a: 10, b: 10 });
  });

  test('what belongs to a site that a process does not serve is not claimed by it, and not touched', async () => {
    await addReads(a, roots(2), 0);
    await addReads(b, roots(1));
    const all = await queue.list();
    const mine = await openDatabase(files.url, { serves: ['b', 'c'] });
    const claims = await mine.queue.claimThese(
      all.map(({ id }) => id),
      1,
    );
    const taken = claims.flatMap((one) => (one.kind === 'claimed' ? [one.job as SiteJob] : []));
    expect(sitesOf(taken)).toEqual(['b']);
    expect(claims.filter(({ kind }) => kind === 'later')).toHaveLength(2);
    expect(await mine.queue.claim(['read'], 1)).toMatchObject({ site: 'b', attempt: 2 });
    // Not even where somebody else left them.
    await queue.claimThese(
      all.map(({ id }) => id),
      1,
    );
    await until('the end of the leases', async () => (await mine.queue.claim(['read'], 60_000)) !== undefined);
    expect(await mine.queue.claim(['read'], 1)).toBeUndefined();
    await mine.close();
    // Claimed once: by the other one.
    expect((await a.queue.list()).map(({ attempts }) => attempts)).toEqual([1, 1]);
  });

  test('nobody reads and sorts a backlog to find the next job', async () => {
    await addReads(a, roots(MANY), 10, 1_000);
    await addReads(b, roots(50));
    await database.close();
    await asSuper(files, (client) => client.query('VACUUM ANALYZE'));
    await explainEverything(files, false);
    const plans: Explained[] = [];
    const onNotice = (notice: string): void => void plans.push(...[explained(notice)].flatMap((one) => one ?? []));
    database = await openDatabase(files.url, { poolSize: 1, onNotice });
    ({ queue } = database);
    await claim();
    await handOut(10);
    await database.ping();
    const sorted = plans.flatMap(({ plan }) => sortedScans(plan));
    expect(sorted.filter((index) => index !== 'job_running_once')).toEqual([]);
    expect(plans.flatMap(wholeScans)).toEqual([]);
  });

  test('claims by id go by the key, although their plan was made when there was nothing', async () => {
    await database.close();
    await explainEverything(files, false);
    const plans: Explained[] = [];
    const onNotice = (notice: string): void => void plans.push(...[explained(notice)].flatMap((one) => one ?? []));
    database = await openDatabase(files.url, { poolSize: 1, onNotice });
    await database.queue.claimThese(['nobody'], 1);
    await database.ping();
    const scans = plans.flatMap(({ query, plan }) => (query.includes('unnest(asked') ? scansOf(plan) : []));
    const of = (index: string) => scans.filter((one) => one.startsWith(index));
    expect(new Set(of('job_pkey').map((one) => one.includes('id = ')))).toEqual(new Set([true]));
    expect(scans.length).toBe(of('job_pkey').length + of('job_running_once').length + of('Tid Scan').length);
  });

  describe.skipIf(isRedisMissing('the test of sites that take turns through Redis'))('through Redis', () => {
    let redis: TestRedis;
    beforeEach(async () => {
      redis = await startTestRedis();
    });
    afterEach(() => redis.stop());

    test('one job beside a backlog is done within the next few', { timeout: 60_000 }, async () => {
      const order: string[] = [];
      const works = { a: effect(a, () => 5), b: effect(b, () => 5) };
      const one = startProcess(
        { store: a.store, queue },
        {
          url: redis.url,
          concurrency: 2,
          handlers: {
            read: (work) => {
              const { site } = work.job as SiteJob;
              order.push(site);
              return works[site as 'a' | 'b'](work);
            },
          },
        },
      );
      await until('a delivery', () => one.delivery?.available() === true);
      await addReads(a, roots(400), 10, 400);
      await until('work', () => order.length > 40);
      // All of them are with Redis by now.
      expect(await one.delivery?.queues.general.getPrioritizedCount()).toBeGreaterThan(200);
      const before = order.length;
      await addReads(b, roots(1));
      await until('the other site', () => order.includes('b'));
      expect(order.indexOf('b') - before).toBeLessThan(30);
      await idle({ store: a.store, queue }, 40_000);
      await one.stop();
    });
  });
});
