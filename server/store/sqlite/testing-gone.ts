/** For tests: stations that gave up the texts of old invoices. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createSiteLog, type SiteLog } from '../testing-site-log.ts';
import { born, database, type Item, type Made, pullAll, pushAll, refreshed, SITE } from './testing-sync.ts';

const LATER = '2999-01-01T00:00:00.000Z';
/** An origin whose work is at the site, and stations that have taken it in. */
export async function stations(
  count: number,
  items: readonly Item[],
): Promise<{ log: SiteLog; origin: Made; desks: Made[] }> {
  const [log, origin] = [createSiteLog(SITE), await database()];
  for (const item of items) await born(origin, item);
  await pullAll(origin, log);
  await pushAll(origin, log);
  const desks: Made[] = [];
  for (let n = 0; n < count; n += 1) {
    const desk = await database();
    await pullAll(desk, log);
    for (const item of items) await refreshed(desk, item);
    await settleBytes(desk);
    desks.push(desk);
  }
  return { log, origin, desks };
}

/** Bytes have come; what waits for a worker is done. */
export async function settleBytes({ sync, folder }: Made): Promise<void> {
  for (const { sha256 } of await sync.downloads(1_000)) await sync.downloaded(sha256, { kind: 'done' });
  const db = new Database(join(folder, 'station.db'));
  db.exec("UPDATE job SET state = 'done'");
  db.close();
}

export async function compact({ sync }: Made, before = LATER): Promise<{ invoices: number; bytes: string[] }> {
  let invoices = 0;
  const bytes: string[] = [];
  for (let after: number | null = 0; after !== null;) {
    const done = await sync.compact({ site: SITE, before, after, limit: 5 });
    invoices += done.invoices;
    bytes.push(...done.bytes);
    ({ after } = done);
  }
  return { invoices, bytes };
}

export const closedOf = (items: readonly Item[]): Item[] => items.filter(({ invoice }) => invoice.state === 'exported');
