/** The loop and the transfers over real databases and disks, and a site that goes wrong when it is told to. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { SyncView } from '../../../core/contract/station-sync-http.ts';
import { type ArchivedInvoice, createArchive } from '../../../scripts/archive/invoices.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import { createDiskBlobs } from '../../blobs/disk.ts';
import { type SiteLink, SiteLinkError, type SiteLinkState } from '../../enrol/site-link.ts';
import { createLog } from '../../log.ts';
import { salvageSqlite } from '../../store/sqlite/salvage.ts';
import { createSiteLog } from '../../store/testing-site-log.ts';
import {
  born,
  closeAll,
  database,
  formerDevices,
  type Made,
  refreshed,
  setRef,
  SITE,
} from '../../store/sqlite/testing-sync.ts';
import { until } from '../../testing-client.ts';
import { createStationSync, type StationSync } from './station-sync.ts';
import { createTestingSite, refusal } from './testing-site.ts';

const silent = createLog({ write: () => undefined }, 'silent');
const open: StationSync[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  await closeAll();
});

const isPush = (path: string, method: string): boolean => method === 'POST' && path.includes('/ops');

type Site = ReturnType<typeof createTestingSite>;
interface Desk extends Made {
  readonly blobs: Blobs;
  readonly loop: StationSync;
  readonly told: SyncView[];
}

async function desk({ link }: Site, made?: Made): Promise<Desk> {
  const own = made ?? (await database());
  const disk = await createDiskBlobs(mkdtempSync(join(tmpdir(), 'sync-blobs-')));
  const told: SyncView[] = [];
  const hub = { publish: (event: { type: string }) => void ('sync' in event && told.push(event.sync as SyncView)) };
  // Impatient: the shortest wait that the session knows.
  const loop = createStationSync({
    link,
    store: own.sync,
    people: own.together,
    blobs: disk,
    folder: mkdtempSync(join(tmpdir(), 'sync-joining-')),
    hub,
    log: silent,
    now: Date.now,
    random: () => 0,
  });
  open.push(loop);
  return { ...own, blobs: disk, loop, told };
}

const settled = (one: Desk): Promise<SyncView> =>
  until('everything in step', async () => {
    const view = await one.loop.view();
    return view.left === 0 && view.heardAt !== null && view.state !== 'offline' ? view : undefined;
  });

async function archived(one: Desk, item: ArchivedInvoice): Promise<void> {
  await one.blobs.put(item.readingBlob);
  await one.blobs.put(item.original);
  await born(one, item);
}

const idsOf = async (one: Desk, root: string) => (await one.store.opsOf(root)).map(({ body }) => body.op_id);

test('work of the time before the connection is sent, others get it, and both stay in step', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const [one, two] = [await desk(site), await desk(site)];
  const item = createArchive(21).next();
  const { id } = item.invoice;
  await archived(one, item);
  await setRef(one, id, 'offline');
  one.loop.start();
  two.loop.start();
  await settled(one);
  expect(site.log().ops.length).toBe((await idsOf(one, id)).length + 1);
  await until('the other station has it', async () => ((await idsOf(two, id)).length > 0 ? true : undefined));
  expect(await idsOf(two, id)).toEqual(await idsOf(one, id));
  await until('its reading', () => two.blobs.has(sha(item.readingBlob)));
  expect((await settled(two)).state).toBe('up-to-date');
  // Saved now, seen there: the poll does not have to end first.
  await setRef(two, id, 'online');
  await until('it is at the site', async () =>
    site.log().ops.length > (await idsOf(one, id)).length ? true : undefined,
  );
  await until('the first station has it', async () =>
    (await idsOf(one, id)).length === (await idsOf(two, id)).length ? true : undefined,
  );
});

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('a lost answer, a busy site, a lost connection: the same batch again, and nothing twice', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const one = await desk(site);
  const item = createArchive(22).next();
  await archived(one, item);
  site.faults.push(
    (path) => (path.endsWith('/head') ? 'away' : undefined),
    (path, method) =>
      isPush(path, method) ? refusal(503, { reason: 'read_only' }, { 'retry-after': '1' }) : undefined,
    (path, method) => (isPush(path, method) ? 'lost' : undefined),
  );
  one.loop.start();
  const offline = await until('it says so', async () => one.told.find(({ state }) => state === 'offline'));
  expect(offline.left).toBeGreaterThan(0);
  await settled(one);
  expect(site.log().ops.map(({ id }) => id)).toHaveLength(new Set(site.log().ops.map(({ id }) => id)).size);
  expect((await one.store.verifyAudit()).problems).toEqual([]);
});

test('a batch that is too large is halved; a site that wants a newer version still gives', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const [one, two] = [await desk(site), await desk(site)];
  const archive = createArchive(23);
  await archived(one, archive.next());
  site.faults.push((path, method) => (isPush(path, method) ? refusal(413) : undefined));
  one.loop.start();
  await settled(one);
  expect(site.asked.filter((ask) => ask === 'POST /ops').length).toBeGreaterThanOrEqual(3);

  const mine = archive.next();
  await archived(two, mine);
  site.faults.push((path, method) => (isPush(path, method) ? refusal(426) : undefined));
  two.loop.start();
  const old = await until('it says so', async () => {
    const view = await two.loop.view();
    return view.attention.includes('upgrade') ? view : undefined;
  });
  expect(old).toMatchObject({ state: 'attention', waiting: { send: mine.ops.length } });
  await until('others come all the same', async () =>
    (await two.sync.position(SITE))?.cursor === site.log().ops.length ? true : undefined,
  );
  // Updated, a person asks again.
  await two.loop.now();
  await settled(two);
});

test('long work goes out batch behind batch and comes in page behind page: whatever is lost on the way, all is there once and in its order', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const one = await desk(site);
  const archive = createArchive(26);
  for (let n = 0; n < 190; n += 1) await born(one, archive.next());
  const total = (await one.sync.counts(SITE)).unsent;
  expect(total).toBeGreaterThan(1_000);
  const answers = [refusal(413, {}), refusal(413, {}), 'lost' as const];
  for (const answer of answers) site.faults.push((path, method) => (isPush(path, method) ? answer : undefined));
  one.loop.start();
  await settled(one);
  const places = site.log().ops.map(({ text }) => (JSON.parse(text) as { dev_seq: number }).dev_seq);
  expect(places).toEqual(Array.from({ length: total }, (_, at) => at + 1));
  const two = await desk(site);
  let pulls = 0;
  site.faults.push((path, method) =>
    method === 'GET' && path.includes('/ops?') && (pulls += 1) > 1 ? 'away' : undefined,
  );
  two.loop.start();
  await settled(two);
  expect(await two.sync.position(SITE)).toMatchObject({ cursor: total });
  expect((await two.store.verifyAudit()).problems).toEqual([]);
}, 60_000);

test('a site brought back from an older copy gets everything again', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const [one, two] = [await desk(site), await desk(site)];
  const archive = createArchive(24);
  for (const each of [one, two]) {
    await archived(each, archive.next());
    each.loop.start();
  }
  await settled(one);
  await settled(two);
  await until('both have all', async () =>
    (await two.sync.position(SITE))?.cursor === (await one.sync.position(SITE))?.cursor ? true : undefined,
  );
  const before = new Set(site.log().ops.map(({ id }) => id));
  site.restore(1);
  await until('all of it is back', async () => (site.log().ops.length === before.size ? true : undefined));
  expect(new Set(site.log().ops.map(({ id }) => id))).toEqual(before);
  for (const each of [one, two])
    await until('in the new history', async () => ((await each.sync.position(SITE))?.epoch === 2 ? true : undefined));
});

test('a log that contradicts itself stops sync with an alarm, and work goes on', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const [one, two] = [await desk(site), await desk(site)];
  const item = createArchive(25).next();
  await archived(one, item);
  one.loop.start();
  await settled(one);
  const op = site.log().ops[1];
  if (op !== undefined) site.log().ops[1] = { ...op, verdict: 'refused:role' };
  two.loop.start();
  const alarm = await until('the alarm', async () => two.told.find(({ state }) => state === 'attention'));
  expect(alarm.attention).toContain('broken');
  expect(await two.sync.position(SITE)).toMatchObject({ cursor: 0 });
  await born(two, createArchive(26).next());
});

test('a removed device, and a station without a site, stand still and say so', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const one = await desk(site);
  site.become({ enrolled: false });
  one.loop.start();
  await archived(one, createArchive(27).next());
  expect(await one.loop.view()).toMatchObject({ state: 'off', site: null });
  expect(site.asked).toEqual([]);
  site.become(site.connected);
  await settled(one);
  const since = new Date().toISOString();
  site.become({ ...site.connected, enrolled: true, trouble: { kind: 'revoked', since, at: null, by: null } } as never);
  expect(await one.loop.view()).toMatchObject({ state: 'attention', attention: ['revoked'] });
});

test('a document is fetched when it is opened; other bytes than its name says are not kept', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const [one, two] = [await desk(site), await desk(site)];
  const bytes = randomBytes(1_000);
  const archive = createArchive(28);
  const item = archive.next();
  const { sha256 } = item.document;
  await archived(one, item);
  one.loop.start();
  await settled(one);
  site.bytes.delete(sha256);
  two.loop.start();
  await until('it is known to be late', async () =>
    (await two.sync.missing(sha256))?.state === 'late' ? true : undefined,
  );
  await expect(two.loop.blobs.read(sha256)).rejects.toMatchObject({
    code: 'not_found',
    details: { reason: 'not-here', why: 'late', device: one.store.device },
  });
  site.bytes.set(sha256, bytes);
  await expect(two.loop.blobs.read(sha256)).rejects.toMatchObject({ details: { reason: 'not-here' } });
  expect(await two.blobs.has(sha256)).toBeUndefined();
  expect(await two.blobs.has(sha(bytes))).toBeUndefined();
  site.bytes.set(sha256, Buffer.from((await one.blobs.bytes(sha256)) as Uint8Array));
  const stream = await two.loop.blobs.read(sha256);
  stream.destroy();
  expect(await two.blobs.verify(sha256)).toBe(true);
});

test('a conflict is told when it comes to the screens', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const one = await desk(site);
  one.loop.start();
  const item = createArchive(29).next();
  await archived(one, item);
  await settled(one);
  await setRef(one, item.invoice.id, 'A');
  await setRef(one, item.invoice.id, 'B');
  await settled(one);
  await refreshed(one, item);
  const told = await until('the conflict', async () => one.told.find(({ conflicts }) => conflicts.cells === 1));
  expect(told).toMatchObject({ conflicts: { invoices: 1, first: [{ invoice: item.invoice.id }] } });
});

test('saves one after the other do not keep a page from coming in', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const one = await desk(site);
  await archived(one, createArchive(30).next());
  one.loop.start();
  await settled(one);
  const { length } = site.log().ops;
  // A page takes longer than it is between two saves.
  const slow: SiteLink = {
    ...site.link,
    async authorisedFetch(path, request = {}) {
      if (path.includes('wait=0')) await sleep(800, undefined, { signal: request.signal });
      return site.link.authorisedFetch(path, request);
    },
  };
  const two = await desk({ ...site, link: slow });
  const item = createArchive(31).next();
  await archived(two, item);
  two.loop.start();
  let saves = 0;
  const came = async (): Promise<boolean> => ((await two.sync.position(SITE))?.cursor ?? 0) >= length;
  while (!(await came()) && saves < 40) {
    saves += 1;
    await setRef(two, item.invoice.id, `M-${saves}`);
    await sleep(100);
  }
  expect(saves).toBeLessThan(40);
});

test('a store of bytes that is out of reach is tried again later and later, and holds nothing up', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const item = createArchive(32).next();
  const [reading, original] = [sha(item.readingBlob), item.document.sha256];
  let puts = 0;
  const link: SiteLink = {
    ...site.link,
    async presignedFetch(url, request) {
      puts += 1;
      if (url.endsWith(reading)) throw new SiteLinkError('unreachable', 'the store is away');
      return site.link.presignedFetch(url, request);
    },
  };
  const one = await desk({ ...site, link });
  await archived(one, item);
  let read = 0;
  const disk = { ...one.blobs };
  Object.assign(one.blobs, { read: (name: string) => ((read += name === reading ? 1 : 0), disk.read(name)) });
  one.loop.start();
  await until('the other one is there', async () => site.bytes.has(original) || undefined);
  await until('a second try', async () => ((await one.sync.uploads(10)).length === 0 && puts >= 3) || undefined);
  expect(await one.sync.nextBlobAt()).toBeGreaterThan(Date.now());
  // Its sum is taken once; what is sent is read by who sends it.
  expect(read).toBe(1);
  expect(await one.sync.counts(SITE)).toMatchObject({ uploads: 1, wrongBlobs: 0 });
});

test('a device with two histories goes on as another one, and its unsent work is sent once that is connected', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const own = await database();
  const before = own.store.device;
  const link: SiteLink = {
    ...site.link,
    async forked() {
      await own.link.renewDevice();
      const trouble = { kind: 'copied', since: new Date().toISOString() };
      site.become({ ...site.connected, trouble } as SiteLinkState);
    },
  };
  const one = await desk({ ...site, link }, own);
  const item = createArchive(33).next();
  await archived(one, item);
  site.faults.push((path, method) => (isPush(path, method) ? refusal(409, { reason: 'device_forked' }) : undefined));
  one.loop.start();
  await until('it says so', async () => (await one.loop.view()).attention.includes('copied') || undefined);
  expect(site.log().ops).toEqual([]);
  site.become(site.connected);
  await settled(one);
  const devices = site.log().ops.map(({ text }) => (JSON.parse(text) as { device: string }).device);
  expect(devices).toEqual(item.ops.map(() => one.store.device));
  expect(one.store.device).not.toBe(before);
});

test('a salvaged database gets back what its site has, and writes again only what the site has not', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const one = await desk(site);
  const archive = createArchive(34);
  const [sent, unsent] = [archive.next(), archive.next()];
  await archived(one, sent);
  one.loop.start();
  await settled(one);
  await one.loop.close();
  await born(one, unsent);
  const ids = await idsOf(one, sent.invoice.id);
  const before = one.store.device;
  await one.store.close();
  const path = join(one.folder, 'station.db');
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.prepare('DELETE FROM op_log WHERE op_id = ?').run(ids[1]);
  db.exec('VACUUM');
  db.close();
  const now = new Date().toISOString();
  const salvaged = await salvageSqlite({
    path,
    now,
    random: randomBytes,
    sizeOf: () => 1,
    rebuild: async () => undefined,
  });
  expect(salvaged).toMatchObject({ lost: 1, newDevice: true });

  const after = await desk(site, await database(one.folder));
  expect(formerDevices(after)).toEqual([before]);
  const { length } = site.log().ops;
  after.loop.start();
  await until('all is numbered', async () => {
    const { unsent: left } = await after.sync.counts(SITE);
    return (left === 0 && site.log().ops.length > length) || undefined;
  });
  expect(await idsOf(after, sent.invoice.id)).toEqual(ids);
  expect(site.log().ops).toHaveLength(length + unsent.ops.length);
  const devices = site.log().ops.map(({ text }) => (JSON.parse(text) as { device: string }).device);
  expect(new Set(devices)).toEqual(new Set([before, after.store.device]));
});
