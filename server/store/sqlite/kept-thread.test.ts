/** Threads that really end: terminated in the middle of their work, or by an error nobody caught. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../../../core/contract/errors.ts';
import { InvoiceQuery } from '../../../core/contract/http.ts';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createSqliteStore, type SqliteStore, type StoreEvent } from './create.ts';
import { keepThread } from './kept-thread.ts';
import type { Queries } from './queries.ts';

let folder: string;
let made: SqliteStore;
let threads: Worker[];
const collect = (worker: Worker): void => void threads.push(worker);
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
  threads = [];
  process.on('worker', collect);
  const options = { now: Date.now, random: randomBytes, queriesAfterMs: 0 };
  made = await createSqliteStore({ path: join(folder, 'station.db'), ...options });
  while (threads.length < 2) await sleep(5);
});
afterEach(async () => {
  await made.store.close();
  process.off('worker', collect);
  rmSync(folder, { recursive: true });
});

const archive = createArchive(11);
const change = () => {
  const { ops, invoice, document, at } = archive.next();
  const job = { id: `job-${invoice.id}`, name: 'validate' as const, data: { invoice: invoice.id }, root: invoice.id };
  return {
    ops,
    projections: [{ expect: 0, projection: projectionOf(invoice) }],
    documents: [document],
    jobs: [{ ...job, priority: 0 }],
    at,
  };
};
const [WRITER, QUERIES] = [0, 1];

test('a writer that was terminated is there again, and what it had acknowledged too', async () => {
  const { store, care } = made;
  const events: StoreEvent[] = [];
  care.onEvent((event) => events.push(event));
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const writer = threads.filter((_, at) => at !== QUERIES).at(-1);
    const changes = Array.from({ length: 20 }, change);
    const outcomes = changes.map((one) => store.commit(one));
    await outcomes[round * 4];
    await writer?.terminate();
    const settled = await Promise.allSettled(outcomes);
    const refusals = settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as AppError] : []));
    expect(new Set(refusals.map((error) => `${error.code} ${String(error.details['reason'])}`))).toEqual(
      new Set(['unavailable store-restarting']),
    );
    for (const [at, outcome] of settled.entries()) {
      if (outcome.status === 'fulfilled') acknowledged.push(changes[at]?.projections[0]?.projection.invoice.id ?? '');
    }
    // Asked while the thread is still being started.
    expect((await store.commit(change())).kind).toBe('ok');
  }
  expect(events).toMatchObject(Array.from({ length: 3 }, () => ({ kind: 'thread-ended', thread: 'writer' })));
  expect(acknowledged.length).toBeGreaterThan(3);
  for (const id of acknowledged) expect(await store.invoice(id)).toMatchObject({ id });
  expect((await store.verifyAudit()).problems).toEqual([]);
});

test('what a person does at that moment is repeated by its id without being done twice', async () => {
  const { store } = made;
  const wish = change();
  const first = store.commit(wish);
  await threads[WRITER]?.terminate();
  await first.catch(() => undefined);
  const again = await store.commit(wish);
  expect(again.kind === 'ok' || again.what === 'op-exists').toBe(true);
  expect(await store.invoiceIds({})).toHaveLength(1);
});

test('a bug in a thread ends it, not the store', async () => {
  const { store } = made;
  await store.commit(change());
  const writer = threads[WRITER];
  const ended = new Promise((resolve) => writer?.once('exit', resolve));
  writer?.postMessage(null, []); // no call at all: nobody in there catches that
  await ended;
  expect((await store.commit(change())).kind).toBe('ok');
  expect((await store.invoices(InvoiceQuery.parse({}))).total).toBe(2);
});

test('the reading thread comes back as well, and sees what was saved before it was asked', async () => {
  const path = join(folder, 'station.db');
  const deaths: Error[] = [];
  const kept = keepThread<Queries>({
    file: new URL('thread.ts', import.meta.url),
    data: () => ({ role: 'queries', path }),
    died: (cause) => deaths.push(cause),
  });
  await kept.start();
  for (let round = 1; round <= 3; round += 1) {
    await made.store.commit(change());
    const list = kept.call('invoices', InvoiceQuery.parse({}));
    expect((await list).total).toBe(round);
    const asked = kept.call('invoices', InvoiceQuery.parse({ q: 'ab' })).catch((error: unknown) => error);
    await threads.at(-1)?.terminate();
    await asked;
  }
  expect(deaths).toHaveLength(3);
  await kept.close();
});

test('jobs of this process keep their leases when only the thread is new', async () => {
  const { store, queue } = made;
  await store.commit(change());
  const job = await queue.claim(['validate'], 60_000);
  await threads[WRITER]?.terminate();
  expect(job && (await queue.heartbeat(job, 60_000))).toBe(true);
  expect(await queue.claim(['validate'], 60_000)).toBeUndefined();
  if (job !== undefined) await queue.finish(job);
  expect(await queue.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
});

test('a closed store stays closed', async () => {
  await made.store.close();
  await expect(made.store.settings()).rejects.toMatchObject({ code: 'unavailable', details: { reason: 'closed' } });
  expect(threads).toHaveLength(2);
});
