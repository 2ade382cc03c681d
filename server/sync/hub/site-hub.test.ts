/** What a hub does before it asks its database. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { PushWish } from '../../store/hub-store.ts';
import { createSiteHub, type SiteHubParts } from './site-hub.ts';
import { createTestDevice } from './testing-device.ts';

const device = createTestDevice('main');

function hubOf(pushed: (wish: PushWish) => void) {
  const known = {
    id: device.id,
    account: randomUUID(),
    publicKey: device.signer.publicKey,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  const reply = { acked: 1, head: { seq: 1, site_hash: '', epoch: 1 }, results: [] };
  const parts = {
    site: 'main',
    access: { device: () => Promise.resolve(known) },
    hub: {
      push(wish: PushWish) {
        pushed(wish);
        return Promise.resolve({ kind: 'ok', reply, fresh: 0, refused: 0, roots: [] });
      },
    },
    metrics: { pushed: () => undefined },
    listeners: () => Promise.resolve(() => []),
  } as unknown as SiteHubParts;
  return createSiteHub(parts);
}
const principal = { device: device.id, role: 'reviewer' } as unknown as Parameters<ReturnType<typeof hubOf>['push']>[0];

test('a long batch is read while others are answered', async () => {
  const invoice = randomUUID();
  for (let at = 0; at < 1_000; at += 1) device.setField(invoice, `${at}`, []);
  let wish: PushWish | undefined;
  const hub = hubOf((one) => (wish = one));
  let turns = 0;
  let timer: NodeJS.Immediate | undefined;
  const turn = (): void => {
    turns += 1;
    timer = setImmediate(turn);
  };
  turn();
  await hub.push(principal, device.batch(1), false);
  clearImmediate(timer);
  expect(wish?.batch.ops).toHaveLength(1_000);
  expect(turns).toBeGreaterThan(15);
});

test('batches of a device are read side by side and taken in their order', async () => {
  const taken: number[] = [];
  const hub = hubOf(({ batch }) => taken.push(batch.ops[0].body.dev_seq));
  const whole = device.batch(1, 1, 800);
  const bad = { ...whole, ops: whole.ops.with(799, { body: '{}', content: null }) };
  const pushes = [bad, whole, device.batch(1, 801, 801), device.batch(1, 802, 802)].map((batch) =>
    hub.push(principal, batch, false),
  );
  expect((await Promise.allSettled(pushes)).map(({ status }) => status)).toEqual([
    'rejected',
    ...Array.from({ length: 3 }, () => 'fulfilled'),
  ]);
  expect(taken).toEqual([1, 801, 802]);
});

test('a batch whose last operation is wrong is refused for it', async () => {
  const batch = device.batch(1, 1, 200);
  const ops = batch.ops.with(199, { body: '{}', content: null });
  const hub = hubOf(() => undefined);
  await expect(hub.push(principal, { ...batch, ops }, false)).rejects.toMatchObject({
    details: { reason: 'bad_batch' },
  });
});
