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

test('a batch whose last operation is wrong is refused for it', async () => {
  const batch = device.batch(1, 1, 200);
  const ops = batch.ops.with(199, { body: '{}', content: null });
  const hub = hubOf(() => undefined);
  await expect(hub.push(principal, { ...batch, ops }, false)).rejects.toMatchObject({
    details: { reason: 'bad_batch' },
  });
});
