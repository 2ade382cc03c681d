/**
 * F18: a station that read the whole log, one that began with a snapshot, and one that gave up the texts of old invoices: after the same work, on old invoices too, all three
 * show, count and prove the same. Each case is a site of its own with a random history; nothing of it is a stand-in but the people.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SnapshotManifest } from '../../core/contract/snapshot.ts';
import type { Verdict } from '../../core/contract/sync-http.ts';
import { readBatch } from '../../core/sync/push.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import { project } from '../../core/invoice/project.ts';
import { projectionOf } from '../../core/invoice/summary.ts';
import { createDiskBlobs } from '../../server/blobs/disk.ts';
import { createLog } from '../../server/log.ts';
import { sha256 } from '../../server/store/audit.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../../server/store/postgres/create.ts';
import { asSuper, createTestDatabase, prepareCluster, type TestDatabase } from '../../server/store/testing-roles.ts';
import { startCluster } from '../../server/store/testing-cluster.ts';
import { createSqliteStore, type SqliteStore } from '../../server/store/sqlite/create.ts';
import type { Store } from '../../server/store/store.ts';
import { provenBy } from '../../server/sync/hub/ed25519.ts';
import { createSnapshots } from '../../server/sync/hub/snapshots.ts';
import { createTestDevice, type TestDevice } from '../../server/sync/hub/testing-device.ts';
import { type ArchivedInvoice, createArchive } from '../archive/invoices.ts';
import type { Random } from '../random.ts';
import type { Fault, FaultRun } from './fault.ts';
import { noPostgres } from './office.ts';

/** With an error planted: each case has old invoices and work on them. */
const PLANTED_CASES = 3;

export const fault: Fault = {
  id: 'F18',
  what: 'a snapshot, a compacted log and the whole log, and work on all of them',
  unit: 'cases',
  short: 50,
  missing: noPostgres,
  bugs: {
    'heads-go-with-their-texts': ['different'],
    'counts-go-with-their-texts': ['different'],
    // A page that does not continue the chain is refused.
    'begins-one-too-far': ['different', 'broken'],
  },
  run: faultSnapshot,
};

const INVOICES = 12;
const EDITS = 12;
const FIELDS = ['contractRef', 'poNumber', 'dueDate'] as const;
/** Long before today: what is closed is old. */
const THEN = Date.parse('2021-06-01T00:00:00.000Z');
const LATER = '2999-01-01T00:00:00.000Z';

const NOTHING = { ops: [], projections: [], documents: [], jobs: [] };

type Made = SqliteStore & { readonly folder: string };

async function station(folder: string, name: string): Promise<Made> {
  const own = join(folder, name);
  const opened = await createSqliteStore({ path: join(own, 'station.db'), now: Date.now, random: randomBytes });
  return { ...opened, folder: own };
}

/** As a worker shows it, without its reading, which says the same to all. */
async function shown(store: Store, { invoice: { id }, document }: ArchivedInvoice): Promise<void> {
  const ops = await store.opsOf(id);
  const projection = projectionOf(project({ id, ops, readings: new Map(), document }, sha256));
  for (const expect of [ops.length, (await store.invoice(id))?.revision ?? 0])
    if ((await store.commit({ ...NOTHING, projections: [{ expect, projection }] })).kind === 'ok') return;
  throw new Error('an invoice could not be shown');
}

type Site = Awaited<ReturnType<PostgresDatabase['site']>>;

interface Case {
  readonly site: string;
  readonly random: Random;
  readonly files: TestDatabase;
  readonly opened: Site;
  readonly items: readonly ArchivedInvoice[];
  readonly pens: readonly TestDevice[];
  readonly bug: string | undefined;
  readonly say: (line: string) => void;
  /** What was written to a cell, so that a later edit may or may not have seen it. */
  readonly seen: Map<string, string[]>;
}

async function push(
  { opened, site }: Case,
  pen: TestDevice,
  from: number,
  roles: ('reviewer' | 'auditor')[],
): Promise<void> {
  const { publicKey } = pen.signer;
  const verify = (text: string, signature: string): boolean => provenBy(publicKey, text, signature);
  const reading = readBatch(site, pen.batch(1, from), { sha256, verify });
  if (reading.kind !== 'ok') throw new Error(reading.why);
  const done = await opened.hub.push({ batch: reading.batch, publicKey, roles, jobsOf: () => [] });
  if (done.kind !== 'ok') throw new Error(`not taken: ${done.kind}`);
}

/** Edits by several, some without having seen the one before, some by who may not. */
async function work(one: Case): Promise<void> {
  const { random, pens, items, seen } = one;
  for (let n = 0; n < EDITS; n += 1) {
    const pen = random.pick([...pens]);
    const { id } = random.pick([...items]).invoice;
    const field = random.pick([...FIELDS]);
    const before = seen.get(`${id} ${field}`) ?? [];
    const known = random.integer(0, 3) === 0 ? before.slice(0, -1) : before;
    const op = pen.setField(
      id,
      field === 'dueDate' ? '2021-03-04' : `V-${random.integer(1, 4)}`,
      known.slice(-1),
      field,
    );
    await push(one, pen, pen.ops.length, random.integer(0, 5) === 0 ? ['auditor'] : ['reviewer']);
    seen.set(`${id} ${field}`, [...before, op.body.op_id]);
  }
}

async function showAtSite({ opened: { store }, files, items, site }: Case): Promise<void> {
  for (const item of items) await shown(store, item);
  await asSuper(files, (client) => client.query('DELETE FROM job WHERE site = $1', [site]));
}

async function birth(opened: Site, random: Random): Promise<ArchivedInvoice[]> {
  const archive = createArchive(random.integer(1, 1_000_000), 40);
  const items = Array.from({ length: INVOICES }, () => archive.next());
  for (const item of items) {
    const { ops, document, at } = item;
    const done = await opened.store.commit({ ...NOTHING, ops, documents: [document], at });
    if (done.kind !== 'ok') throw new Error('not born');
  }
  return items;
}

async function takeIn({ site, opened }: Case, { sync }: Made, upTo = Number.MAX_SAFE_INTEGER): Promise<void> {
  for (let at = await sync.begin(site, 1); ;) {
    const page = await opened.hub.page(at.cursor, 50);
    const rows = page.rows.filter(({ seq }) => seq <= upTo);
    if (rows.length === 0) return;
    const ops = rows.map(({ seq, verdict, body, hash, content, erasedBy }) => ({
      seq,
      verdict: verdict as Verdict,
      text: body,
      hash,
      content,
      ...(content === null && erasedBy !== null ? { erased: erasedBy } : {}),
    }));
    const taken = await sync.takeIn({ site, epoch: 1, ops, siteHash: rows.at(-1)?.siteHash ?? '', heads: [] });
    if (taken.kind !== 'taken') throw new Error(`a page was not taken in: ${JSON.stringify(taken)}`);
    at = taken.position;
  }
}

/** What came to old invoices is looked at whole; everything is shown, and nothing waits. */
async function show({ opened, items }: Case, made: Made): Promise<void> {
  for (const root of await made.sync.goneWanted(1_000)) {
    const { epoch, ops } = await opened.hub.snapshots.opsOf(root);
    const come = ops.map(({ body, verdict, erasedBy: _by, ...op }) => ({
      ...op,
      text: body,
      hash: sha256(body),
      verdict: verdict as Verdict,
    }));
    await made.sync.fillIn({ root, epoch, ops: come });
  }
  for (const item of items) if ((await made.sync.goneOps(item.invoice.id)) === 0) await shown(made.store, item);
  for (const { sha256: name } of await made.sync.downloads(1_000)) await made.sync.downloaded(name, { kind: 'done' });
  sql(made, "UPDATE job SET state = 'done'");
}

function sql({ folder }: Made, text: string): void {
  const db = new Database(join(folder, 'station.db'));
  db.exec(text);
  db.close();
}

const PLANTED: Readonly<Record<string, string>> = {
  'heads-go-with-their-texts': 'DELETE FROM cell_head WHERE op_id NOT IN (SELECT op_id FROM op_log)',
  'counts-go-with-their-texts': 'DELETE FROM superseded WHERE root IN (SELECT root FROM gone_root)',
  'begins-one-too-far': 'UPDATE sync_state SET cursor = cursor + 1',
};
const plant = (made: Made, bug: string | undefined): void => {
  if (bug !== undefined) sql(made, PLANTED[bug] ?? '');
};

async function snapshotOf({ site, opened }: Case, folder: string) {
  const blobs = await createDiskBlobs(join(folder, 'blobs'));
  const seed = randomBytes(32).toString('base64url');
  const snapshots = createSnapshots({
    sites: [site],
    storesOf: async () => opened,
    blobsOf: async () => blobs,
    secrets: { everyDerived: () => [seed] },
    folder: join(folder, 'making'),
    log: createLog({ write: () => undefined }, 'error'),
    now: Date.now,
    newId: () => uuid7(Date.now(), randomBytes(10)),
    fewest: 1,
  });
  await snapshots.look();
  const job = await opened.queue.claim(['snapshot'], 60_000);
  if (job === undefined) throw new Error('no snapshot is due');
  await snapshots.handler(() => site)({ job, signal: new AbortController().signal, progress: async () => undefined });
  const kept = await opened.hub.snapshots.newest();
  const manifest = SnapshotManifest.parse(JSON.parse(kept?.manifest ?? '{}'));
  return { manifest, file: await blobs.localPath(manifest.sha256) };
}

/** Everything that is made of operations, but when this database heard of them. */
function contentOf(one: Made): string {
  const db = new Database(join(one.folder, 'station.db'), { readonly: true });
  const rows = [
    'SELECT root, entity, field, op_id, value FROM cell_head ORDER BY 1, 2, 3, 4',
    'SELECT root, entity, field, op_id, count FROM superseded WHERE count > 0 ORDER BY 1, 2, 3, 4',
    'SELECT id, revision, state, status, document_sha, vendor_key, number_key, gross_total, conflicts, search FROM invoices ORDER BY id',
    'SELECT i.id, l.id AS line, l.ord, l.description FROM lines l JOIN invoices i ON i.row = l.invoice ORDER BY 1, 2',
    'SELECT sha256, name, size FROM documents ORDER BY 1',
    'SELECT epoch, cursor, site_hash FROM sync_state',
  ].map((text) => db.prepare(text).all());
  db.close();
  return JSON.stringify(rows, null, 1);
}

interface Told {
  readonly different: number;
  readonly problems: number;
  readonly gone: number;
}

async function compare(one: Case, all: readonly [Made, Made, Made], folder: string): Promise<Told> {
  const { bug } = one;
  const [whole, joined, compacted] = all;
  await showAtSite(one);
  const { manifest, file } = await snapshotOf(one, folder);
  await takeIn(one, compacted, manifest.seq);
  await show(one, compacted);
  await compacted.sync.compact({ site: one.site, before: LATER, after: 0, limit: 1_000 });
  await joined.sync.begin(one.site, 1);
  const taken = await joined.sync.join({ file, manifest, progress: () => undefined });
  if (taken !== 'joined') throw new Error(`the snapshot was not taken: ${taken}`);
  for (const old of [joined, compacted]) plant(old, bug);
  await work(one);
  for (const each of all) {
    await takeIn(one, each);
    await show(one, each);
  }
  const audits = await Promise.all(all.map(({ store }) => store.verifyAudit()));
  const expected = contentOf(whole);
  if (bug === undefined)
    for (const [at, { problems }] of audits.entries())
      for (const { op, devSeq, what } of problems.slice(0, 3)) one.say(`station ${at}: ${op} ${devSeq} ${what}`);
  return {
    different: [joined, compacted].filter((each) => contentOf(each) !== expected).length,
    problems: audits.reduce((n, { problems }) => n + problems.length, 0),
    gone: Math.min(...audits.slice(1).map(({ gone }) => gone)),
  };
}

async function stations(one: Case, folder: string): Promise<Told> {
  const all = [
    await station(folder, 'whole'),
    await station(folder, 'joined'),
    await station(folder, 'compacted'),
  ] as const;
  try {
    return await compare(one, all, folder);
  } finally {
    for (const { store } of all) await store.close();
  }
}

async function oneCase(postgres: PostgresDatabase, files: TestDatabase, at: number, run: FaultRun): Promise<Told> {
  const { random, bug } = run;
  const site = `f18-${at}-${randomBytes(3).toString('hex')}`;
  await postgres.createSite(site);
  const opened = await postgres.site(site);
  await asSuper(files, (client) => client.query('UPDATE site_head SET epoch = 1 WHERE site = $1', [site]));
  const items = await birth(opened, random);
  const pens = [createTestDevice(site), createTestDevice(site)];
  const one: Case = { site, random, files, opened, items, pens, bug, say: run.say, seen: new Map() };
  const folder = mkdtempSync(join(tmpdir(), 'ap-f18-'));
  try {
    await work(one);
    return await stations(one, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function faultSnapshot(run: FaultRun): Promise<void> {
  const cases = run.bug === undefined ? run.count : Math.min(run.count, PLANTED_CASES);
  const cluster = await startCluster({ durable: false });
  const told = { different: 0, problems: 0, broken: 0, gone: 0 };
  try {
    await prepareCluster(cluster.url);
    const files = await createTestDatabase(cluster.url);
    const postgres = await createPostgresDatabase({
      url: files.url,
      poolSize: 2,
      now: () => THEN,
      random: randomBytes,
    });
    try {
      for (let at = 0; at < cases; at += 1) {
        try {
          const { different, problems, gone } = await oneCase(postgres, files, at, run);
          told.different += different;
          told.problems += problems;
          told.gone += gone;
        } catch (error) {
          run.say(`case ${at}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
          told.broken += 1;
        }
      }
    } finally {
      await postgres.close();
    }
  } finally {
    await cluster.stop();
  }
  const { figures } = run;
  // That there was something to be tested.
  figures.atLeast('f18.operations-at-the-site-alone', told.gone, cases);
  figures.atMost('f18.different', told.different, 0);
  figures.atMost('f18.audit-problems', told.problems, 0);
  figures.atMost('f18.broken', told.broken, 0);
}
