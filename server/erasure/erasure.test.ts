/** Two persons erase at a station, over a real store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { projectionOf } from '../../core/invoice/summary.ts';
import { fieldSetOp } from '../../core/sync/drafts.ts';
import { createArchive } from '../../scripts/archive/invoices.ts';
import { readConfig } from '../config.ts';
import { openStation, type Station } from '../station.ts';
import { createErasureService } from './erasure.ts';

const open: { station: Station; folder: string }[] = [];
afterEach(async () => {
  for (const { station, folder } of open.splice(0)) {
    await station.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a confirmation holds for the invoice that was looked at, or not at all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-erasure-'));
  const config = readConfig({ AP_DATA: folder, AP_THREADS: '1' });
  const station = await openStation(config, { logTo: { write: () => undefined } });
  open.push({ station, folder });
  const { context } = station;
  const archive = createArchive(3);
  let item = archive.next();
  while (item.invoice.state !== 'received') item = archive.next();
  const { id, revision } = item.invoice;
  const projections = [{ expect: 0, projection: projectionOf(item.invoice) }];
  const saved = await context.store.commit({ ops: item.ops, documents: [item.document], projections, jobs: [] });
  expect(saved.kind).toBe('ok');

  const entity = { type: 'invoice' as const, id };
  const field = { entity, field: 'contractRef', value: 'C-1', parents: [], source: 'manual' as const };
  let isRaced = true;
  const erasure = createErasureService({
    base: {
      ...context,
      async commit(change) {
        if (change.expects !== undefined && isRaced)
          await context.commit({
            ops: [fieldSetOp(context.model.author('user:other'), id, field)],
            projections: [{ expect: revision, projection: projectionOf({ ...item.invoice, revision: revision + 1 }) }],
          });
        return context.commit(change);
      },
    },
    model: context.model,
    byName: true,
    abort: () => undefined,
  });
  const wish = { erasure: context.newId(), ground: 'objection' as const, reason: 'a letter', forced: false };
  const asked = await erasure.ask(id, { ...wish, by: 'Ada' });
  await expect(erasure.confirm(asked.id, 'Bob')).rejects.toMatchObject({ code: 'unavailable' });
  expect(await context.store.invoice(id)).toBeDefined();
  isRaced = false;
  expect(await erasure.confirm(asked.id, 'Bob')).toMatchObject({ state: 'confirmed' });
  expect(await context.store.invoice(id)).toBeUndefined();
});
