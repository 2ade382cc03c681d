/** What every queue has to keep as an outbox, and of what was given up. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NewJob } from '../../core/contract/jobs.ts';
import type { ClaimedJob, Due, Queue } from './queue.ts';
import { addJobs, implementations, type MadeQueue, newJob as job } from './testing-queues.ts';

const LEASE = 10_000;
/** A job that was handed out is looked after again. */
const PATIENCE = 20_000;
/** Beyond every backoff. */
const LATER = 61_000;

describe.each(Object.keys(implementations))('outbox: %s', (name) => {
  let made: MadeQueue;
  let queue: Queue;
  beforeEach(async () => {
    made = await (implementations[name] as () => Promise<MadeQueue>)();
    ({ queue } = made);
  });
  afterEach(() => made.cleanUp());

  const add = (...jobs: NewJob[]): Promise<void> => addJobs(made, ...jobs);
  async function mustClaim(): Promise<ClaimedJob> {
    const claimed = await queue.claim(['read', 'validate'], LEASE);
    if (claimed === undefined) throw new Error('no job was claimed');
    return claimed;
  }

  const handOut = (limit = 100): Promise<readonly Due[]> =>
    made.queue.handOut(['read', 'validate'], { limit, patienceMs: PATIENCE });

  test('each waiting job is handed out once, the most urgent first', async () => {
    await add(job('a'), job('b', 0));
    const first = await handOut(1);
    expect(first).toMatchObject([{ name: 'read', priority: 0, again: false }]);
    const second = await handOut();
    expect(second).toMatchObject([{ priority: 10, again: false }]);
    expect(await handOut()).toEqual([]);
    await add(job('c', 10, 'validate'));
    expect(await queue.handOut(['read'], { limit: 9, patienceMs: PATIENCE })).toEqual([]);
    expect(await handOut()).toMatchObject([{ name: 'validate', again: false }]);
  });

  test('taken by many at once, each job is handed out to one', async () => {
    await add(...Array.from({ length: 20 }, (_, i) => job(`r${i}`)));
    const all = (await Promise.all(Array.from({ length: 8 }, () => handOut(7)))).flat();
    const rest = await handOut();
    expect(new Set([...all, ...rest].map(({ id }) => id)).size).toBe(20);
    expect([...all, ...rest]).toHaveLength(20);
  });

  test('given back for a while, a job is not handed out again: whoever has it was told when it is due', async () => {
    await add(job('a'));
    expect(await handOut()).toHaveLength(1);
    await queue.release(await mustClaim(), 5_000);
    made.clock.now += 5_001;
    expect(await handOut()).toEqual([]);
    await queue.release(await mustClaim());
    expect(await handOut()).toHaveLength(1);
  });

  test('handed out again: after a while, when taken back, when more urgent, when its lease ran out', async () => {
    await add(job('a'));
    const [{ id } = { id: '' }] = await handOut();
    made.clock.now += PATIENCE - 1;
    expect(await handOut()).toEqual([]);
    made.clock.now += 1;
    expect(await handOut()).toMatchObject([{ id, again: true }]);
    await queue.takeBack([id]);
    expect(await handOut()).toMatchObject([{ id }]);
    await queue.takeBack();
    expect(await handOut()).toMatchObject([{ id }]);
    await add(job('a', 0));
    expect(await handOut()).toMatchObject([{ id, priority: 0, again: true }]);
    const running = await mustClaim();
    expect(await handOut()).toEqual([]);
    made.clock.now += LEASE;
    expect(await handOut()).toMatchObject([{ id, again: true }]);
    await queue.finish(running);
    made.clock.now += PATIENCE;
    expect(await handOut()).toMatchObject([]);
  });

  test('what waits for its backoff is not handed out before', async () => {
    await add(job('a'));
    await queue.fail(await mustClaim(), 'no luck', { retry: true });
    made.clock.now += LATER;
    expect(await handOut()).toMatchObject([{ again: false }]);
  });

  async function kill(...roots: string[]): Promise<void> {
    for (const root of roots) {
      await add(job(root));
      made.clock.now += 1;
      await queue.fail(await mustClaim(), 'broken', { retry: false });
    }
  }

  test('which jobs there are, whatever became of them', async () => {
    await add(job('a'), job('b'));
    const running = await mustClaim();
    await queue.finish(running);
    const ids = (await queue.list()).map(({ id }) => id);
    expect(await queue.existing([...ids, 'nobody'])).toEqual(new Set(ids));
    expect(ids).toHaveLength(2);
    expect(await queue.existing([])).toEqual(new Set());
  });

  test('dead letters are listed page by page, the youngest first', async () => {
    await kill('a', 'b', 'c');
    await add(job('d'));
    const first = await queue.deadLetters({ limit: 2 });
    expect(first.items).toMatchObject([
      { root: 'c', state: 'dead', error: 'broken' },
      { root: 'b', state: 'dead' },
    ]);
    const second = await queue.deadLetters({ limit: 2, cursor: first.next ?? '' });
    expect(second.items).toMatchObject([{ root: 'a' }]);
    expect(second.next).toBeNull();
    for (const cursor of ['-1', '~', '2026-02-30T00:00:00Z~x', '2026-02-03T00:00:00Z~\0']) {
      const page = queue.deadLetters({ limit: 2, cursor });
      expect(
        await page.then(
          () => 'answered',
          (error: { code?: string }) => error.code,
        ),
      ).toMatch(/^(answered|bad_request)$/);
    }
  });

  test('a dead letter that is replayed begins anew, gives way to a newer wish, and is replayed once', async () => {
    await kill('a', 'b');
    const { items } = await queue.deadLetters({ limit: 10 });
    const of = (root: string): string => items.find((view) => view.root === root)?.id ?? '';
    await handOut();
    const woken = vi.fn<() => void>();
    queue.onWork(woken);
    expect(await queue.replay(of('a'))).toBe('waiting');
    expect(woken).toHaveBeenCalled();
    expect(await queue.replay(of('a'))).toBe('gone');
    expect(await queue.replay('nobody')).toBe('gone');
    expect(await handOut()).toMatchObject([{ id: of('a') }]);
    expect(await mustClaim()).toMatchObject({ id: of('a'), attempt: 1 });
    await add(job('b'));
    expect(await queue.replay(of('b'))).toBe('superseded');
    expect(await queue.counts()).toEqual({ waiting: 1, running: 1, dead: 0 });
  });

  test('purged: one dead letter, those before an instant, all; nothing that is alive', async () => {
    await kill('a', 'b');
    made.clock.now += 1_000;
    const before = new Date(made.clock.now).toISOString();
    await kill('c', 'd');
    await add(job('e'));
    const { items } = await queue.deadLetters({ limit: 10 });
    const alive = (await queue.list()).find((view) => view.root === 'e')?.id ?? '';
    expect(await queue.purge({ id: alive })).toBe(0);
    expect(await queue.purge({ id: items[0]?.id })).toBe(1);
    expect(await queue.purge({ before })).toBe(2);
    expect(await queue.purge({})).toBe(1);
    expect(await queue.counts()).toEqual({ waiting: 1, running: 0, dead: 0 });
  });
});
