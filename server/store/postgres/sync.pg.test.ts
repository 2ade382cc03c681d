/** The site's side of sync over a real Postgres: what stations offer, what they read. */
import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PushBatch } from '../../../core/contract/sync-http.ts';
import type { Role } from '../../../core/access/roles.ts';
import { digestOf } from '../../../core/invoice/decided.ts';
import { readOp } from '../../../core/sync/arrived.ts';
import { readBatch } from '../../../core/sync/push.ts';
import { NO_SITE_HASH, siteHash } from '../../../core/sync/site-chain.ts';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createTestDevice, type TestDevice } from '../../sync/hub/testing-device.ts';
import { provenBy } from '../../sync/hub/ed25519.ts';
import { sha256 } from '../audit.ts';
import type { HubStore, PushOutcome } from '../hub-store.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { asSuper } from '../testing-roles.ts';
import { author, newId, NOTHING } from '../testing-stores.ts';
import { fieldSetOp } from '../../../core/sync/drafts.ts';
import type { PostgresDatabase, SiteStore } from './create.ts';

/** What a backup brings back, in an order in which it can be put back. */
const TABLES = ['site_head', 'op_log', 'op_value', 'cell_head', 'superseded', 'sync_device', 'blob_wait', 'documents'];
const copyOf = async (site: string): Promise<Record<string, string>> =>
  asSuper(await sharedDatabase(), async (client) => {
    const rows: Record<string, string> = {};
    for (const table of TABLES) {
      const found = await client.query<{ all: string }>(
        `SELECT coalesce(json_agg(t), '[]')::text AS all FROM ${table} t WHERE site = $1`,
        [site],
      );
      rows[table] = found.rows[0]?.all ?? '[]';
    }
    return rows;
  });
const bringBack = async (site: string, copy: Readonly<Record<string, string>>): Promise<void> =>
  asSuper(await sharedDatabase(), async (client) => {
    for (const table of TABLES.toReversed()) await client.query(`DELETE FROM ${table} WHERE site = $1`, [site]);
    for (const table of TABLES)
      await client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`, [
        copy[table],
      ]);
  });

type Ok = Extract<PushOutcome, { kind: 'ok' }>;

const ok = (outcome: PushOutcome): Ok => {
  expect(outcome).toMatchObject({ kind: 'ok' });
  return outcome as Ok;
};
const sql = async <R extends pg.QueryResultRow>(text: string) =>
  asSuper(await sharedDatabase(), (client) => client.query<R>(text));

describe.skipIf(postgres.url === undefined)('sync at a site', () => {
  const site = newSite();
  const archive = createArchive(11);
  let database: PostgresDatabase;
  let made: SiteStore;
  let hub: HubStore;
  let epoch = 1;
  let appended = 0;

  beforeAll(async () => {
    const { url } = await sharedDatabase();
    database = await openDatabase(url, { onAppended: (_site, seq) => (appended = seq) });
    await database.createSite(site);
    made = await database.site(site);
    ({ hub } = made);
    return () => database.close();
  });

  function read(batch: PushBatch, key: string) {
    const verify = (text: string, signature: string): boolean => provenBy(key, text, signature);
    const reading = readBatch(site, batch, { sha256, verify });
    if (reading.kind !== 'ok') throw new Error(reading.why);
    return reading.batch;
  }
  const offer = (device: TestDevice, batch: PushBatch, roles: readonly Role[] = ['reviewer'], to = hub) =>
    to.push({
      batch: read(batch, device.signer.publicKey),
      publicKey: device.signer.publicKey,
      roles,
      jobsOf: () => [],
    });
  const push = (device: TestDevice, from = 1, to = device.ops.length): Promise<PushOutcome> =>
    offer(device, device.batch(epoch, from, to));
  /** A new invoice as a station made it. */
  function invoiceOf(device: TestDevice) {
    const item = archive.next();
    device.write(...item.ops.filter(({ kind }) => kind !== 'transition' && kind !== 'field.set'));
    const reading = device.ops.findLast(({ body }) => body.kind === 'reading.recorded');
    return { item, id: item.invoice.id, reading: reading?.body.op_id ?? '' };
  }
  const clean = async (): Promise<void> => expect((await made.store.verifyAudit()).problems).toEqual([]);

  test('a batch is numbered, chained and kept; the same batch again gets the same answer', async () => {
    const device = createTestDevice(site);
    const { id, reading, item } = invoiceOf(device);
    device.setField(id, 'A-1', [reading]);
    const before = await hub.history();
    const first = ok(await push(device));
    const { ops } = device;
    expect(first.reply.acked).toBe(ops.length);
    expect(first.reply.results.map(({ op_id, seq, verdict }) => [op_id, seq, verdict])).toEqual(
      ops.map(({ body }, at) => [body.op_id, before.seq + at + 1, 'accepted']),
    );
    expect(appended).toBe(first.reply.head.seq);
    expect([first.fresh, first.roots]).toEqual([ops.length, [id]]);
    const again = ok(await push(device));
    expect(again.reply).toEqual(first.reply);
    expect(again.fresh).toBe(0);
    // A part of it, and more after it.
    device.setField(id, 'A-2', [ops.at(-1)?.body.op_id ?? '']);
    const more = ok(await push(device, 2));
    expect([more.fresh, more.reply.results.length]).toEqual([1, ops.length - 1]);
    expect(await made.store.document(item.document.sha256)).toMatchObject({ name: item.document.name });
    expect(await made.queue.list()).toMatchObject([{ name: 'refresh', root: id, state: 'waiting' }]);
    await clean();
  });

  test('what does not fit is refused whole, and nothing of it is kept', async () => {
    const device = createTestDevice(site);
    const { id, reading } = invoiceOf(device);
    const { seq } = await hub.history();
    expect(await push(device, 2)).toEqual({ kind: 'gap', expected: 1 });
    expect(await offer(device, device.batch(epoch + 1))).toEqual({ kind: 'epoch', epoch });
    const lost = newId();
    device.setField(id, 'B-1', [reading, lost]);
    expect(await push(device)).toMatchObject({ kind: 'missing_parents', parents: [lost] });
    expect((await hub.history()).seq).toBe(seq);
    ok(await push(device, 1, device.ops.length - 1));
    // Another history under the same numbers.
    const [copy, other] = [device.ops.slice(), device.ops.slice(0, -2)];
    device.ops.splice(0, device.ops.length, ...other);
    device.setField(id, 'B-2', []);
    expect(await push(device)).toMatchObject({ kind: 'device_forked', devSeq: device.ops.length });
    device.ops.splice(0, device.ops.length, ...copy);
    await clean();
  });

  test('an operation that the rules refuse is kept with its verdict and gives its parents back', async () => {
    const device = createTestDevice(site);
    const { id, reading } = invoiceOf(device);
    const kept = device.setField(id, 'C-1', [reading]);
    ok(await push(device));
    const auditor = device.setField(id, 'C-2', [kept.body.op_id]);
    const refused = ok(await offer(device, device.batch(epoch, device.ops.length), ['auditor']));
    expect(refused.reply.results).toMatchObject([{ op_id: auditor.body.op_id, verdict: 'refused:role' }]);
    expect(refused.refused).toBe(1);
    const heads = await headsOf(id);
    expect(heads).toEqual([kept.body.op_id]);
    // It stays valid as a parent, and the one it would have replaced stands beside its successor.
    const next = device.setField(id, 'C-3', [auditor.body.op_id]);
    ok(await push(device, device.ops.length));
    expect(await headsOf(id)).toEqual([kept.body.op_id, next.body.op_id].toSorted());
    await clean();
    await made.store.rebuildHeads();
    expect(await headsOf(id)).toEqual([kept.body.op_id, next.body.op_id].toSorted());
  });

  const headsOf = async (id: string): Promise<string[]> => {
    const { rows } = await sql<{ op_id: string }>(
      `SELECT op_id FROM cell_head WHERE site = '${site}' AND entity = 'invoice:${id}' AND field = 'invoiceNumber' ORDER BY op_id`,
    );
    return rows.map(({ op_id }) => op_id);
  };

  test('a transition is a compare-and-set over what its author saw', async () => {
    const [one, two] = [createTestDevice(site), createTestDevice(site)];
    const { id } = invoiceOf(one);
    ok(await push(one));
    const digest = digestOf(await made.store.opsOf(id), sha256);
    one.step(id, 'received', 'confirmed', digest);
    two.step(id, 'received', 'on_hold', digest);
    expect(ok(await push(two)).reply.results).toMatchObject([{ verdict: 'accepted' }]);
    expect(ok(await push(one, one.ops.length)).reply.results).toMatchObject([{ verdict: 'refused:stale' }]);
  });

  test('many stations at once: dense, each in its own order, chained', async () => {
    const devices = Array.from({ length: 6 }, () => createTestDevice(site));
    for (const device of devices) for (let n = 0; n < 4; n += 1) invoiceOf(device);
    const { seq } = await hub.history();
    const born = createArchive(12).next();
    const other = await database.site(site);
    await Promise.all([
      ...devices.map(async (device) => {
        for (let from = 1; from <= device.ops.length; from += 5)
          ok(await push(device, from, Math.min(device.ops.length, from + 4)));
      }),
      // The site writes its own meanwhile.
      made.store.commit({
        ...NOTHING,
        ops: born.ops,
        projections: [{ expect: 0, projection: projectionOf(born.invoice) }],
        documents: [born.document],
      }),
      ...devices.map((device) => offer(device, device.batch(epoch, 1, 5), ['reviewer'], other.hub)),
    ]);
    const total = devices.reduce((n, { ops }) => n + ops.length, 0) + born.ops.length;
    expect((await hub.history()).seq).toBe(seq + total);
    await clean();
  });

  test('a page is dense, comes to the hash of the site, and ends where a batch ended', async () => {
    let [after, hash, rows] = [0, NO_SITE_HASH, 0];
    for (;;) {
      const page = await hub.page(after, 7);
      for (const row of page.rows) {
        expect(row.seq).toBe(after + 1);
        hash = siteHash(sha256, hash, row.seq, row.hash, row.verdict);
        expect([row.siteHash, sha256(row.body)]).toEqual([hash, row.hash]);
        after = row.seq;
        rows += 1;
      }
      const last = page.rows.at(-1);
      if (last === undefined) break;
      expect(last.headSig !== null || last.device === page.history.device).toBe(true);
    }
    const history = await hub.history();
    expect([rows, hash]).toEqual([history.seq, history.siteHash]);
    expect((await hub.page(history.seq, 10)).rows).toEqual([]);
  });

  test('erased content is not given out, and not taken in again', async () => {
    const device = createTestDevice(site);
    const { id, reading } = invoiceOf(device);
    const op = device.setField(id, 'secret', [reading]);
    const { reply } = ok(await push(device));
    await sql(`DELETE FROM op_value WHERE site = '${site}' AND op_id = '${op.body.op_id}'`);
    await sql(`UPDATE cell_head SET value = NULL WHERE site = '${site}' AND op_id = '${op.body.op_id}'`);
    await sql(`UPDATE op_log SET erased_by = op_id WHERE site = '${site}' AND op_id = '${op.body.op_id}'`);
    expect(ok(await push(device)).reply).toEqual(reply);
    const page = await hub.page(reply.head.seq - 1, 1);
    expect(page.rows).toMatchObject([{ body: op.text, content: null }]);
  });

  test('content that was missing comes with a later offer', async () => {
    const device = createTestDevice(site);
    const { id, reading } = invoiceOf(device);
    const op = device.setField(id, 'D-1', [reading]);
    const whole = device.batch(epoch);
    const ops = whole.ops.map((one, at) => (at === whole.ops.length - 1 ? { ...one, content: null } : one));
    ok(await offer(device, { ...whole, ops }));
    expect((await made.store.opsOf(id)).at(-1)?.content).toBeNull();
    ok(await push(device));
    expect((await made.store.opsOf(id)).at(-1)?.content).toEqual(op.content);
    expect((await made.store.verifyAudit()).problems).toEqual([]);
  });

  test('a page ends where reasons have filled it', async () => {
    const device = createTestDevice(site);
    const { id, reading } = invoiceOf(device);
    const op = device.setField(id, 'R-1', [reading]);
    for (let n = 0; n < 4; n += 1) device.setField(id, 'R-2', [op.body.op_id]);
    const { reply } = ok(await push(device));
    const from = reply.results.at(-5)?.seq ?? 0;
    await sql(`UPDATE op_value SET reason = repeat('x', 3000000) WHERE site = '${site}' AND op_id IN
      ('${device.ops
        .slice(-4, -2)
        .map(({ body }) => body.op_id)
        .join("','")}')`);
    // One that is over the limit by what it says itself is still given; the rest of its batch comes along.
    await sql(`UPDATE op_log SET head_sig = 'x' WHERE site = '${site}' AND device = '${device.id}'`);
    expect((await hub.page(from - 1, 100)).rows.map(({ seq }) => seq)).toEqual([from, from + 1, from + 2]);
    await sql(`UPDATE op_value SET reason = NULL WHERE site = '${site}'`);
    await sql(`UPDATE op_log SET head_sig = NULL WHERE site = '${site}' AND head_sig = 'x'`);
  });

  test('a document whose name came later is there, and a decision whose content came later is not', async () => {
    const device = createTestDevice(site);
    const { item, id } = invoiceOf(device);
    device.step(id, 'received', 'on_hold', 'over nothing');
    const whole = device.batch(epoch);
    ok(await offer(device, { ...whole, ops: whole.ops.map((one) => ({ ...one, content: null })) }));
    expect(await made.store.document(item.document.sha256)).toBeUndefined();
    const filled = ok(await push(device));
    expect(filled.reply.results.at(-1)?.verdict).toBe('refused:content');
    expect(await made.store.document(item.document.sha256)).toMatchObject({ name: item.document.name });
    expect(await hub.waitedFor([item.document.sha256])).toEqual(new Map([[item.document.sha256, 'document']]));
    expect((await made.store.opsOf(id)).map(({ content }) => content)).not.toContain(null);
    await clean();
  });

  test('brought back from an older copy, the site takes in again what stations hold, its own operations too', async () => {
    const device = createTestDevice(site);
    const { id, reading } = invoiceOf(device);
    ok(await push(device));
    const copy = await copyOf(site);
    // Lost with the database: more of the station's, and the site's own.
    const lost = device.setField(id, 'F-1', [reading]);
    ok(await push(device, device.ops.length));
    await own(id, 'F-2', lost.body.op_id);
    const before = await hub.page((await hub.history()).seq - 2, 10);
    expect(before.rows.map((row) => row.device)).toEqual([device.id, before.history.device]);
    await bringBack(site, copy);
    epoch = await hub.raiseEpoch();
    const after = await hub.history();
    expect([after.epoch, after.device === before.history.device]).toEqual([epoch, false]);
    expect(epoch).toBeGreaterThan(before.history.epoch + 1);
    expect(await hub.devices([before.history.device, device.id, after.device])).toEqual(
      expect.arrayContaining([
        { device: before.history.device, publicKey: null, bySite: true },
        { device: device.id, publicKey: device.signer.publicKey, bySite: false },
        { device: after.device, publicKey: null, bySite: true },
      ]),
    );
    // The site goes on by a device of its own before anybody came back.
    await own(id, 'F-3', reading);
    expect(ok(await push(device)).fresh).toBe(1);
    const [, row] = before.rows;
    const arrival = readOp({ body: row?.body ?? '', content: row?.content ?? null }, sha256);
    if (arrival.kind !== 'op') throw new Error(arrival.why);
    const { op } = arrival;
    const head = { device: op.body.device, dev_seq: op.body.dev_seq, hash: op.hash, signature: 'x' };
    const relayed = { device: op.body.device, epoch, ops: [op] as const, head, waived: new Set<string>() };
    const wish = { batch: relayed, publicKey: null, roles: [], jobsOf: () => [] };
    expect(ok(await hub.push(wish)).reply.results).toMatchObject([{ op_id: op.body.op_id, verdict: 'accepted' }]);
    expect(ok(await hub.push(wish)).fresh).toBe(0);
    expect((await made.store.opsOf(id)).map(({ content }) => content?.value)).toEqual(
      expect.arrayContaining(['F-1', 'F-2', 'F-3']),
    );
    await clean();
  });

  async function own(invoice: string, value: string, parent: string): Promise<void> {
    const entity = { type: 'invoice', id: invoice } as const;
    const set = { entity, field: 'invoiceNumber', value, parents: [parent], source: 'manual' } as const;
    const result = await made.store.commit({ ...NOTHING, ops: [fieldSetOp(author(), invoice, set)] });
    expect(result.kind).toBe('ok');
  }

  test('two histories of a device are told when the site looks at itself', async () => {
    const device = createTestDevice(site);
    invoiceOf(device);
    ok(await push(device));
    await sql(`UPDATE sync_device SET dev_seq = dev_seq + 1 WHERE site = '${site}' AND device = '${device.id}'`);
    const { problems } = await made.store.verifyAudit();
    expect(problems.map(({ what }) => what)).toEqual([expect.stringContaining(`device ${device.id} ends at number`)]);
    await sql(`UPDATE sync_device SET dev_seq = dev_seq - 1 WHERE site = '${site}' AND device = '${device.id}'`);
    await clean();
  });

  test('bytes that are named are waited for, until they come', async () => {
    const device = createTestDevice(site);
    const { item, id } = invoiceOf(device);
    ok(await push(device));
    const blob = sha256('nobody');
    const { sha256: document } = item.document;
    expect(await hub.waitedFor([document, blob])).toEqual(new Map([[document, 'document']]));
    await hub.refuseBlob(document, 'type');
    await hub.refuseBlob(blob, 'type');
    expect(await hub.refusedBlobs([document, blob])).toEqual(new Map([[blob, 'type']]));
    const missing = await hub.missingBlobs();
    await hub.arrived([document, blob]);
    expect([await hub.missingBlobs(), (await hub.waitedFor([document])).size]).toEqual([missing - 1, 0]);
    expect((await hub.refusedBlobs([document, blob])).size).toBe(0);
    const jobs = (await made.queue.list()).filter(({ root }) => root === document || root === id);
    expect(new Set(jobs.map(({ root, name }) => `${name} ${root}`))).toEqual(
      new Set([`refresh ${document}`, `refresh ${id}`]),
    );
  });

  test('what is in a verified backup is known, and never more than there is', async () => {
    await hub.keepDurable(3);
    await hub.keepDurable(2);
    expect((await hub.history()).durableSeq).toBe(3);
    await hub.keepDurable(1e9);
    const { durableSeq, seq } = await hub.history();
    expect(durableSeq).toBe(seq);
  });
});
