/** A process that is killed, with SIGKILL, between what it promised and what it did: nothing that was answered is lost, and nothing changes its id. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../queue/testing-site.ts';
import { implementations, type MadeWebhooks } from '../store/testing-webhooks.ts';
import { isSigned, type Receiver, startReceiver } from './testing-receiver.ts';
import { approved, type Desk, openDesk } from './testing-webhooks.ts';

const teller = fileURLToPath(new URL('./testing-teller.ts', import.meta.url));

describe.each(Object.entries(implementations))('killed, on %s', (_name, make) => {
  let made: MadeWebhooks;
  let receiver: Receiver;
  let desk: Desk;
  let child: ChildProcess | undefined;
  const open = (): Promise<Desk> => openDesk(made, { host: receiver.host, now: Date.now });
  const alone = async (run: () => Promise<void>): Promise<void> => {
    await desk.stop();
    await made.close();
    await run();
    made = await made.reopen();
    desk = await open();
  };
  const start = async (act: 'commit' | 'work'): Promise<string> => {
    const given = { place: made.place, site: made.site, host: receiver.host, act };
    child = spawn(process.execPath, [teller, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('it ended without a word')));
    const [said] = (await Promise.race([once(child.stdout!, 'data'), ended])) as [Buffer];
    ended.catch(() => undefined);
    return String(said).trim();
  };
  const killed = async (): Promise<void> => {
    if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };

  beforeEach(async () => {
    receiver = await startReceiver();
    made = await make();
    desk = await open();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await killed();
    await desk.stop();
    await made.cleanUp();
    await receiver.close();
  });

  test('after the answer to a change and before anybody is told: told by the next process', async () => {
    const { secret } = await desk.subscribe(receiver.url);
    await alone(async () => {
      expect(await start('commit')).toBe('ok');
      await killed();
      expect(child?.signalCode).toBe('SIGKILL');
    });
    expect(receiver.received).toEqual([]);
    desk.runner.start();
    await until('told', () => receiver.received.length === 1);
    expect(isSigned(receiver.received[0]!, secret, Date.now())).toBe(true);
  }, 30_000);

  test('after the receiver was told and before that was noted: told again, under the same id', async () => {
    const { webhook } = await desk.subscribe(receiver.url);
    await desk.commit(approved());
    receiver.answer = (_path, count) => {
      if (count === 1) child?.kill('SIGKILL');
      return 200;
    };
    await alone(async () => {
      expect(await start('work')).toBe('ready');
      await killed();
    });
    expect(receiver.received).toHaveLength(1);
    desk.runner.start();
    await until('told again', () => receiver.received.length === 2);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    const isNoted = async (): Promise<boolean> =>
      (await desk.service.deliveries(webhook.id, { limit: 9 })).items[0]?.state === 'delivered';
    await until('noted', isNoted);
  }, 30_000);
});
