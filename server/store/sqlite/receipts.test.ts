import { afterEach, expect, test } from 'vitest';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createSiteLog, KEY } from '../testing-site-log.ts';
import { born, closeAll, database, next, pushAll, SITE } from './testing-sync.ts';

afterEach(closeAll);

test('what a site said it judged operations by goes with them when they are offered again', async () => {
  const [one, two] = [await database(), await database()];
  const log = createSiteLog(SITE);
  await born(one, createArchive(44).next());
  await pushAll(one, log);
  await two.sync.begin(SITE, 1);
  const receipt = { role: 'reviewer', signature: 'r'.repeat(86) };
  const page = log.page(0);
  await two.sync.takeIn({ ...page, heads: page.heads.map((head) => ({ ...head, receipt })) });
  await two.sync.begin(SITE, 2);
  const offer = await next(two);
  expect(offer).toMatchObject({ device: one.store.device, own: false, publicKey: KEY, receipt });
  expect(Object.keys(offer?.signed ?? {}).toSorted()).toEqual(['dev_seq', 'device', 'hash', 'signature']);
  // The own are signed anew.
  await one.sync.begin(SITE, 2);
  expect(await next(one)).toMatchObject({ own: true, receipt: null });
});
