/** What every store makes of an erasure. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createArchive } from '../../scripts/archive/invoices.ts';
import { projectionOf } from '../../core/invoice/summary.ts';
import { duplicateEntity } from '../../core/invoice/duplicate-links.ts';
import { contentJson } from '../../core/invoice/log.ts';
import { lessonId } from '../../core/memory/ids.ts';
import { canonicalJson } from '../../core/sync/canonical.ts';
import {
  documentAddedOp,
  duplicateNotOp,
  eraseAskedOp,
  eraseConfirmedOp,
  fieldSetOp,
  lessonAppliedOp,
  lessonForgottenOp,
  lessonLearnedOp,
} from '../../core/sync/drafts.ts';
import { type OpDraft, ReadingRecorded } from '../../core/sync/op.ts';
import { sha256 } from './audit.ts';
import type { Store } from './store.ts';
import { author, implementations, type Made, newId, NOTHING } from './testing-stores.ts';

const archive = createArchive(7);
type Item = ReturnType<typeof archive.next>;

const learnedFrom = (invoice: string) => ({
  v: 1 as const,
  vendorName: 'Canary Works',
  invoice,
  document: 'd',
  keys: [{ key: `tax:${invoice}` }],
  print: [] as [string, number, number][],
  style: {},
  rates: [],
  fields: {},
});

const asReading = (item: Item, value: (own: ReadingRecorded) => string): OpDraft[] =>
  item.ops.map((op) =>
    op.kind === 'reading.recorded'
      ? { ...op, content: { ...op.content, value: value(ReadingRecorded.parse(contentJson(op))) } }
      : op,
  );
const readingOf = (item: Item): ReadingRecorded =>
  ReadingRecorded.parse(contentJson(item.ops.find(({ kind }) => kind === 'reading.recorded') as OpDraft));

describe.each(Object.keys(implementations))('erasure: %s', (name) => {
  let made: Made;
  let store: Store;
  beforeEach(async () => {
    made = await (implementations[name] as () => Promise<Made>)();
    ({ store } = made);
  });
  afterEach(() => made.cleanUp());

  async function save(item: Item): Promise<void> {
    const projections = [{ expect: 0, projection: projectionOf(item.invoice) }];
    const change = { ...NOTHING, ops: item.ops, documents: [item.document], projections };
    expect((await store.commit(change)).kind).toBe('ok');
  }
  async function erase(item: Item, documents = [item.document.sha256]): Promise<string> {
    const id = newId();
    const scope = {
      invoices: [item.invoice.id],
      documents,
      ground: 'objection' as const,
      forced: false,
    };
    const asked = eraseAskedOp(author(), id, scope, 'a letter of 3 May');
    const confirmed = eraseConfirmedOp(author(), id, { ...scope, asked: asked.op_id }, 'a letter of 3 May');
    expect((await store.commit({ ...NOTHING, ops: [asked] })).kind).toBe('ok');
    expect((await store.commit({ ...NOTHING, ops: [confirmed] })).kind).toBe('ok');
    return confirmed.op_id;
  }
  const contents = async (root: string) => (await store.opsOf(root)).map(({ content }) => content);

  test('it takes every content of the invoice, its rows and its place in lists and searches, and nothing of another one; the chain still verifies', async () => {
    const [gone, kept] = [archive.next(), archive.next()];
    await save(gone);
    await save(kept);
    const before = await store.counters(new Date(0).toISOString());
    await erase(gone);
    expect((await contents(gone.invoice.id)).every((content) => content === null)).toBe(true);
    expect((await contents(kept.invoice.id)).every((content) => content !== null)).toBe(true);
    expect(await store.invoice(gone.invoice.id)).toBeUndefined();
    expect(await store.invoice(kept.invoice.id)).toEqual(kept.invoice);
    expect(await store.document(gone.document.sha256)).toBeUndefined();
    const list = await store.invoices({ limit: 10, sort: 'createdAt', order: 'desc' });
    expect(list.items.map(({ id }) => id)).toEqual([kept.invoice.id]);
    const number = gone.invoice.header.invoiceNumber?.value ?? '';
    expect((await store.invoices({ q: number, limit: 10, sort: 'createdAt', order: 'desc' })).items).toEqual([]);
    expect((await store.counters(new Date(0).toISOString())).total).toBe(before.total - 1);
    const report = await store.verifyAudit();
    expect(report.problems).toEqual([]);
    expect(report.erased).toBe(gone.ops.length);
    expect(await store.erased([gone.invoice.id, gone.document.sha256, kept.invoice.id])).toHaveLength(2);
    await store.rebuildHeads();
    expect((await store.verifyAudit()).problems).toEqual([]);
  });

  test('the bytes that go are named until somebody has removed them: the document, each reading, and the kept copy of an export', async () => {
    const item = archive.next();
    await save(item);
    const reading = item.ops.find(({ kind }) => kind === 'reading.recorded');
    const { blob = '' } = ReadingRecorded.parse(contentJson({ content: reading?.content ?? null }));
    const batch = {
      id: newId(),
      number: 1,
      format: 'csv' as const,
      createdAt: new Date().toISOString(),
      actor: 'local:test',
      invoices: [item.invoice.id],
      fileName: 'batch-1.csv',
      sha256: 'e'.repeat(64),
      size: 10,
    };
    expect((await store.commit({ ...NOTHING, exportBatch: batch })).kind).toBe('ok');
    await erase(item);
    const doomed = [item.document.sha256, blob, batch.sha256].toSorted();
    expect((await store.doomedBlobs('waiting')).toSorted()).toEqual(doomed);
    await store.droppedBlobs(doomed);
    expect(await store.doomedBlobs('waiting')).toEqual([]);
    expect((await store.doomedBlobs('all')).toSorted()).toEqual(doomed);
  });

  test('what was learned of the invoice goes, whatever its vendor; what else is known of the vendor stays', async () => {
    const [item, other] = [archive.next(), archive.next()];
    await save(item);
    const vendor = newId();
    const [one, two] = [item, other].map(({ invoice }) => lessonId(sha256, vendor, invoice.id)) as [string, string];
    const applied = { invoice: item.invoice.id, lessons: [two], right: ['grossTotal'], wrong: [] };
    const ops = [
      lessonLearnedOp(author(), vendor, one, learnedFrom(item.invoice.id)),
      lessonLearnedOp(author(), vendor, two, learnedFrom(other.invoice.id)),
      lessonAppliedOp(author(), vendor, applied),
      lessonForgottenOp(author(), vendor, { type: 'lesson', id: one }, [], 'was wrong about the canary'),
    ];
    expect((await store.commit({ ...NOTHING, ops })).kind).toBe('ok');
    await erase(item);
    const left = await store.opsOf(vendor);
    expect(left.map(({ content }) => content !== null)).toEqual([false, true, false, false]);
    expect((await store.lessonsOf(vendor)).map(({ id }) => id)).toEqual([two]);
    const elsewhere = newId();
    // Of an invoice that is gone, learned late by somebody who had not heard.
    const late = lessonLearnedOp(
      author(),
      elsewhere,
      lessonId(sha256, elsewhere, item.invoice.id),
      learnedFrom(item.invoice.id),
    );
    expect((await store.commit({ ...NOTHING, ops: [late] })).kind).toBe('ok');
    expect(await contents(late.root)).toEqual([null]);
    expect(await store.lessonsFrom(item.invoice.id)).toEqual([]);
    expect((await store.verifyAudit()).problems).toEqual([]);
  });

  test('what comes later of an erased invoice keeps no content, and its document is not taken in again', async () => {
    const item = archive.next();
    await save(item);
    const eraser = await erase(item);
    const { id } = item.invoice;
    const late = fieldSetOp(author(), id, {
      entity: { type: 'invoice', id },
      field: 'invoiceNumber',
      value: 'CANARY-1',
      parents: [],
      source: 'manual',
    });
    expect((await store.commit({ ...NOTHING, ops: [late] })).kind).toBe('ok');
    expect((await contents(id)).every((content) => content === null)).toBe(true);
    const expects = { unknown: [item.document.sha256] };
    expect(await store.commit({ ...NOTHING, expects, documents: [item.document] })).toMatchObject({ kind: 'conflict' });
    expect((await store.verifyAudit()).problems).toEqual([]);
    const erasures = await store.erasures();
    expect(erasures.map(({ body }) => body.kind)).toEqual(['erase.asked', 'erase.confirmed']);
    expect(erasures.at(-1)?.body.op_id).toBe(eraser);
    expect(erasures.at(-1)?.content?.reason).toBe('a letter of 3 May');
  });

  test('a reading that another invoice of the same file has, too, stays until that one goes', async () => {
    const [gone, kept] = [archive.next(), archive.next()];
    await save(gone);
    const { blob = '', document } = readingOf(gone);
    const invoice = { ...kept.invoice, document: gone.invoice.document };
    const ops = asReading(kept, (own) => canonicalJson({ ...own, blob, document }));
    const projections = [{ expect: 0, projection: projectionOf(invoice) }];
    expect((await store.commit({ ...NOTHING, ops, projections })).kind).toBe('ok');
    await erase(gone, []);
    expect(await store.doomedBlobs('all')).toEqual([]);
    await erase({ ...kept, invoice }, [document]);
    expect((await store.doomedBlobs('all')).toSorted()).toEqual([blob, document].toSorted());
  });

  test('what is another invoice’s, or was exported, keeps its bytes, whoever wrote a document or a reading of the same hash', async () => {
    const [gone, kept, read] = [archive.next(), archive.next(), archive.next()];
    for (const item of [gone, kept]) await save(item);
    const { blob = '' } = readingOf(kept);
    const exported = newId().replaceAll('-', '').padEnd(64, '0');
    const batch = {
      id: newId(),
      number: 1,
      format: 'csv' as const,
      createdAt: new Date().toISOString(),
      actor: 'local:test',
      invoices: [kept.invoice.id],
      fileName: 'batch-1.csv',
      sha256: exported,
      size: 10,
    };
    expect((await store.commit({ ...NOTHING, exportBatch: batch })).kind).toBe('ok');
    const file = { name: 'a.pdf', mime: 'application/pdf', size: 1, channel: 'watch' as const };
    const named = [blob, exported];
    const ops = named.map((sha) => documentAddedOp(author(), sha, file));
    expect((await store.commit({ ...NOTHING, ops })).kind).toBe('ok');
    await erase(gone, [gone.document.sha256, ...named]);
    const doomed = [gone.document.sha256, readingOf(gone).blob ?? ''].toSorted();
    expect((await store.doomedBlobs('all')).toSorted()).toEqual(doomed);
    for (const sha of [blob, kept.document.sha256]) {
      const item = { ...read, invoice: { ...read.invoice, id: newId() } };
      const recorded = asReading(read, (own) => canonicalJson({ ...own, blob: sha }))
        .filter(({ kind }) => kind === 'reading.recorded')
        .map((op) => ({ ...op, op_id: newId(), root: item.invoice.id }));
      expect((await store.commit({ ...NOTHING, ops: recorded, documents: [kept.document] })).kind).toBe('ok');
      await erase(item, []);
    }
    expect((await store.doomedBlobs('all')).toSorted()).toEqual(doomed);
    await erase(kept, [kept.document.sha256]);
    const all = [...doomed, blob, kept.document.sha256, exported].toSorted();
    expect((await store.doomedBlobs('all')).toSorted()).toEqual(all);
  });

  test('bytes that come to be named after they were doomed stay, or come again: by the reading of another invoice, or as a document', async () => {
    const [gone, later, again, refound] = [archive.next(), archive.next(), archive.next(), archive.next()];
    await save(gone);
    const { blob = '', document } = readingOf(gone);
    await erase(gone, []);
    expect(await store.doomedBlobs('waiting')).toEqual([blob]);
    const asOf = async (item: Item): Promise<Item> => {
      const invoice = { ...item.invoice, document: gone.invoice.document };
      const ops = asReading(item, (own) => canonicalJson({ ...own, blob, document }));
      const projections = [{ expect: 0, projection: projectionOf(invoice) }];
      expect((await store.commit({ ...NOTHING, ops, projections })).kind).toBe('ok');
      return { ...item, invoice };
    };
    const kept = await asOf(later);
    expect(await store.doomedBlobs('all')).toEqual([]);
    await erase(kept, []);
    await store.droppedBlobs([blob]);
    expect(await store.doomedBlobs('all')).toEqual([blob]);
    // They are gone, and wanted again.
    await erase(await asOf(again), []);
    expect(await store.doomedBlobs('waiting')).toEqual([blob]);
    const file = { name: 'a.pdf', mime: 'application/pdf', size: 1, channel: 'watch' as const };
    const added = { ...refound.document, sha256: blob };
    const change = { ...NOTHING, ops: [documentAddedOp(author(), blob, file)], documents: [added] };
    expect((await store.commit(change)).kind).toBe('ok');
    expect(await store.doomedBlobs('all')).toEqual([]);
    expect((await store.verifyAudit()).problems).toEqual([]);
  });

  test('an operation of what was erased saves no bytes', async () => {
    const item = archive.next();
    await save(item);
    const { blob = '' } = readingOf(item);
    await erase(item);
    const doomed = [item.document.sha256, blob].toSorted();
    const reading = item.ops.filter(({ kind }) => kind === 'reading.recorded').map((op) => ({ ...op, op_id: newId() }));
    expect((await store.commit({ ...NOTHING, ops: reading })).kind).toBe('ok');
    expect((await store.doomedBlobs('waiting')).toSorted()).toEqual(doomed);
  });

  test('whatever stands where a reading should say its bytes, it is erased', async () => {
    const values = [
      '{x}',
      '{"blob":"\\u0000"}',
      '{"blob":"\\ud800"}',
      '[{"blob":1}]',
      '{"blob":{}}',
      '{"note":"\\\\u0000 \\ud83d"}',
    ];
    for (const value of values) {
      const item = archive.next();
      await save({ ...item, ops: asReading(item, () => value) });
      await erase(item);
      expect((await contents(item.invoice.id)).every((content) => content === null)).toBe(true);
      expect(await store.doomedBlobs('waiting')).toEqual([item.document.sha256]);
      await store.droppedBlobs([item.document.sha256]);
    }
  });

  test('whoever may have been compared with it is shown again: what was found names it', async () => {
    const [gone, near, far] = [archive.next(), archive.next(), archive.next()];
    await save(gone);
    await save(far);
    const { keys } = projectionOf(gone.invoice);
    const projection = { ...projectionOf(near.invoice), keys: { ...keys, documentSha: near.document.sha256 } };
    const change = { ...NOTHING, ops: near.ops, documents: [near.document] };
    expect((await store.commit({ ...change, projections: [{ expect: 0, projection }] })).kind).toBe('ok');
    await erase(gone);
    const jobs = (await made.queue.list()).filter(({ name: job }) => job === 'refresh');
    expect(jobs).toMatchObject([{ root: near.invoice.id, state: 'waiting' }]);
  });

  test('whoever was one of a pair with it is shown again, though nothing of the two is alike any more', async () => {
    const [gone, other] = [archive.next(), archive.next()];
    await save(gone);
    await save(other);
    const ids = [gone.invoice.id, other.invoice.id] as const;
    const not = duplicateNotOp(author(), ids[0], duplicateEntity(...ids), 'two deliveries');
    expect((await store.commit({ ...NOTHING, ops: [not] })).kind).toBe('ok');
    await erase(gone);
    const jobs = (await made.queue.list()).filter(({ name: job }) => job === 'refresh');
    expect(jobs).toMatchObject([{ root: other.invoice.id, state: 'waiting' }]);
  });
});
