/** Copies of a real database in a real folder, with a clock that is moved by hand. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Settings } from '../core/contract/settings.ts';
import { projectionOf } from '../core/invoice/summary.ts';
import { createArchive } from '../scripts/archive/invoices.ts';
import { type Caretaker, createCaretaker } from './care.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { auditSqlite, createSqliteStore, type SqliteStore } from './store/sqlite/create.ts';

const HOUR = 3_600_000;
let root: string;
let folder: string;
let now: number;
let logged: string;
let made: SqliteStore;
let metrics: ReturnType<typeof createMetrics>;
let caretaker: Caretaker;

async function begin(): Promise<void> {
  made = await createSqliteStore({ path: join(root, 'station.db'), now: () => now, random: randomBytes });
  metrics = createMetrics(() => made.queue.counts());
  const log = createLog({ write: (line: string) => void (logged += line) }, 'info');
  caretaker = createCaretaker({ care: made.care, folder, log, metrics, now: () => now });
}
async function end(): Promise<void> {
  await caretaker.close();
  metrics.close();
  await made.store.close();
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'care-'));
  folder = join(root, 'backups');
  now = Date.parse('2026-05-01T06:00:00Z');
  logged = '';
  await begin();
});
afterEach(async () => {
  await end();
  rmSync(root, { recursive: true });
});

const archive = createArchive(17);
async function change(): Promise<void> {
  const { ops, invoice, document, at } = archive.next();
  const projections = [{ expect: 0, projection: projectionOf(invoice) }];
  expect((await made.store.commit({ ops, projections, documents: [document], jobs: [], at })).kind).toBe('ok');
}
const copies = (): string[] => readdirSync(folder).toSorted();

test('a copy every four hours where something has changed, and one at the end', async () => {
  await change();
  expect(await caretaker.look()).toMatchObject({ kind: 'made', problems: 0, removed: 0 });
  await change();
  now += 3 * HOUR;
  expect(await caretaker.look()).toEqual({ kind: 'recent', newest: '2026-05-01T06:00:00Z' });
  now += 1 * HOUR;
  expect(await caretaker.look()).toMatchObject({ kind: 'made', problems: 0 });
  now += 5 * HOUR;
  expect(await caretaker.look()).toEqual({ kind: 'unchanged', newest: '2026-05-01T10:00:00Z' });
  await made.store.commit({
    ops: [],
    projections: [],
    documents: [],
    jobs: [],
    settings: Settings.parse({ timeZone: 'UTC' }),
  });
  now += 1_000;
  await end();
  await begin();
  await end();
  await begin();
  expect(copies()).toEqual(['060000', '100000', '150001'].map((time) => `station-20260501T${time}Z.db`));
  for (const name of copies()) expect((await auditSqlite(join(folder, name))).problems).toEqual([]);
  // What a killed process left half written is cleared away; what is not ours stays.
  writeFileSync(join(folder, 'station-20260501T000000Z.db.part'), 'half');
  writeFileSync(join(folder, 'my own copy.db'), 'mine');
  await change();
  expect(await caretaker.look()).toMatchObject({ kind: 'recent' });
  expect(copies()).toContain('my own copy.db');
  expect(copies().filter((name) => name.endsWith('.part'))).toEqual([]);
  expect(await metrics.text()).toContain('ap_backups_total{outcome="recent"} 1');
});

/** Stand for older copies: nobody opens those again. */
function olderCopies(): string[] {
  mkdirSync(folder, { recursive: true });
  const names = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29].flatMap((day) =>
    ['05', '17'].map((hour) => `station-202604${day}T${hour}0000Z.db`),
  );
  for (const name of names) writeFileSync(join(folder, name), 'older');
  return names;
}

test('a copy that verifies lets older ones go: six are kept, and one a day for a week', async () => {
  olderCopies();
  await change();
  expect(await caretaker.look()).toMatchObject({ kind: 'made', problems: 0, removed: 12 });
  expect(copies().map((name) => name.slice(12, 19))).toEqual([
    '0424T17',
    '0425T17',
    '0426T17',
    '0427T17',
    '0428T05',
    '0428T17',
    '0429T05',
    '0429T17',
    '0501T06',
  ]);
});

test('a failure is logged and counted, and the work goes on', async () => {
  await change();
  writeFileSync(folder, 'a file where the folder should be');
  expect(await caretaker.look()).toBeUndefined();
  expect(logged).toContain('backup failed');
  expect(await metrics.text()).toContain('ap_backups_total{outcome="failed"} 1');
  await change();
  rmSync(folder);
  expect((await caretaker.look())?.kind).toBe('made');
});

test('a copy whose log does not verify removes no older one', async () => {
  await change();
  await end();
  const db = new Database(join(root, 'station.db'));
  db.exec(
    "UPDATE op_value SET value = 'other' WHERE op_id = (SELECT op_id FROM op_value WHERE value IS NOT NULL LIMIT 1)",
  );
  db.close();
  await begin();
  const older = olderCopies();
  await change();
  now += 4 * HOUR;
  expect(await caretaker.look()).toMatchObject({ kind: 'made', problems: 1, removed: 0 });
  expect(copies()).toEqual(expect.arrayContaining(older));
  expect(logged).toContain('does not verify');
});
