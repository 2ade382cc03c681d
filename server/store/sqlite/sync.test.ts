/** A station's database and the log of its site: what is offered, what is taken in, and that each is there whole or not at all. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { transitionOp } from '../../../core/sync/drafts.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { canonicalJson } from '../../../core/sync/canonical.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { sha256 } from '../audit.ts';
import type { CheckedPage } from '../station-sync-store.ts';
import { createSiteLog, KEY } from '../testing-site-log.ts';
import { author, NOTHING } from '../testing-stores.ts';
import type { SqliteStore } from './create.ts';
import {
  ALL,
  born,
  closeAll,
  database,
  type Made,
  next,
  open,
  pullAll,
  pushAll,
  refreshed,
  setRef,
  SITE,
  values,
} from './testing-sync.ts';

afterEach(closeAll);

const problems = async ({ store }: SqliteStore): Promise<unknown> => (await store.verifyAudit()).problems;
const heads = ({ folder }: Made, field: string): unknown[] => {
  const db = new Database(join(folder, 'station.db'), { readonly: true });
  const rows = db.prepare('SELECT value FROM cell_head WHERE field = ?').pluck().all(field);
  db.close();
  return rows;
};
const waiting = async ({ queue }: SqliteStore): Promise<string[]> =>
  (await queue.list()).filter(({ state }) => state === 'waiting').map(({ name, root }) => `${name} ${root}`);

test('own operations are offered in the order of their numbers, within limits, until they are acknowledged', async () => {
  const own = await database();
  const archive = createArchive(1);
  for (let n = 0; n < 5; n += 1) await born(own, archive.next());
  const total = (await own.sync.counts(SITE)).unsent;
  expect(total).toBeGreaterThan(12);
  const first = await next(own, { ops: 4, bytes: 1_000_000 });
  expect(first).toMatchObject({ device: own.store.device, own: true, first: 1, last: { devSeq: 4 }, signed: null });
  expect(first?.count).toBe(4);
  expect(JSON.parse(first?.text ?? '')).toHaveLength(4);
  const small = await next(own, { ops: 1_000, bytes: 3_000 });
  expect(Buffer.byteLength(small?.text ?? '')).toBeLessThanOrEqual(3_001);
  expect((await next(own, { ops: 1_000, bytes: 1 }))?.count).toBe(1);
  // While those are on their way.
  expect(await own.sync.offer(SITE, { ops: 4, bytes: 1_000_000 }, [], 4)).toMatchObject({ first: 5, isNew: true });
  expect(await own.sync.offer(SITE, { ops: 4, bytes: 1_000_000 }, [], total)).toEqual({ kind: 'none' });

  const log = createSiteLog(SITE);
  await own.sync.begin(SITE, 1);
  if (first !== undefined) await own.sync.acknowledged(log.push(first));
  expect(await own.sync.counts(SITE)).toMatchObject({ unsent: total - 4 });
  expect(await next(own)).toMatchObject({ first: 5 });
  await pushAll(own, log);
  expect(await next(own)).toBeUndefined();
  expect(log.ops).toHaveLength(total);
  // What they name is to be sent, readings before documents.
  const uploads = await own.sync.uploads(100);
  expect(uploads.map(({ purpose }) => purpose)).toEqual([...Array(5).fill('reading'), ...Array(5).fill('document')]);
  // The site asks for what it was thought to have.
  await own.sync.goBack(3);
  expect(await next(own)).toMatchObject({ first: 3 });
});

test('a refused operation leaves the heads, gives back what it superseded, and is shown until somebody looked', async () => {
  const own = await database();
  const item = createArchive(2).next();
  const { id } = item.invoice;
  await born(own, item);
  const before = await setRef(own, id, 'A-1');
  const refused = await setRef(own, id, 'A-2', [before]);
  expect(heads(own, 'contractRef')).toEqual(['A-2']);
  const log = createSiteLog(SITE);
  await pushAll(own, log, (body) => (body.op_id === refused ? 'refused:role' : 'accepted'));
  expect(heads(own, 'contractRef')).toEqual(['A-1']);
  expect(await waiting(own)).toEqual([`refresh ${id}`]);
  expect(await own.sync.counts(SITE)).toMatchObject({ refused: 1, unsent: 0 });
  expect(await own.sync.refused()).toMatchObject([{ op: refused, code: 'role', value: 'A-2', root: id }]);
  // The same answer again, and the same operations in a page, change nothing more.
  await pullAll(own, log);
  expect(heads(own, 'contractRef')).toEqual(['A-1']);
  await own.sync.sawRefused([refused]);
  expect(await own.sync.counts(SITE)).toMatchObject({ refused: 0 });
  expect(await problems(own)).toEqual([]);
  // A site that went back to an older copy may decide otherwise.
  const again = createSiteLog(SITE, 2);
  await own.sync.begin(SITE, 2);
  await pushAll(own, again);
  expect(heads(own, 'contractRef')).toEqual(['A-2']);
});

test("others' operations come in with heads, documents, a job for each invoice and the cursor", async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(3).next();
  const { id } = item.invoice;
  await born(one, item);
  await setRef(one, id, 'B-1');
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  const taken = await pullAll(two, log, 2);
  expect(taken.every(({ kind }) => kind === 'taken')).toBe(true);
  expect(await two.sync.position(SITE)).toMatchObject({ cursor: log.ops.length, siteHash: log.ops.at(-1)?.siteHash });
  expect((await two.store.opsOf(id)).map(({ body }) => body.op_id)).toEqual(
    (await one.store.opsOf(id)).map(({ body }) => body.op_id),
  );
  expect(await two.store.document(item.document.sha256)).toMatchObject({ name: item.document.name });
  expect(await waiting(two)).toEqual([`refresh ${id}`]);
  expect((await two.sync.downloads(10)).map(({ purpose, device }) => [purpose, device])).toEqual([
    ['reading', one.store.device],
    ['document', one.store.device],
  ]);
  expect(await problems(two)).toEqual([]);
  // A page that was taken in already, or one that does not follow, does nothing.
  const elsewhere = await two.sync.takeIn(log.page(0, 2));
  expect(elsewhere).toMatchObject({ kind: 'elsewhere', position: { cursor: log.ops.length } });
  // What is written now is newer than what was seen.
  await setRef(two, id, 'B-2');
  const hlcs = (await two.store.opsOf(id)).map(({ body }) => body.hlc);
  expect(hlcs.at(-1)).toBe(hlcs.toSorted().at(-1));
  // Own ones that come back are known, and nothing is to be projected again for them.
  const back = await pullAll(one, log);
  expect(back).toMatchObject([{ fresh: 0, roots: [] }]);
  expect(await waiting(one)).toEqual([]);
});

test('a save over an invoice that others have changed is not held up by its projection', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(4).next();
  const { id } = item.invoice;
  await born(one, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  await pullAll(two, log);
  const projection = projectionOf(item.invoice);
  const first = { expect: 0, projection };
  expect((await two.store.commit({ ...NOTHING, projections: [first] })).kind).toBe('ok');
  await setRef(one, id, 'C-1');
  await pushAll(one, log);
  await pullAll(two, log);
  const { length } = await two.store.opsOf(id);
  const wanted = { ...NOTHING, projections: [{ expect: length, projection }] };
  expect((await two.store.commit(wanted)).kind).toBe('ok');
});

test('two edits that did not see each other are a conflict on both stations, and settled on one it is gone on both', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(5).next();
  const { id } = item.invoice;
  await born(one, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  await pullAll(two, log);
  const mine = await setRef(one, id, 'D-1');
  const yours = await setRef(two, id, 'D-2');
  const same = await setRef(two, id, 'D-2');
  await Promise.all([pushAll(one, log), pushAll(two, log)]);
  await Promise.all([pullAll(one, log), pullAll(two, log)]);
  for (const each of [one, two]) {
    expect(await refreshed(each, item)).toMatchObject({ cells: 1, invoices: 1, first: [{ invoice: id }] });
    expect((await values(each, id)).map(String).toSorted()).toEqual(['D-1', 'D-2', 'D-2']);
  }
  await setRef(one, id, 'D-1', [mine, yours, same]);
  await pushAll(one, log);
  await pullAll(two, log);
  for (const each of [one, two]) expect(await refreshed(each, item)).toEqual({ cells: 0, invoices: 0, first: [] });
});

test('transitions count in the order of the site, whatever order they came here in', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(6).next();
  const { id } = item.invoice;
  await born(one, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  await pullAll(two, log);
  const step = (made: SqliteStore, to: string) =>
    made.store.commit({ ...NOTHING, ops: [transitionOp(author(), id, { from: 'received', to, digest: '' })] });
  await step(one, 'on_hold');
  await step(two, 'rejected');
  await pushAll(two, log);
  await pushAll(one, log);
  await Promise.all([pullAll(one, log), pullAll(two, log)]);
  const order = async (made: SqliteStore) => (await made.store.opsOf(id)).map(({ body }) => body.op_id);
  expect(await order(one)).toEqual(await order(two));
});

/** The page with one operation replaced, and its texts and hashes made to fit. */
const withBody = (page: CheckedPage, at: number, change: (body: OpBody) => object): CheckedPage => ({
  ...page,
  ops: page.ops.map((op, index) => {
    if (index !== at) return op;
    const text = canonicalJson({ ...(JSON.parse(op.text) as object), ...change(JSON.parse(op.text) as OpBody) });
    return { ...op, text, hash: sha256(text) };
  }),
});

test('a page that breaks a chain, or says something else of a number that is taken, is left out whole', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(7).next();
  await born(one, item);
  await setRef(one, item.invoice.id, 'E-1');
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  const start = await two.sync.begin(SITE, 1);
  const torn = await two.sync.takeIn(withBody(log.page(0), 2, () => ({ dev_prev: 'f'.repeat(64) })));
  expect(torn).toEqual({ kind: 'broken', what: 'chain', device: one.store.device, devSeq: 3, seq: 3 });
  expect(await two.sync.position(SITE)).toEqual(start);
  expect(await two.store.opsOf(item.invoice.id)).toEqual([]);
  expect(await two.sync.counts(SITE)).toMatchObject({ downloads: 0 });
  await pullAll(two, log);
  const forked = createSiteLog(SITE, 2);
  forked.ops.push(...log.ops);
  await two.sync.begin(SITE, 2);
  const other = await two.sync.takeIn(withBody(forked.page(0), 1, () => ({ actor: 'somebody-else' })));
  expect(other).toMatchObject({ kind: 'broken', what: 'forked', devSeq: 2 });
  // This device's own number, written by a copy of its database.
  const theirs = withBody(forked.page(0, 1), 0, () => ({ device: two.store.device, op_id: 'another' }));
  expect(await two.sync.takeIn(theirs)).toMatchObject({ kind: 'broken', what: 'forked' });
});

test('what a newer version wrote is kept in its chain, not shown, and counted', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(8).next();
  const { id } = item.invoice;
  await born(one, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  const page = log.page(0);
  const at = page.ops.length - 1;
  const newer = withBody(page, at, () => ({ kind: 'invoice.painted' }));
  await two.sync.begin(SITE, 1);
  expect(await two.sync.takeIn(newer)).toMatchObject({ kind: 'taken' });
  expect(await two.sync.counts(SITE)).toMatchObject({ deferred: 1 });
  expect(await two.store.opsOf(id)).toHaveLength(item.ops.filter(({ root }) => root === id).length - 1);
  expect(await problems(two)).toEqual([]);
  expect(await two.sync.replayDeferred()).toBe(0);
});

test('what was kept from a newer version is applied by the version that understands it', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(9).next();
  const { id } = item.invoice;
  await born(one, item);
  await setRef(one, id, 'F-1');
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  await pullAll(two, log);
  await two.store.close();
  open.splice(1, 1);
  const db = new Database(join(two.folder, 'station.db'));
  db.exec(`INSERT INTO op_deferred SELECT op_id, body, NULL, received_at FROM op_log WHERE body LIKE '%contractRef%';
    DELETE FROM cell_head; DELETE FROM superseded; DELETE FROM job`);
  db.close();
  const after = await database(two.folder);
  expect(await values(after, id)).toEqual([]);
  expect(await after.sync.replayDeferred()).toBe(1);
  expect(await values(after, id)).toEqual(['F-1']);
  expect(await waiting(after)).toEqual([`refresh ${id}`]);
  expect(await after.sync.counts(SITE)).toMatchObject({ deferred: 0 });
});

test('after a site went back to an older copy everything is kept and offered again, that of others by their signed heads', async () => {
  const [one, two] = [await database(), await database()];
  const archive = createArchive(10);
  const [first, second] = [archive.next(), archive.next()];
  await born(one, first);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  const backup = log.ops.length;
  await born(one, second);
  await pushAll(one, log);
  await setRef(two, first.invoice.id, 'G-1');
  await pushAll(two, log);
  await pullAll(two, log);
  // Station one is lost; what it had sent lives on in station two.
  const restored = log.restored(backup);
  await pullAll(two, restored);
  expect(await two.sync.counts(SITE)).toMatchObject({ unsent: 0, again: second.ops.length + 1 });
  expect(await two.sync.offer(SITE, ALL, [one.store.device])).toMatchObject({ kind: 'offer', own: true });
  const offer = await next(two);
  expect(offer).toMatchObject({ device: one.store.device, own: false, first: backup + 1 });
  expect(offer?.signed).toMatchObject({ device: one.store.device, dev_seq: offer?.last.devSeq });
  expect(offer?.publicKey).toBe(KEY);
  const mine = (await two.store.opsOf(first.invoice.id)).at(-1)?.body.op_id ?? '';
  expect(await two.sync.unheld([mine, 'nowhere'], [])).toEqual(['nowhere']);
  await pushAll(two, restored);
  expect(await two.sync.counts(SITE)).toMatchObject({ unsent: 0, again: 0 });
  expect(new Set(restored.ops.map(({ id }) => id))).toEqual(new Set(log.ops.map(({ id }) => id)));
  await pullAll(two, restored);
  expect(await two.sync.position(SITE)).toMatchObject({ epoch: 2, cursor: log.ops.length });
  expect(await problems(two)).toEqual([]);
});

test('what no signed head proves is left to others, and names whose it is', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(11).next();
  await born(one, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  await two.sync.begin(SITE, 1);
  // The page ends within a batch: nobody signed there.
  await two.sync.takeIn(log.page(0, 2));
  await two.sync.begin(SITE, 2);
  expect(await two.sync.offer(SITE, ALL)).toEqual({ kind: 'unproved', device: one.store.device });
  expect(await two.sync.offer(SITE, ALL, [one.store.device])).toEqual({ kind: 'none' });
});

const withoutContent = (page: CheckedPage, ...texts: string[]): CheckedPage => ({
  ...page,
  ops: page.ops.map((op) => (texts.some((text) => op.text.includes(text)) ? { ...op, content: null } : op)),
});

test('what a page has no content for keeps the one it has here, and gets one where it has none', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(12).next();
  const { id } = item.invoice;
  await born(one, item);
  await setRef(one, id, 'kept');
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  for (const each of [one, two]) {
    await each.sync.begin(SITE, 1);
    await each.sync.takeIn(withoutContent(log.page(0), 'contractRef', 'document.added'));
    expect(await problems(each)).toEqual([]);
  }
  expect(await values(one, id)).toEqual(['kept']);
  expect(heads(one, 'contractRef')).toEqual(['kept']);
  expect(await values(two, id)).toEqual([undefined]);
  expect(heads(two, 'contractRef')).toEqual([null]);
  expect(await two.store.document(item.document.sha256)).toBeUndefined();
  // The site has got it from somebody: its log comes again, whole.
  const whole = createSiteLog(SITE, 2);
  whole.ops.push(...log.ops);
  expect(await pullAll(two, whole)).toMatchObject([{ kind: 'taken', fresh: 2, roots: [id] }]);
  expect(await values(two, id)).toEqual(['kept']);
  expect(heads(two, 'contractRef')).toEqual(['kept']);
  expect(await two.store.document(item.document.sha256)).toMatchObject({ name: item.document.name });
  expect((await two.sync.downloads(10)).map(({ purpose }) => purpose)).toEqual(['reading', 'document']);
  expect(await problems(two)).toEqual([]);
  // The next page says nothing new.
  const again = createSiteLog(SITE, 3);
  again.ops.push(...log.ops);
  expect(await pullAll(two, again)).toMatchObject([{ kind: 'taken', fresh: 0, roots: [] }]);
});

test('a document that a site had refused and takes now is there with its row', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(15).next();
  await born(one, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log, ({ kind }) => (kind === 'document.added' ? 'refused:role' : 'accepted'));
  await pullAll(two, log);
  expect(await two.store.document(item.document.sha256)).toBeUndefined();
  const again = createSiteLog(SITE, 2);
  await one.sync.begin(SITE, 2);
  await pushAll(one, again);
  await pullAll(two, again);
  expect(await two.store.document(item.document.sha256)).toMatchObject({ name: item.document.name });
});

test('work that a copied database had not sent is written again under its new id, and stands once', async () => {
  const own = await database();
  const archive = createArchive(14);
  const [first, second] = [archive.next(), archive.next()];
  await born(own, first);
  const log = createSiteLog(SITE);
  await own.sync.begin(SITE, 1);
  await pushAll(own, log);
  const before = own.store.device;
  await born(own, second);
  const parent = await setRef(own, first.invoice.id, 'J-1');
  await setRef(own, first.invoice.id, 'J-2', [parent]);
  const device = await own.link.renewDevice();
  expect(device).not.toBe(before);
  expect(await own.sync.reissue()).toBe(second.ops.length + 2);
  expect(await own.sync.reissue()).toBe(0);
  expect(await values(own, first.invoice.id)).toEqual(['J-1', 'J-2']);
  expect(await refreshed(own, first)).toMatchObject({ cells: 0 });
  expect(await problems(own)).toEqual([]);
  const [ref] = (await own.store.opsOf(first.invoice.id)).filter(({ body }) => body.field === 'contractRef');
  expect(ref?.body).toMatchObject({ device, reissued_from: parent });
  await pushAll(own, log);
  expect(await own.sync.counts(SITE)).toMatchObject({ unsent: 0 });
  const two = await database();
  await pullAll(two, log);
  expect(await values(two, first.invoice.id)).toEqual(['J-1', 'J-2']);
  expect(await problems(two)).toEqual([]);
});
