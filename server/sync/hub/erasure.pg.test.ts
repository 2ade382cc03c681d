/** What a station may make a site erase: over real HTTP and a real Postgres. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OP_SCHEMA } from '../../../core/contract/version.ts';
import { type PushBatch, PushReply } from '../../../core/contract/sync-http.ts';
import { canonicalJson } from '../../../core/sync/canonical.ts';
import { eraseAskedOp, eraseConfirmedOp } from '../../../core/sync/drafts.ts';
import type { OpContent } from '../../../core/sync/op.ts';
import { canonicalOp, commitOf, type SealedOp } from '../../../core/sync/seal.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { migrateAccess } from '../../access/store/postgres.ts';
import { type SitePlace, sitePlace, startServing, type TestServing } from '../../site/testing.ts';
import { sha256 } from '../../store/audit.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper, createTestDatabase, type TestDatabase } from '../../store/testing-roles.ts';
import { connectStation, type TestStation } from './testing-station.ts';

const verdicts = async (reply: Response): Promise<string[]> => {
  expect(reply.status).toBe(200);
  return PushReply.parse(await reply.json()).results.map(({ verdict }) => verdict);
};
/** As a station that keeps to no rule would seal it. */
function sealedAs({ device }: TestStation, op: SealedOp, value: string, schema = OP_SCHEMA): void {
  const content: OpContent = { value, reason: null, salt: 'a'.repeat(64) };
  const body = { ...op.body, schema, commit: commitOf(sha256, content) };
  const text = canonicalOp(body);
  device.ops[device.ops.length - 1] = { ...op, body, text, content, hash: sha256(text) };
}

describe.skipIf(postgres.url === undefined)('erasures of stations', () => {
  const archive = createArchive(47);
  let database: TestDatabase;
  let place: SitePlace;
  let site: TestServing;

  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '');
    await migrateAccess(database.ownerUrl);
    place = await sitePlace({ DATABASE_URL: database.url, SITES: 'main' });
    site = await startServing(place.config('api,sync'));
  }, 60_000);
  afterAll(async () => {
    await site.close();
    place.cleanUp();
    await database.drop();
  });

  const connect = async (): Promise<TestStation> =>
    connectStation({ people: site.people, person: await site.people.person('reviewer', 'main') });
  function written({ device }: TestStation) {
    const item = archive.next();
    device.write(...item.ops.filter(({ kind }) => kind !== 'transition'));
    return { invoices: [item.invoice.id], documents: [item.document.sha256] };
  }
  const contents = async (root: string): Promise<number> => {
    const { store } = await site.site.stores.site('main');
    return (await store.opsOf(root)).filter(({ content }) => content !== null).length;
  };
  const more = { ground: 'objection' as const, forced: false };

  test('another’s invoice stays, whatever form the erasure is written in, and whenever its content comes', async () => {
    const [one, two] = [await connect(), await connect()];
    const scope = written(one);
    const [invoice = ''] = scope.invoices;
    await verdicts(await one.push());
    const before = await contents(invoice);
    const { device } = two;
    const names = canonicalJson(scope);
    for (const [value, schema] of [
      [names, 99],
      ['no JSON', 99],
      [names, OP_SCHEMA],
    ] as const) {
      const confirmed = eraseConfirmedOp(device.author(), randomUUID(), { ...scope, ...more, asked: 'x' }, '');
      const [op] = device.write(confirmed);
      if (op === undefined) throw new Error('one operation');
      sealedAs(two, op, value, schema);
      expect((await verdicts(await two.push())).at(-1)).toMatch(/^refused:/);
    }
    // First without its content, then with it.
    device.write(eraseConfirmedOp(device.author(), randomUUID(), { ...scope, ...more, asked: 'x' }, ''));
    const whole = device.batch(1);
    const bare: PushBatch = { ...whole, ops: whole.ops.map((op) => ({ ...op, content: null })) };
    expect((await verdicts(await two.push(bare))).at(-1)).toMatch(/^refused:/);
    await verdicts(await two.push(whole));
    expect(await contents(invoice)).toBe(before);
    // Bytes that no log is about.
    const blob = { invoices: scope.invoices, documents: [sha256('a reading')] };
    device.write(eraseAskedOp(device.author(), randomUUID(), { ...blob, ...more }, ''));
    expect((await verdicts(await two.push())).at(-1)).toBe('refused:site_only');
    const { rows } = await asSuper(database, (client) => client.query('SELECT 1 FROM erased_blob'));
    expect(rows).toEqual([]);
  });

  test('its own, of before it was connected, it has erased', async () => {
    const one = await connect();
    const { device } = one;
    const scope = written(one);
    const [invoice = ''] = scope.invoices;
    const erasure = randomUUID();
    const [asked] = device.write(eraseAskedOp(device.author(), erasure, { ...scope, ...more }, ''));
    const confirmed = { ...scope, ...more, asked: asked?.body.op_id ?? '' };
    device.write(eraseConfirmedOp(device.author(), erasure, confirmed, ''));
    expect(new Set(await verdicts(await one.push()))).toEqual(new Set(['accepted']));
    expect(await contents(invoice)).toBe(0);
  });

  test('a site that lacks what it signed for went back; what a station says that it was given is no proof', async () => {
    const [one, two] = [await connect(), await connect()];
    written(one);
    await verdicts(await one.push());
    await two.catchUp();
    two.place = { ...two.place, cursor: 1e15 };
    expect((await two.pull()).status).toBe(409);
    expect(site.site.sync?.wentBack()).toEqual([]);
    await asSuper(database, async (client) => {
      const ofIt = `site = 'main' AND device = '${one.device.id}'`;
      await client.query(
        `DELETE FROM op_value WHERE site = 'main' AND op_id IN (SELECT op_id FROM op_log WHERE ${ofIt})`,
      );
      await client.query(`DELETE FROM op_log WHERE ${ofIt}`);
      for (const table of ['sync_device', 'sync_role']) await client.query(`DELETE FROM ${table} WHERE ${ofIt}`);
    });
    const head = two.heads.findLast(({ device }) => device === one.device.id);
    const bare = { ...one.device.batch(1), public_key: one.device.signer.publicKey };
    if (head?.receipt === undefined) throw new Error('no receipt');
    await verdicts(await two.push({ ...bare, receipt: head.receipt }, '?relay=1'));
    expect(site.site.sync?.wentBack()).toEqual(['main']);
  });
});
