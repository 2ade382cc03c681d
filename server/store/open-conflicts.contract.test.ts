/** What every store has to tell of conflicts: the list and the count of one thing, by the one rule. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { project } from '../../core/invoice/project.ts';
import { projectionOf } from '../../core/invoice/summary.ts';
import { pendingOp } from '../../core/invoice/log.ts';
import { fieldSetOp, rowAddedOp, rowDeletedOp, rowRestoredOp } from '../../core/sync/drafts.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { type ArchivedInvoice, createArchive } from '../../scripts/archive/invoices.ts';
import type { Store } from './store.ts';
import { author, implementations, type Made, newId, NOTHING } from './testing-stores.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** By one who has seen what the archive has, and nothing since. */
const set = (
  item: ArchivedInvoice,
  value: string,
  parents = item.invoice.header.invoiceNumber?.parents ?? [],
): OpDraft => {
  const entity = { type: 'invoice', id: item.invoice.id } as const;
  return fieldSetOp(author(), item.invoice.id, { entity, field: 'invoiceNumber', value, parents, source: 'manual' });
};

describe.each(Object.keys(implementations))('open conflicts: %s', (name) => {
  let made: Made;
  let store: Store;
  beforeEach(async () => {
    made = await (implementations[name] as () => Promise<Made>)();
    ({ store } = made);
  });
  afterEach(() => made.cleanUp());

  const archive = createArchive(11, 30);
  async function add(): Promise<ArchivedInvoice> {
    const item = archive.next();
    const projections = [{ expect: 0, projection: projectionOf(item.invoice) }];
    await store.commit({ ...NOTHING, ops: item.ops, projections, documents: [item.document], at: item.at });
    return item;
  }
  /** Saved with the projection over all of it, as the shell does. */
  async function save(item: ArchivedInvoice, ...drafts: OpDraft[]): Promise<void> {
    const { id } = item.invoice;
    const stored = await store.opsOf(id);
    const recorded = stored.find((op) => op.body.kind === 'reading.recorded')?.body.op_id ?? '';
    const at = new Date().toISOString();
    const ops = [...stored, ...drafts.map((draft) => pendingOp(draft, at))];
    const invoice = project(
      { id, ops, readings: new Map([[recorded, item.reading]]), document: item.document },
      sha256,
    );
    const projections = [{ expect: stored.length, projection: projectionOf(invoice) }];
    expect((await store.commit({ ...NOTHING, ops: drafts, projections, at })).kind).toBe('ok');
  }
  const listed = async () =>
    (await store.conflicts({ limit: 50 })).items.flatMap(({ summary, conflicts }) =>
      conflicts.map((one) => {
        const where = one.kind === 'values' ? one.field : one.entity.type;
        return `${summary.id} ${one.kind} ${where} ${one.heads
          .map(({ op }) => op.body.op_id)
          .toSorted()
          .join(' ')}`;
      }),
    );

  test('values that differ and rows that one deleted and another edited are counted and listed, until somebody who saw all settles them', async () => {
    const [item, quiet] = [await add(), await add()];
    const { id } = item.invoice;
    await save(quiet, set(quiet, 'only one'));
    const [first, second] = [set(item, 'A'), set(item, 'B')];
    await save(item, first, second);
    const row = { type: 'taxRow', id: newId() } as const;
    const added = rowAddedOp(author(), id, { ...row, order: 'V' });
    const rate = { entity: row, field: 'rate', value: '7', parents: [], source: 'manual' } as const;
    const edit = fieldSetOp(author(), id, rate);
    const gone = rowDeletedOp(author(), id, { ...row, parents: [] });
    await save(item, added, gone, edit);

    expect(await store.conflictTotals()).toEqual({ cells: 2, invoices: 1 });
    expect(await listed()).toEqual([
      `${id} values invoiceNumber ${[first.op_id, second.op_id].toSorted().join(' ')}`,
      `${id} deleted taxRow ${[gone.op_id, edit.op_id].toSorted().join(' ')}`,
    ]);
    const [shown] = (await store.conflicts({ limit: 1 })).items;
    expect(shown?.summary).toMatchObject({ id, documentName: item.document.name });
    const heads = shown?.conflicts[0]?.heads ?? [];
    expect(new Set(heads.map(({ value }) => value))).toEqual(new Set(['A', 'B']));
    expect(heads[0]?.op).toMatchObject({ body: { device: store.device, actor: 'local:test' }, verdict: 'accepted' });
    expect((await store.invoice(id))?.conflicts).toBe(2);
    expect((await store.invoice(id))?.taxRows.find((one) => one.id === row.id)?.deleteConflict).toBe(true);

    await store.rebuildHeads();
    expect(await store.conflictTotals()).toEqual({ cells: 2, invoices: 1 });
    await save(item, rowRestoredOp(author(), id, { ...row, parents: [gone.op_id, edit.op_id] }));
    expect(await store.conflictTotals()).toEqual({ cells: 1, invoices: 1 });
    await save(item, set(item, 'C', [first.op_id, second.op_id]));
    expect(await store.conflictTotals()).toEqual({ cells: 0, invoices: 0 });
    expect(await store.conflicts({ limit: 50 })).toEqual({ items: [], next: null });
    expect((await store.invoice(id))?.conflicts).toBeUndefined();
  });

  test('pages, the oldest invoice first', async () => {
    const items = [await add(), await add(), await add()];
    for (const item of items) await save(item, set(item, 'A'), set(item, 'B'));
    const ids = items.map(({ invoice }) => invoice.id).toSorted();
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await store.conflicts({ limit: 2, ...(after === undefined ? {} : { after }) });
      seen.push(...page.items.map(({ summary }) => summary.id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(ids);
    expect(await store.conflictTotals()).toEqual({ cells: 3, invoices: 3 });
  });
});
