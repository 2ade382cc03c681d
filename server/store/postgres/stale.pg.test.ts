/**
 * Plans that know nothing: made when there was next to nothing, by a server that has not looked at its tables since. What a push or a page reads must be told by what it names, not by how
 * much a site has.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBatch } from '../../../core/sync/push.ts';
import { fieldSetOp } from '../../../core/sync/drafts.ts';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createTestDevice } from '../../sync/hub/testing-device.ts';
import { sha256 } from '../audit.ts';
import { newSite, openDatabase, postgres } from '../testing-postgres.ts';
import { asSuper, createTestDatabase, type TestDatabase } from '../testing-roles.ts';
import { author, NOTHING } from '../testing-stores.ts';
import type { PostgresDatabase } from './create.ts';
import { type Explained, explained, explainEverything, lookAt } from './testing-explain.ts';

const INVOICES = 150;
const FIELDS = ['invoiceNumber', 'issueDate', 'grossTotal', 'buyerReference'];
const ROUNDS = 3;
/** So many are looked at, in a site that has more than ten times as much. */
const FEW = 20;

describe.skipIf(postgres.url === undefined)('with numbers of tables that are out of date', () => {
  let database: TestDatabase;
  let opened: PostgresDatabase;
  let plans: Explained[];

  beforeEach(async () => {
    plans = [];
    database = await createTestDatabase(postgres.url ?? '');
    await asSuper(database, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
      );
      for (const { name } of rows) await client.query(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`);
    });
    await explainEverything(database, false);
    opened = await openDatabase(database.url, {
      poolSize: 1,
      onNotice(notice) {
        const one = explained(notice);
        if (one !== undefined) plans.push(one);
      },
    });
  });
  afterEach(async () => {
    await opened.close();
    await database.drop();
  });

  async function fill(isAnalysed: boolean) {
    const site = newSite();
    await opened.createSite(site);
    const { hub, store } = await opened.site(site);
    const device = createTestDevice(site);
    const heads = new Map<string, string>();
    const correct = (invoice: string, field: string, value: string): void => {
      const parent = heads.get(invoice + field);
      heads.set(
        invoice + field,
        device.setField(invoice, value, parent === undefined ? [] : [parent], field).body.op_id,
      );
    };
    let sent = 0;
    const wish = (from: number, to: number) => {
      const reading = readBatch(site, device.batch(1, from, to), { sha256, verify: () => true });
      if (reading.kind !== 'ok') throw new Error(reading.why);
      return {
        batch: reading.batch,
        publicKey: device.signer.publicKey,
        roles: ['reviewer'] as const,
        jobsOf: () => [],
      };
    };
    const push = async (): Promise<void> => {
      while (sent < device.ops.length) {
        const to = Math.min(sent + 500, device.ops.length);
        expect(await hub.push(wish(sent + 1, to))).toMatchObject({ kind: 'ok' });
        sent = to;
      }
    };
    const items = Array.from({ length: INVOICES }, (_, at) => createArchive(at + 1).next());
    const show = async (some: typeof items): Promise<void> => {
      const projections = some.map(({ invoice }) => ({ expect: 0, projection: projectionOf(invoice) }));
      expect((await store.commit({ ...NOTHING, projections })).kind).toBe('ok');
      for (const { ops } of some) device.write(...ops.filter(({ kind }) => kind === 'invoice.created'));
      await push();
    };
    // So often that the server has made up its mind.
    for (const item of items.slice(0, 7)) {
      await show([item]);
      correct(item.invoice.id, 'invoiceNumber', 'first');
      await push();
      await hub.page(0, 10);
    }
    if (isAnalysed) await asSuper(database, (client) => client.query('ANALYZE'));
    await show(items.slice(7));
    for (let round = 0; round < ROUNDS; round += 1)
      for (const { invoice } of items) for (const field of FIELDS) correct(invoice.id, field, `${round}`);
    await push();
    return { site, hub, store, device, items, correct, push, again: () => hub.push(wish(sent - FEW + 1, sent)) };
  }

  test.each([
    ['never looked at', false],
    ['looked at when there was hardly anything', true],
  ])('%s: a push, a save and a page read what they name', async (_what, isAnalysed) => {
    const { hub, store, device, items, correct, push, again } = await fill(isAnalysed);
    const named = items.slice(0, FEW);
    const { id } = (named[0] as (typeof items)[number]).invoice;
    const looked = await lookAt(
      {
        async 'a push'() {
          for (const { invoice } of named) correct(invoice.id, 'invoiceNumber', 'last');
          await push();
        },
        async 'a push with a decision'() {
          for (const { invoice } of named.slice(1)) correct(invoice.id, 'issueDate', 'last');
          device.step(id, 'received', 'on_hold', '');
          await push();
        },
        'a push once more': again,
        async 'a save'() {
          const entity = { type: 'invoice', id } as const;
          const set = { entity, field: 'x', value: 'y', parents: [], source: 'manual' } as const;
          const ops = Array.from({ length: FEW }, () => fieldSetOp(author(), id, set));
          expect((await store.commit({ ...NOTHING, ops })).kind).toBe('ok');
        },
        'a page': () => hub.page(100, FEW),
        'the history of an invoice': () => hub.snapshots.opsOf(id, 0),
      },
      plans,
      () => opened.ping(),
    );
    expect(looked.map(({ name, statements }) => [name, statements > 0])).toEqual(
      looked.map(({ name }) => [name, true]),
    );
    const much = looked.filter(({ rows }) => rows > FEW * 12);
    expect(much.map(({ name, rows }) => `${name}: ${rows} rows`)).toEqual([]);
  });
});
