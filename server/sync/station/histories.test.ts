/** Old invoices that the site alone has, over real databases and a site that goes wrong when it is told to. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createDiskBlobs } from '../../blobs/disk.ts';
import { createLog } from '../../log.ts';
import { closedOf, compact, stations } from '../../store/sqlite/testing-gone.ts';
import { closeAll, type Made, pullAll, pushAll, setRef } from '../../store/sqlite/testing-sync.ts';
import { until } from '../../testing-client.ts';
import { createHistories } from './histories.ts';
import { createTestingSite } from './testing-site.ts';
import { createSyncWire } from './wire.ts';

afterEach(closeAll);
const silent = createLog({ write: () => undefined }, 'silent');

async function desk(count: number) {
  const made = createArchive(4);
  const items = Array.from({ length: 12 }, () => made.next());
  const { log, origin, desks } = await stations(1, items);
  const [one] = desks as [Made];
  await compact(one);
  const ids = closedOf(items)
    .map(({ invoice }) => invoice.id)
    .slice(0, count);
  for (const id of ids) await setRef(origin, id, 'A-1');
  await pushAll(origin, log);
  await pullAll(one, log);
  const site = createTestingSite(log);
  const given: string[] = [];
  const clock = { ms: Date.now() };
  const histories = createHistories({
    link: site.link,
    wire: createSyncWire({ link: site.link, now: () => clock.ms, onClock: () => undefined }),
    store: {
      ...one.sync,
      compact: async (wish) => {
        given.push(wish.site);
        return one.sync.compact(wish);
      },
    },
    transfers: { fetchNow: async () => undefined as never },
    blobs: await createDiskBlobs(mkdtempSync(join(tmpdir(), 'histories-'))),
    log: silent,
    now: () => clock.ms,
  });
  return { one, site, log, ids, histories, given, clock };
}

test('one history that is not to be had keeps no other from coming, nor what is old from being given up', async () => {
  const { one, site, ids, histories, given, clock } = await desk(3);
  const [bad, ...rest] = await one.sync.goneWanted(5);
  expect(rest).toHaveLength(2);
  // Ops of another invoice, and again whenever it is asked for.
  const wrong = (path: string) =>
    path.includes(`/roots/${bad}/`) ? Response.json({ epoch: 1, ops: [{ nothing: true }] }) : undefined;
  site.faults.push(wrong, wrong);
  histories.kick();
  await until('what was given up', async () => given.length > 0 || undefined);
  expect(await one.sync.goneWanted(5)).toEqual([bad]);
  for (const id of rest) expect((await one.store.opsOf(id)).length).toBeGreaterThan(3);
  expect(ids).toContain(bad);
  // Asked for again after a while, not with every word of the site.
  const asked = (): number => site.asked.filter((path) => path.includes(`/roots/${bad}/`)).length;
  expect(asked()).toBe(1);
  histories.kick();
  await histories.close();
  expect(asked()).toBe(1);
  clock.ms += 3_600_000;
  expect(await histories.fetch(bad ?? '')).toBe(false);
});

test('one that was not to be had is asked for again when the clock was set back', async () => {
  const { one, site, histories, clock } = await desk(1);
  site.faults.push((path) => (path.includes('/roots/') ? Response.json({ epoch: 1, ops: [{}] }) : undefined));
  histories.kick();
  await until('it was asked', async () => site.asked.length > 0 || undefined);
  expect(await one.sync.goneWanted(5)).toHaveLength(1);
  clock.ms -= 365 * 86_400_000;
  await until('it came', async () => {
    histories.kick();
    return (await one.sync.goneWanted(5)).length === 0 || undefined;
  });
  await histories.close();
});

test('where the site does not answer, nobody is asked for after that', async () => {
  const { one, site, histories } = await desk(3);
  site.faults.push((path) => (path.includes('/roots/') ? 'away' : undefined));
  histories.kick();
  await until('it was asked', async () => site.asked.length > 0 || undefined);
  await histories.close();
  expect(site.asked).toHaveLength(1);
  expect(await one.sync.goneWanted(5)).toHaveLength(3);
});

test('a long history comes in as many answers as it takes', async () => {
  const { one, site, log, ids, histories } = await desk(1);
  const [id = ''] = ids;
  const all = log.ops.filter(({ text }) => (JSON.parse(text) as { root: string }).root === id);
  expect(await histories.fetch(id)).toBe(true);
  expect(site.asked).toHaveLength(Math.ceil(all.length / 3));
  expect((await one.store.opsOf(id)).length).toBe(all.length);
  await histories.close();
});
