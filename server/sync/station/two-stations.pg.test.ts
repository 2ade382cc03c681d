/** Two stations as they run on desks, a site as it runs in its room, real HTTP and a real Postgres between them. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Correction } from '../../../core/contract/http.ts';
import type { Invoice } from '../../../core/contract/invoice.ts';
import type { SyncView } from '../../../core/contract/station-sync-http.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { takeIn } from '../../../scripts/archive/take-in.ts';
import type { TestStation } from '../../enrol/testing-enrol.ts';
import type { TestServing } from '../../site/testing.ts';
import { type PostgresSite, postgresSite } from '../../site/testing-postgres-site.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { correctionOf, until } from '../../testing-client.ts';
import { createDesks, type Desks } from './testing-desks.ts';

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
  let room: PostgresSite;
  let site: TestServing;
  let desks: Desks;

  beforeAll(async () => {
    room = await postgresSite(postgres.url);
    site = await room.start('api,sync');
    await room.start('worker,validation');
    desks = createDesks(room.place.origin);
  }, 120_000);
  afterEach(() => desks.close());
  afterAll(() => room.close());

  test('work of before the connection is there after it, read and with its page; edits that did not see each other are a conflict on both desks until somebody settles it', async () => {
    const [one, two] = [await desks.open(), await desks.open()];
    const id = await takeIn(one.station.context, archive);
    await shown(one, id, ({ reading }) => reading !== null);
    await desks.connect(one, site);
    await desks.connect(two, site);
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
    const [one, two] = [await desks.open(), await desks.open()];
    await desks.connect(one, site);
    const id = await takeIn(one.station.context, archive);
    await shown(one, id, ({ reading }) => reading !== null);
    await inStep(one);
    await desks.connect(two, site);
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
    const again = await desks.open(one.folder);
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
