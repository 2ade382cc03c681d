/** A database that becomes another device while it is open: whoever wrote as the device before is somebody else from then on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestStation } from './enrol/testing-enrol.ts';
import type { OpenStore } from './open-store.ts';
import { invoicePdf } from './testing.ts';

test('all that is done from then on is done in the name of the device of today, also by who was there before', async () => {
  let opened: OpenStore | undefined;
  const made = await openTestStation({ between: (own) => (opened = own) });
  const { station, folder } = made;
  // As the watched folder and the jobs hold them.
  const { intake, store } = station.context;
  const before = store.device;
  await opened?.link.renewDevice();
  const own = `local:${store.device}`;
  expect(own).not.toBe(`local:${before}`);
  expect([station.context.actor, (await station.context.status()).actor]).toEqual([own, own]);
  const path = join(folder, 'a.pdf');
  writeFileSync(path, await invoicePdf({ number: 'NW-1' }));
  await intake.importPaths([path], 'path');
  const [id = ''] = await store.invoiceIds({});
  const ops = await store.opsOf(id);
  expect(ops.map(({ body }) => body.actor)).toEqual(ops.map(() => own));
  await made.close();
});
