/** The same for every store of webhooks. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { implementations, type MadeWebhooks, newId } from './testing-webhooks.ts';
import type { Delivery, Subscription } from './webhook-store.ts';

const SINCE = '2026-01-01T00:00:00.000Z';
const subscription = (more: Partial<Subscription> = {}): Subscription => ({
  id: newId(),
  url: 'https://erp.example.com/in',
  events: ['invoice.approved', 'export.created'],
  note: 'ERP',
  state: 'active',
  disabledBy: null,
  createdAt: SINCE,
  changedAt: SINCE,
  secrets: [{ sealed: 'x', until: null }],
  version: 1,
  ...more,
});
const delivery = (of: Subscription, createdAt: string, more: Partial<Delivery> = {}): Delivery => ({
  id: newId(),
  job: newId(),
  subscription: of.id,
  event: { id: newId(), type: 'invoice.approved', timestamp: createdAt, data: { invoice: newId(), pages: 2 } },
  state: 'waiting',
  attempts: 1,
  status: null,
  error: 'ECONNREFUSED',
  ms: 12,
  createdAt,
  updatedAt: createdAt,
  ...more,
});
const at = (second: number): string => new Date(Date.parse(SINCE) + second * 1_000).toISOString();

describe.each(Object.entries(implementations))('%s', (_name, make) => {
  let made: MadeWebhooks;
  beforeEach(async () => {
    made = await make();
  });
  afterEach(() => made.cleanUp());

  test('subscriptions: kept, changed by who saw the newest, dropped with their deliveries', async () => {
    const { webhooks } = made;
    const ids = [newId(), newId()].toSorted();
    const [one, other] = [subscription({ id: ids[0]! }), subscription({ id: ids[1]!, note: 'BI' })];
    expect(await webhooks.saveSubscription(0, one)).toBe('ok');
    expect(await webhooks.saveSubscription(0, one)).toBe('conflict');
    expect(await webhooks.saveSubscription(0, other)).toBe('ok');
    expect(await webhooks.subscriptions()).toEqual([one, other]);
    const second = { ...one, state: 'disabled' as const, disabledBy: 'gone' as const, version: 2 };
    expect(await webhooks.saveSubscription(1, second)).toBe('ok');
    expect(await webhooks.saveSubscription(1, { ...one, version: 2 })).toBe('conflict');
    expect(await webhooks.subscription(one.id)).toEqual(second);
    expect(await webhooks.subscription(newId())).toBeUndefined();

    const told = delivery(one, at(1));
    await webhooks.saveDelivery(told, SINCE);
    expect(await webhooks.dropSubscription(one.id)).toBe(true);
    expect(await webhooks.dropSubscription(one.id)).toBe(false);
    expect(await webhooks.saveSubscription(2, { ...second, version: 3 })).toBe('conflict');
    expect(await webhooks.delivery(one.id, told.id)).toBeUndefined();
    await webhooks.saveDelivery(told, SINCE);
    expect(await webhooks.delivery(one.id, told.id), 'nothing is kept of what is gone').toBeUndefined();
    expect(await webhooks.subscriptions()).toEqual([other]);
  });

  test('deliveries: the newest first, in pages, by state, for a while', async () => {
    const { webhooks } = made;
    const [one, other] = [subscription(), subscription()];
    for (const each of [one, other]) await webhooks.saveSubscription(0, each);
    const told = [3, 1, 2, 2, 5].map((second) => delivery(one, at(second)));
    for (const each of told) await webhooks.saveDelivery(each, SINCE);
    await webhooks.saveDelivery(delivery(other, at(4)), SINCE);
    const newest = told.toSorted((a, b) => (`${a.createdAt}${a.id}` < `${b.createdAt}${b.id}` ? 1 : -1));

    const first = await webhooks.deliveries(one.id, { limit: 2 });
    expect(first.items).toEqual(newest.slice(0, 2));
    const rest = await webhooks.deliveries(one.id, { limit: 3, cursor: first.next ?? '' });
    expect(rest).toEqual({ items: newest.slice(2), next: null });
    for (const cursor of ['-1', '-1~x', '2026-02-30T00:00:00Z~x', `${at(1)}~\0`])
      await expect(async () => webhooks.deliveries(one.id, { limit: 3, cursor })).rejects.toMatchObject({
        code: 'bad_request',
      });

    const done = { ...newest[3]!, state: 'delivered' as const, status: 204, error: null, attempts: 2 };
    await webhooks.saveDelivery(done, SINCE);
    expect(await webhooks.delivery(one.id, done.id)).toEqual(done);
    expect(await webhooks.delivery(other.id, done.id)).toBeUndefined();
    expect((await webhooks.deliveries(one.id, { limit: 9, state: 'delivered' })).items).toEqual([done]);
    expect((await webhooks.deliveries(one.id, { limit: 9, state: 'failed' })).items).toEqual([]);

    await webhooks.saveDelivery(delivery(one, at(9)), at(3));
    expect((await webhooks.deliveries(one.id, { limit: 9 })).items.map((each) => each.createdAt)).toEqual([
      at(9),
      at(5),
      at(3),
    ]);
    expect((await webhooks.deliveries(other.id, { limit: 9 })).items).toHaveLength(1);
  });

  test('another site sees nothing of it', async () => {
    const { webhooks, foreign } = made;
    const one = subscription();
    await webhooks.saveSubscription(0, one);
    const told = delivery(one, at(1));
    await webhooks.saveDelivery(told, SINCE);
    expect(await foreign.subscriptions()).toEqual([]);
    expect(await foreign.subscription(one.id)).toBeUndefined();
    expect(await foreign.delivery(one.id, told.id)).toBeUndefined();
    expect(await foreign.dropSubscription(one.id)).toBe(false);
    expect((await foreign.deliveries(one.id, { limit: 9 })).items).toEqual([]);
    expect(await webhooks.subscriptions()).toEqual([one]);
  });
});
