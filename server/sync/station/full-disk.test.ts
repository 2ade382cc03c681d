/** A disk that takes no more while the site has news: it is told as what it is, and sync goes on once there is space. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { SyncView } from '../../../core/contract/station-sync-http.ts';
import { AppError } from '../../../core/contract/errors.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import { createDiskBlobs, diskError } from '../../blobs/disk.ts';
import { createLog } from '../../log.ts';
import { born, closeAll, database, SITE } from '../../store/sqlite/testing-sync.ts';
import { createSiteLog } from '../../store/testing-site-log.ts';
import { until } from '../../testing-client.ts';
import { createStationSync, type StationSync } from './station-sync.ts';
import { createTestingSite } from './testing-site.ts';

const folder = mkdtempSync(join(tmpdir(), 'full-'));
const open: StationSync[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const noSpace = (): Error => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

/** What may be full: the disk of the database, or that of the documents. */
async function desk(site: ReturnType<typeof createTestingSite>, name: string) {
  const made = await database();
  const disk = await createDiskBlobs(join(folder, name));
  const full = { database: false, documents: false };
  const blobs: Blobs = {
    ...disk,
    put: (bytes, options) => (full.documents ? Promise.reject(diskError(noSpace(), folder)) : disk.put(bytes, options)),
  };
  const store = Object.defineProperties({} as typeof made.sync, {
    ...Object.getOwnPropertyDescriptors(made.sync),
    takeIn: {
      value: ((page) => {
        if (full.database) throw new AppError('storage', 'The disk is full.', { reason: 'disk-full' });
        return made.sync.takeIn(page);
      }) satisfies typeof made.sync.takeIn,
    },
  });
  const loop = createStationSync({
    link: site.link,
    store,
    people: made.together,
    blobs,
    folder: join(folder, `${name}-joining`),
    hub: { publish: () => undefined },
    log: createLog({ write: () => undefined }, 'silent'),
    now: Date.now,
    random: () => 0,
  });
  open.push(loop);
  return { ...made, disk, loop, full };
}

test('a full disk is told, with what to do, and what came is taken in once there is space', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const [one, two] = [await desk(site, 'one'), await desk(site, 'two')];
  const item = createArchive(31).next();
  await one.disk.put(item.readingBlob);
  await one.disk.put(item.original);
  await born(one, item);
  const seen = (desk_: typeof two, what: string, is: (view: SyncView) => boolean): Promise<SyncView> =>
    until(what, async () => {
      const view = await desk_.loop.view();
      return is(view) ? view : undefined;
    });
  one.loop.start();
  await seen(one, 'all is sent', ({ left, heardAt }) => left === 0 && heardAt !== null);
  two.full.database = true;
  two.loop.start();
  expect(await seen(two, 'it is told', ({ state }) => state === 'attention')).toMatchObject({
    attention: ['disk-full'],
  });
  two.full.documents = true;
  two.full.database = false;
  await seen(two, 'operations are here, documents are not', ({ waiting }) => waiting.fetch === 0);
  expect(await seen(two, 'that is told, too', ({ attention }) => attention.includes('disk-full'))).toMatchObject({
    state: 'attention',
  });
  two.full.documents = false;
  await two.loop.blobs.read(item.document.sha256).then((stream) => stream.destroy());
  await seen(two, 'it is told no more', ({ attention }) => attention.length === 0);
  expect(await two.store.opsOf(item.invoice.id)).toHaveLength(
    item.ops.filter(({ root }) => root === item.invoice.id).length,
  );
});

test('a disk that was full is told no more where it is the site that stands in the way', async () => {
  const site = createTestingSite(createSiteLog(SITE));
  const [one, two] = [await desk(site, 'three'), await desk(site, 'four')];
  await born(one, createArchive(32).next());
  const attention = (what: string, is: (codes: readonly string[]) => boolean) =>
    until(what, async () => {
      const view = await two.loop.view();
      return is(view.attention) ? view : undefined;
    });
  one.loop.start();
  await until('all is sent', async () => ((await one.loop.view()).left === 0 ? true : undefined));
  two.full.database = true;
  two.loop.start();
  await attention('it is told', (codes) => codes.includes('disk-full'));
  // The disk is as full as it was; but nobody can know it now.
  const stop = setInterval(() => {
    if (site.faults.length < 4) site.faults.push(() => 'away');
  }, 5);
  const told = await attention('it is told no more', (codes) => !codes.includes('disk-full'));
  clearInterval(stop);
  expect(told.attention).not.toContain('disk-full');
});
