/** Operations that came without a projection, over a real store and the real queue. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Invoice } from '../../core/contract/invoice.ts';
import { type ArchivedInvoice, createArchive } from '../../scripts/archive/invoices.ts';
import { projectionOf, suspectsOf } from '../../core/invoice/summary.ts';
import { duplicateEntity } from '../../core/invoice/duplicate-links.ts';
import {
  duplicateMergeOp,
  duplicateNotOp,
  eraseConfirmedOp,
  fieldSetOp,
  readingRecordedOp,
  transitionOp,
} from '../../core/sync/drafts.ts';
import { readConfig } from '../config.ts';
import { openStation, type Station } from '../station.ts';
import { until } from '../testing-client.ts';
import { refreshJob } from './refresh-job.ts';

const open: Station[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function station(): Promise<Station> {
  const config = readConfig({ AP_DATA: mkdtempSync(join(tmpdir(), 'ap-refresh-')), AP_THREADS: '1' });
  const made = await openStation(config, { logTo: { write: () => undefined } });
  open.push(made);
  await made.start();
  return made;
}

/** As sync leaves it: operations, the document's row and the job; nothing that is shown. */
async function arrive({ context }: Station, item: ArchivedInvoice): Promise<void> {
  const { kind: _kind, ...document } = item.document;
  const result = await context.store.commit({
    ops: item.ops,
    projections: [],
    documents: [document],
    jobs: [refreshJob(context.newId(), item.invoice.id)],
  });
  expect(result.kind).toBe('ok');
}

const ended = ({ context }: Station): Promise<true> =>
  until('an empty queue', async () => {
    const { waiting, running } = await context.queue.counts();
    return waiting + running === 0 ? true : undefined;
  });

const shown = async ({ context }: Station, id: string): Promise<Invoice | undefined> => context.store.invoice(id);

test('an invoice is shown before its reading has come, and with it as soon as it is there', async () => {
  const made = await station();
  const item = createArchive(5).next();
  await arrive(made, item);
  await ended(made);
  const bare = await shown(made, item.invoice.id);
  expect(bare).toMatchObject({
    reading: null,
    revision: item.invoice.revision,
    document: { sha256: item.document.sha256 },
  });
  expect(bare?.document.kind).toBeUndefined();

  await made.context.blobs.put(item.readingBlob);
  await made.context.commit({ jobs: [refreshJob(made.context.newId(), item.invoice.id)] });
  await ended(made);
  const read = await shown(made, item.invoice.id);
  const { header, state, lines, digest } = item.invoice;
  expect({ header: read?.header, state: read?.state, lines: read?.lines.length, digest: read?.digest }).toMatchObject({
    header: { invoiceNumber: { value: header.invoiceNumber?.value } },
    state,
    lines: lines.length,
    digest,
  });
  expect(read?.judged).not.toBeNull();
});

test('a document that has come shows its type, and so do its invoices', async () => {
  const made = await station();
  const item = createArchive(6).next();
  await made.context.blobs.put(item.readingBlob);
  await arrive(made, item);
  await ended(made);
  await made.context.blobs.put(item.original);
  await made.context.commit({ jobs: [refreshJob(made.context.newId(), item.document.sha256)] });
  await ended(made);
  expect((await made.context.store.document(item.document.sha256))?.kind).toBe('pdf');
  expect((await shown(made, item.invoice.id))?.document.kind).toBe('pdf');
});

test('nothing is made of an aggregate that nobody knows, or of a vendor', async () => {
  const made = await station();
  await made.context.commit({ jobs: [refreshJob(made.context.newId(), 'nobody')] });
  await ended(made);
  expect(await made.context.store.invoiceIds({})).toEqual([]);
  expect(await made.context.queue.counts()).toMatchObject({ dead: 0 });
});

test('a reading that is none keeps nothing else from being shown', async () => {
  const made = await station();
  const item = createArchive(7).next();
  const { store, model, newId } = made.context;
  const { sha256: blob } = await made.context.blobs.put(Buffer.from('no reading'));
  const recorded = { document: item.document.sha256, engineVersion: 'x', pages: 1, blob };
  const op = readingRecordedOp(model.author('service:read'), item.invoice.id, recorded);
  await store.commit({
    ops: [...item.ops.filter(({ kind }) => kind !== 'reading.recorded'), op],
    projections: [],
    documents: [item.document],
    jobs: [refreshJob(newId(), item.invoice.id)],
  });
  await ended(made);
  expect(await shown(made, item.invoice.id)).toMatchObject({ reading: null, revision: item.invoice.revision });
});

test('a correction that comes in behind a decision is shown beside it', async () => {
  const made = await station();
  const item = createArchive(8).next();
  const { id } = item.invoice;
  await made.context.blobs.put(item.readingBlob);
  const by = () => ({ opId: made.context.newId(), actor: 'user:other', salt: '' });
  const steps = [
    transitionOp(by(), id, { from: 'received', to: 'confirmed', digest: '' }),
    transitionOp(by(), id, { from: 'confirmed', to: 'approved', digest: '' }),
  ];
  const entity = { type: 'invoice', id } as const;
  const late = fieldSetOp(by(), id, { entity, field: 'poNumber', value: 'PO-9', parents: [], source: 'manual' });
  const before = item.ops.filter(({ kind }) => kind !== 'transition');
  await arrive(made, { ...item, ops: [...before, ...steps, late] });
  await ended(made);
  const told = await shown(made, id);
  const cell = { entity, field: 'poNumber' };
  expect(told).toMatchObject({ state: 'approved', changed: [cell], header: { poNumber: { value: 'PO-9' } } });
  expect(told?.findings[0]).toMatchObject({ code: 'CHANGED_AFTER_DECISION', severity: 'warning', cells: [cell] });
  expect(told?.attention).toContainEqual(cell);
});

const finding = (code: string, params: Record<string, string>) =>
  ({ code, severity: 'warning', cells: [], params, clear: code, version: 1 }) as const;

test('what was found over a decided invoice stays as it was, but what names one that was erased', async () => {
  const made = await station();
  const { store, blobs, newId } = made.context;
  const archive = createArchive(9);
  const gone = archive.next();
  const kept = archive.next();
  await blobs.put(kept.readingBlob);
  const by = () => ({ opId: newId(), actor: 'user:other', salt: '' });
  const found = [
    finding('DUPLICATE_SUSPECT', { other: gone.invoice.id, otherNumber: 'CANARY-7' }),
    finding('DUPLICATE_SUSPECT', { other: newId() }),
    finding('OLD_INVOICE', {}),
  ];
  const invoice: Invoice = {
    ...kept.invoice,
    state: 'exported',
    judged: { rules: '1', today: '2026-01-01' },
    findings: found,
  } as never;
  const ops = kept.ops.filter(({ kind }) => kind !== 'transition');
  const step = (from: string, to: string) => transitionOp(by(), invoice.id, { from, to, digest: '' });
  ops.push(step('received', 'confirmed'), step('confirmed', 'approved'));
  const projection = projectionOf({ ...invoice, revision: ops.filter(({ root }) => root === invoice.id).length });
  const saved = await store.commit({
    ops,
    documents: [kept.document],
    projections: [{ expect: 0, projection }],
    jobs: [],
  });
  expect(saved.kind).toBe('ok');
  const scope = { invoices: [gone.invoice.id], documents: [], ground: 'objection' as const, forced: false };
  const erased = eraseConfirmedOp(by(), newId(), { ...scope, asked: newId() }, 'a letter');
  const job = refreshJob(newId(), invoice.id);
  expect((await made.context.commit({ ops: [erased], jobs: [job] })).kind).toBe('ok');
  await ended(made);
  const after = await shown(made, invoice.id);
  expect(after?.findings).toEqual(found.slice(1));
  expect(after?.state).toBe('approved');
});

test('two who decided otherwise about an invoice that was erased have nothing to decide any more', async () => {
  const made = await station();
  const { blobs, newId } = made.context;
  const archive = createArchive(10);
  const [gone, kept] = [archive.next(), archive.next()];
  await blobs.put(kept.readingBlob);
  const by = () => ({ opId: newId(), actor: 'user:other', salt: '' });
  const { id } = kept.invoice;
  const entity = duplicateEntity(id, gone.invoice.id);
  const ops = [
    ...kept.ops.filter(({ kind }) => kind !== 'transition'),
    duplicateMergeOp(by(), id, entity, { from: 'received', to: 'duplicate', digest: '', kept: gone.invoice.id }),
    duplicateNotOp(by(), id, entity, 'two deliveries'),
  ];
  await arrive(made, { ...kept, ops });
  await ended(made);
  const before = await shown(made, id);
  expect(before && suspectsOf(before)).toEqual([gone.invoice.id]);
  const scope = { invoices: [gone.invoice.id], documents: [], ground: 'objection' as const, forced: false };
  const erased = eraseConfirmedOp(by(), newId(), { ...scope, asked: newId() }, 'a letter');
  await made.context.commit({ ops: [erased], jobs: [refreshJob(newId(), id)] });
  await ended(made);
  expect(await shown(made, id)).toMatchObject({ state: 'duplicate', duplicates: [] });
});
