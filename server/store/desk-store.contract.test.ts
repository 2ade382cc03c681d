/** The same for every store of who is at what; leases where there are stations. */
import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bulkLoadPostgres } from '../../scripts/archive/bulk-load-postgres.ts';
import { TOGETHER_LIMITS } from '../../core/contract/together-http.ts';
import { DESK_MS } from '../../core/together/terms.ts';
import type { DeskStore, Seat } from './desk-store.ts';
import { createMemoryDesks } from './memory-desks.ts';
import { withClient } from './postgres/clients.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from './testing-postgres.ts';
import { until } from '../testing-client.ts';
import { newId } from './testing-stores.ts';

interface Made {
  readonly desks: DeskStore;
  /** Of invoices that wait for a person. */
  readonly waiting: readonly string[];
  /** Others' changes of this database, in one transaction that has begun. */
  readonly others?: <T>(run: (client: ClientBase, site: string) => Promise<T>) => Promise<T>;
  cleanUp(): Promise<void>;
}

let offsetMs = 0;
const now = (): number => Date.now() + offsetMs;

async function memory(): Promise<Made> {
  const waiting = Array.from({ length: 12 }, newId);
  const known = new Set(waiting);
  const statusOf = async (id: string) => (known.has(id) ? ('ready' as const) : undefined);
  return { desks: createMemoryDesks({ now, statusOf }), waiting, cleanUp: async () => undefined };
}

async function inPostgres(): Promise<Made> {
  const { url } = await sharedDatabase();
  const site = newSite();
  const database = await openDatabase(url, { leaseNow: now });
  await database.createSite(site);
  await bulkLoadPostgres({ url, site, count: 20, seed: 5 });
  const others: Made['others'] = (run) =>
    withClient({ connectionString: url }, async (client) => {
      await client.query('BEGIN');
      await client.query("SELECT set_config('app.site', $1, true)", [site]);
      return run(client, site);
    });
  await others((client) => client.query(`UPDATE invoices SET status = 'ready' WHERE site = '${site}'; COMMIT`));
  const { desks, store } = await database.site(site);
  return {
    desks,
    others,
    waiting: await store.invoiceIds({ status: ['exception', 'ready'] }),
    cleanUp: () => database.close(),
  };
}

const implementations: Record<string, () => Promise<Made>> = {
  memory,
  ...(postgres.url === undefined ? {} : { postgres: inPostgres }),
};

const seat = (actor: string, device: string | null = null): Seat => ({ actor, device, window: randomUUID() });

const lease = (actor: string, device: string) => ({ id: newId(), actor, device, deviceName: 'Notebook', hours: 8 });

let made: Made;
let desks: DeskStore;
let first: string;
let second: string;

function prepared(make: () => Promise<Made>): void {
  beforeEach(async () => {
    offsetMs = 0;
    made = await make();
    ({ desks } = made);
    [first = '', second = ''] = made.waiting;
  });
  afterEach(() => made.cleanUp());
}

describe.each(Object.entries(implementations))('%s', (_name, make) => {
  prepared(make);

  test('who has an invoice open is seen, and who works on it; it ends by leaving, or by saying no more', async () => {
    const [ada, bo] = [seat('user:ada'), seat('user:bo', 'd2')];
    expect(await desks.keep(newId(), ada, 'free')).toBeUndefined();
    expect(await desks.keep(first, ada, 'free')).toMatchObject({ holder: { actor: 'user:ada', lease: null } });
    expect(await desks.keep(first, bo, 'free')).toMatchObject({ holder: { actor: 'user:ada' }, replaced: undefined });
    const { desks: seen } = await desks.view();
    expect(seen.map(({ invoice, actor, device, claimed }) => [invoice, actor, device, claimed])).toEqual([
      [first, 'user:ada', null, true],
      [first, 'user:bo', 'd2', false],
    ]);
    // Said again, it is the same visit.
    offsetMs += 60_000;
    expect(await desks.keep(first, ada, 'free')).toMatchObject({ isNews: false });
    expect((await desks.view()).desks[0]?.since).toBe(seen[0]?.since);
    // Bo has said nothing for too long.
    offsetMs += DESK_MS - 30_000;
    expect((await desks.view()).desks.map(({ actor }) => actor)).toEqual(['user:ada']);
    expect(await desks.leave(first, ada)).toBe(true);
    expect(await desks.leave(first, ada)).toBe(false);
    expect((await desks.view()).desks).toEqual([]);
    expect(await desks.keep(first, bo, 'free')).toMatchObject({ holder: { actor: 'user:bo' } });
    await desks.tidy();
    expect((await desks.view()).desks).toHaveLength(1);
  });

  test('taken over on purpose, it is another’s, and who had it is named; who only looks holds nothing', async () => {
    const [ada, again, bo] = [seat('user:ada'), seat('user:ada'), seat('user:bo')];
    await desks.keep(first, ada, 'free');
    expect(await desks.keep(first, bo, 'over')).toMatchObject({
      holder: { actor: 'user:bo' },
      replaced: { actor: 'user:ada', lease: null },
    });
    // She is not put out of it by what she says next.
    expect(await desks.keep(first, ada, 'free')).toMatchObject({ holder: { actor: 'user:bo' } });
    expect(await desks.keep(first, bo, 'over')).toMatchObject({ replaced: undefined });
    expect(await desks.keep(first, bo, 'none')).toEqual({ holder: undefined, isNews: true, replaced: undefined });
    expect(await desks.keep(first, ada, 'free')).toMatchObject({ holder: { actor: 'user:ada' } });
    // Another page of the same person is nobody else.
    expect(await desks.keep(first, again, 'free')).toMatchObject({ holder: { actor: 'user:ada' } });
    expect((await desks.view()).desks).toHaveLength(2);
  });

  test('many who ask for the next at once get one each, and nobody what another has', async () => {
    const many = Array.from({ length: 8 }, (_, n) => seat(`user:${n}`));
    await desks.keep(first, seat('user:early'), 'free');
    const got = await Promise.all(many.map((one) => desks.claimFirst(made.waiting, one)));
    expect(new Set(got).size).toBe(8);
    expect(got).not.toContain(first);
    expect(got).not.toContain(undefined);
    expect((await desks.view()).desks.filter(({ claimed }) => claimed)).toHaveLength(9);
    expect(await desks.claimFirst([first, newId()], many[0]!)).toBeUndefined();
    // What one has oneself is free to oneself.
    expect(await desks.claimFirst([first, got[3]!], seat('user:3'))).toBe(got[3]);
  });
});

// Stations take invoices along from a site in Postgres alone.
describe.each(Object.entries(implementations).filter(([name]) => name !== 'memory'))('leases: %s', (_name, make) => {
  prepared(make);

  test('what is taken along is nobody else’s until it comes back', async () => {
    const [ada, bo] = [seat('user:ada', 'd1'), seat('user:bo', 'd2')];
    const [one, two] = [lease('user:ada', 'd1'), lease('user:bo', 'd2')];
    await desks.keep(first, bo, 'free');
    expect(await desks.openLease(one)).toEqual({ kind: 'new' });
    expect(await desks.openLease(two)).toEqual({ kind: 'new' });
    const half = Math.floor(made.waiting.length / 2);
    const fill = async ({ id }: { id: string }, wanted: number): Promise<number> => {
      let taken = 0;
      for (let more = 1; more > 0 && taken < wanted;)
        taken += more = await desks.fillLease(id, made.waiting, wanted - taken);
      return taken;
    };
    // Both at once, the same list.
    expect(await Promise.all([fill(one, half), fill(two, half)])).toEqual([half, half]);
    const [hers, his] = [await desks.lease(one.id), await desks.lease(two.id)];
    expect(new Set([...(hers?.invoices ?? []), ...(his?.invoices ?? [])]).size).toBe(2 * half);
    // What he has open is his to take along, and not hers.
    expect(his?.invoices).toContain(first);
    expect(hers).toMatchObject({ size: half, left: half, end: null, actor: 'user:ada', device: 'd1' });
    expect((await desks.openLease(one)).kind).toBe('known');
    expect((await desks.view()).leases.map(({ left }) => left)).toEqual([half, half]);

    const [taken = '', other = ''] = hers?.invoices ?? [];
    expect(await desks.claimFirst([taken], bo)).toBeUndefined();
    expect(await desks.keep(taken, bo, 'free')).toMatchObject({ holder: { actor: 'user:ada', lease: one.id } });
    // Opened at the station that has it, it stays what it is.
    expect(await desks.keep(taken, ada, 'over')).toMatchObject({ holder: { lease: one.id }, replaced: undefined });
    expect(await desks.keep(taken, bo, 'over')).toMatchObject({
      holder: { actor: 'user:bo', lease: null },
      replaced: { actor: 'user:ada', lease: one.id },
    });
    expect(await desks.lease(one.id)).toMatchObject({ size: half, left: half - 1, end: null });
    const some = await desks.endLease(one.id, { invoices: [other], end: 'returned', by: 'user:ada' });
    expect(some).toMatchObject({ left: half - 2, end: null });
    expect(await desks.claimFirst([other], bo)).toBe(other);
    const all = await desks.endLease(one.id, { end: 'released', by: 'user:eve' });
    expect(all).toMatchObject({ left: 0, end: 'released', endedBy: 'user:eve' });
    expect(await desks.fillLease(one.id, made.waiting, 5)).toBe(0);
    expect(await desks.endLease(newId(), { end: 'returned', by: 'x' })).toBeUndefined();
    expect((await desks.view()).leases.map(({ id }) => id)).toEqual([two.id]);

    offsetMs += 8 * 3_600_000 + 1_000;
    expect((await desks.view()).leases).toEqual([]);
    expect(await desks.lease(two.id)).toMatchObject({ end: 'expired' });
    expect(await desks.claimFirst([second], seat('user:cy'))).toBe(second);
    offsetMs += 31 * 86_400_000;
    await desks.tidy();
    expect(await desks.lease(two.id)).toBeUndefined();
  });

  test('who is a moment later than another with the same list gets what is left of it', async () => {
    const one = lease('user:ada', 'd1');
    await desks.openLease(one);
    const some = made.waiting.slice(0, 4);
    const got = await made.others?.(async (client, site) => {
      await client.query(
        `INSERT INTO claim (site, invoice, actor, seat, since, until)
         SELECT $1, unnest($2::text[]), 'user:bo', 'w', now(), now() + interval '1 day'`,
        [site, some],
      );
      // They look free until the other transaction ends.
      const filled = desks.fillLease(one.id, made.waiting, 4);
      const asked = desks.claimFirst(some, seat('user:cy'));
      const stand = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'
        AND transactionid = pg_current_xact_id()::xid`;
      await until('both wait', async () => (await client.query<{ n: number }>(stand)).rows[0]?.n === 2 || undefined);
      await client.query('COMMIT');
      return Promise.all([filled, asked]);
    });
    expect(got).toEqual([4, undefined]);
    const { invoices = [] } = (await desks.lease(one.id)) ?? {};
    expect(invoices.filter((id) => some.includes(id))).toEqual([]);
  });

  test('a station has only so many out', async () => {
    const one = lease('user:ada', 'd1');
    expect(TOGETHER_LIMITS.out).toBeGreaterThan(TOGETHER_LIMITS.lease);
    expect(await desks.openLease(one)).toEqual({ kind: 'new' });
    expect(await desks.fillLease(one.id, made.waiting, 3)).toBe(3);
    expect((await desks.lease(one.id))?.invoices).toEqual(made.waiting.slice(0, 3).toSorted());
  });
});
