/** Pushes that go over in one round trip: as if the database had been asked about each. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldSetOp } from '../../../core/sync/drafts.ts';
import { readBatch } from '../../../core/sync/push.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createTestDevice, type TestDevice } from '../../sync/hub/testing-device.ts';
import { sha256 } from '../audit.ts';
import type { HubStore, PushOutcome, PushWish } from '../hub-store.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { asSuper } from '../testing-roles.ts';
import { author, newId, NOTHING } from '../testing-stores.ts';
import { createCarried } from './carried.ts';
import { type Connections, createConnections } from './connection.ts';
import type { PostgresDatabase } from './create.ts';
import { createJobStatements, createLeaseClock } from './job-statements.ts';
import { createAhead } from './sync-ahead.ts';
import { createHubStore } from './sync-store.ts';

type Ok = Extract<PushOutcome, { kind: 'ok' }>;
const ok = (outcome: PushOutcome): Ok => {
  expect(outcome).toMatchObject({ kind: 'ok' });
  return outcome as Ok;
};

const correction = (invoice: string, field: string, parents: readonly string[], opId = newId()) =>
  fieldSetOp({ ...author(), opId }, invoice, {
    entity: { type: 'invoice', id: invoice },
    field,
    value: opId,
    parents,
    source: 'manual',
  });

function wishOf(device: TestDevice, from: number, to = device.ops.length, waived: readonly string[] = []): PushWish {
  const batch = { ...device.batch(1, from, to), waived: [...waived] };
  const reading = readBatch(device.site, batch, { sha256, verify: () => true });
  if (reading.kind !== 'ok') throw new Error(reading.why);
  return { batch: reading.batch, publicKey: device.signer.publicKey, roles: ['reviewer'], jobsOf: () => [] };
}

const rowsOf = async (site: string, query: string): Promise<unknown[]> =>
  asSuper(await sharedDatabase(), async (client) => (await client.query(query, [site])).rows);
const headsOf = (site: string) =>
  rowsOf(site, 'SELECT entity, field, root, op_id, value FROM cell_head WHERE site = $1 ORDER BY 1, 2, 3, 4');
/** What operations come to, however they came. */
const stateOf = async (site: string) => ({
  log: await rowsOf(
    site,
    'SELECT seq, op_id, device, dev_seq, site_hash, verdict, head_sig FROM op_log WHERE site = $1 ORDER BY seq',
  ),
  heads: await headsOf(site),
  gone: await rowsOf(
    site,
    'SELECT entity, field, root, op_id, count FROM superseded WHERE site = $1 ORDER BY 1, 2, 3, 4',
  ),
  devices: await rowsOf(site, 'SELECT device, dev_seq, hash, public_key FROM sync_device WHERE site = $1 ORDER BY 1'),
  jobs: await rowsOf(site, 'SELECT name, root, state, priority FROM job WHERE site = $1 ORDER BY 1, 2'),
});

describe.skipIf(postgres.url === undefined)('pushes that go on where the log was left', () => {
  const archive = createArchive(23);
  let database: PostgresDatabase;
  let connections: Connections;

  beforeAll(async () => {
    const { url } = await sharedDatabase();
    database = await openDatabase(url);
    connections = createConnections({ url, poolSize: 4, statementTimeoutMs: 10_000, applicationName: 'test' });
  });
  afterAll(async () => {
    await connections.close();
    await database.close();
  });

  /** A process of the site. `asked`: how often the database was asked before something was written. */
  async function processOf(site: string, rest?: number, mayGuess = true) {
    await database.createSite(site);
    const made = await database.site(site);
    let asked = 0;
    const ahead = createAhead(site, rest);
    const counting: Connections = {
      ...connections,
      write: (of, run, options) =>
        connections.write(
          of,
          (tx) => {
            const send: typeof tx.send = (statement) => {
              asked += 1;
              return tx.send(statement);
            };
            return run({ ...tx, send });
          },
          options,
        ),
    };
    const hub: HubStore = createHubStore({
      connections: counting,
      site,
      jobs: createJobStatements(createLeaseClock()),
      carried: createCarried(() => undefined),
      ahead: mayGuess ? ahead : { ...ahead, guess: () => undefined },
      now: Date.now,
      newId,
      random: randomBytes,
      appended: (seq) => ahead.appended(seq),
    });
    const clean = async (): Promise<void> => {
      expect((await made.store.verifyAudit()).problems).toEqual([]);
      const heads = await headsOf(site);
      await made.store.rebuildHeads();
      expect(await headsOf(site)).toEqual(heads);
    };
    return { hub, asked: () => asked, made, clean };
  }
  type Process = Awaited<ReturnType<typeof processOf>>;

  function invoiceOf(device: TestDevice) {
    const item = archive.next();
    device.write(...item.ops.filter(({ kind }) => kind !== 'transition' && kind !== 'field.set'));
    const reading = device.ops.findLast(({ body }) => body.kind === 'reading.recorded');
    return { id: item.invoice.id, reading: reading?.body.op_id ?? '' };
  }

  test('nothing is asked; the log, the heads and the jobs are as ever', async () => {
    const site = newSite();
    const { hub, asked, made, clean } = await processOf(site);
    const device = createTestDevice(site);
    const { id, reading } = invoiceOf(device);
    ok(await hub.push(wishOf(device, 1)));
    expect(asked()).toBe(1);
    let parent = reading;
    for (let n = 0; n < 5; n += 1) {
      const from = device.ops.length + 1;
      for (let more = 0; more < 3; more += 1) parent = device.setField(id, `${n} ${more}`, [parent]).body.op_id;
      const { reply, fresh, roots } = ok(await hub.push(wishOf(device, from)));
      expect([fresh, roots, reply.acked, reply.head.seq]).toEqual([3, [id], device.ops.length, device.ops.length]);
      expect(reply.results.map(({ seq, verdict }) => [seq, verdict])).toEqual(
        [from, from + 1, from + 2].map((seq) => [seq, 'accepted']),
      );
      expect((await hub.history()).siteHash).toBe(reply.head.site_hash);
    }
    expect(asked()).toBe(1);
    expect(await made.queue.list()).toMatchObject([{ name: 'refresh', root: id, state: 'waiting' }]);
    await clean();
  });

  test('where others added to the log the database is asked, and for a while after that', async () => {
    const site = newSite();
    const { hub, asked, made, clean } = await processOf(site);
    const device = createTestDevice(site);
    const { id, reading } = invoiceOf(device);
    ok(await hub.push(wishOf(device, 1)));
    const correct = async (): Promise<number> => {
      const before = asked();
      device.setField(id, newId(), [reading]);
      ok(await hub.push(wishOf(device, device.ops.length)));
      return asked() - before;
    };
    expect(await correct()).toBe(0);
    const own = [correction(id, 'buyerReference', [])];
    expect((await made.store.commit({ ...NOTHING, ops: own })).kind).toBe('ok');
    for (let n = 0; n < 9; n += 1) expect(await correct()).toBe(1);
    expect(await correct()).toBe(0);
    await clean();
  });

  test('many at once come one after the other, whoever guesses what', async () => {
    const site = newSite();
    const processes: readonly [Process, Process] = [await processOf(site, 0), await processOf(site, 0)];
    const devices = Array.from({ length: 6 }, () => createTestDevice(site));
    const counts = await Promise.all(
      devices.map(async (device, at) => {
        const { hub } = processes[at % 2 === 0 ? 0 : 1];
        const { id, reading } = invoiceOf(device);
        let from = 1;
        let parent = reading;
        for (let n = 0; n < 12; n += 1) {
          parent = device.setField(id, `${n}`, [parent]).body.op_id;
          ok(await hub.push(wishOf(device, from)));
          from = device.ops.length + 1;
        }
        return device.ops.length;
      }),
    );
    const [{ hub, clean }] = processes;
    expect((await hub.history()).seq).toBe(counts.reduce((sum, count) => sum + count, 0));
    await clean();
  });

  /** A process that guesses and one that asks about each get the same batches. */
  async function world() {
    const sites = [newSite(), newSite()] as const;
    const guessing = await processOf(sites[0], 0);
    const asking = await processOf(sites[1], 0, false);
    const push = async (wish: PushWish): Promise<PushOutcome> => {
      const outcome = await guessing.hub.push(wish);
      expect(await asking.hub.push(wish)).toEqual(outcome);
      return outcome;
    };
    const last = (device: TestDevice): Promise<PushOutcome> => push(wishOf(device, device.ops.length));
    const [one, two] = [createTestDevice(sites[0]), createTestDevice(sites[0])];
    const { id, reading } = invoiceOf(one);
    ok(await push(wishOf(one, 1)));
    two.setField(id, 'first', [reading], 'buyerReference');
    ok(await push(wishOf(two, 1)));
    /** Where the log ends is known then. */
    const usual = async (): Promise<void> => {
      for (const most of [1, 0]) {
        const before = guessing.asked();
        one.setField(id, newId(), [reading], 'issueDate');
        ok(await last(one));
        expect(guessing.asked() - before).toBeLessThanOrEqual(most);
      }
    };
    await usual();
    const same = async (): Promise<void> => {
      await usual();
      expect(await stateOf(sites[0])).toEqual(await stateOf(sites[1]));
      await guessing.clean();
    };
    return { push, last, usual, same, one, two, id, reading };
  }

  test('a parent that the site does not have; waived, and come after all', async () => {
    const { last, push, usual, same, one, two, id, reading } = await world();
    const lost = newId();
    one.setField(id, 'over what is lost', [lost]);
    expect(await last(one)).toMatchObject({ kind: 'missing_parents', parents: [lost] });
    ok(await push(wishOf(one, one.ops.length, one.ops.length, [lost])));
    await usual();
    two.write(correction(id, 'invoiceNumber', [reading], lost));
    ok(await last(two));
    await same();
  });

  test('an id that the log has', async () => {
    const { last, same, one, two, id } = await world();
    two.write(correction(id, 'invoiceNumber', [], one.ops.at(-1)?.body.op_id));
    expect(await last(two)).toEqual({ kind: 'device_forked', devSeq: two.ops.length });
    two.ops.pop();
    await same();
  });

  test('a gap, a parent that comes later in the batch, another history', async () => {
    const { last, push, usual, same, one, two, id, reading } = await world();
    const first = two.ops.length + 1;
    const later = newId();
    two.write(correction(id, 'dueDate', [later]), correction(id, 'dueDate', [], later));
    expect(await last(two)).toEqual({ kind: 'gap', expected: first });
    await usual();
    expect(await push(wishOf(two, first))).toMatchObject({ kind: 'missing_parents', parents: [later] });
    two.ops.splice(first - 1);
    await usual();
    const [mine] = one.ops.splice(-1);
    one.setField(id, 'other', [reading]);
    expect(await last(one)).toMatchObject({ kind: 'device_forked' });
    one.ops.splice(-1, 1, ...(mine === undefined ? [] : [mine]));
    await same();
  });

  test('again what is here, with more after it', async () => {
    const { last, push, usual, same, one, id, reading } = await world();
    const answer = ok(await last(one));
    expect(answer.fresh).toBe(0);
    await usual();
    one.setField(id, 'more', [reading]);
    expect(ok(await push(wishOf(one, one.ops.length - 2))).fresh).toBe(1);
    await same();
  });

  test('over a chain of its own, beside heads of others, by whom it is not allowed', async () => {
    const { last, push, usual, same, one, two, id, reading } = await world();
    const from = one.ops.length + 1;
    const first = one.setField(id, '1', [reading]);
    const next = one.setField(id, '2', [first.body.op_id]);
    one.setField(id, '3', [next.body.op_id]);
    one.setField(id, 'beside', [first.body.op_id]);
    ok(await push(wishOf(one, from)));
    two.setField(id, 'of another', [first.body.op_id]);
    ok(await last(two));
    await usual();
    one.setField(id, 'refused', [next.body.op_id]);
    expect(ok(await push({ ...wishOf(one, one.ops.length), roles: ['auditor'] })).refused).toBe(1);
    await same();
  });
});
