/** What every queue has to keep. A further implementation is one more entry in testing-queues.ts. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NewJob } from '../../core/contract/jobs.ts';
import { fullJitter } from './backoff.ts';
import { BLOCKED_MS, type ClaimedJob, type Queue } from './queue.ts';
import { deliveredByRedis } from './testing-delivered.ts';
import { addJobs, implementations, LEASE, type MadeQueue, newJob as job } from './testing-queues.ts';
import { isRedisMissing } from './testing-redis.ts';

/** Beyond every backoff. */
const LATER = 61_000;

/** Each of them by itself, and with its jobs delivered through Redis. */
const everyWay = isRedisMissing('the queue through Redis')
  ? implementations
  : {
      ...implementations,
      ...Object.fromEntries(
        Object.entries(implementations).map(([name, make]) => [`${name} through Redis`, () => deliveredByRedis(make)]),
      ),
    };

describe.each(Object.keys(everyWay))('queue: %s', (name) => {
  let made: MadeQueue;
  let queue: Queue;
  beforeEach(async () => {
    made = await (everyWay[name] as () => Promise<MadeQueue>)();
    ({ queue } = made);
  });
  afterEach(() => made.cleanUp());

  const add = (...jobs: NewJob[]): Promise<void> => addJobs(made, ...jobs);
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

  test('what a killed process was working on is worked on again: at once, or when its lease ran out', async () => {
    await add(job('a'));
    const first = await mustClaim();
    made = await made.reopen();
    ({ queue } = made);
    made.clock.now += made.takenOverAfter;
    expect(await claim()).toMatchObject({ id: first.id, attempt: 2 });
    expect(await queue.heartbeat(first, LEASE)).toBe(false);
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

  test('claimed by id: one answer an id, under the rules of every claim', async () => {
    await add(job('a'), job('b'), job('c', 10, 'validate'));
    const ids = (await queue.list()).toSorted((x, y) => x.root.localeCompare(y.root)).map(({ id }) => id);
    const [a = '', b = '', c = ''] = ids;
    const [first, unknown, second] = await queue.claimThese([a, 'nobody', b], LEASE);
    expect(first).toMatchObject({ kind: 'claimed', job: { id: a, root: 'a', name: 'read', attempt: 1 } });
    expect(unknown).toEqual({ kind: 'gone', state: undefined });
    if (first?.kind !== 'claimed' || second?.kind !== 'claimed') throw new Error('not claimed');
    expect(first.job.lease).not.toBe(second.job.lease);
    // Somebody holds it; that one has ended; that one waits for its backoff.
    await queue.finish(second.job);
    expect(await queue.claimThese([a, b], LEASE)).toEqual([
      { kind: 'later', at: made.clock.now + LEASE },
      { kind: 'gone', state: 'done' },
    ]);
    await queue.fail(first.job, 'no luck', { retry: true });
    const [retried] = await queue.claimThese([a], LEASE);
    // A backoff may be as short as nothing.
    const wait = retried?.kind === 'later' ? retried.at - made.clock.now : 0;
    expect(wait).toBeLessThanOrEqual(1_000);
    made.clock.now += LEASE;
    expect(await queue.claimThese([a], LEASE)).toMatchObject([{ kind: 'claimed', job: { id: a } }]);
    await queue.cancel('a');
    const [, last] = await queue.claimThese([a, c], LEASE);
    if (last?.kind === 'claimed') await queue.fail(last.job, 'impossible', { retry: false });
    expect(await queue.claimThese([a, c], LEASE)).toEqual([
      { kind: 'gone', state: 'cancelled' },
      { kind: 'gone', state: 'dead' },
    ]);
  });

  test('claimed by id, two of a kind never work on one root at once, and a lease that ran out is taken over', async () => {
    await add(job('a'));
    const first = await mustClaim();
    await add(job('a'));
    const waiting = (await queue.list()).find((view) => view.state === 'waiting')?.id ?? '';
    expect(await queue.claimThese([waiting], LEASE)).toEqual([{ kind: 'later', at: made.clock.now + BLOCKED_MS }]);
    made.clock.now += LEASE;
    expect(await queue.claimThese([first.id], LEASE)).toMatchObject([{ kind: 'claimed', job: { attempt: 2 } }]);
    expect(await queue.heartbeat(first, LEASE)).toBe(false);
  });

  test('claimed by id by many at once, each job goes to one', async () => {
    await add(...Array.from({ length: 10 }, (_, i) => job(`r${i}`)));
    const ids = (await queue.list()).map(({ id }) => id);
    const all = await Promise.all(Array.from({ length: 4 }, () => queue.claimThese(ids, LEASE)));
    expect(all.flat().filter(({ kind }) => kind === 'claimed')).toHaveLength(10);
  });

  test('given back, a job waits again at once, and the claim is not counted', async () => {
    await add(job('a'));
    const first = await mustClaim();
    await queue.release(first);
    expect(await queue.heartbeat(first, LEASE)).toBe(false);
    const second = await mustClaim();
    expect(second).toMatchObject({ id: first.id, attempt: 1 });
    await queue.release(first);
    expect(await queue.counts()).toMatchObject({ running: 1 });
    await add(job('a', 0));
    await queue.release(second);
    expect(await queue.counts()).toMatchObject({ waiting: 1, running: 0 });
  });

  test('given back for a while, a job is not due before, and the claim is not counted', async () => {
    await add(job('a'));
    const first = await mustClaim();
    await queue.release(first, 5_000);
    expect(await queue.claim(['read'], LEASE)).toBeUndefined();
    const [later] = await queue.claimThese([first.id], LEASE);
    expect(later).toEqual({ kind: 'later', at: made.clock.now + 5_000 });
    made.clock.now += 5_001;
    expect(await mustClaim()).toMatchObject({ id: first.id, attempt: 1 });
  });

  test('a webhook has tries of its own', async () => {
    const event = { id: 'e', type: 'invoice.read' as const, timestamp: '2026-01-01T00:00:00.000Z', data: {} };
    await add({ ...job('w'), name: 'webhook', data: { subscription: 's', event } });
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const claimed = await queue.claim(['webhook'], LEASE);
      if (claimed === undefined) throw new Error(`no try ${attempt}`);
      expect(claimed.attempt).toBe(attempt);
      expect(await queue.fail(claimed, 'http-500', { retry: true })).toBe(attempt === 8 ? 'dead' : 'waiting');
      made.clock.now += 20 * 3_600_000;
    }
  });

  test('how much there is of each kind, and since when', async () => {
    expect(await queue.lengths()).toEqual([]);
    const from = made.clock.now;
    await add(job('a'), job('v', 0, 'validate'));
    made.clock.now += 5_000;
    await add(job('b'));
    const running = await mustClaim();
    expect(running.root).toBe('v');
    const lengths = await queue.lengths();
    expect(lengths.find((one) => one.name === 'read')).toEqual({
      name: 'read',
      waiting: 2,
      running: 0,
      dead: 0,
      oldest: from,
    });
    expect(lengths.find((one) => one.name === 'validate')).toMatchObject({ waiting: 0, running: 1, oldest: null });
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
