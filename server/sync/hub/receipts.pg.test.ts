/** What a site forgot comes back as it had judged it: over real HTTP and a real Postgres. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PushBatch, PushReply, receiptText } from '../../../core/contract/sync-http.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createSecrets } from '../../access/secrets.ts';
import { migrateAccess } from '../../access/store/postgres.ts';
import { type SitePlace, sitePlace, startServing, type TestServing } from '../../site/testing.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper, createTestDatabase, type TestDatabase } from '../../store/testing-roles.ts';
import { provenBy } from './ed25519.ts';
import { knownHead, signedHeads } from './page.ts';
import { createSiteSigner, RECEIPTS } from './site-signer.ts';
import { connectStation, type TestStation } from './testing-station.ts';

/** Everything of one as the other one has it. */
function offerOf(one: TestStation, other: TestStation, epoch: number): PushBatch {
  const head = other.heads.findLast(({ device }) => device === one.device.id);
  const receipt = head?.receipt === undefined ? {} : { receipt: head.receipt };
  return { ...one.device.batch(epoch), public_key: one.device.signer.publicKey, ...receipt };
}
const verdicts = async (reply: Response): Promise<string[]> => {
  expect(reply.status).toBe(200);
  return PushReply.parse(await reply.json()).results.map(({ verdict }) => verdict);
};

describe.skipIf(postgres.url === undefined)('receipts', () => {
  const archive = createArchive(43);
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

  /** As from a copy of before: the log, and what the site knew of the device. */
  async function forget({ device }: TestStation): Promise<number> {
    await asSuper(database, async (client) => {
      const ofIt = `site = 'main' AND device = '${device.id}'`;
      await client.query(
        `DELETE FROM op_value WHERE site = 'main' AND op_id IN (SELECT op_id FROM op_log WHERE ${ofIt})`,
      );
      await client.query(`DELETE FROM op_log WHERE ${ofIt}`);
      for (const table of ['sync_device', 'sync_role']) await client.query(`DELETE FROM ${table} WHERE ${ofIt}`);
      await client.query(`UPDATE site_head h SET seq = coalesce((SELECT max(seq) FROM op_log WHERE site = 'main'), 0),
        site_hash = coalesce((SELECT site_hash FROM op_log WHERE site = 'main' ORDER BY seq DESC LIMIT 1), repeat('0', 64)) WHERE site = 'main'`);
    });
    const { hub } = await site.site.stores.site('main');
    return (await hub?.raiseEpoch()) ?? 0;
  }
  const written = ({ device }: TestStation): void => {
    device.write(...archive.next().ops.filter(({ kind }) => kind !== 'transition'));
  };

  test('a snapshot has them, too', async () => {
    const person = await site.people.person('reviewer', 'main');
    const one = await connectStation({ people: site.people, person });
    const { device } = one;
    written(one);
    await verdicts(await one.push());
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
    const before = await verdicts(await one.push());
    expect(new Set(before)).toEqual(new Set(['accepted']));
    await two.catchUp();
    expect(two.heads.findLast(({ device }) => device === one.device.id)?.receipt).toMatchObject({ role: 'reviewer' });

    const revoked = await site.people.request(`/api/v1/me/devices/${one.device.id}/revoke`, one.access, { json: {} });
    expect(revoked.status).toBe(200);
    await asSuper(database, (client) =>
      client.query(
        `UPDATE access_account SET body = replace(body, '"role":"reviewer"', '"role":"auditor"') WHERE id = '${person.id}'`,
      ),
    );
    const epoch = await forget(one);
    const offer = offerOf(one, two, epoch);
    // Without the word of the site its role of today counts; another one's word is none.
    const { receipt, ...bare } = offer;
    const forged = { ...offer, receipt: { role: 'admin', signature: receipt?.signature ?? '' } };
    expect(await verdicts(await two.push(offer, '?relay=1'))).toEqual(before);
    for (const [batch, wanted] of [
      [bare, 'refused:role'],
      [forged, 'refused:role'],
      [offer, 'accepted'],
    ] as const) {
      const again = await forget(one);
      expect(new Set(await verdicts(await two.push({ ...batch, epoch: again }, '?relay=1')))).toEqual(
        new Set([wanted]),
      );
    }
    // The site knows it again, and says it again.
    two.place = { epoch: await forget(one), cursor: 0, siteHash: '0'.repeat(64) };
    await verdicts(await two.push({ ...offer, epoch: two.place.epoch }, '?relay=1'));
    two.heads.length = 0;
    await two.catchUp();
    expect(two.heads.findLast(({ device }) => device === one.device.id)?.receipt).toEqual(receipt);
  });
});
