/** What was given up, over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobView, NewJob } from '../../core/contract/jobs.ts';
import { startClient, type TestClient, until } from '../testing-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

interface Page {
  readonly items: readonly JobView[];
  readonly next: string | null;
}
const post = (path: string, json: unknown = {}) => client.request(`/api/v1/jobs/${path}`, { method: 'POST', json });
const dead = async (query = ''): Promise<Page> => (await client.request(`/api/v1/jobs/dead${query}`)).json<Page>();

test('given up jobs: listed in pages, tried again, removed', async () => {
  const { queue, store } = client.server.station.context;
  // Invoices that are not there: each try fails.
  const jobs = Array.from({ length: 3 }, (): NewJob => {
    const root = randomUUID();
    return { id: randomUUID(), name: 'validate', data: { invoice: root }, root, priority: 0 };
  });
  await store.commit({ ops: [], projections: [], documents: [], jobs });
  await until('dead letters', async () => ((await queue.counts()).dead === 3 ? true : undefined));

  const first = await dead('?limit=2');
  expect(first.items).toMatchObject([{ state: 'dead' }, { state: 'dead' }]);
  const rest = await dead(`?limit=2&cursor=${encodeURIComponent(first.next ?? '')}`);
  expect([rest.items.length, rest.next]).toEqual([1, null]);
  const [one] = first.items;
  expect((await post(`${one?.id}/replay`)).json()).toEqual({ state: 'waiting' });
  expect((await post(`${randomUUID()}/replay`)).status).toBe(404);
  await until('dead again', async () => ((await queue.counts()).dead === 3 ? true : undefined));
  expect((await post('dead/purge', { id: one?.id })).json()).toEqual({ purged: 1 });
  expect((await post('dead/purge', { before: '2026-01-01T00:00:00Z' })).json()).toEqual({ purged: 0 });
  expect((await post('dead/purge', { before: 'yesterday' })).status).toBe(400);
  expect((await post('dead/replay')).json()).toEqual({ replayed: 2, superseded: 0 });
  await until('dead again', async () => ((await queue.counts()).dead === 2 ? true : undefined));
  expect((await post('dead/purge')).json()).toEqual({ purged: 2 });
  expect(await dead()).toEqual({ items: [], next: null });
});
