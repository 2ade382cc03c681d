/** What every store has to keep. A second implementation is one more entry of `implementations` in testing-stores.ts. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ExportBatch, InvoiceQuery } from '../../core/contract/http.ts';
import { Settings } from '../../core/contract/settings.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { NewJob } from '../../core/contract/jobs.ts';
import { pendingOp } from '../../core/invoice/log.ts';
import { project } from '../../core/invoice/project.ts';
import { projectionOf } from '../../core/invoice/summary.ts';
import { fieldSetOp, transitionOp } from '../../core/sync/drafts.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { type ArchivedInvoice, createArchive } from '../../scripts/archive/invoices.ts';
import { contentTag } from './content-tag.ts';
import { author, implementations, type Made, newId, NOTHING } from './testing-stores.ts';
import type { Change, Store } from './store.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const query = (more: Partial<InvoiceQuery> = {}): InvoiceQuery => InvoiceQuery.parse(more);

const birth = (item: ArchivedInvoice): Change => ({
  ...NOTHING,
  ops: item.ops,
  projections: [{ expect: 0, projection: projectionOf(item.invoice) }],
  documents: [item.document],
  at: item.at,
});

const taking = (item: ArchivedInvoice, unknown: string[]): Change => ({ ...birth(item), expects: { unknown } });

const setNumber = (invoice: Invoice, value: string): OpDraft =>
  fieldSetOp(author(), invoice.id, {
    entity: { type: 'invoice', id: invoice.id },
    field: 'invoiceNumber',
    value,
    parents: invoice.header.invoiceNumber?.parents ?? [],
    source: 'manual',
    reason: 'misread',
  });

const ids = (list: readonly { id: string }[]): string[] => list.map((item) => item.id);
const batch = (number: number): ExportBatch => ({
  id: newId(),
  number,
  format: 'csv',
  createdAt: new Date().toISOString(),
  actor: 'local:test',
  invoices: [newId()],
  fileName: `batch-${number}.csv`,
  sha256: sha256(String(number)),
  size: 3,
});

describe.each(Object.keys(implementations))('store: %s', (name) => {
  let made: Made;
  let store: Store;
  beforeEach(async () => {
    made = await (implementations[name] as () => Promise<Made>)();
    ({ store } = made);
  });
  afterEach(() => made.cleanUp());

  const archive = createArchive(7, 30);
  async function add(count: number): Promise<ArchivedInvoice[]> {
    const items = Array.from({ length: count }, () => archive.next());
    for (const item of items) expect((await store.commit(birth(item))).kind).toBe('ok');
    return items;
  }
  const one = async (): Promise<ArchivedInvoice> => (await add(1))[0] as ArchivedInvoice;

  /** The projection after `drafts`, as the shell makes it. */
  async function after(item: ArchivedInvoice, drafts: readonly OpDraft[]): Promise<Change> {
    const stored = await store.opsOf(item.invoice.id);
    const at = new Date().toISOString();
    const recorded = stored.find((op) => op.body.kind === 'reading.recorded')?.body.op_id ?? '';
    const invoice = project(
      {
        id: item.invoice.id,
        ops: [...stored, ...drafts.map((draft) => pendingOp(draft, at))],
        readings: new Map([[recorded, item.reading]]),
        document: item.document,
      },
      sha256,
    );
    return { ...NOTHING, ops: drafts, projections: [{ expect: stored.length, projection: projectionOf(invoice) }], at };
  }

  test('a change is there after a restart: operations, projection, document', async () => {
    const item = await one();
    made = await made.reopen();
    ({ store } = made);
    expect(await store.invoice(item.invoice.id)).toEqual(item.invoice);
    const printed = await store.invoiceJson(item.invoice.id);
    const text = JSON.stringify(await store.invoice(item.invoice.id));
    expect([Buffer.from(printed?.json() ?? []).toString(), printed?.tag]).toEqual([text, contentTag(text)]);
    expect(await store.document(item.document.sha256)).toEqual(item.document);
    const ops = await store.opsOf(item.invoice.id);
    expect(ops.map((op) => op.body.op_id)).toEqual(item.ops.slice(1).map((op) => op.op_id));
    expect(ops.map((op) => op.content)).toEqual(item.ops.slice(1).map((op) => op.content));
    expect(ops.every((op) => op.receivedAt === item.at && op.verdict === 'accepted')).toBe(true);
    expect(ops.every((op) => op.body.device === store.device)).toBe(true);
    expect(await store.verifyAudit()).toMatchObject({ ops: item.ops.length, devices: 1, erased: 0, problems: [] });
  });

  test('what is projected before the commit is what is projected from the log after it', async () => {
    const item = await one();
    const change = await after(item, [setNumber(item.invoice, 'X-1')]);
    expect((await store.commit(change)).kind).toBe('ok');
    const stored = await store.opsOf(item.invoice.id);
    const recorded = stored.find((op) => op.body.kind === 'reading.recorded')?.body.op_id ?? '';
    const readings = new Map([[recorded, item.reading]]);
    const again = project({ id: item.invoice.id, ops: stored, readings, document: item.document }, sha256);
    expect(await store.invoice(item.invoice.id)).toEqual(again);
  });

  test('of two changes over one revision the second is told to read again, and none of it is kept', async () => {
    const item = await one();
    const [first, second] = await Promise.all([
      after(item, [setNumber(item.invoice, 'A')]),
      after(item, [setNumber(item.invoice, 'B')]),
    ]);
    const job: NewJob = {
      id: newId(),
      name: 'validate',
      data: { invoice: item.invoice.id },
      root: item.invoice.id,
      priority: 0,
    };
    expect((await store.commit(first)).kind).toBe('ok');
    expect(await store.commit({ ...second, jobs: [job] })).toEqual({ kind: 'conflict', what: 'revision' });
    expect(await made.queue.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
    expect((await store.invoice(item.invoice.id))?.header.invoiceNumber?.value).toBe('A');
    // Read again with the same parents: both edits stay as heads, the field is in conflict.
    expect((await store.commit(await after(item, second.ops))).kind).toBe('ok');
    const torn = await store.invoice(item.invoice.id);
    expect(torn?.header.invoiceNumber?.conflict?.map((head) => head.value).toSorted()).toEqual(['A', 'B']);
    expect((await store.verifyAudit()).problems).toEqual([]);
  });

  test('an operation is taken once', async () => {
    const item = await one();
    const change = await after(item, [setNumber(item.invoice, 'A')]);
    expect((await store.commit(change)).kind).toBe('ok');
    expect(await store.commit(change)).toEqual({ kind: 'conflict', what: 'op-exists' });
    expect(await store.commit(birth(item))).toEqual({ kind: 'conflict', what: 'op-exists' });
    expect(await store.commit({ ...birth(archive.next()), projections: birth(item).projections })).toEqual({
      kind: 'conflict',
      what: 'revision',
    });
  });

  test('lists: sorted, filtered, page by page, each invoice once', async () => {
    const items = await add(60);
    for (const sort of [
      'createdAt',
      'issueDate',
      'dueDate',
      'vendorName',
      'invoiceNumber',
      'grossTotal',
      'attention',
      'updatedAt',
    ] as const) {
      for (const order of ['asc', 'desc'] as const) {
        const whole = await store.invoices(query({ sort, order, limit: 500 }));
        expect(whole.total).toBe(60);
        const paged: string[] = [];
        for (let cursor: string | undefined, more = true; more;) {
          const page = await store.invoices(
            query({ sort, order, limit: 7, ...(cursor === undefined ? {} : { cursor }) }),
          );
          paged.push(...ids(page.items));
          cursor = page.next ?? undefined;
          more = page.next !== null;
        }
        expect(paged).toEqual(ids(whole.items));
        expect(new Set(paged).size).toBe(60);
      }
    }
    const gross = (await store.invoices(query({ sort: 'grossTotal', order: 'asc', limit: 500 }))).items;
    const amounts = gross.map((row) => Number(row.grossTotal));
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
    const open = items.filter((item) => item.invoice.status === 'ready');
    const filtered = await store.invoices(query({ status: ['ready'], limit: 500 }));
    expect(ids(filtered.items).toSorted()).toEqual(ids(open.map((item) => item.invoice)).toSorted());
    expect(filtered.total).toBe(open.length);
  });

  test('a cursor of another order is refused', async () => {
    await add(3);
    const { next } = await store.invoices(query({ limit: 1 }));
    const wrong = store.invoices(query({ limit: 1, sort: 'vendorName', cursor: next ?? '' }));
    await expect(wrong).rejects.toMatchObject({ code: 'bad_request' });
    await expect(store.invoices(query({ cursor: 'nonsense' }))).rejects.toMatchObject({ code: 'bad_request' });
  });

  test('a forged cursor is answered or refused, and breaks nothing', async () => {
    await add(1);
    const values = ['-1', '2026-02-30T00:00:00Z', 'a\0b', '', 1e300, -1.5, 2 ** 40];
    const sorts = ['createdAt', 'issueDate', 'vendorName', 'grossTotal', 'attention', 'updatedAt'] as const;
    for (const sort of sorts)
      for (const value of values) {
        const cursor = Buffer.from(JSON.stringify([`${sort} desc`, value, Number.MAX_SAFE_INTEGER])).toString(
          'base64url',
        );
        const code = await store.invoices(query({ sort, cursor })).then(
          () => 'answered',
          (error: { code?: string }) => error.code,
        );
        expect(['answered', 'bad_request'], `${sort} ${value}`).toContain(code);
      }
  });

  test('search finds parts of words in any order, folded, short and long, and only what is there now', async () => {
    const [item] = (await add(30)) as [ArchivedInvoice];
    const number = item.invoice.header.invoiceNumber?.value ?? '';
    const vendor = item.invoice.header.vendorName?.value ?? '';
    const find = async (q: string): Promise<string[]> =>
      (await store.invoices(query({ q, limit: 500 }))).items.map((row) => row.id);
    expect(await find(number.slice(3))).toEqual([item.invoice.id]);
    expect(await find(`${number.slice(-5)} ${vendor.split(' ')[0]?.toUpperCase()}`)).toEqual([item.invoice.id]);
    expect(await find(`${number} re`)).toEqual([item.invoice.id]);
    expect(await find('100%')).toEqual([]);
    expect(await find('"quoted" AND NOT OR *')).toEqual([]);
    expect((await find('  ')).length).toBe(30);
    await store.commit(await after(item, [setNumber(item.invoice, 'Ünïque-77')]));
    expect(await find('unique-77')).toEqual([item.invoice.id]);
    expect((await store.invoices(query({ q: 'unique', limit: 1 }))).total).toBe(1);
  });

  test('counters: by status, left to do, done today', async () => {
    const items = await add(40);
    const open = items.filter((item) => item.invoice.state === 'received');
    const before = await store.counters('2999-01-01T00:00:00.000Z');
    expect(before).toMatchObject({ total: 40, left: open.length, doneToday: 0 });
    const midnight = new Date(Date.now() - 1_000).toISOString();
    const { invoice } = open[0] as ArchivedInvoice;
    const steps = [
      transitionOp(author(), invoice.id, { from: 'received', to: 'confirmed', digest: invoice.digest }),
      transitionOp(author(), invoice.id, { from: 'confirmed', to: 'approved', digest: invoice.digest }),
    ];
    await store.commit(await after(open[0] as ArchivedInvoice, steps));
    expect(await store.counters(midnight)).toMatchObject({ doneToday: 1, left: open.length - 1 });
    const back = transitionOp(author(), invoice.id, { from: 'approved', to: 'received', digest: invoice.digest });
    await store.commit(await after(open[0] as ArchivedInvoice, [back]));
    expect(await store.counters(midnight)).toMatchObject({ doneToday: 0 });
  });

  test('ids by status and document', async () => {
    const items = await add(5);
    const all = items.map((item) => item.invoice.id);
    expect(await store.invoiceIds({})).toEqual(all);
    expect(await store.invoiceIds({ document: items[2]?.document.sha256 ?? '' })).toEqual([all[2]]);
    expect(await store.invoiceIds({ status: ['void'] })).toEqual([]);
  });

  test('possible duplicates share bytes, or two of vendor, number and amount', async () => {
    const [item] = (await add(10)) as [ArchivedInvoice];
    const { keys } = projectionOf(item.invoice);
    const found = async (more: Partial<typeof keys>): Promise<string[]> =>
      (
        await store.duplicateCandidates('another', {
          documentSha: 'x',
          vendorKey: null,
          numberKey: null,
          grossTotal: null,
          ...more,
        })
      ).map((candidate) => candidate.id);
    const { documentSha, vendorKey, numberKey, grossTotal } = keys;
    const { id } = item.invoice;
    expect(await found({ documentSha })).toEqual([id]);
    expect(await found({ vendorKey, numberKey })).toEqual([id]);
    expect(await found({ numberKey, grossTotal })).toEqual([id]);
    expect(await found({ vendorKey, grossTotal })).toEqual([id]);
    expect(await found({ numberKey: 'other', vendorKey: 'other' })).toEqual([]);
    expect(await found({})).toEqual([]);
    expect(await store.duplicateCandidates(id, keys)).toEqual([]);
    const [candidate] = await store.duplicateCandidates('another', keys);
    expect(candidate).toMatchObject({
      documentName: item.document.name,
      vendorTaxId: item.invoice.header.vendorTaxId?.value,
    });
  });

  test('answers, export batches and settings are kept', async () => {
    expect(await store.settings()).toEqual(Settings.parse({}));
    const settings = Settings.parse({ language: 'de' });
    const first = batch(1);
    const idempotency = { key: 'k', requestHash: 'h', reply: '{}' };
    expect((await store.commit({ ...NOTHING, settings, exportBatch: first, idempotency })).kind).toBe('ok');
    expect(await store.commit({ ...NOTHING, idempotency })).toMatchObject({ kind: 'conflict' });
    expect(await store.commit({ ...NOTHING, exportBatch: batch(1) })).toEqual({ kind: 'conflict', what: 'revision' });
    const second = batch(2);
    expect((await store.commit({ ...NOTHING, exportBatch: second })).kind).toBe('ok');
    expect(await store.exportBatches()).toEqual([second, first]);
    expect(await store.settings()).toEqual(settings);
    expect(await store.idempotent('k')).toEqual({ requestHash: 'h', reply: '{}' });
    expect(await store.idempotent('other')).toBeUndefined();
  });

  test('a document keeps its first name and learns its kind', async () => {
    const { document } = await one();
    await store.commit({ ...NOTHING, documents: [{ ...document, name: 'again.pdf', kind: 'xml' }] });
    expect(await store.document(document.sha256)).toMatchObject({ name: document.name, kind: 'xml' });
    expect(await store.document('none')).toBeUndefined();
  });

  test('what a change expects is looked at when it is written', async () => {
    const [first, second] = [archive.next(), archive.next()];
    const conflict = { kind: 'conflict', what: 'revision' };
    expect((await store.commit(taking(first, [first.document.sha256]))).kind).toBe('ok');
    expect(await store.commit(taking(second, [second.document.sha256, first.document.sha256]))).toEqual(conflict);
    expect(await store.invoice(second.invoice.id)).toBeUndefined();

    const before = await store.settings();
    const wanted = { ...before, tolerances: { TOTAL_MISMATCH: '0.05', default: '0.01' }, minimumConfidence: 0.7 };
    expect((await store.commit({ ...NOTHING, settings: wanted, expects: { settings: before } })).kind).toBe('ok');
    expect(await store.commit({ ...NOTHING, settings: before, expects: { settings: before } })).toEqual(conflict);
    const turned = { ...wanted, tolerances: { default: '0.01', TOTAL_MISMATCH: '0.05' } };
    expect((await store.commit({ ...NOTHING, settings: before, expects: { settings: turned } })).kind).toBe('ok');

    const root = first.invoice.id;
    const { length: count } = await store.opsOf(root);
    const ops = (many: number): Change => ({ ...NOTHING, expects: { ops: { root, count: many } } });
    expect(await store.commit(ops(count - 1))).toEqual(conflict);
    expect((await store.commit(ops(count))).kind).toBe('ok');
  });

  test('of many at once that expect the same one is kept', async () => {
    const items = Array.from({ length: 8 }, () => archive.next());
    const unknown = [items[0]?.document.sha256 ?? ''];
    const results = await Promise.all(
      items.map((item) => {
        const change = birth(item);
        const [only] = change.projections;
        const projection = only && {
          ...only.projection,
          keys: { ...only.projection.keys, documentSha: unknown[0] ?? '' },
        };
        return store.commit({
          ...change,
          projections: projection ? [{ expect: 0, projection }] : [],
          expects: { unknown },
        });
      }),
    );
    expect(results.filter(({ kind }) => kind === 'ok')).toHaveLength(1);
  });

  test('a change finishes its job, or is refused where the lease was lost', async () => {
    const item = await one();
    const job: NewJob = {
      id: newId(),
      name: 'validate',
      data: { invoice: item.invoice.id },
      root: item.invoice.id,
      priority: 0,
    };
    await store.commit({ ...NOTHING, jobs: [job] });
    const claimed = await made.queue.claim(['validate'], 60_000);
    const change = await after(item, [setNumber(item.invoice, 'A')]);
    expect(await store.commit({ ...change, finishes: { job: job.id, lease: 'stolen' } })).toEqual({
      kind: 'conflict',
      what: 'lease',
    });
    const finishes = { job: job.id, lease: claimed?.lease ?? '' };
    expect((await store.commit({ ...change, finishes })).kind).toBe('ok');
    const again = await after(item, [setNumber(item.invoice, 'B')]);
    expect(await store.commit({ ...again, finishes })).toEqual({ kind: 'conflict', what: 'lease' });
    expect(await store.commit({ ...NOTHING, jobs: [job] })).toEqual({ kind: 'conflict', what: 'job-exists' });
  });

  test('heads are rebuilt from the log, and a backup is a whole store', async () => {
    await add(5);
    const { cells } = await store.rebuildHeads();
    expect(cells).toBe(5 * 4);
    const seen: number[] = [];
    const report = await store.verifyAudit((done) => seen.push(done));
    expect(report.problems).toEqual([]);
    expect(seen.at(-1)).toBe(report.ops);
  });

  test('many at once are all kept', async () => {
    const items = Array.from({ length: 30 }, () => archive.next());
    const results = await Promise.all(items.map((item) => store.commit(birth(item))));
    expect(results.every((result) => result.kind === 'ok')).toBe(true);
    expect((await store.verifyAudit()).problems).toEqual([]);
    expect(await store.invoiceIds({})).toHaveLength(30);
  });
});
