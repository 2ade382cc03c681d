/** What an erasure takes of what stations offer, whatever became of it and whenever it comes, over a real Postgres. */
import { expect, test } from 'vitest';
import type { PushBatch } from '../../../core/contract/sync-http.ts';
import type { Role } from '../../../core/access/roles.ts';
import { lessonId } from '../../../core/memory/ids.ts';
import { eraseAskedOp, eraseConfirmedOp, lessonLearnedOp } from '../../../core/sync/drafts.ts';
import { readBatch } from '../../../core/sync/push.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { provenBy } from '../../sync/hub/ed25519.ts';
import { createTestDevice } from '../../sync/hub/testing-device.ts';
import { sha256 } from '../audit.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { asSuper } from '../testing-roles.ts';
import { author, newId, NOTHING } from '../testing-stores.ts';

test.skipIf(postgres.url === undefined)(
  'what was learned of an erased invoice goes, also where it was refused, and where its content comes later',
  async () => {
    const shared = await sharedDatabase();
    const database = await openDatabase(shared.url);
    const site = newSite();
    await database.createSite(site);
    const made = await database.site(site);
    const device = createTestDevice(site);
    const { publicKey } = device.signer;
    async function offer(batch: PushBatch, roles: readonly Role[] = ['reviewer']) {
      const reading = readBatch(site, batch, { sha256, verify: (text, by) => provenBy(publicKey, text, by) });
      if (reading.kind !== 'ok') throw new Error(reading.why);
      const outcome = await made.hub.push({ batch: reading.batch, publicKey, roles, jobsOf: () => [] });
      if (outcome.kind !== 'ok') throw new Error(outcome.kind);
      return outcome.reply.results;
    }
    const item = createArchive(11).next();
    const { id } = item.invoice;
    device.write(...item.ops.filter(({ kind }) => kind !== 'transition' && kind !== 'field.set'));
    await offer(device.batch(1));
    const lessonOf = (vendor: string) =>
      lessonLearnedOp(device.author(), vendor, lessonId(sha256, vendor, id), {
        v: 1,
        vendorName: 'Canary Works',
        invoice: id,
        document: 'd',
        keys: [{ key: `tax:${id}` }],
        print: [],
        style: {},
        rates: [],
        fields: {},
      });
    const [refused] = device.write(lessonOf(newId()));
    const results = await offer(device.batch(1, device.ops.length), ['auditor']);
    expect(results).toMatchObject([{ verdict: 'refused:role' }]);
    const [late] = device.write(lessonOf(newId()));
    const from = device.ops.length;
    const whole = device.batch(1, from);
    await offer({ ...whole, ops: whole.ops.map((op) => ({ ...op, content: null })) });
    const scope = { invoices: [id], documents: [item.document.sha256], ground: 'objection' as const, forced: false };
    const asked = eraseAskedOp(author(), newId(), scope, 'a letter');
    const confirmed = eraseConfirmedOp(author(), asked.root, { ...scope, asked: asked.op_id }, 'a letter');
    expect((await made.store.commit({ ...NOTHING, ops: [asked, confirmed] })).kind).toBe('ok');
    await offer(whole);
    for (const op of [refused, late])
      expect(await made.store.opsOf(op?.body.root ?? '')).toMatchObject([{ content: null }]);
    expect(await made.store.lessonsFrom(id)).toEqual([]);
    const { rows } = await asSuper(shared, (client) =>
      client.query<{ by: string }>(
        `SELECT erased_by AS by FROM op_log WHERE site = '${site}' AND op_id = '${late?.body.op_id ?? ''}'`,
      ),
    );
    expect(rows).toEqual([{ by: confirmed.op_id }]);
    expect((await made.store.verifyAudit()).problems).toEqual([]);
    await database.close();
  },
);
