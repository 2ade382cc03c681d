/** What a station may make a site erase: over real HTTP and a real Postgres. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OP_SCHEMA } from '../../../core/contract/version.ts';
import type { PushBatch } from '../../../core/contract/sync-http.ts';
import { canonicalJson } from '../../../core/sync/canonical.ts';
import { documentAddedOp, eraseAskedOp, eraseConfirmedOp, readingRecordedOp } from '../../../core/sync/drafts.ts';
import { type OpContent, ReadingRecorded } from '../../../core/sync/op.ts';
import { canonicalOp, commitOf, type SealedOp } from '../../../core/sync/seal.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import type { TestServing } from '../../site/testing.ts';
import { type PostgresSite, postgresSite } from '../../site/testing-postgres-site.ts';
import { sha256 } from '../../store/audit.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper } from '../../store/testing-roles.ts';
import { forgetDevice } from './testing-forgetting.ts';
import { connectStation, type TestStation, verdictsOf } from './testing-station.ts';

/** As a station that keeps to no rule would seal it. */
function sealedAs({ device }: TestStation, op: SealedOp, value: string, schema = OP_SCHEMA): void {
  const content: OpContent = { value, reason: null, salt: 'a'.repeat(64) };
  const body = { ...op.body, schema, commit: commitOf(sha256, content) };
  const text = canonicalOp(body);
  device.ops[device.ops.length - 1] = { ...op, body, text, content, hash: sha256(text) };
}

describe.skipIf(postgres.url === undefined)('erasures of stations', () => {
  const archive = createArchive(47);
  let room: PostgresSite;
  let site: TestServing;

  beforeAll(async () => {
    room = await postgresSite(postgres.url);
    site = await room.start('api,sync');
  }, 60_000);
  afterAll(() => room.close());

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
    await verdictsOf(await one.push());
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
      expect((await verdictsOf(await two.push())).at(-1)).toMatch(/^refused:/);
    }
    // First without its content, then with it.
    device.write(eraseConfirmedOp(device.author(), randomUUID(), { ...scope, ...more, asked: 'x' }, ''));
    const whole = device.batch(1);
    const bare: PushBatch = { ...whole, ops: whole.ops.map((op) => ({ ...op, content: null })) };
    expect((await verdictsOf(await two.push(bare))).at(-1)).toMatch(/^refused:/);
    await verdictsOf(await two.push(whole));
    expect(await contents(invoice)).toBe(before);
    // Bytes that no log is about.
    const blob = { invoices: scope.invoices, documents: [sha256('a reading')] };
    device.write(eraseAskedOp(device.author(), randomUUID(), { ...blob, ...more }, ''));
    expect((await verdictsOf(await two.push())).at(-1)).toBe('refused:site_only');
    const { rows } = await asSuper(room.database, (client) => client.query('SELECT 1 FROM erased_blob'));
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
    expect(new Set(await verdictsOf(await one.push()))).toEqual(new Set(['accepted']));
    expect(await contents(invoice)).toBe(0);
  });

  test('bytes that were erased, and that another’s reading names from then on, are taken again', async () => {
    const [one, two] = [await connect(), await connect()];
    const { device } = one;
    const item = archive.next();
    device.write(...item.ops.filter(({ kind }) => kind !== 'transition'));
    const blob = createHash('sha256').update(item.readingBlob).digest('hex');
    const scope = { invoices: [item.invoice.id], documents: [item.document.sha256], ...more };
    const erasure = randomUUID();
    const [asked] = device.write(eraseAskedOp(device.author(), erasure, scope, ''));
    device.write(eraseConfirmedOp(device.author(), erasure, { ...scope, asked: asked?.body.op_id ?? '' }, ''));
    await verdictsOf(await one.push());
    const { hub } = await site.site.stores.site('main');
    expect(await hub?.erasedBlobs([blob, item.document.sha256])).toHaveLength(2);
    const reading = item.ops.find(({ kind }) => kind === 'reading.recorded')?.content.value ?? '';
    const recorded = ReadingRecorded.parse(JSON.parse(reading));
    const reader = { ...two.device.author(), actor: 'service:read' };
    // In another form nobody would find it.
    const [odd] = two.device.write(readingRecordedOp(reader, randomUUID(), recorded));
    if (odd === undefined) throw new Error('one operation');
    sealedAs(two, odd, JSON.stringify({ ...recorded, blob: undefined, bytes: blob }).replace('bytes', 'blob'));
    expect(await verdictsOf(await two.push())).toEqual(['refused:content']);
    expect(await hub?.erasedBlobs([blob])).toEqual([blob]);
    two.device.write(readingRecordedOp({ ...reader, opId: randomUUID() }, randomUUID(), recorded));
    expect((await verdictsOf(await two.push())).at(-1)).toBe('accepted');
    expect(await hub?.erasedBlobs([blob, item.document.sha256])).toEqual([item.document.sha256]);
  });

  test('what it calls its document is another’s reading: the bytes stay', async () => {
    const [one, two] = [await connect(), await connect()];
    const item = archive.next();
    one.device.write(...item.ops.filter(({ kind }) => kind !== 'transition'));
    await verdictsOf(await one.push());
    const blob = createHash('sha256').update(item.readingBlob).digest('hex');
    const { device } = two;
    const own = written(two);
    device.write(
      documentAddedOp(device.author(), blob, { name: 'a.pdf', mime: 'application/pdf', size: 1, channel: 'watch' }),
    );
    const scope = { invoices: own.invoices, documents: [...own.documents, blob], ...more };
    const erasure = randomUUID();
    const [asked] = device.write(eraseAskedOp(device.author(), erasure, scope, ''));
    device.write(eraseConfirmedOp(device.author(), erasure, { ...scope, asked: asked?.body.op_id ?? '' }, ''));
    expect(new Set(await verdictsOf(await two.push()))).toEqual(new Set(['accepted']));
    const { hub } = await site.site.stores.site('main');
    expect(await hub?.erasedBlobs([blob, ...own.documents])).toEqual(own.documents);
  });

  test('a site that lacks what it signed for went back; what a station says that it was given is no proof', async () => {
    const [one, two] = [await connect(), await connect()];
    written(one);
    await verdictsOf(await one.push());
    await two.catchUp();
    two.place = { ...two.place, cursor: 1e15 };
    expect((await two.pull()).status).toBe(409);
    expect(site.site.sync?.wentBack()).toEqual([]);
    await asSuper(room.database, (client) => forgetDevice(client, one.device.id));
    const head = two.heads.findLast(({ device }) => device === one.device.id);
    const bare = { ...one.device.batch(1), public_key: one.device.signer.publicKey };
    if (head?.receipt === undefined) throw new Error('no receipt');
    await verdictsOf(await two.push({ ...bare, receipt: head.receipt }, '?relay=1'));
    expect(site.site.sync?.wentBack()).toEqual(['main']);
  });
});
