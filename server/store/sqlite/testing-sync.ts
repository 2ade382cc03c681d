/** For tests: databases of stations, and what goes between them and the log of a site. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Verdict } from '../../../core/contract/sync-http.ts';
import type { DocumentInfo, Invoice } from '../../../core/contract/invoice.ts';
import { project } from '../../../core/invoice/project.ts';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { fieldSetOp } from '../../../core/sync/drafts.ts';
import type { OpBody, OpDraft } from '../../../core/sync/op.ts';
import { sha256 } from '../audit.ts';
import type { ConflictCount, Offer, TakenIn } from '../station-sync-store.ts';
import type { Change, Store } from '../store.ts';
import type { SiteLog } from '../testing-site-log.ts';
import { author, NOTHING } from '../testing-stores.ts';
import { createSqliteStore, type SqliteStore } from './create.ts';

export const SITE = 'northwind';
export const ALL = { ops: 1_000, bytes: 1_000_000 };
export const open: { made: SqliteStore; folder: string }[] = [];

export async function closeAll(): Promise<void> {
  for (const { made, folder } of open.splice(0)) {
    await made.store.close();
    // One folder may have been opened twice.
    rmSync(folder, { recursive: true, force: true });
  }
}

export type Made = SqliteStore & { folder: string };

export async function database(folder = mkdtempSync(join(tmpdir(), 'sync-'))): Promise<Made> {
  const made = await createSqliteStore({ path: join(folder, 'station.db'), now: Date.now, random: randomBytes });
  open.push({ made, folder });
  return { ...made, folder };
}

/** Which devices the database was before. */
export function formerDevices({ folder }: Made): unknown[] {
  const db = new Database(join(folder, 'station.db'), { readonly: true });
  const devices = db.prepare('SELECT device FROM device_former').pluck().all();
  db.close();
  return devices;
}

/** An invoice as archives are made of. */
export interface Item {
  readonly ops: readonly OpDraft[];
  readonly invoice: Invoice;
  readonly document: DocumentInfo;
  readonly at: string;
}

async function commit(store: Store, change: Change): Promise<void> {
  const { kind } = await store.commit(change);
  if (kind !== 'ok') throw new Error('the change was not taken');
}

/** As the job `refresh` shows it again, without its reading; what is counted of conflicts then. */
export async function refreshed(
  { store, sync }: SqliteStore,
  { invoice, document }: Pick<Item, 'invoice' | 'document'>,
): Promise<ConflictCount> {
  const { id } = invoice;
  const ops = await store.opsOf(id);
  const projection = projectionOf(project({ id, ops, readings: new Map(), document }, sha256));
  // What was saved here without a projection has not raised the revision of the row.
  for (const expect of [ops.length, (await store.invoice(id))?.revision ?? 0])
    if ((await store.commit({ ...NOTHING, projections: [{ expect, projection }] })).kind === 'ok')
      return sync.conflicts();
  throw new Error('the projection was not taken');
}

export async function born({ store }: SqliteStore, item: Item): Promise<void> {
  const projections = [{ expect: 0, projection: projectionOf(item.invoice) }];
  const change = { ...NOTHING, ops: item.ops, projections, documents: [item.document], at: item.at };
  await commit(store, change);
}

/** `parents`: what its author saw. */
export async function setRef(
  { store }: SqliteStore,
  id: string,
  value: string,
  parents: string[] = [],
): Promise<string> {
  const entity = { type: 'invoice' as const, id };
  const op = fieldSetOp(author(), id, { entity, field: 'contractRef', value, parents, source: 'manual' });
  await commit(store, { ...NOTHING, ops: [op] });
  return op.op_id;
}

export async function next({ sync }: SqliteStore, limits = ALL): Promise<Offer | undefined> {
  const offering = await sync.offer(SITE, limits);
  return offering.kind === 'offer' ? offering : undefined;
}

/** As often as there is something. */
export async function pushAll(made: SqliteStore, log: SiteLog, verdictOf?: (body: OpBody) => Verdict): Promise<void> {
  for (let offer = await next(made); offer !== undefined; offer = await next(made))
    await made.sync.acknowledged(log.push(offer, verdictOf));
}

export async function pullAll({ sync }: SqliteStore, log: SiteLog, limit = 1_000): Promise<TakenIn[]> {
  const taken: TakenIn[] = [];
  for (let at = await sync.begin(SITE, log.epoch); at.cursor < log.ops.length;) {
    const one = await sync.takeIn(log.page(at.cursor, limit));
    taken.push(one);
    if (one.kind !== 'taken') break;
    at = one.position;
  }
  return taken;
}

/** What `setRef` set, in the order of the log. */
export const values = async ({ store }: SqliteStore, id: string): Promise<(string | null | undefined)[]> => {
  const ops = await store.opsOf(id);
  return ops.filter(({ body }) => body.field === 'contractRef').map(({ content }) => content?.value);
};
