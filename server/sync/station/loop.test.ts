/** The loop over a database and a site that answer when they are told to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SiteLink, SiteLinkState } from '../../enrol/site-link.ts';
import { createLog } from '../../log.ts';
import type { StationSyncStore } from '../../store/station-sync-store.ts';
import { until } from '../../testing-client.ts';
import { createLoop } from './loop.ts';
import type { SyncWire } from './wire.ts';

test('what is saved between a look at the database and the wait for news is not left for the end of the wait', async () => {
  const asked: string[] = [];
  let unsent = 0;
  let looks = 0;
  const place = { site: 'northwind', epoch: 1, cursor: 5, siteHash: 'h' };
  const store = {
    device: 'd',
    replayDeferred: async () => 0,
    reissue: async () => 0,
    counts: async () => ({ unsent, again: 0 }),
    async position() {
      looks += 1;
      // Of the head, of the beginning, of the round (twice, as work of another device was looked for).
      if (looks !== 4) return place;
      // What is unsent was counted by then.
      await sleep(1);
      unsent = 1;
      loop.saved();
      await sleep(400);
      return place;
    },
    async offer() {
      asked.push('offer');
      unsent = 0;
      return { kind: 'none' };
    },
  } as unknown as StationSyncStore;
  const wire = {
    head: async () => ({ epoch: 1, seq: 5 }),
    pull: (_site: string, _place: unknown, waitSeconds: number, signal: AbortSignal) => {
      asked.push(`wait ${waitSeconds}`);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut'))));
    },
  } as unknown as SyncWire;
  const link: Pick<SiteLink, 'state' | 'onChange' | 'forked'> = {
    state: () => ({ enrolled: true, site: 'northwind', trouble: null }) as SiteLinkState,
    onChange: () => () => undefined,
    forked: async () => undefined,
  };
  const loop = createLoop({
    link,
    store,
    wire,
    joining: { run: async () => 'none' },
    log: createLog({ write: () => undefined }, 'silent'),
    now: Date.now,
    random: () => 0,
    onChange: () => undefined,
  });
  await until('it waits for news', () => Promise.resolve(asked.includes('wait 25') ? true : undefined));
  expect(asked).toEqual(['offer', 'wait 25']);
  await loop.close();
});
