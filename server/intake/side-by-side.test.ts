/** Takes at the same time: different bytes are saved together, the same ones one after the other. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { openStation, type Station } from '../station.ts';
import type { Change } from '../store/store.ts';
import type { Arrived } from './intake.ts';

let made: Station;
let most = 0;
beforeEach(async () => {
  most = 0;
  made = await openStation(readConfig({ AP_DATA: mkdtempSync(join(tmpdir(), 'ap-takes-')), AP_THREADS: '1' }), {
    logTo: { write: () => undefined },
  });
  const { store } = made.context;
  const commit = store.commit.bind(store);
  let now = 0;
  Object.assign(store, {
    async commit(change: Change) {
      now += 1;
      most = Math.max(most, now);
      try {
        return await commit(change);
      } finally {
        now -= 1;
      }
    },
  });
});
afterEach(() => made.close());

async function take(text: string, key?: string): Promise<string | undefined> {
  const { intake } = made.context;
  const kept = await intake.keep('a.pdf', Readable.from([Buffer.from(text)]));
  const [result] = await intake.take([kept], 'upload', key);
  return result?.kind;
}

test('files of several requests are saved side by side', async () => {
  const kinds = await Promise.all(['a', 'b', 'c', 'd'].map((text) => take(text)));
  expect(kinds).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  expect(most).toBeGreaterThan(1);
});

test('the same bytes, and the same request, wait for each other', async () => {
  const kinds = await Promise.all([take('a'), take('a'), take('a')]);
  expect(kinds.toSorted()).toEqual(['accepted', 'already', 'already']);
  expect(await Promise.all([take('b', 'key'), take('b', 'key')])).toEqual(['accepted', 'accepted']);
  expect(most).toBe(1);
});

test('bytes that are new are taken without a question; ones that are known, and repeated requests, are looked up', async () => {
  const { store } = made.context;
  let looks = 0;
  for (const name of ['idempotent', 'invoiceIds'] as const) {
    const look = store[name].bind(store) as (one: never) => Promise<never>;
    Object.assign(store, { [name]: (one: never) => ((looks += 1), look(one)) });
  }
  expect(await take('new', 'key')).toBe('accepted');
  expect(looks).toBe(0);
  expect(await take('new', 'key')).toBe('accepted');
  expect(await take('new')).toBe('already');
  expect(looks).toBe(2);
});

test('a key that is used again while files cannot be kept is not refused for good', async () => {
  const { intake } = made.context;
  const kept = await intake.keep('a.pdf', Readable.from([Buffer.from('a')]));
  const first = await intake.take([kept], 'upload', 'key');
  const away: Arrived = { kind: 'refused', name: 'a.pdf', reason: 's3-unreachable', detail: 'away', passing: true };
  await expect(intake.take([away], 'upload', 'key')).rejects.toMatchObject({
    code: 'unavailable',
    details: { retryAfter: 5 },
  });
  const again = await intake.keep('a.pdf', Readable.from([Buffer.from('a')]));
  expect(await intake.take([again], 'upload', 'key')).toEqual(first);
});
