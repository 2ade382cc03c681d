/** Real files with real damage: what proves itself is in the new database, and the damaged file is kept as it was. */
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Settings } from '../../../core/contract/settings.ts';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { fieldSetOp } from '../../../core/sync/drafts.ts';
import { uuid7 } from '../../../core/sync/ids.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createRandom, type Random } from '../../../scripts/random.ts';
import { auditSqlite, createSqliteStore } from './create.ts';
import { damageMark } from './damage.ts';
import { type Salvaged, salvageSqlite } from './salvage.ts';

const INVOICES = 60;
const SEEDS = 24;
const NOW = '2026-05-01T08:00:00.000Z';

interface Kept {
  readonly op_id: string;
  readonly body: string;
  readonly hash: string;
  readonly value: string | null;
  readonly reason: string | null;
  readonly salt: string | null;
}

let home: string;
/** With its write-ahead log, as a killed station leaves it; and folded into one file. */
let inTwo: string;
let inOne: string;
let all: Kept[];
let device: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'salvage-'));
  [inTwo, inOne] = [join(home, 'two.db'), join(home, 'one.db')];
  const path = join(home, 'station.db');
  const { store } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  ({ device } = store);
  const archive = createArchive(23);
  for (let at = 0; at < INVOICES; at += 1) {
    const { ops, invoice, document, at: instant } = archive.next();
    const projections = [{ expect: 0, projection: projectionOf(invoice) }];
    const author = {
      opId: uuid7(Date.now(), randomBytes(10)),
      actor: 'local:test',
      salt: randomBytes(32).toString('hex'),
    };
    // Some too long for a page: their bytes lie in pieces.
    const parents = at % 10 === 0 ? Array.from({ length: 150 }, () => uuid7(0, randomBytes(10))) : [];
    const long = fieldSetOp(author, invoice.id, {
      entity: { type: 'invoice', id: invoice.id },
      field: 'notes',
      parents,
      source: 'manual',
      value: at % 5 === 0 ? `Ä${randomBytes(2_000).toString('hex')}` : 'short',
      reason: 'said by phone: „so nicht“',
    });
    await store.commit({ ops: [...ops, long], projections, documents: [document], jobs: [], at: instant });
    if (at === 20)
      await store.commit({
        ops: [],
        projections: [],
        documents: [],
        jobs: [],
        settings: Settings.parse({ timeZone: 'Europe/Berlin' }),
      });
  }
  copyFileSync(path, inTwo);
  copyFileSync(`${path}-wal`, `${inTwo}-wal`);
  await store.close();
  copyFileSync(path, inOne);
  all = opsIn(inOne);
});
afterAll(() => rmSync(home, { recursive: true }));

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(home, 'case-'));
  path = join(folder, 'station.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function opsIn(database: string): Kept[] {
  const db = new Database(database, { readonly: true });
  const rows = db
    .prepare(
      'SELECT l.op_id, l.body, l.hash, v.value, v.reason, v.salt FROM op_log l LEFT JOIN op_value v USING (op_id) ORDER BY l.local_seq',
    )
    .all();
  db.close();
  return rows as Kept[];
}

const salvage = (more: { rebuild?: (database: string) => Promise<void> } = {}): Promise<Salvaged> =>
  salvageSqlite({ path, now: NOW, random: randomBytes, sizeOf: () => 1, rebuild: async () => undefined, ...more });

function report(salvaged: Salvaged) {
  if (salvaged.kind !== 'salvaged') throw new Error(`it was ${salvaged.kind}`);
  return salvaged;
}

/** 64 random bytes at random places. */
function harm(file: string, random: Random, times: number): Buffer {
  const bytes = readFileSync(file);
  for (let hit = 0; hit < times; hit += 1) {
    const at = random.integer(0, bytes.length - 64);
    for (let i = 0; i < 64; i += 1) bytes[at + i] = random.integer(0, 255);
  }
  writeFileSync(file, bytes);
  return bytes;
}

/** What still lies there in one piece, by looking for its bytes. Says nothing of what lies in several. */
const lies = (bytes: Buffer, op: Kept): boolean => bytes.includes(op.body + op.hash);
const serialType = (text: string | null): number[] => {
  if (text === null) return [0];
  const serial = Buffer.byteLength(text) * 2 + 13;
  return serial < 128 ? [serial] : [128 + (serial >> 7), serial & 127];
};

function liesContent(bytes: Buffer, { op_id, value, reason, salt }: Kept): boolean {
  const types = [85, ...serialType(value), ...serialType(reason), 0x81, 0x0d];
  const header = Buffer.from([types.length + 1, ...types]);
  return bytes.includes(Buffer.concat([header, Buffer.from(`${op_id}${value ?? ''}${reason ?? ''}${salt}`)]));
}

test.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
  'random damage %i: every operation that can be proved is saved',
  async (seed) => {
    const random = createRandom(seed);
    const wal = seed % 3 === 0;
    copyFileSync(wal ? inTwo : inOne, path);
    if (wal) copyFileSync(`${inTwo}-wal`, `${path}-wal`);
    const hits = random.integer(1, seed % 4 === 0 ? 60 : 6);
    const files = [harm(path, random, hits), ...(wal ? [harm(`${path}-wal`, random, hits)] : [])];
    const whole = Buffer.concat(files);
    const salvaged = await salvage();
    // Hit where nothing is: there is nothing to do, and the file is whole.
    if (salvaged.kind === 'healthy') {
      if (!isDeepStrictEqual(opsIn(path), all)) throw new Error('damage was overlooked');
      return;
    }
    const { lost, withoutContent, newDevice, kept } = report(salvaged);
    const saved = new Map(opsIn(path).map((op) => [op.op_id, op]));
    const expected = all.filter((op) => lies(whole, op));
    expect(expected.filter((op) => saved.get(op.op_id)?.hash !== op.hash)).toEqual([]);
    const contents = expected.filter((op) => liesContent(whole, op));
    expect(
      contents.filter((op) => saved.get(op.op_id)?.salt !== op.salt || saved.get(op.op_id)?.value !== op.value),
    ).toEqual([]);
    // Nothing was made up, and the report is true.
    const original = new Map(all.map((op) => [op.op_id, op]));
    const own = [...saved.values()].filter((op) => original.has(op.op_id));
    expect(own.every((op) => original.get(op.op_id)?.body === op.body)).toBe(true);
    expect(own.filter((op) => op.salt === null)).toHaveLength(withoutContent);
    expect(lost <= all.length - own.length).toBe(true);
    expect(newDevice || own.length === all.length).toBe(true);
    expect(own.map((op) => op.op_id)).toEqual(all.filter((op) => saved.has(op.op_id)).map((op) => op.op_id));
    expect((await auditSqlite(path)).problems).toEqual([]);
    // The damaged files are where the report says, byte by byte.
    expect(readFileSync(join(kept, 'station.db')).equals(files[0] ?? Buffer.alloc(0))).toBe(true);
    const keptLog = wal ? readFileSync(join(kept, 'station.db-wal')) : Buffer.alloc(0);
    expect(keptLog.equals(files[1] ?? Buffer.alloc(0))).toBe(true);
    expect(existsSync(damageMark(path))).toBe(false);
    expect(existsSync(`${path}.salvage`)).toBe(false);
  },
);

test.each(['one file', 'with its write-ahead log'])('without any structure, all of it: %s', async (kind) => {
  const [from, hit] = kind === 'one file' ? [inOne, ''] : [inTwo, '-wal'];
  for (const part of ['', '-wal']) if (existsSync(from + part)) copyFileSync(from + part, path + part);
  // The first page says where everything is; of a log, its own header.
  const bytes = readFileSync(path);
  bytes.fill(0, 0, 4_096);
  writeFileSync(path, bytes);
  if (hit !== '') {
    const log = readFileSync(path + hit);
    log.fill(0, 0, 32);
    writeFileSync(path + hit, log);
  }
  const { lost, withoutContent, readable } = report(await salvage());
  expect({ lost, withoutContent, readable }).toEqual({ lost: 0, withoutContent: 0, readable: 0 });
  const made = new Database(path, { readonly: true });
  expect(made.prepare('SELECT device FROM device_former').pluck().all()).toEqual([device]);
  made.close();
  expect(opsIn(path)).toEqual(all);
});

test('the new database is worked with at once, and what goes missing later is told apart', async () => {
  copyFileSync(inOne, path);
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.exec(
    'DELETE FROM op_log WHERE local_seq = 100; DELETE FROM op_value WHERE op_id = (SELECT op_id FROM op_log WHERE local_seq = 200)',
  );
  db.exec("INSERT INTO site_link (id, body, incarnation) VALUES (1, '{}', 'mark')");
  // What was deleted still lies in the file; here it shall be gone.
  db.exec('VACUUM');
  db.close();
  const { lost, withoutContent, newDevice, ops } = report(await salvage());
  const made = new Database(path, { readonly: true });
  // The device that is left is known as such, and the next start sees that this is not the database which was connected.
  expect(made.prepare('SELECT device, replaced_at FROM device_former').all()).toEqual([{ device, replaced_at: NOW }]);
  expect(made.prepare("SELECT body, incarnation <> 'mark' AS isOther FROM site_link").all()).toEqual([
    { body: '{}', isOther: 1 },
  ]);
  made.close();
  expect({ lost, withoutContent, newDevice, ops }).toEqual({
    lost: 1,
    withoutContent: 1,
    newDevice: true,
    ops: all.length - 1,
  });
  const { store } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  expect(store.device).not.toBe(device);
  expect(await store.settings()).toMatchObject({ timeZone: 'Europe/Berlin' });
  const { ops: more, invoice, document, at } = createArchive(99).next();
  const projections = [{ expect: 0, projection: projectionOf(invoice) }];
  expect((await store.commit({ ops: more, projections, documents: [document], jobs: [], at })).kind).toBe('ok');
  expect(await store.verifyAudit()).toMatchObject({ devices: 2, known: 2, problems: [] });
  await store.close();
  const tampered = new Database(path);
  tampered.exec("UPDATE op_value SET value = 'x' WHERE op_id = (SELECT op_id FROM op_log WHERE local_seq = 300)");
  tampered.close();
  expect((await auditSqlite(path)).problems[0]).toMatchObject({ what: expect.stringContaining('committed') });
});

test('what the file has lost is taken from a backup', async () => {
  mkdirSync(join(folder, 'backups'));
  copyFileSync(inOne, join(folder, 'backups', 'station-20260430T080000Z.db'));
  const backup = readFileSync(inOne);
  copyFileSync(inOne, path);
  const bytes = readFileSync(path);
  bytes.fill(0xee, 0, Math.floor(bytes.length / 2));
  writeFileSync(path, bytes);
  const { lost, withoutContent, newDevice, ops, fromBackups } = report(await salvage());
  expect({ lost, withoutContent, ops }).toEqual({ lost: 0, withoutContent: 0, ops: all.length });
  expect(fromBackups).toBeGreaterThan(0);
  // Whether anything came after the backup, nobody can tell without the page that said so.
  expect(newDevice).toBe(true);
  expect(opsIn(path)).toEqual(all);
  expect(readFileSync(join(folder, 'backups', 'station-20260430T080000Z.db')).equals(backup)).toBe(true);
});

test('without damage nothing is changed, a mark from before is taken away', async () => {
  copyFileSync(inOne, path);
  writeFileSync(damageMark(path), 'a disk that was not there for a moment');
  await expect(createSqliteStore({ path, now: Date.now, random: randomBytes })).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('ap-intake salvage --data'),
  });
  expect(await salvage()).toEqual({ kind: 'healthy' });
  expect(readFileSync(path).equals(readFileSync(inOne))).toBe(true);
  expect(existsSync(damageMark(path))).toBe(false);
});

test('a file in which nothing can be found stays where it is', async () => {
  writeFileSync(path, randomBytes(100_000));
  await expect(salvage()).rejects.toThrow(/No operation could be found/);
  expect(readdirSync(folder).toSorted()).toEqual(['station.db', 'station.db.damaged', 'station.db.lock']);
});

test('interrupted before the end it begins again, interrupted in the swap it is finished', async () => {
  copyFileSync(inOne, path);
  const damaged = harm(path, createRandom(5), 40);
  await expect(salvage({ rebuild: () => Promise.reject(new Error('the power went')) })).rejects.toThrow('power');
  expect(readFileSync(path).equals(damaged)).toBe(true);
  await expect(createSqliteStore({ path, now: Date.now, random: randomBytes })).rejects.toThrow(/salvage/);
  const { ops } = report(await salvage());
  // As if the process had ended between the two renames.
  renameSync(path, `${path}.salvaged`);
  writeFileSync(damageMark(path), 'begun');
  await expect(createSqliteStore({ path, now: Date.now, random: randomBytes })).rejects.toThrow(/salvage/);
  expect(await salvage()).toMatchObject({ kind: 'finished' });
  expect(opsIn(path).length).toBeGreaterThanOrEqual(ops);
});

test('a station at work keeps its database to itself', async () => {
  const { store } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  await expect(salvage()).rejects.toMatchObject({ code: 'unavailable', details: { reason: 'locked' } });
  await store.close();
});

test('damage found at work ends the writing, now and after a restart, and names the way out', async () => {
  copyFileSync(inOne, path);
  const { store, queue, care } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  const events: string[] = [];
  care.onEvent(({ kind }) => events.push(kind));
  const bytes = readFileSync(path);
  // Every page but the first: what is asked for next is not in the cache.
  bytes.fill(0xff, 4_096);
  writeFileSync(path, bytes);
  const refused = {
    code: 'storage',
    details: { reason: 'corrupt' },
    message: expect.stringContaining('ap-intake salvage'),
  };
  const archive = createArchive(77);
  const change = () => {
    const { ops, invoice, document, at } = archive.next();
    return store.commit({
      ops,
      projections: [{ expect: 0, projection: projectionOf(invoice) }],
      documents: [document],
      jobs: [],
      at,
    });
  };
  await expect(store.verifyAudit()).rejects.toMatchObject(refused);
  await expect(change()).rejects.toMatchObject(refused);
  await expect(queue.claim(['read'], 1_000)).rejects.toMatchObject(refused);
  expect(events).toEqual(['damaged']);
  await store.close().catch(() => undefined);
  expect(existsSync(damageMark(path))).toBe(true);
  await expect(createSqliteStore({ path, now: Date.now, random: randomBytes })).rejects.toMatchObject(refused);
});
