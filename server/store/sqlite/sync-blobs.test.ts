import { afterEach, expect, test } from 'vitest';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createSiteLog } from '../testing-site-log.ts';
import { born, closeAll, database, pullAll, pushAll, SITE } from './testing-sync.ts';

afterEach(closeAll);

test('bytes on their way: tried again when it is time, told when they are wrong, shown when they have come', async () => {
  const [one, two] = [await database(), await database()];
  const item = createArchive(13).next();
  await born(one, item);
  const log = createSiteLog(SITE);
  await pushAll(one, log);
  await pullAll(two, log);
  const [reading, document] = await two.sync.downloads(5);
  if (reading === undefined || document === undefined) throw new Error('nothing to fetch');
  await two.sync.downloaded(document.sha256, { kind: 'later', why: 'late', afterMs: 60_000 });
  expect(await two.sync.downloads(5)).toHaveLength(1);
  const late = { sha256: document.sha256, device: one.store.device, state: 'late' };
  expect(await two.sync.missing(document.sha256)).toEqual(late);
  expect(await two.sync.nextBlobAt()).toBeGreaterThan(Date.now());
  expect(await two.sync.downloaded(reading.sha256, { kind: 'done' })).toEqual([item.invoice.id]);
  expect(await two.sync.downloaded(document.sha256, { kind: 'done' })).toEqual([document.sha256]);
  const waiting = (await two.queue.list()).map(({ name, root }) => `${name} ${root}`);
  expect(waiting.toSorted()).toEqual([`refresh ${item.invoice.id}`, `refresh ${document.sha256}`].toSorted());
  // Nothing is on its way; where the bytes are not here all the same, the site has them.
  expect(await two.sync.missing(document.sha256)).toEqual({ ...late, device: '', state: 'waiting' });
  expect(await two.sync.missing('0'.repeat(64))).toBeUndefined();
  expect(await two.sync.counts(SITE)).toMatchObject({ downloads: 0 });
  const [up] = await one.sync.uploads(5);
  await one.sync.uploaded(up?.sha256 ?? '', { kind: 'wrong', reason: 'quarantined' });
  expect(await one.sync.counts(SITE)).toMatchObject({ uploads: 1 });
});
