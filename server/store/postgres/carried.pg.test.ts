/** Jobs that the process which makes them brings to the workers: told once, found again where it never did. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newJob } from '../../queue/testing-queues.ts';
import { PATIENCE_MS, PROMISE_MS, type Due, type Queue } from '../../queue/queue.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import type { Store } from '../store.ts';
import type { PostgresDatabase } from './create.ts';

const NOTHING = { ops: [], projections: [], documents: [] };

describe.skipIf(postgres.url === undefined)('jobs that are carried', () => {
  const clock = { now: 1_700_000_000_000 };
  let database: PostgresDatabase;
  let site: string;
  let store: Store;
  let queue: Queue;
  let told: Due[];
  beforeEach(async () => {
    const { url } = await sharedDatabase();
    database = await openDatabase(url, { now: () => clock.now, leaseNow: () => clock.now });
    site = newSite();
    await database.createSite(site);
    ({ store, queue } = await database.site(site));
    told = [];
  });
  afterEach(() => database.close());

  const carry = (): (() => void) => queue.carry((made) => told.push(...made));
  const make = async (root: string, priority = 10): Promise<string> => {
    const job = newJob(root, priority);
    await store.commit({ ...NOTHING, jobs: [job] });
    return job.id;
  };
  const handOut = () => queue.handOut(['read'], { limit: 100, patienceMs: PATIENCE_MS });

  test('told when they are committed, and not handed out beside that', async () => {
    const putDown = carry();
    const id = await make('a', 3);
    expect(told).toEqual([{ site, id, name: 'read', priority: 3, again: false, untouched: true }]);
    expect(await handOut()).toEqual([]);
    putDown();
    const later = await make('b');
    expect(told).toHaveLength(1);
    expect(await handOut()).toMatchObject([{ id: later, again: false }]);
  });

  test('of a process that died before it brought them, they are handed out after a few seconds', async () => {
    carry();
    const id = await make('a');
    clock.now += PROMISE_MS - 1;
    expect(await handOut()).toEqual([]);
    clock.now += 1;
    expect(await handOut()).toMatchObject([{ id, again: true }]);
    expect(await handOut()).toEqual([]);
  });

  test('taken back, they are handed out at once; claimed, they are not', async () => {
    carry();
    const [a, b] = [await make('a'), await make('b')];
    await queue.takeBack([a]);
    expect(await handOut()).toMatchObject([{ id: a, again: false }]);
    expect(await queue.claimThese([b], 60_000)).toMatchObject([{ kind: 'claimed' }]);
    clock.now += PROMISE_MS;
    expect(await handOut()).toEqual([]);
  });

  test('one that only makes another one more urgent is not told, and wakes who hands out', async () => {
    carry();
    const id = await make('a');
    const woken = vi.fn<() => void>();
    queue.onWork(woken);
    await make('a', 0);
    expect(told.map((one) => one.id)).toEqual([id]);
    expect(woken).toHaveBeenCalledTimes(1);
    expect(await handOut()).toMatchObject([{ id, priority: 0, again: true }]);
  });

  test('one that says nothing new of one that waits is not told, and that one not handed out again', async () => {
    carry();
    const id = await make('a');
    await make('a');
    await make('a', 20);
    expect(told.map((one) => one.id)).toEqual([id]);
    expect(await handOut()).toEqual([]);
  });

  test('a change that is refused tells nothing', async () => {
    carry();
    const job = newJob('a');
    await store.commit({ ...NOTHING, jobs: [job] });
    expect(await store.commit({ ...NOTHING, jobs: [{ ...job, root: 'b' }] })).toMatchObject({ kind: 'conflict' });
    expect(told).toHaveLength(1);
  });
});
