/** What every queue has to keep. A second implementation is one more entry of `implementations`. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NewJob } from '../../core/contract/jobs.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import { createSqliteStore } from '../store/sqlite/create.ts';
import type { Store } from '../store/store.ts';
import { fullJitter } from './backoff.ts';
import type { ClaimedJob, Queue } from './queue.ts';

interface Made {
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: { now: number };
  /** The process ends without a word and another one starts on the same data. */
  reopen(): Promise<Made>;
  cleanUp(): Promise<void>;
}

async function sqlite(
  folder = mkdtempSync(join(tmpdir(), 'queue-')),
  clock = { now: 1_700_000_000_000 },
): Promise<Made> {
  const path = join(folder, 'station.db');
  const { store, queue } = await createSqliteStore({ path, now: () => clock.now, random: randomBytes });
  return {
    store,
    queue,
    clock,
    reopen: async () => {
      await store.close();
      return sqlite(folder, clock);
    },
    cleanUp: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const implementations: Record<string, () => Promise<Made>> = { sqlite: () => sqlite() };

const LEASE = 10_000;
/** Beyond every backoff. */
const LATER = 61_000;

const job = (root: string, priority = 10, name: 'read' | 'validate' = 'read'): NewJob => {
  const id = uuid7(Date.now(), randomBytes(10));
  return name === 'read'
    ? { id, name, data: { document: 'd', invoice: root }, root, priority }
    : { id, name, data: { invoice: root }, root, priority };
};

describe.each(Object.keys(implementations))('queue: %s', (name) => {
  let made: Made;
  let queue: Queue;
  beforeEach(async () => {
    made = await (implementations[name] as () => Promise<Made>)();
    ({ queue } = made);
  });
  afterEach(() => made.cleanUp());

  async function add(...jobs: NewJob[]): Promise<void> {
    const result = await made.store.commit({ ops: [], projections: [], documents: [], jobs });
    expect(result.kind).toBe('ok');
  }
  const claim = (): Promise<ClaimedJob | undefined> => queue.claim(['read', 'validate'], LEASE);
  async function mustClaim(): Promise<ClaimedJob> {
    const claimed = await claim();
    if (claimed === undefined) throw new Error('no job was claimed');
    return claimed;
  }

  test('the most urgent job first, the older one before the younger, only the kinds asked for', async () => {
    await add(job('a'));
    made.clock.now += 1;
    await add(job('b'), job('c', 0, 'validate'));
    expect((await queue.claim(['read'], LEASE))?.root).toBe('a');
    expect((await claim())?.root).toBe('c');
    const last = await mustClaim();
    expect(last).toMatchObject({ root: 'b', name: 'read', attempt: 1, data: { document: 'd', invoice: 'b' } });
    expect(await claim()).toBeUndefined();
    expect(await queue.counts()).toEqual({ waiting: 0, running: 3, dead: 0 });
  });

  test('claimed by many at once, each job goes to one', async () => {
    await add(...Array.from({ length: 10 }, (_, i) => job(`r${i}`)));
    const claimed = await Promise.all(Array.from({ length: 15 }, claim));
    const ids = claimed.flatMap((one) => one?.id ?? []);
    expect(ids).toHaveLength(10);
    expect(new Set(ids).size).toBe(10);
  });

  test('one waiting job of a name per root is enough; the more urgent wish counts', async () => {
    await add(job('a', 10));
    await add(job('a', 0), job('b', 5), job('a', 10, 'validate'));
    expect(await queue.counts()).toMatchObject({ waiting: 3 });
    expect((await claim())?.root).toBe('a');
  });

  test('two of a kind never work on one root at once', async () => {
    await add(job('a'));
    const first = await mustClaim();
    await add(job('a'));
    expect(await claim()).toBeUndefined();
    await queue.finish(first);
    expect((await claim())?.root).toBe('a');
  });

  test('a lease that ran out goes to the next; a heartbeat keeps it', async () => {
    await add(job('a'));
    const first = await mustClaim();
    made.clock.now += LEASE - 1;
    expect(await queue.heartbeat(first, LEASE)).toBe(true);
    made.clock.now += LEASE - 1;
    expect(await claim()).toBeUndefined();
    made.clock.now += 1;
    const second = await mustClaim();
    expect(second).toMatchObject({ id: first.id, attempt: 2 });
    expect(await queue.heartbeat(first, LEASE)).toBe(false);
    await queue.finish(first);
    expect(await queue.counts()).toMatchObject({ running: 1 });
    await queue.finish(second);
    expect(await queue.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  test('what a killed process was working on is worked on again at once', async () => {
    await add(job('a'));
    const first = await mustClaim();
    made = await made.reopen();
    ({ queue } = made);
    expect(await queue.heartbeat(first, LEASE)).toBe(false);
    expect(await claim()).toMatchObject({ id: first.id, attempt: 2 });
  });

  test('an error is tried again after a while, and dead after five', async () => {
    await add(job('a'));
    for (let attempt = 1; attempt < 5; attempt += 1) {
      const claimed = await mustClaim();
      expect(claimed.attempt).toBe(attempt);
      expect(await queue.fail(claimed, 'no luck', { retry: true })).toBe('waiting');
      made.clock.now += LATER;
    }
    expect(await queue.fail(await mustClaim(), 'no luck', { retry: true })).toBe('dead');
    made.clock.now += LATER;
    expect(await claim()).toBeUndefined();
    expect(await queue.list()).toMatchObject([{ state: 'dead', error: 'no luck', attempts: 5 }]);
    expect(await queue.counts()).toEqual({ waiting: 0, running: 0, dead: 1 });
  });

  test('an error that will not go away is dead at once', async () => {
    await add(job('a'));
    expect(await queue.fail(await mustClaim(), 'impossible', { retry: false })).toBe('dead');
  });

  test('a retry gives way to a newer wish for the same work', async () => {
    await add(job('a'));
    const first = await mustClaim();
    await add(job('a', 0));
    await queue.fail(first, 'no luck', { retry: true });
    expect(await queue.counts()).toEqual({ waiting: 1, running: 0, dead: 0 });
  });

  test('cancel ends what waits and takes the lease of what runs', async () => {
    await add(job('a'), job('a', 0, 'validate'), job('b'));
    const running = await mustClaim();
    expect(running.name).toBe('validate');
    expect(await queue.cancel('a')).toHaveLength(2);
    expect(await queue.heartbeat(running, LEASE)).toBe(false);
    expect(await queue.fail(running, 'late', { retry: true })).toBe('dead');
    expect((await claim())?.root).toBe('b');
    expect(await queue.cancel('a')).toEqual([]);
    expect((await queue.list()).filter((view) => view.state === 'cancelled')).toHaveLength(2);
  });

  test('progress is shown while the lease is held', async () => {
    await add(job('a'));
    const running = await mustClaim();
    await queue.progress(running, 0.25, 'page 3 of 12');
    expect(await queue.list()).toMatchObject([{ state: 'running', progress: 0.25, stage: 'page 3 of 12' }]);
    await queue.finish(running);
    await queue.progress(running, 0.5, 'late');
    expect(await queue.list()).toMatchObject([{ state: 'done', progress: 1, stage: 'page 3 of 12' }]);
  });

  test('work wakes the listener, until it leaves', async () => {
    const woken = vi.fn<() => void>();
    const leave = queue.onWork(woken);
    await add(job('a'));
    expect(woken).toHaveBeenCalledTimes(1);
    leave();
    await add(job('b'));
    expect(woken).toHaveBeenCalledTimes(1);
  });
});

test('backoff: within its bounds, growing with the attempts, using all of them', () => {
  const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), bytes, (attempt, random) => {
      const delay = fullJitter(attempt, () => random);
      return Number.isInteger(delay) && delay >= 0 && delay <= Math.min(60_000, 1_000 * 2 ** (attempt - 1));
    }),
  );
  expect(fullJitter(3, () => new Uint8Array(4).fill(255))).toBe(4_000);
  expect(fullJitter(3, () => new Uint8Array(4))).toBe(0);
});
