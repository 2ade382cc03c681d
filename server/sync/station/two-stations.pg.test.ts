/** Two stations as they run on desks, a site as it runs in its room, real HTTP and a real Postgres between them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Correction } from '../../../core/contract/http.ts';
import type { Invoice } from '../../../core/contract/invoice.ts';
import type { SyncView } from '../../../core/contract/station-sync-http.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { migrateAccess } from '../../access/store/postgres.ts';
import { enrol, openTestStation, type TestStation } from '../../enrol/testing-enrol.ts';
import { type SitePlace, sitePlace, startServing, type TestServing } from '../../site/testing.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../store/testing-roles.ts';
import { correctionOf, until } from '../../testing-client.ts';

const EXTRA = 'contractRef' as const;

const inStep = ({ station }: TestStation): Promise<SyncView> =>
  until('everything in step', async () => {
    const view = await station.sync.view();
    return view.left === 0 && view.heardAt !== null && view.state !== 'offline' ? view : undefined;
  });

const shown = ({ station: { context } }: TestStation, id: string, as: (invoice: Invoice) => boolean) =>
  until(`invoice ${id}`, async () => {
    const invoice = await context.store.invoice(id);
    return invoice !== undefined && as(invoice) ? invoice : undefined;
  });
const correct = async ({ station: { context } }: TestStation, id: string, value: string) => {
  const invoice = await context.model.invoice(id);
  const correction = Correction.parse({ ...correctionOf(invoice, EXTRA, value), opId: context.newId() });
  return context.review.correct(id, [correction]);
};
const inConflict = (invoice: Invoice): boolean => (invoice.header[EXTRA]?.conflict?.length ?? 0) > 1;
const logs = async ({ station: { context } }: TestStation, id: string) =>
  (await context.store.opsOf(id)).map(({ body, verdict }) => [body.op_id, verdict]);

describe.skipIf(postgres.url === undefined)('two stations and their site', { timeout: 120_000 }, () => {
  const archive = createArchive(51);
  let database: TestDatabase;
  let place: SitePlace;
  let site: TestServing;
  let worker: TestServing;
  const open: TestStation[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '');
    await migrateAccess(database.ownerUrl);
    place = await sitePlace({ DATABASE_URL: database.url, SITES: 'main' });
    site = await startServing(place.config('api,sync'));
    worker = await startServing(place.config('worker,validation'));
  }, 120_000);
  afterEach(async () => {
    for (const one of open.splice(0)) {
      await one.close();
      rmSync(one.folder, { recursive: true, force: true });
    }
  });
  afterAll(async () => {
    await site.close();
    await worker.close();
    place.cleanUp();
    await database.drop();
  });

  async function desk(folder = mkdtempSync(join(tmpdir(), 'ap-desk-'))): Promise<TestStation> {
    const made = await openTestStation({ folder });
    open.push(made);
    await made.station.start({ watch: false });
    return made;
  }
  async function connect(made: TestStation): Promise<void> {
    const who = await site.people.person('reviewer', 'main');
    expect((await enrol(made, site.people, who, { address: place.origin })).step).toBe('done');
  }
  /** An invoice that was taken in and read here. */
  async function invoiceOn({ station: { context } }: TestStation): Promise<string> {
    const item = archive.next();
    await context.blobs.put(item.readingBlob);
    await context.blobs.put(item.original);
    const ops = item.ops.filter(({ kind }) => kind !== 'transition');
    const { kind: _kind, ...document } = item.document;
    const { id: root } = item.invoice;
    const job = { id: context.newId(), name: 'refresh' as const, data: {}, root, priority: 3 };
    expect((await context.commit({ ops, documents: [document], jobs: [job] })).kind).toBe('ok');
    return root;
  }
  test('work of before the connection is there after it, read and with its page; edits that did not see each other are a conflict on both desks until somebody settles it', async () => {
    const [one, two] = [await desk(), await desk()];
    const id = await invoiceOn(one);
    await shown(one, id, ({ reading }) => reading !== null);
    await connect(one);
    await connect(two);
    await inStep(one);
    const there = await shown(two, id, ({ reading, document }) => reading !== null && document.kind !== undefined);
    expect(there.header.invoiceNumber?.value).toBe(
      (await one.station.context.model.invoice(id)).header.invoiceNumber?.value,
    );
    await inStep(two);
    // What a station wrote by itself is its person's.
    const actors = (await two.station.sync.names()).map(({ actor }) => actor);
    expect(actors).toContain(`local:${one.station.context.store.device}`);

    // Neither hears of the other before both have saved.
    await Promise.all([correct(one, id, 'KA-1'), correct(two, id, 'KA-2')]);
    for (const each of [one, two]) {
      await shown(each, id, inConflict);
      const view = await until('it says so', async () => {
        const now = await each.station.sync.view();
        return now.conflicts.cells === 1 ? now : undefined;
      });
      expect(view.attention).toContain('conflicts');
    }
    await correct(two, id, 'KA-1');
    for (const each of [one, two])
      await shown(each, id, (now) => !inConflict(now) && now.header[EXTRA]?.value === 'KA-1');
    expect(await logs(one, id)).toEqual(await logs(two, id));
    for (const { station } of [one, two]) expect((await station.context.store.verifyAudit()).problems).toEqual([]);
  });

  test('a decision over an invoice that somebody else had changed is taken back, and its author is told', async () => {
    const [one, two] = [await desk(), await desk()];
    await connect(one);
    const id = await invoiceOn(one);
    await shown(one, id, ({ reading }) => reading !== null);
    await inStep(one);
    await connect(two);
    await shown(two, id, ({ reading }) => reading !== null);
    await inStep(two);
    // Cut off, and not aware of it.
    await one.station.sync.close();
    const { context } = one.station;
    const { digest } = await context.model.invoice(id);
    await context.review.transition(id, { opId: context.newId(), to: 'on_hold', digest, reason: 'asking the vendor' });
    await correct(two, id, 'KA-9');
    await inStep(two);
    await one.close();
    open.splice(open.indexOf(one), 1);
    const again = await desk(one.folder);
    const view = await until('it is told', async () => {
      const now = await again.station.sync.view();
      return now.refused.length > 0 && now.left === 0 ? now : undefined;
    });
    expect(view).toMatchObject({ state: 'attention', refused: [{ code: 'stale', kind: 'transition', invoice: id }] });
    const back = await shown(again, id, ({ state, header }) => state === 'received' && header[EXTRA]?.value === 'KA-9');
    expect(await logs(again, id)).toEqual(await logs(two, id));
    expect(back.digest).toBe((await shown(two, id, ({ revision }) => revision === back.revision)).digest);
    const seen = await again.station.sync.sawRefused(view.refused.map(({ op }) => op));
    expect(seen.refused).toEqual([]);
  });
});
