/** Webhooks over every store: told in the same commit, signed, tried again, given up, replayed. The receivers are real ones. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../queue/testing-site.ts';
import { implementations, type MadeWebhooks, newId } from '../store/testing-webhooks.ts';
import { newSecret } from './secret.ts';
import { isSigned, type Receiver, startReceiver } from './testing-receiver.ts';
import { approved, type Desk, type DeskWish, openDesk, ORIGIN, received } from './testing-webhooks.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function giveUp({ store, queue }: MadeWebhooks): Promise<void> {
  const job = { id: newId(), name: 'validate' as const, data: { invoice: 'i' }, root: newId(), priority: 0 };
  await store.commit({ ops: [], projections: [], documents: [], jobs: [job] });
  const [claim] = await queue.claimThese([job.id], 10_000);
  if (claim?.kind !== 'claimed') throw new Error('not claimed');
  await queue.fail(claim.job, 'ENOENT', { retry: false });
}

describe.each(Object.entries(implementations))('webhooks on %s', (_name, make) => {
  const clock = { ahead: 0 };
  const now = (): number => Date.now() + clock.ahead;
  let made: MadeWebhooks;
  let receiver: Receiver;
  let desk: Desk;
  const open = (wish: Partial<DeskWish> = {}): Promise<Desk> => openDesk(made, { host: receiver.host, now, ...wish });
  const url = (path = '/in'): string => `${receiver.url}${path}`;
  const deliveries = async (id: string) => (await desk.service.deliveries(id, { limit: 100 })).items;
  const states = async (id: string): Promise<string[]> => (await deliveries(id)).map(({ state }) => state);
  const waitingJobs = async (): Promise<number> => (await made.queue.counts()).waiting;
  /** Until nothing runs: only then may the clock be set, or leases would run out. */
  const settled = (): Promise<void> => until('nothing runs', async () => (await made.queue.counts()).running === 0);

  beforeEach(async () => {
    clock.ahead = 0;
    receiver = await startReceiver();
    made = await make(now);
    desk = await open();
  });
  afterEach(async () => {
    await desk.stop();
    await made.cleanUp();
    await receiver.close();
  });

  test('an event is in the commit of what it tells of: signed, small, without content', async () => {
    const { webhook, secret } = await desk.subscribe(url(), 'invoice.approved', 'invoice.received');
    const invoice = newId();
    const step = approved(invoice);
    expect((await desk.commit(received(invoice), step)).kind).toBe('ok');
    expect(await waitingJobs(), 'with the commit, before anybody works').toBe(2);
    expect((await desk.commit(step)).kind, 'the same again is refused').toBe('conflict');
    expect(await waitingJobs()).toBe(2);
    desk.runner.start();
    await until('both', () => receiver.received.length === 2);
    const [one] = receiver.received.filter(({ body }) => body.includes('invoice.approved'));
    const body = JSON.parse(one!.body) as { id: string; timestamp: string };
    expect(body).toEqual({
      id: one!.headers['webhook-id'],
      type: 'invoice.approved',
      timestamp: body.timestamp,
      site: made.site,
      data: {
        invoice,
        from: 'confirmed',
        to: 'approved',
        links: { invoice: `${ORIGIN}/api/v1/invoices/${invoice}` },
      },
    });
    expect(Math.abs(Date.parse(body.timestamp) - Date.now())).toBeLessThan(20_000);
    for (const each of receiver.received) {
      expect(isSigned(each, secret, now())).toBe(true);
      expect(isSigned({ ...each, body: each.body.replace('"type"', '"typo"') }, secret, now())).toBe(false);
      expect(isSigned(each, newSecret(randomBytes), now())).toBe(false);
      expect(each.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(each.body).not.toContain('Müller');
    }
    await until('noted', async () => (await states(webhook.id)).join() === 'delivered,delivered');
    expect((await deliveries(webhook.id))[0]).toMatchObject({ attempts: 1, status: 204, error: null });
    await until('no jobs', async () => (await made.queue.counts()).waiting === 0);
    expect(await desk.metrics.text()).toContain('ap_webhook_seconds_count{outcome="delivered"} 2');
  });

  test('who did not subscribe makes no job, and a subscription hears of its own events alone', async () => {
    await desk.commit(received());
    expect(await waitingJobs()).toBe(0);
    await desk.subscribe(url(), 'export.created');
    const exports = await desk.subscribe(url(), 'invoice.rejected');
    await desk.commit(received(), approved());
    expect(await waitingJobs()).toBe(0);
    const batch = { id: newId(), number: 1, format: 'csv' as const, createdAt: new Date().toISOString() };
    const file = { actor: 'user:a', invoices: [newId()], fileName: 'Müller.csv', sha256: 'a'.repeat(64), size: 1 };
    await desk.store.commit({ ops: [], projections: [], documents: [], jobs: [], exportBatch: { ...batch, ...file } });
    expect(await waitingJobs()).toBe(1);
    await desk.service.disable('user:admin', exports.webhook.id);
  });

  test('a receiver that fails three times and then works has it once, under the same id, signed anew', async () => {
    const { webhook, secret } = await desk.subscribe(url());
    receiver.answer = (_path, count) =>
      count === 1 ? 500 : count === 2 ? (reply) => reply.destroy() : count === 3 ? 503 : 200;
    desk.runner.start();
    await desk.commit(approved());
    for (const [index, ahead] of [6_000, 80_000, 7 * MINUTE].entries()) {
      await until(`try ${index + 1}`, () => receiver.received.length === index + 1);
      await until('noted', async () => (await deliveries(webhook.id))[0]?.attempts === index + 1);
      await settled();
      expect(await states(webhook.id)).toEqual(['waiting']);
      clock.ahead += ahead;
    }
    await until('the fourth', async () => (await states(webhook.id))[0] === 'delivered');
    expect((await deliveries(webhook.id))[0]).toMatchObject({ attempts: 4, status: 200, error: null });
    const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
    const stamps = new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp']));
    expect([ids.size, stamps.size, receiver.received.length]).toEqual([1, 4, 4]);
    expect(isSigned(receiver.received[3]!, secret, now())).toBe(true);
    // The delivery is noted before its job ends.
    await settled();
    expect(await made.queue.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  test('eight tries in about a day, then it is given up; a replay sends the same event', async () => {
    const { webhook } = await desk.subscribe(url());
    receiver.answer = () => 500;
    desk.runner.start();
    const begun = now();
    await desk.commit(approved());
    const most = [6_000, 72_000, 6 * MINUTE, 36 * MINUTE, 2.4 * HOUR, 7.2 * HOUR, 19.2 * HOUR];
    for (const [index, ahead] of most.entries()) {
      await until(`try ${index + 1}`, async () => (await deliveries(webhook.id))[0]?.attempts === index + 1);
      await settled();
      clock.ahead += ahead + 100;
    }
    await until('given up', async () => (await states(webhook.id))[0] === 'failed');
    expect(now() - begun).toBeGreaterThan(24 * HOUR);
    await settled();
    expect(receiver.received).toHaveLength(8);
    const { items } = await made.queue.deadLetters({ limit: 10 });
    const [dead] = await deliveries(webhook.id);
    expect(items).toMatchObject([{ name: 'webhook', root: dead?.id, error: 'http-500', attempts: 8 }]);
    clock.ahead += 48 * HOUR;
    await sleep(1_500);
    expect(receiver.received).toHaveLength(8);

    receiver.answer = () => 200;
    await desk.service.replay('user:admin', webhook.id, dead!.id);
    await until('replayed', async () => (await states(webhook.id))[0] === 'delivered');
    expect(receiver.received[8]?.body).toBe(receiver.received[0]?.body);
    expect(await made.queue.deadLetters({ limit: 10 })).toEqual({ items: [], next: null });
    // What was delivered is sent once more on a wish, too.
    await desk.service.replay('user:admin', webhook.id, dead!.id);
    await until('again', () => receiver.received.length === 10);
    expect(await deliveries(webhook.id)).toHaveLength(1);
    expect(desk.told.map(({ data }) => data['what'])).toEqual(['created', 'replayed', 'replayed']);
  }, 60_000);

  test('a receiver that answers with a status of its own making: a failed try, and everybody else is told', async () => {
    const odd = await desk.subscribe(url('/odd'));
    const good = await desk.subscribe(url('/good'));
    for (const status of [600, 700, 999]) {
      receiver.answer = (path) => (path === '/odd' ? status : 205);
      expect(await desk.service.ping(odd.webhook.id)).toMatchObject({ delivered: false, error: 'bad-status' });
    }
    desk.runner.start();
    await desk.commit(approved());
    await until('told', async () => (await states(good.webhook.id)).join() === 'delivered');
    await until('noted beside the pings', async () => (await states(odd.webhook.id))[0] === 'waiting');
    expect((await deliveries(odd.webhook.id))[0]).toMatchObject({ attempts: 1, status: null, error: 'bad-status' });
  });

  test('410: the receiver wants no more, and what waits is cancelled until somebody replays it', async () => {
    const { webhook } = await desk.subscribe(url());
    receiver.answer = () => 410;
    await desk.commit(approved());
    desk.runner.start();
    await until('disabled', async () => (await desk.service.get(webhook.id)).state === 'disabled');
    expect(await desk.service.get(webhook.id)).toMatchObject({ disabledBy: 'gone', version: 2 });
    await until('noted', async () => (await states(webhook.id)).join() === 'failed');
    expect((await deliveries(webhook.id))[0]).toMatchObject({ status: 410, error: 'http-410' });
    expect(desk.told.at(-1)).toMatchObject({
      kind: 'webhook',
      actor: 'service:webhook',
      data: { webhook: webhook.id, what: 'disabled', by: 'gone' },
    });
    await desk.commit(approved());
    expect((await made.queue.counts()).waiting).toBe(0);
    const [gone] = await deliveries(webhook.id);
    await desk.service.replay('user:admin', webhook.id, gone!.id);
    await until('cancelled', async () => (await states(webhook.id)).join() === 'cancelled');
    receiver.answer = () => 200;
    await desk.service.enable('user:admin', webhook.id);
    await desk.service.replay('user:admin', webhook.id, gone!.id);
    await until('delivered', async () => (await states(webhook.id)).join() === 'delivered');
    await until('nothing left', async () => (await made.queue.counts()).dead === 0);
  });

  test('one that hangs and one that answers for ever keep nobody waiting', async () => {
    const slow = await desk.subscribe(url('/hangs'));
    await desk.subscribe(url('/endless'));
    const good = await desk.subscribe(url('/good'));
    receiver.answer = (path) => {
      if (path === '/hangs') return () => undefined;
      if (path === '/good') return 200;
      return (reply) => {
        reply.writeHead(200);
        const timer = setInterval(() => reply.write(Buffer.alloc(20_000)), 5);
        reply.on('close', () => clearInterval(timer));
        reply.on('error', () => undefined);
      };
    };
    for (let n = 0; n < 4; n += 1) await desk.commit(...Array.from({ length: 10 }, () => approved()));
    const begun = performance.now();
    desk.runner.start();
    await until('all of the good one', () => receiver.at('/good').length === 40, 30_000);
    // One after the other they would have taken 40 seconds at the hanging one alone.
    expect(performance.now() - begun).toBeLessThan(20_000);
    await until('endless', () => receiver.at('/endless').length === 40, 20_000);
    expect(receiver.at('/hangs').length).toBeLessThan(30);
    await until('a timeout', async () => (await deliveries(slow.webhook.id))[0]?.error === 'timeout');
    expect(new Set(await states(good.webhook.id))).toEqual(new Set(['delivered']));
    // What had no turn was not tried.
    const { items } = await desk.service.deliveries(slow.webhook.id, { limit: 200 });
    expect(items.every(({ attempts }) => attempts <= 2)).toBe(true);
  }, 60_000);

  test('private networks, redirects, names that lead inside: refused, also where the name was public at first', async () => {
    for (const bad of [
      'http://erp.example.com/',
      'https://10.0.0.7/',
      'https://2130706433/',
      'https://[::1]/',
      'https://a:b@example.com/',
    ])
      await expect(desk.subscribe(bad)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await desk.service.list()).toEqual([]);
    const { webhook } = await desk.subscribe(url());
    receiver.answer = () => (reply) => reply.writeHead(302, { location: url('/elsewhere') }).end();
    expect(await desk.service.ping(webhook.id)).toMatchObject({ delivered: false, error: 'redirect' });
    expect(receiver.at('/elsewhere')).toEqual([]);
    await desk.stop();
    desk = await open({ resolver: (_host, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) });
    const inside = await desk.subscribe(`https://rebinding.example.com:${receiver.host.split(':')[1]}/in`);
    const before = receiver.received.length;
    expect(await desk.service.ping(inside.webhook.id)).toMatchObject({ delivered: false, error: 'private-address' });
    expect(receiver.received).toHaveLength(before);
  });

  test('two secrets while one follows the other; one at once where it was lost', async () => {
    const { webhook, secret } = await desk.subscribe(url());
    const ping = async () => {
      await desk.service.ping(webhook.id);
      return receiver.received.at(-1)!;
    };
    const second = await desk.service.rotate('user:admin', webhook.id, 24);
    expect(Date.parse(second.webhook.oldSecretUntil ?? '') - now()).toBeGreaterThan(23 * HOUR);
    const both = await ping();
    expect([secret, second.secret].map((each) => isSigned(both, each, now()))).toEqual([true, true]);
    clock.ahead = 25 * HOUR;
    const later = await ping();
    expect([secret, second.secret].map((each) => isSigned(later, each, now()))).toEqual([false, true]);
    expect((await desk.service.get(webhook.id)).oldSecretUntil).toBeNull();
    const third = await desk.service.rotate('user:admin', webhook.id, 0);
    const last = await ping();
    expect([second.secret, third.secret].map((each) => isSigned(last, each, now()))).toEqual([false, true]);
    const kept = JSON.stringify(await made.webhooks.subscriptions());
    for (const each of [secret, second.secret, third.secret]) expect(kept).not.toContain(each.slice(6, 30));
  });

  test('what the queue gave up is told once, whoever looks and however often', async () => {
    await desk.subscribe(url(), 'job.dead');
    const job = { id: newId(), name: 'validate' as const, data: { invoice: 'i' }, root: 'i', priority: 0 };
    await made.store.commit({ ops: [], projections: [], documents: [], jobs: [job] });
    const [claim] = await made.queue.claimThese([job.id], 10_000);
    if (claim?.kind !== 'claimed') throw new Error('not claimed');
    await made.queue.fail(claim.job, 'ENOENT', { retry: false });
    const other = await open();
    await Promise.all([desk.webhooks.tellDead(), other.webhooks.tellDead()]);
    await other.webhooks.tellDead();
    await other.stop();
    desk.runner.start();
    await until('told', () => receiver.received.length > 0);
    await until('no jobs', async () => (await made.queue.counts()).waiting === 0);
    await settled();
    await (await open()).webhooks.tellDead();
    expect(await waitingJobs()).toBe(0);
    expect(receiver.received).toHaveLength(1);
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
      type: 'job.dead',
      data: {
        job: job.id,
        name: 'validate',
        invoice: 'i',
        error: 'ENOENT',
        links: { dead: `${ORIGIN}/api/v1/jobs/dead` },
      },
    });
  });

  test('of many that the queue gave up, some told before by another process, each is told once', async () => {
    await desk.subscribe(url(), 'job.dead');
    const other = await open();
    for (let n = 0; n < 3; n += 1) await giveUp(made);
    await other.webhooks.tellDead();
    expect(await waitingJobs()).toBe(3);
    for (let n = 0; n < 3; n += 1) await giveUp(made);
    await desk.webhooks.tellDead();
    expect(await waitingJobs()).toBe(6);
    await Promise.all([desk.webhooks.tellDead(), other.webhooks.tellDead()]);
    expect(await waitingJobs()).toBe(6);
    await other.stop();
  });

  test('what was committed before the process died is told by the next one', async () => {
    const { secret } = await desk.subscribe(url());
    await desk.commit(approved());
    await desk.stop();
    made = await made.reopen();
    desk = await open();
    desk.runner.start();
    await until('told', () => receiver.received.length === 1);
    expect(isSigned(receiver.received[0]!, secret, now())).toBe(true);
  });

  test('changes: only over what was seen; deleted with what waits', async () => {
    const { webhook } = await desk.subscribe(url());
    const wish = { url: url('/new'), events: ['invoice.received' as const], note: 'ERP' };
    await expect(desk.service.change('user:admin', webhook.id, 7, wish)).rejects.toMatchObject({ code: 'stale' });
    const changed = await desk.service.change('user:admin', webhook.id, 1, wish);
    expect(changed).toMatchObject({ ...wish, version: 2 });
    await desk.commit(approved(), received());
    expect(await waitingJobs()).toBe(1);
    expect(await desk.service.remove('user:admin', webhook.id)).toEqual({ deleted: true });
    await expect(desk.service.get(webhook.id)).rejects.toMatchObject({ code: 'not_found' });
    desk.runner.start();
    await until('nothing waits', async () => (await waitingJobs()) === 0);
    expect(receiver.received).toEqual([]);
    for (let n = 0; n < 20; n += 1) await desk.subscribe(url());
    await expect(desk.subscribe(url())).rejects.toMatchObject({ code: 'not_allowed' });
  });
});
