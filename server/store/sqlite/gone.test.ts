/** Texts of old operations that are at the site alone: what is shown, counted and proved stays as if they were here, whatever comes afterwards. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { closedOf, compact, settleBytes, stations as stationsOf } from './testing-gone.ts';
import { closeAll, type Item, type Made, pullAll, pushAll, refreshed, setRef, SITE } from './testing-sync.ts';

afterEach(closeAll);

async function stations(count: number) {
  const made = createArchive(4);
  const items = Array.from({ length: 12 }, () => made.next());
  return { ...(await stationsOf(count, items)), items };
}

/** Everything that is made of operations, but when this database heard of them. */
function cells({ folder }: Made): unknown {
  const db = new Database(join(folder, 'station.db'), { readonly: true });
  const all = (sql: string): unknown[] => db.prepare(sql).all();
  const rows = {
    heads: all('SELECT root, entity, field, op_id, value FROM cell_head ORDER BY root, entity, field, op_id'),
    superseded: all(
      'SELECT root, entity, field, op_id, count FROM superseded WHERE count > 0 ORDER BY root, entity, field, op_id',
    ),
    shown: all('SELECT id, revision, state, document_sha, conflicts, search FROM invoices ORDER BY id'),
    documents: all('SELECT sha256, name, size FROM documents ORDER BY sha256'),
  };
  db.close();
  return rows;
}
const held = ({ folder }: Made): number => {
  const db = new Database(join(folder, 'station.db'), { readonly: true });
  const n = Number(db.prepare('SELECT count(*) FROM op_log').pluck().get());
  db.close();
  return n;
};

const moved = (desk: Made): unknown => {
  const { heads, superseded } = cells(desk) as Record<string, unknown>;
  return [heads, superseded];
};

test('closed invoices are given up, open ones and what is shown stay, and the rest is proved', async () => {
  const { items, desks } = await stations(1);
  const desk = desks[0] as Made;
  const [before, all] = [cells(desk), held(desk)];
  expect((await compact(desk, '2000-01-01T00:00:00.000Z')).invoices).toBe(0);
  const { invoices, bytes } = await compact(desk);
  expect(invoices).toBe(closedOf(items).length);
  // Its document and its reading.
  expect(bytes).toHaveLength(2 * invoices);
  expect(cells(desk)).toEqual(before);
  const { gone, ops, problems } = await desk.store.verifyAudit();
  expect({ problems, all: gone + ops }).toEqual({ problems: [], all });
  expect(ops).toBe(held(desk));
  expect(gone).toBeGreaterThan(0);
  const closed = new Set(closedOf(items).map(({ invoice }) => invoice.id));
  for (const { invoice } of items) {
    expect(await desk.store.invoice(invoice.id)).toBeDefined();
    const told = await desk.store.opsOf(invoice.id).then(
      (found) => found.length,
      (error: { details: { reason: string } }) => error.details.reason,
    );
    expect(told).toBe(closed.has(invoice.id) ? 'needs-site' : invoice.revision);
  }
  // Known, and at the site.
  expect(await desk.sync.missing(closedOf(items)[0]?.document.sha256 ?? '')).toMatchObject({ state: 'waiting' });
  expect((await compact(desk)).invoices).toBe(0);
});

test('nothing is given up that the site may not have, or that its author has to look at', async () => {
  const { origin, log, items } = await stations(0);
  const [first] = closedOf(items);
  if (first === undefined) throw new Error('none is closed');
  await settleBytes(origin);
  // This station's own: until a backup of the site has them.
  expect((await compact(origin)).invoices).toBe(0);
  await origin.sync.keepDurable(SITE, log.ops.length);
  await setRef(origin, first.invoice.id, 'not sent yet');
  const bytes = (await origin.sync.uploads(1_000)).map(({ sha256 }) => sha256);
  expect((await compact(origin)).invoices).toBe(0);
  for (const sha256 of bytes) await origin.sync.uploaded(sha256, { kind: 'done' });
  expect((await compact(origin)).invoices).toBe(closedOf(items).length - 1);
  expect((await origin.store.verifyAudit()).problems).toEqual([]);
});

test('what comes to an old invoice has the effect that it has where all is held, and is taken back as there', async () => {
  const { origin, log, items, desks } = await stations(2);
  const [desk, whole] = desks as [Made, Made];
  await compact(desk);
  const { id } = (closedOf(items)[0] as Item).invoice;
  const first = await setRef(origin, id, 'A-1');
  await pushAll(origin, log);
  for (const one of desks) await pullAll(one, log);
  expect(await desk.sync.goneWanted(5)).toEqual([id]);
  const second = await setRef(origin, id, 'A-2', [first]);
  const third = await setRef(origin, id, 'A-3', [second]);
  await pushAll(origin, log, ({ op_id: op }) => (op === third ? 'refused:role' : 'accepted'));
  for (const one of desks) await pullAll(one, log);
  expect(moved(desk)).toEqual(moved(whole));
  expect((await desk.store.verifyAudit()).problems).toEqual([]);
});

test('work on an old invoice that the site refuses gives back what only the site has the text of', async () => {
  const { log, items, desks, origin } = await stations(2);
  const [desk, whole] = desks as [Made, Made];
  const { id } = (closedOf(items)[0] as Item).invoice;
  const before = await setRef(origin, id, 'A-1');
  await pushAll(origin, log);
  for (const one of desks) {
    await pullAll(one, log);
    await refreshed(one, items.find(({ invoice }) => invoice.id === id) as Item);
    await settleBytes(one);
  }
  expect((await compact(desk)).invoices).toBe(closedOf(items).length);
  const [heads] = [cells(whole)];
  await setRef(desk, id, 'B-1', [before]);
  await pushAll(desk, log, () => 'refused:role');
  await pullAll(whole, log);
  expect((cells(desk) as { heads: unknown }).heads).toEqual((heads as { heads: unknown }).heads);
});

test('its history comes back whole, and is the one that was given up', async () => {
  const { log, items, desks, origin } = await stations(2);
  const [desk, whole] = desks as [Made, Made];
  await compact(desk);
  const { id } = (closedOf(items)[0] as Item).invoice;
  await setRef(origin, id, 'A-1');
  await pushAll(origin, log);
  for (const one of desks) await pullAll(one, log);
  const mine = log.ops.filter(({ text }) => (JSON.parse(text) as { root: string }).root === id);
  const ops = mine.map((op) => ({ ...op, at: '2021-02-03T04:05:06.000Z' }));
  const other = { ...ops[0], text: ops[0]?.text.replaceAll(id, 'another') ?? '' } as (typeof ops)[number];
  await expect(desk.sync.fillIn({ root: id, epoch: log.epoch, ops: [other] })).rejects.toThrow('not of this invoice');
  // Some of them are none.
  const some = ops.slice(0, 2);
  await expect(desk.sync.fillIn({ root: id, epoch: log.epoch, ops: some })).rejects.toThrow('not all');
  expect(await desk.sync.fillIn({ root: id, epoch: log.epoch, ops })).toBe(true);
  expect(await desk.sync.goneWanted(5)).toEqual([]);
  const named = async (one: Made) => (await one.store.opsOf(id)).map(({ hash, verdict }) => [hash, verdict]);
  expect(await named(desk)).toEqual(await named(whole));
  for (const one of desks) await refreshed(one, items.find(({ invoice }) => invoice.id === id) as Item);
  expect(cells(desk)).toEqual(cells(whole));
  expect((await desk.store.verifyAudit()).problems).toEqual([]);
  expect(await desk.sync.fillIn({ root: id, epoch: log.epoch, ops })).toBe(false);
});

test('after the site was brought back from a backup: nothing twice, what it lost is offered, and a verdict that changed is looked at', async () => {
  const { origin, log, items, desks } = await stations(2);
  const [desk, whole] = desks as [Made, Made];
  await compact(desk);
  const openOne = items.find(({ invoice }) => invoice.state === 'received')?.invoice.id ?? items[0]?.invoice.id ?? '';
  const backup = log.ops.length;
  await setRef(origin, openOne, 'after the backup');
  await pushAll(origin, log);
  for (const one of desks) await pullAll(one, log);
  const again = log.restored(backup);
  for (const one of desks) expect((await pullAll(one, again)).every(({ kind }) => kind === 'taken')).toBe(true);
  // The one that the site lost is held, and comes back from here.
  expect((await desk.sync.counts(SITE)).again).toBe(1);
  await pushAll(desk, again);
  await pullAll(whole, again);
  expect(moved(desk)).toEqual(moved(whole));
  expect(held(desk)).toBeLessThan(held(whole));
  expect((await desk.store.verifyAudit()).problems).toEqual([]);
});

test('a text that was changed, or put in the place of one that was given up, is found', async () => {
  const { desks } = await stations(1);
  const desk = desks[0] as Made;
  await compact(desk);
  const db = new Database(join(desk.folder, 'station.db'));
  db.exec(
    "UPDATE gone_chain SET hash = replace(hash, substr(hash, 1, 1), CASE substr(hash, 1, 1) WHEN '0' THEN '1' ELSE '0' END)",
  );
  db.exec(
    'UPDATE op_log SET body = replace(body, \'"v":1\', \'"v":1 \') WHERE local_seq = (SELECT min(local_seq) FROM op_log)',
  );
  db.close();
  expect((await desk.store.verifyAudit()).problems.length).toBeGreaterThan(0);
});
