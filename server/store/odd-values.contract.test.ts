/** Values that no person types, but an operation of a program that keeps to no form, or a hostile document, may say: they are kept and shown as all others. */
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvoiceQuery } from '../../core/contract/http.ts';
import { pendingOp } from '../../core/invoice/log.ts';
import { project } from '../../core/invoice/project.ts';
import { projectionOf } from '../../core/invoice/summary.ts';
import { fieldSetOp, transitionOp } from '../../core/sync/drafts.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { type ArchivedInvoice, createArchive } from '../../scripts/archive/invoices.ts';
import type { Store } from './store.ts';
import { author, implementations, type Made, NOTHING } from './testing-stores.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** Nothing makes them shorter. */
const long = (letters: number): string => randomBytes(letters).toString('hex').slice(0, letters);
const FIELDS = ['vendorName', 'vendorTaxId', 'invoiceNumber', 'issueDate', 'dueDate', 'grossTotal'] as const;
const SORTS = ['vendorName', 'invoiceNumber', 'issueDate', 'dueDate', 'grossTotal'] as const;

describe.each(Object.keys(implementations))('odd values: %s', (name) => {
  let made: Made;
  let store: Store;
  const archive = createArchive(11, 30);
  beforeEach(async () => {
    made = await (implementations[name] as () => Promise<Made>)();
    ({ store } = made);
  });
  afterEach(() => made.cleanUp());

  async function add(state: string): Promise<ArchivedInvoice> {
    for (;;) {
      const item = archive.next();
      if (item.invoice.state !== state) continue;
      const projections = [{ expect: 0, projection: projectionOf(item.invoice) }];
      const born = { ...NOTHING, ops: item.ops, projections, documents: [item.document], at: item.at };
      expect((await store.commit(born)).kind).toBe('ok');
      return item;
    }
  }
  async function write({ invoice, document }: ArchivedInvoice, drafts: readonly OpDraft[]): Promise<string> {
    const stored = await store.opsOf(invoice.id);
    const at = new Date().toISOString();
    const ops = [...stored, ...drafts.map((draft) => pendingOp(draft, at))];
    const after = project({ id: invoice.id, ops, readings: new Map(), document }, sha256);
    const projections = [{ expect: stored.length, projection: projectionOf(after) }];
    return (await store.commit({ ...NOTHING, ops: drafts, projections, at })).kind;
  }

  test('of any form and length', async () => {
    const item = await add('received');
    const { id } = item.invoice;
    const entity = { type: 'invoice' as const, id };
    for (const value of [
      '',
      'no number',
      '1'.padEnd(400, '0'),
      '-1'.padEnd(400, '0'),
      long(9_000),
      '9'.padEnd(199, '1') + '\u{1F4C4}',
    ]) {
      const drafts = FIELDS.map((field) =>
        fieldSetOp(author(), id, { entity, field, value, parents: [], source: 'manual' }),
      );
      expect(await write(item, drafts)).toBe('ok');
      for (const sort of SORTS)
        expect((await store.invoices(InvoiceQuery.parse({ sort, limit: 5 }))).items.map((one) => one.id)).toEqual([id]);
    }
  });

  test('a step that is no JSON stops no counter', async () => {
    const item = await add('exported');
    const step = transitionOp(author(), item.invoice.id, { from: 'x', to: 'y', digest: '' });
    const from = new Date(Date.now() - 1_000).toISOString();
    for (const [at, value] of ['no JSON', `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`, null].entries())
      expect(await write(item, [{ ...step, op_id: author().opId, content: { ...step.content, value } }]), `${at}`).toBe(
        'ok',
      );
    expect(await store.counters(from)).toMatchObject({ total: 1, doneToday: 0 });
  });
});
