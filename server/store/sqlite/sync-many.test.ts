/** Many operations at once have the effect of one after the other. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createSiteLog } from '../testing-site-log.ts';
import { born, closeAll, database, type Made, next, pullAll, pushAll, setRef, SITE } from './testing-sync.ts';

afterEach(closeAll);

function rows({ folder }: Made, sql: string): unknown[] {
  const db = new Database(join(folder, 'station.db'), { readonly: true });
  try {
    return db.prepare(sql).raw().all();
  } finally {
    db.close();
  }
}

const TABLES = [
  'SELECT op_id, device, dev_seq, root, kind, body, hash, seq, verdict, epoch, erased_by FROM op_log ORDER BY local_seq',
  'SELECT * FROM op_value ORDER BY op_id',
  'SELECT * FROM cell_head ORDER BY root, entity, field, op_id',
  'SELECT * FROM superseded WHERE count > 0 ORDER BY root, entity, field, op_id',
  'SELECT sha256, direction, purpose, root, state FROM sync_blob ORDER BY sha256, root',
  'SELECT sha256, name FROM documents ORDER BY sha256',
];
const tables = (made: Made): unknown[][] => TABLES.map((sql) => rows(made, sql));
const numbers = (made: Made): unknown[] => rows(made, 'SELECT dev_seq, seq, epoch FROM op_log ORDER BY dev_seq');

test('a page of two devices in turns leaves what its operations leave one by one', async () => {
  const [one, two, whole, single] = [await database(), await database(), await database(), await database()];
  const items = [createArchive(41).next(), createArchive(42).next()] as const;
  for (const [at, item] of items.entries()) await born(at === 0 ? one : two, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  await pushAll(two, log);
  // Each builds on its own last one: every second pair of heads stands against each other.
  const last: Record<string, string[]> = {};
  for (let round = 0; round < 22; round += 1) {
    const by = round % 2 === 0 ? one : two;
    const { id } = items[(round >> 1) % 2 === 0 ? 0 : 1].invoice;
    const key = `${by.store.device} ${id}`;
    last[key] = [await setRef(by, id, `value ${round}`, last[key] ?? [])];
    await pushAll(by, log, () => (round % 7 === 3 ? 'refused:role' : 'accepted'));
  }
  expect((await pullAll(whole, log)).map(({ kind }) => kind)).toEqual(['taken']);
  await pullAll(single, log, 1);
  const [expected, found] = [tables(single), tables(whole)];
  expect(expected[0]?.length).toBe(log.ops.length);
  expect(expected[2]?.length).toBeGreaterThan(0);
  expect(found).toEqual(expected);
  // What is here already among what is new.
  await pullAll(one, log);
  await pullAll(two, log);
  for (const made of [one, two]) expect(tables(made)[2]).toEqual(expected[2]);
  expect((await whole.store.verifyAudit()).problems).toEqual([]);
});

test('a run is acknowledged as it was numbered; whatever is another one than was offered is told one by one', async () => {
  const own = await database();
  const item = createArchive(43).next();
  await born(own, item);
  const log = createSiteLog(SITE);
  await pushAll(own, log);
  const first = log.ops.length + 1;
  const ops: string[] = [];
  for (let n = 0; n < 30; n += 1) ops.push(await setRef(own, item.invoice.id, `value ${n}`, ops.slice(-1)));
  const offer = await next(own, { ops: 20, bytes: 1_000_000 });
  if (offer === undefined) throw new Error('nothing to offer');
  const answer = log.push(offer);
  // Not those of another device, nor those that it names in another order.
  expect(await own.sync.acknowledged({ ...answer, device: 'another' })).toEqual({ roots: [], refused: 0 });
  expect((await own.sync.counts(SITE)).unsent).toBe(30);
  expect(await own.sync.acknowledged(answer)).toEqual({ roots: [], refused: 0 });
  expect((await own.sync.counts(SITE)).unsent).toBe(10);
  // One that was refused among them.
  await pushAll(own, log, ({ op_id: id }) => (id === ops[25] ? 'refused:role' : 'accepted'));
  expect(await own.sync.counts(SITE)).toMatchObject({ unsent: 0, refused: 1 });
  const seqs = numbers(own).slice(first - 1);
  expect(seqs).toEqual(ops.map((_op, at) => [first + at, first + at, 1]));
  // In a newer history, after others' operations, and backwards.
  const again = createSiteLog(SITE, 2);
  const results = ops.slice(0, 10).map((op, at) => ({ op_id: op, seq: 100 + at, verdict: 'accepted' as const }));
  await own.sync.acknowledged({ device: own.store.device, epoch: again.epoch, results });
  const turned = ops.slice(10, 20).map((op, at) => ({ op_id: op, seq: 209 - at, verdict: 'accepted' as const }));
  await own.sync.acknowledged({ device: own.store.device, epoch: again.epoch, results: turned.toReversed() });
  const swapped = ops
    .slice(20, 22)
    .toReversed()
    .map((op, at) => ({ op_id: op, seq: 300 + at, verdict: 'accepted' as const }));
  await own.sync.acknowledged({ device: own.store.device, epoch: again.epoch, results: swapped });
  expect(numbers(own).slice(first - 1, first + 21)).toEqual([
    ...Array.from({ length: 10 }, (_none, at) => [first + at, 100 + at, 2]),
    ...Array.from({ length: 10 }, (_none, at) => [first + 10 + at, 209 - at, 2]),
    [first + 20, 301, 2],
    [first + 21, 300, 2],
  ]);
});
