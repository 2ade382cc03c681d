import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import type { OpBody } from '../../../core/sync/op.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createSiteLog } from '../testing-site-log.ts';
import { born, closeAll, database, type Made, pullAll, pushAll, setRef, SITE } from './testing-sync.ts';

afterEach(closeAll);

/** A machine that was copied with its keys. */
async function twinOf({ folder }: Made): Promise<Made> {
  const copy = mkdtempSync(join(tmpdir(), 'twin-'));
  cpSync(folder, copy, { recursive: true });
  return database(copy);
}

const bodies = async ({ store }: Made, root: string): Promise<OpBody[]> =>
  (await store.opsOf(root)).map(({ body }) => body).filter(({ field }) => field === 'contractRef');
const heads = ({ folder }: Made): unknown[] => {
  const db = new Database(join(folder, 'station.db'), { readonly: true });
  const found = db.prepare("SELECT value FROM cell_head WHERE field = 'contractRef'").pluck().all();
  db.close();
  return found.map(String).toSorted((a, b) => (a < b ? -1 : 1));
};

test('after a site went back, work of a device with two histories is written again by whoever holds the one that the log has no place for', async () => {
  const [third, holder] = [await database(), await database()];
  const item = createArchive(41).next();
  const { id } = item.invoice;
  await born(third, item);
  const log = createSiteLog(SITE);
  await pushAll(third, log);
  const twin = await twinOf(third);
  const { length } = log.ops;
  const first = await setRef(third, id, 'A-1');
  await setRef(third, id, 'A-2', [first]);
  await pushAll(third, log);
  await pullAll(holder, log);
  const seen = await setRef(holder, id, 'mine', [(await bodies(holder, id)).at(-1)?.op_id ?? '']);
  expect(heads(holder)).toEqual(['mine']);

  // The copy is heard first by the site that was brought back.
  const again = log.restored(length);
  await pullAll(twin, again);
  await setRef(twin, id, 'B-1');
  await pushAll(twin, again);
  const taken = await pullAll(holder, again);
  expect(taken.at(-1)).toMatchObject({ kind: 'taken', written: 2, position: { cursor: again.ops.length } });
  const { device } = holder.store;
  const [b, ...own] = await bodies(holder, id);
  expect(b).toMatchObject({ device: third.store.device });
  expect(own.map((one) => [one.device, one.actor, one.reissued_from !== undefined])).toEqual([
    [device, 'local:test', false],
    [device, 'service:sync', true],
    [device, 'service:sync', true],
  ]);
  expect(own[0]?.op_id).toBe(seen);
  expect(own[2]?.parents).toEqual([own[1]?.op_id]);
  // Whoever had replaced the old one is asked again: nothing is overwritten without a person having seen it.
  expect(heads(holder)).toEqual(['A-2', 'B-1', 'mine']);
  expect((await holder.store.verifyAudit()).problems).toEqual([]);

  await pushAll(holder, again);
  expect(await holder.sync.counts(SITE)).toMatchObject({ unsent: 0, again: 0 });
  const late = await database();
  await pullAll(late, again);
  expect(heads(late)).toEqual(['A-2', 'B-1', 'mine']);
  const before = heads(holder);
  await holder.store.rebuildHeads();
  expect(heads(holder)).toEqual(before);
});

test('a log that shows two operations of one number is not believed', async () => {
  const [third, holder] = [await database(), await database()];
  const item = createArchive(42).next();
  await born(third, item);
  const log = createSiteLog(SITE);
  await pushAll(third, log);
  const twin = await twinOf(third);
  await setRef(third, item.invoice.id, 'A');
  await setRef(twin, item.invoice.id, 'B');
  await pushAll(third, log);
  await pushAll(twin, log);
  const taken = await pullAll(holder, log, 1);
  expect(taken.at(-1)).toMatchObject({ kind: 'broken', what: 'forked', device: third.store.device });
});

test('an operation id that another device used first: the own device is at fault, and writes its work again', async () => {
  const [one, two] = [await database(), await database()];
  // One seed: the same ids, under two devices.
  const item = createArchive(21).next();
  for (const made of [one, two]) await born(made, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  await two.sync.begin(SITE, 1);
  const before = two.store.device;
  expect(await two.sync.takeIn(log.page(0))).toEqual({
    kind: 'broken',
    what: 'forked',
    device: before,
    devSeq: 1,
    seq: 1,
  });
  const own = await two.store.opsOf(item.invoice.id);
  const device = await two.link.renewDevice();
  expect(await two.sync.reissue()).toBe(item.ops.length);
  expect(await pullAll(two, log)).toMatchObject([{ kind: 'taken', fresh: item.ops.length }]);
  await pushAll(two, log);
  expect(await two.sync.counts(SITE)).toMatchObject({ unsent: 0 });
  await pullAll(one, log);
  const ids = async ({ store }: Made) => (await store.opsOf(item.invoice.id)).map(({ body }) => body.op_id);
  expect(await ids(one)).toEqual(await ids(two));
  const again = (await two.store.opsOf(item.invoice.id)).filter(({ body }) => body.device === device);
  expect(again.map(({ body }) => body.reissued_from)).toEqual(own.map(({ body }) => body.op_id));
  for (const made of [one, two]) expect((await made.store.verifyAudit()).problems).toEqual([]);
});
