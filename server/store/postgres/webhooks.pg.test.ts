import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuid7 } from '../../../core/sync/ids.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { asSuper } from '../testing-roles.ts';
import type { Delivery, Subscription, WebhookStore } from '../webhook-store.ts';
import type { PostgresDatabase } from './create.ts';
import { type Explained, explained, explainEverything } from './testing-explain.ts';

const COUNT = 20_000;
const NOW = '2026-01-30T00:00:00.000Z';
const newId = (): string => uuid7(Date.now(), randomBytes(10));

/** Every index that a plan goes by, and every table that it reads whole. */
function waysOf({ plan }: Explained): string[] {
  const found: string[] = [];
  const walk = (node: typeof plan): void => {
    const { 'Index Name': index, 'Node Type': type, 'Relation Name': table } = node;
    if (index !== undefined) found.push(index);
    if (type === 'Seq Scan' && table?.startsWith('webhook_') === true) found.push(`all of ${table}`);
    if (type === 'Sort') found.push('Sort');
    for (const child of node.Plans ?? []) walk(child);
  };
  walk(plan);
  return found;
}

describe.skipIf(postgres.url === undefined)('many deliveries', () => {
  const site = newSite();
  const subscription: Subscription = {
    id: newId(),
    url: 'https://erp.example.com/in',
    events: ['invoice.approved'],
    note: '',
    state: 'active',
    disabledBy: null,
    createdAt: NOW,
    changedAt: NOW,
    secrets: [],
    version: 1,
  };
  const told = (state: Delivery['state']): Delivery => ({
    id: newId(),
    job: newId(),
    subscription: subscription.id,
    event: { id: newId(), type: 'invoice.approved', timestamp: NOW, data: { invoice: newId() } },
    state,
    attempts: 1,
    status: 204,
    error: null,
    ms: 20,
    createdAt: NOW,
    updatedAt: NOW,
  });
  const plans: Explained[] = [];
  let database: PostgresDatabase;
  let webhooks: WebhookStore;

  beforeAll(async () => {
    const shared = await sharedDatabase();
    const first = await openDatabase(shared.url);
    await first.createSite(site);
    await (await first.site(site)).webhooks.saveSubscription(0, subscription);
    await first.close();
    await asSuper(shared, async (client) => {
      await client.query(
        `INSERT INTO webhook_delivery (site, id, webhook, state, created_at, body)
         SELECT $1, 'd' || n, $2, CASE WHEN n % 1000 = 0 THEN 'failed' ELSE 'delivered' END, $3::timestamptz - n * interval '1 minute', $4
         FROM generate_series(1, $5::int) AS n`,
        [site, subscription.id, NOW, JSON.stringify(told('delivered')), COUNT],
      );
      await client.query('VACUUM ANALYZE webhook_delivery');
    });
    await explainEverything(shared, false);
    database = await openDatabase(shared.url, {
      poolSize: 1,
      onNotice: (notice) => {
        const one = explained(notice);
        if (one !== undefined) plans.push(one);
      },
    });
    ({ webhooks } = await database.site(site));
  });
  afterAll(() => database.close());

  const ways = async (run: () => Promise<unknown>): Promise<string[]> => {
    plans.length = 0;
    await run();
    await database.ping();
    expect(plans.length).toBeGreaterThan(0);
    return [...new Set(plans.flatMap(waysOf))].filter((way) => way.includes('webhook_delivery') || way === 'Sort');
  };

  const page = async (state?: Delivery['state']): Promise<void> => {
    const wish = state === undefined ? {} : { state };
    const { next } = await webhooks.deliveries(subscription.id, { limit: 10, ...wish });
    await webhooks.deliveries(subscription.id, { limit: 10, cursor: next ?? '', ...wish });
  };

  test('pages, the few that failed, one, and a note go by their indexes, without sorting', async () => {
    expect(await ways(() => page())).toEqual(['webhook_delivery_recent']);
    expect(await ways(() => page('failed'))).toEqual(['webhook_delivery_other']);
    expect(await ways(() => webhooks.delivery(subscription.id, 'd7'))).toEqual(['webhook_delivery_pkey']);
    const since = '2026-01-01T00:00:00.000Z';
    expect(await ways(() => webhooks.saveDelivery(told('waiting'), since))).toEqual(['webhook_delivery_recent']);
  });
});
