/** What was erased at the site, and comes to this station by other ways than a new operation: nothing of it is kept. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { lessonId } from '../../../core/memory/ids.ts';
import { eraseConfirmedOp, lessonLearnedOp } from '../../../core/sync/drafts.ts';
import { type OpDraft, ReadingRecorded } from '../../../core/sync/op.ts';
import { sha256 } from '../audit.ts';
import type { CheckedOp } from '../station-sync-store.ts';
import { createSiteLog, type SiteLog } from '../testing-site-log.ts';
import { author, newId, NOTHING } from '../testing-stores.ts';
import { join } from './join.ts';
import { createLog } from './log.ts';
import { openForWriting } from './open.ts';
import { born, closeAll, database, type Made, pullAll, pushAll, refreshed, setRef, SITE } from './testing-sync.ts';

afterEach(closeAll);

const LATER = '2999-01-01T00:00:00.000Z';
const EXPORTED = 'exported';

type Item = ReturnType<ReturnType<typeof createArchive>['next']>;
const closed = (seed: number): Item => {
  const archive = createArchive(seed);
  for (;;) {
    const item = archive.next();
    if (item.invoice.state === EXPORTED) return item;
  }
};
const scopeOf = ({ invoice, document }: Item) => ({
  invoices: [invoice.id],
  documents: [document.sha256],
  ground: 'objection' as const,
  forced: false,
  asked: newId(),
});
const commit = async ({ store }: Made, ...ops: OpDraft[]): Promise<void> =>
  expect((await store.commit({ ...NOTHING, ops })).kind).toBe('ok');
const erase = (made: Made, item: Item): Promise<void> =>
  commit(made, eraseConfirmedOp(author(), newId(), scopeOf(item), 'a letter'));
function rows<T>({ folder }: Pick<Made, 'folder'>, sql: string, ...values: unknown[]): T[] {
  const db = new Database(pathOf(folder, 'station.db'));
  try {
    return db.prepare(sql).all(...values) as T[];
  } finally {
    db.close();
  }
}
const held = (made: Pick<Made, 'folder'>, root: string): unknown[] =>
  rows(made, 'SELECT v.value FROM op_log l JOIN op_value v USING (op_id) WHERE l.root = ?', root);
const compact = ({ sync }: Made) => sync.compact({ site: SITE, before: LATER, after: 0, limit: 100 });
function settle({ folder }: Made): void {
  const db = new Database(pathOf(folder, 'station.db'));
  db.exec("UPDATE job SET state = 'done'; UPDATE sync_blob SET state = 'done'");
  db.close();
}
const learned = (vendor: string, invoice: string): OpDraft =>
  lessonLearnedOp(author(), vendor, lessonId(sha256, vendor, invoice), {
    v: 1,
    vendorName: 'Canary Works',
    invoice,
    document: 'd',
    keys: [{ key: `tax:${invoice}` }],
    print: [],
    style: {},
    rates: [],
    fields: {},
  });

/** An invoice at the site, its author, and another station whose texts of it were given up. */
async function givenUp(item: Item): Promise<{ log: SiteLog; origin: Made; desk: Made }> {
  const [log, origin, desk] = [createSiteLog(SITE), await database(), await database()];
  await born(origin, item);
  await pullAll(origin, log);
  await pushAll(origin, log);
  await pullAll(desk, log);
  return { log, origin, desk };
}
async function shownAndCompacted(desk: Made, item: Item): Promise<void> {
  await refreshed(desk, item);
  settle(desk);
  expect((await compact(desk)).invoices).toBe(1);
}

test('values of an invoice whose operations are at the site alone go, also those that an operation replaced here', async () => {
  const item = closed(3);
  const { log, origin, desk } = await givenUp(item);
  const { id } = item.invoice;
  const first = await setRef(origin, id, 'CANARY-1');
  await pushAll(origin, log);
  await pullAll(desk, log);
  await shownAndCompacted(desk, item);
  await setRef(origin, id, 'CANARY-2', [first]);
  await pushAll(origin, log);
  await pullAll(desk, log);
  const values = (table: string) =>
    rows<{ value: string | null }>(desk, `SELECT value FROM ${table} WHERE root = ? AND field NOT LIKE '#%'`, id);
  expect(values('gone_head').map(({ value }) => value)).toEqual(['CANARY-1']);
  expect(values('cell_head').filter(({ value }) => value !== null).length).toBeGreaterThan(1);
  await erase(origin, item);
  await pushAll(origin, log);
  await pullAll(desk, log);
  expect(values('cell_head').filter(({ value }) => value !== null)).toEqual([]);
  expect(values('gone_head')).toEqual([]);
  expect((await desk.store.verifyAudit()).problems).toEqual([]);
});

test('operations that come back of an invoice that was erased meanwhile keep no content', async () => {
  const item = closed(3);
  const { log, origin, desk } = await givenUp(item);
  const { id } = item.invoice;
  const before: CheckedOp[] = log.ops.map(({ id: _id, siteHash: _hash, ...op }) => op);
  await shownAndCompacted(desk, item);
  await erase(origin, item);
  await pushAll(origin, log);
  await pullAll(desk, log);
  const ops = before
    .filter(({ text }) => (JSON.parse(text) as { root: string }).root === id)
    .map((op) => ({ ...op, at: LATER }));
  await desk.sync.fillIn({ root: id, epoch: log.epoch, ops });
  expect(rows(desk, 'SELECT op_id FROM op_log WHERE root = ?', id)).toHaveLength(ops.length);
  expect(held(desk, id)).toEqual([]);
  expect((await desk.store.verifyAudit()).problems).toEqual([]);
});

test('a reading that says nothing of its bytes keeps no invoice from being given up', async () => {
  const item = closed(3);
  const ops = item.ops.map((op) =>
    op.kind === 'reading.recorded' ? { ...op, content: { ...op.content, value: '{x}' } } : op,
  );
  const { desk } = await givenUp({ ...item, ops });
  await refreshed(desk, item);
  settle(desk);
  expect(await compact(desk)).toMatchObject({ invoices: 1, bytes: [item.document.sha256] });
});

test('content that comes after its operation, of what was erased meanwhile, is not kept', async () => {
  const item = closed(4);
  const { log, origin, desk } = await givenUp(item);
  const vendor = newId();
  await commit(origin, learned(vendor, item.invoice.id));
  await pushAll(origin, log);
  const whole = log.ops.at(-1);
  if (whole === undefined) throw new Error('it is not at the site');
  log.ops[log.ops.length - 1] = { ...whole, content: null };
  await pullAll(desk, log);
  await erase(origin, item);
  await pushAll(origin, log);
  await pullAll(desk, log);
  const again = log.restored(log.ops.length);
  again.ops[whole.seq - 1] = whole;
  await pullAll(desk, again);
  expect(rows(desk, 'SELECT seq FROM op_log WHERE root = ?', vendor)).toHaveLength(1);
  expect(held(desk, vendor)).toEqual([]);
  expect(await desk.store.lessonsFrom(item.invoice.id)).toEqual([]);
});

test('bytes that another invoice’s reading comes to name after they were doomed come here, whatever was made of them', async () => {
  const archive = createArchive(12);
  const [gone, later] = [archive.next(), archive.next()];
  const [log, origin, desk] = [createSiteLog(SITE), await database(), await database()];
  const told = async (): Promise<void> => {
    await pullAll(origin, log);
    await pushAll(origin, log);
    await pullAll(desk, log);
  };
  await born(origin, gone);
  await told();
  await erase(origin, gone);
  await told();
  const doomed = await desk.store.doomedBlobs('waiting');
  const { value = null } = gone.ops.find(({ kind }) => kind === 'reading.recorded')?.content ?? {};
  const { blob = '' } = ReadingRecorded.parse(JSON.parse(value ?? ''));
  expect(doomed).toContain(blob);
  await desk.store.droppedBlobs(doomed);
  const ops = later.ops.map((op) =>
    op.kind === 'reading.recorded' ? { ...op, content: { ...op.content, value } } : op,
  );
  await born(origin, { ...later, ops });
  await told();
  expect(await desk.store.doomedBlobs('all')).toEqual([gone.document.sha256]);
  expect(rows(desk, 'SELECT root, direction, state FROM sync_blob WHERE sha256 = ?', blob)).toEqual([
    { root: later.invoice.id, direction: 'down', state: 'waiting' },
  ]);
});

test('a lesson of it that the site refused goes along', async () => {
  const item = closed(5);
  const { log, origin, desk } = await givenUp(item);
  const vendor = newId();
  await commit(origin, learned(vendor, item.invoice.id));
  await pushAll(origin, log, () => 'refused:role');
  await pullAll(desk, log);
  expect(held(desk, vendor)).toHaveLength(1);
  await erase(origin, item);
  await pushAll(origin, log);
  await pullAll(desk, log);
  expect(held(desk, vendor)).toEqual([]);
});

test('a station that begins with a snapshot brings nothing of its own to it that was erased at the site', () => {
  const folder = mkdtempSync(pathOf(tmpdir(), 'erase-'));
  const [own, file] = [pathOf(folder, 'own.db'), pathOf(folder, 'station.db')];
  const item = closed(6);
  const [vendor, at] = [newId(), '2026-01-01T00:00:00.000Z'];
  const snap = openForWriting(file, at);
  for (const target of [item.invoice.id, item.document.sha256])
    snap.db.prepare('INSERT INTO erased (target, op_id, at) VALUES (?, ?, ?)').run(target, newId(), at);
  snap.db.pragma('journal_mode = DELETE');
  snap.close();
  const { db, close } = openForWriting(own, at);
  db.prepare("INSERT INTO device_self (id, device, dev_seq, head_hash, hlc) VALUES (1, 'd', 0, '', '')").run();
  const kept = closed(7);
  const drafts = [...item.ops, learned(vendor, item.invoice.id), ...kept.ops];
  const log = createLog(db, drizzle({ client: db }));
  db.transaction(() => log.append(drafts, { at, nowMs: 1_000 })).immediate();
  const document = db.prepare("INSERT INTO documents (sha256, name, mime, size, added_at) VALUES (?, 'x', 'x', 1, ?)");
  for (const { document: one } of [item, kept]) document.run(one.sha256, at);
  const wish = { file, site: SITE, epoch: 1, seq: 0, siteHash: '' };
  let placed = '';
  expect(join(db, wish, (path) => void (placed = path))).toBe('joined');
  close();
  expect(placed).toBe(file);
  for (const root of [item.invoice.id, item.document.sha256, vendor]) expect(held({ folder }, root)).toEqual([]);
  expect(held({ folder }, kept.invoice.id).length).toBeGreaterThan(3);
  const heads = "SELECT count(*) AS n FROM cell_head WHERE root = ? AND value IS NOT NULL AND field NOT LIKE '#%'";
  expect(rows({ folder }, heads, item.invoice.id)).toEqual([{ n: 0 }]);
  expect(rows({ folder }, 'SELECT sha256 FROM documents')).toEqual([{ sha256: kept.document.sha256 }]);
  rmSync(folder, { recursive: true });
});
