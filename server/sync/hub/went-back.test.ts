import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { createWentBack } from './went-back.ts';

function made(level: 'warn' | 'error' = 'error') {
  let told = '';
  let now = 0;
  const registry = new Registry();
  const log = createLog({ write: (line: string) => void (told += line) }, level);
  const back = createWentBack({ log, registry, now: () => now });
  return { back, registry, told: () => told, pass: (ms: number) => void (now += ms) };
}

test('what the site signed for and lacks proves that the database went back; a new epoch ends it', async () => {
  const { back, registry, told } = made();
  back.seen('main', { epoch: 1, seq: 40 });
  expect(back.sites()).toEqual([]);
  back.received('main', { epoch: 1, seq: 41 });
  back.received('main', { epoch: 1, seq: 42 });
  expect(back.sites()).toEqual(['main']);
  expect(told().trim().split('\n')).toHaveLength(1);
  expect(told()).toContain('ap-intake site restored');
  expect(await registry.metrics()).toContain('ap_sync_went_back{site="main"} 1');
  back.seen('main', { epoch: 7, seq: 41 });
  expect(back.sites()).toEqual([]);
  // Then it is what a history that was lost had, and the site knows.
  back.received('main', { epoch: 7, seq: 43 });
  expect(back.sites()).toEqual([]);
});

test('a number that a station says proves nothing', async () => {
  const { back, registry, told } = made('warn');
  back.seen('main', { epoch: 1, seq: 40 }, { station: 'desk', after: 1e15 });
  back.seen('main', { epoch: 1, seq: 40 }, { station: 'other', after: 1e15 });
  expect(back.sites()).toEqual([]);
  expect(await registry.metrics()).not.toContain('ap_sync_went_back{site="main"} 1');
  expect(told().trim().split('\n')).toHaveLength(1);
  expect(told()).toContain('desk');
});

test('a log that became shorter does so, too; reads that overtake each other do not', () => {
  const { back, told, pass } = made();
  back.seen('main', { epoch: 1, seq: 90 });
  back.seen('main', { epoch: 1, seq: 88 });
  expect(told()).toBe('');
  pass(60_000);
  back.seen('main', { epoch: 1, seq: 88 });
  expect(back.sites()).toEqual(['main']);
});
