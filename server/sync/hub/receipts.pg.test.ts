/** What a site forgot comes back as it had judged it: over real HTTP and a real Postgres. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PushBatch, receiptText } from '../../../core/contract/sync-http.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createSecrets } from '../../access/secrets.ts';
import type { TestServing } from '../../site/testing.ts';
import { type PostgresSite, postgresSite } from '../../site/testing-postgres-site.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper } from '../../store/testing-roles.ts';
import { provenBy } from './ed25519.ts';
import { knownHead, signedHeads } from './page.ts';
import { createSiteSigner, RECEIPTS } from './site-signer.ts';
import { forgetDevice } from './testing-forgetting.ts';
import { createTestDevice } from './testing-device.ts';
import { connectStation, type TestStation, verdictsOf } from './testing-station.ts';

/** Everything of one as the other one has it. */
function offerOf(one: TestStation, other: TestStation, epoch: number): PushBatch {
  const head = other.heads.findLast(({ device }) => device === one.device.id);
  const receipt = head?.receipt === undefined ? {} : { receipt: head.receipt };
  return { ...one.device.batch(epoch), public_key: one.device.signer.publicKey, ...receipt };
}

describe.skipIf(postgres.url === undefined)('receipts', () => {
  const archive = createArchive(43);
  let room: PostgresSite;
  let site: TestServing;

  beforeAll(async () => {
    room = await postgresSite(postgres.url);
    site = await room.start('api,sync');
  }, 60_000);
  afterAll(() => room.close());

  /** As from a copy of before: the log, and what the site knew of the device. */
  async function forget({ device }: TestStation): Promise<number> {
    await asSuper(room.database, async (client) => {
      await forgetDevice(client, device.id);
      await client.query(`UPDATE site_head h SET seq = coalesce((SELECT max(seq) FROM op_log WHERE site = 'main'), 0),
        site_hash = coalesce((SELECT site_hash FROM op_log WHERE site = 'main' ORDER BY seq DESC LIMIT 1), repeat('0', 64)) WHERE site = 'main'`);
    });
    const { hub } = await site.site.stores.site('main');
    return (await hub?.raiseEpoch()) ?? 0;
  }
  const written = ({ device }: TestStation): void => {
    device.write(...archive.next().ops.filter(({ kind }) => kind !== 'transition'));
  };

  test('without its word a device that nobody connected names nobody of the site, and its key has one form', async () => {
    const person = () => site.people.person('reviewer', 'main');
    const one = await connectStation({ people: site.people, person: await person() });
    const two = await connectStation({ people: site.people, person: await person() });
    const invented = createTestDevice('main');
    const said = archive.next().ops.filter(({ kind }) => kind === 'document.added');
    const { actor: bo } = one.device.author();
    const { actor: ada } = two.device.author();
    const names = [bo, ada, 'user:of a site before', 'service:intake', `local:${one.device.id}`];
    invented.write(...names.flatMap((actor) => said.map((op) => ({ ...op, op_id: randomUUID(), actor }))));
    const key = invented.signer.publicKey;
    const offer = { ...invented.batch(one.place.epoch), public_key: key };
    for (const odd of [`${key}=`, `${key}=${'A'.repeat(100_000)}`, `${key}\0`])
      expect((await two.push({ ...offer, public_key: odd }, '?relay=1')).status).toBe(400);
    expect(await verdictsOf(await two.push(offer, '?relay=1'))).toEqual([
      'refused:actor',
      'accepted',
      'accepted',
      'accepted',
      'refused:actor',
    ]);
  });

  test('a snapshot has them, too', async () => {
    const person = await site.people.person('reviewer', 'main');
    const one = await connectStation({ people: site.people, person });
    const { device } = one;
    written(one);
    await verdictsOf(await one.push());
    const { hub } = await site.site.stores.site('main');
    const signer = createSiteSigner(createSecrets([randomBytes(32)]), 'main');
    const rows: unknown[][] = [];
    const add = async (table: string, more: readonly (readonly unknown[])[]): Promise<void> => {
      if (table === 'sync_receipt') rows.push(...more.map((row) => [...row]));
    };
    const columns = { op_log: ['op_id'], sync_receipt: ['hash', 'role', 'signature'] };
    await hub?.snapshots.read({
      since: '2000-01-01T00:00:00Z',
      begin: async () => ({ columns, add }),
      async headsOf(found) {
        const known = { device: device.id, publicKey: device.signer.publicKey, bySite: false };
        const parts = { site: 'main', signer, devices: new Map([[device.id, known]]) };
        return [...signedHeads(found, parts).values()].flatMap((head) => knownHead(head, parts));
      },
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    const { head } = device.batch(1);
    expect(rows.map((row) => row.slice(0, 2))).toEqual([[head.hash, 'reviewer']]);
    const text = receiptText('main', head, device.signer.publicKey, 'reviewer');
    expect(provenBy(signer(RECEIPTS).publicKey, text, String(rows[0]?.[2]))).toBe(true);
  });

  test('whoever lost the role or was removed since: what was taken is taken again, and only that', async () => {
    const person = await site.people.person('reviewer', 'main');
    const one = await connectStation({ people: site.people, person });
    const two = await connectStation({ people: site.people, person: await site.people.person('reviewer', 'main') });
    written(one);
    const before = await verdictsOf(await one.push());
    expect(new Set(before)).toEqual(new Set(['accepted']));
    await two.catchUp();
    expect(two.heads.findLast(({ device }) => device === one.device.id)?.receipt).toMatchObject({ role: 'reviewer' });

    const revoked = await site.people.request(`/api/v1/me/devices/${one.device.id}/revoke`, one.access, { json: {} });
    expect(revoked.status).toBe(200);
    await asSuper(room.database, (client) =>
      client.query(
        `UPDATE access_account SET body = replace(body, '"role":"reviewer"', '"role":"auditor"') WHERE id = '${person.id}'`,
      ),
    );
    const epoch = await forget(one);
    const offer = offerOf(one, two, epoch);
    // Without the word of the site its role of today counts; another one's word is none.
    const { receipt, ...bare } = offer;
    const forged = { ...offer, receipt: { role: 'admin', signature: receipt?.signature ?? '' } };
    expect(await verdictsOf(await two.push(offer, '?relay=1'))).toEqual(before);
    for (const [batch, wanted] of [
      [bare, 'refused:role'],
      [forged, 'refused:role'],
      [offer, 'accepted'],
    ] as const) {
      const again = await forget(one);
      expect(new Set(await verdictsOf(await two.push({ ...batch, epoch: again }, '?relay=1')))).toEqual(
        new Set([wanted]),
      );
    }
    // The site knows it again, and says it again.
    two.place = { epoch: await forget(one), cursor: 0, siteHash: '0'.repeat(64) };
    await verdictsOf(await two.push({ ...offer, epoch: two.place.epoch }, '?relay=1'));
    two.heads.length = 0;
    await two.catchUp();
    expect(two.heads.findLast(({ device }) => device === one.device.id)?.receipt).toEqual(receipt);
  });
});
