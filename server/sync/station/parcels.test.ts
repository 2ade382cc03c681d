/** What was taken along, over a site and a disk that the test stands for. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { AppError } from '../../../core/contract/errors.ts';
import { togetherApi } from '../../../core/contract/together-http.ts';
import type { Log } from '../../log.ts';
import type { ParcelRow } from '../../store/sqlite/together-rows.ts';
import { createParcels, type ParcelsParts } from './parcels.ts';

const quiet: Log = { level: 'info', info: () => undefined, warn: () => undefined, error: () => undefined } as never;
const HOUR_MS = 3_600_000;
const START = Date.parse('2026-01-05T08:00:00.000Z');
const at = (ms: number): string => new Date(ms).toISOString();

function desk(state: 'taken' | 'returning', invoices: readonly string[]) {
  const id = randomUUID();
  const head = { id, since: at(START), until: at(START + HOUR_MS), size: invoices.length };
  const kept = { ...head, site: 'main', state, invoices, lost: 0, end: null, endedAt: null, endedBy: null };
  const rows = new Map<string, ParcelRow>([[id, { id, body: JSON.stringify(kept) }]]);
  const world = {
    now: START,
    site: 'main' as string | undefined,
    status: new Map(invoices.map((invoice) => [invoice, 'ready'])),
    looks: 0,
    /** Invoices whose document was asked for, and what such a question waits for. */
    fetched: [] as string[],
    fetching: async (): Promise<void> => undefined,
    asked: [] as string[],
  };
  const lease = (left: readonly string[]) => ({
    ...head,
    actor: 'user:a',
    device: 'd',
    deviceName: 'd',
    left: left.length,
    invoices: left,
    end: left.length === 0 ? 'returned' : null,
    endedAt: null,
    endedBy: null,
  });
  let out = [...invoices];
  const parts = {
    rows: {
      parcels: async () => [...rows.values()],
      saveParcel: async (row: ParcelRow) => void rows.set(row.id, row),
      dropParcel: async (one: string) => void rows.delete(one),
    },
    ask: async ({ path }: { path: string }, { body }: { body?: { invoices?: string[] } }) => {
      world.asked.push(path);
      if (world.site === undefined) throw new AppError('unavailable', 'away');
      if (path !== togetherApi.getLease.path)
        out = body?.invoices === undefined ? [] : out.filter((one) => body.invoices?.includes(one) !== true);
      return lease(out);
    },
    store: {
      invoice: async (one: string) => {
        world.looks += 1;
        return { status: world.status.get(one), reading: {}, document: { sha256: one } };
      },
      invoiceIds: async ({ status = [] }: { status?: readonly string[] }) =>
        [...world.status].flatMap(([one, is]) => (status.includes(is) ? [one] : [])),
      opsOf: async () => [],
    },
    blobs: {
      localPath: async (sha256: string) => {
        world.fetched.push(sha256);
        await world.fetching();
        return sha256;
      },
    },
    disk: { has: async () => ({ size: 1 }) },
    site: () => world.site,
    unsent: async () => 0,
    newId: randomUUID,
    now: () => world.now,
    log: quiet,
    signal: new AbortController().signal,
    onChange: () => undefined,
  } as unknown as ParcelsParts;
  return { id, world, parts, parcels: createParcels(parts) };
}
const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

test('what is given back ends with its time, also where the site is never heard again', async () => {
  for (const state of ['taken', 'returning'] as const) {
    const { parcels, world } = desk(state, ids(2));
    world.site = undefined;
    await parcels.tick(undefined);
    expect(await parcels.list()).toMatchObject([{ end: null }]);
    expect(parcels.isAny()).toBe(true);
    world.now = START + HOUR_MS;
    await parcels.tick(undefined);
    expect(await parcels.list()).toMatchObject([{ state: 'ended', end: 'expired', endedAt: at(START + HOUR_MS) }]);
    expect(parcels.isAny()).toBe(false);
  }
});

test('whoever gives it back does not wait until all of it was fetched', async () => {
  const { parcels, world, id } = desk('taken', ids(100));
  const waiting: (() => void)[] = [];
  world.fetching = () => new Promise((resolve) => waiting.push(resolve));
  const working = parcels.tick(undefined);
  await expect.poll(() => world.fetched.length).toBe(3);
  const back = parcels.giveBack(id);
  await expect.poll(async () => (await parcels.list())[0]?.state).toBe('returning');
  for (const go of waiting) go();
  expect(await back).toMatchObject({ state: 'ended', end: 'returned' });
  await working;
  expect(world.fetched).toHaveLength(3);
});

test('what is here is read once; what was decided since is seen and given back all the same', async () => {
  const invoices = ids(5);
  const [decided = ''] = invoices;
  const { parcels, world } = desk('taken', invoices);
  await parcels.tick(undefined);
  expect(await parcels.list()).toMatchObject([{ state: 'ready', here: 5, open: 5 }]);
  expect(world.looks).toBe(5);
  world.status.set(decided, 'on_hold');
  await parcels.tick(undefined);
  await parcels.tick(undefined);
  expect(world.looks).toBe(5);
  expect(await parcels.list()).toMatchObject([{ here: 4, open: 4, lost: 0, invoices: invoices.slice(1) }]);
});

test('what cannot be read from the disk now is read the next time', async () => {
  const { parts, id } = desk('taken', ['a']);
  let isAway = true;
  const parcels = async () => (isAway ? Promise.reject(new Error('restarting')) : parts.rows.parcels());
  const rows = { ...parts.rows, parcels };
  const made = createParcels({ ...parts, rows });
  await expect(made.list()).rejects.toThrow('restarting');
  isAway = false;
  expect((await made.list()).map((one) => one.id)).toEqual([id]);
});
