import { expect, test, vi } from 'vitest';
import type { JobView } from '../core/contract/jobs.ts';
import type { Counters, StationStatus } from '../core/contract/http.ts';
import type { SyncView } from '../core/contract/station-sync-http.ts';
import type { Client } from './api.ts';
import { createAppStore } from './app-store.ts';

const sync = (state: SyncView['state']): SyncView => ({ state, waiting: { fetch: 0 } }) as SyncView;
const job = (state: JobView['state']): JobView => ({ id: 'j', root: 'i', state }) as JobView;
const counters = (total: number): Counters => ({ total }) as Counters;

const status = (actor: string): StationStatus =>
  ({ place: 'station', actor, counters: counters(1) }) as unknown as StationStatus;

/** A station whose answers come when they are let go. */
function station() {
  const waiting = new Map<string, (value: unknown) => void>();
  const asked = (name: string) => () => new Promise((resolve) => waiting.set(name, resolve));
  const client = {
    status: asked('status'),
    listJobs: asked('jobs'),
    getSync: asked('sync'),
    listNames: () => Promise.resolve({ items: [] }),
    getSettings: () => Promise.resolve({}),
    tagOf: () => undefined,
  } as unknown as Client;
  const answer = async (name: string, value: unknown): Promise<void> => {
    await vi.waitFor(() => expect(waiting.has(name)).toBe(true));
    waiting.get(name)?.(value);
    waiting.delete(name);
    await new Promise((done) => setTimeout(done));
  };
  return { app: createAppStore(client, { screen: 'inbox' }), answer };
}

test('what an event told while the page was loading is newer than the answers', async () => {
  const { app, answer } = station();
  const loading = app.load();
  await answer('jobs', { items: [job('running')] });
  app.onEvent({ type: 'job', job: job('done') });
  app.onEvent({ type: 'counters', counters: counters(2) });
  await answer('status', status('local:a'));
  await loading;
  app.onEvent({ type: 'sync', sync: sync('up-to-date') });
  await answer('sync', sync('off'));
  expect(app.getState()).toMatchObject({ jobs: {}, counters: { total: 2 }, sync: { state: 'up-to-date' } });
});

test('a station that was connected anew may be another device: it knows its own from then on', async () => {
  const { app, answer } = station();
  const loading = app.load();
  await answer('jobs', { items: [] });
  await answer('status', status('local:a'));
  await loading;
  app.onEvent({ type: 'siteLink' });
  await answer('status', status('local:b'));
  expect(app.getState()).toMatchObject({ linkTurns: 1, status: { actor: 'local:b' } });
});
