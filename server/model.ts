/** Invoices as objects: operations and readings from the store and the blobs, projected; the rows that go back with a change. */
import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { AppError } from '../core/contract/errors.ts';
import type { DocumentInfo, Invoice } from '../core/contract/invoice.ts';
import { Reading } from '../core/contract/reading.ts';
import { pairedWith } from '../core/invoice/duplicate-links.ts';
import { contentJson, type LogOp, pendingOp, readLog } from '../core/invoice/log.ts';
import { project, readingsNeeded } from '../core/invoice/project.ts';
import { projectionOf } from '../core/invoice/summary.ts';
import type { Author } from '../core/sync/drafts.ts';
import { InvoiceCreated, type OpDraft } from '../core/sync/op.ts';
import type { Blobs } from './blobs/blobs.ts';
import { readingNotHere } from './blobs/not-here.ts';
import type { PrintedInvoice, Projection, Store } from './store/store.ts';

/** Readings kept parsed: the open document, its neighbours, and those being saved. */
const READINGS_KEPT = 32;
const MAX_READING_BYTES = 256 * 1024 * 1024;

const inflate = promisify(gunzip);
const deflate = promisify(gzip);
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An invoice with everything that it is projected from. */
export interface Loaded {
  readonly id: string;
  readonly ops: readonly LogOp[];
  readonly readings: ReadonlyMap<string, Reading>;
  readonly document: DocumentInfo;
  /** Invoices that it was one of a pair with, and that were erased: nobody has anything to decide about them any more. */
  readonly erased?: readonly string[];
}

export interface Model {
  author(actor: string, opId?: string): Author;
  /** Rejects with AppError not_found; with unavailable where a reading is on its way and did not come in time (blobs/not-here.ts). */
  load(id: string): Promise<Loaded>;
  /** The same with those of its readings that have arrived and can be read: operations may come before the bytes they name. */
  loadArrived(id: string): Promise<Loaded & { readonly missing: readonly string[] }>;
  /** The projection after `drafts` that are taken in at the instant `at`, without a verdict; `reading` is one that a draft records. */
  view(loaded: Loaded, drafts: readonly OpDraft[], at: string, reading?: { op: string; reading: Reading }): Invoice;
  newborn(id: string, document: DocumentInfo, drafts: readonly OpDraft[], at: string): Projection;
  projection(invoice: Invoice): Projection;
  /** As the store has it. Rejects with AppError not_found. */
  invoice(id: string): Promise<Invoice>;
  /** The same as JSON in UTF-8. */
  invoiceJson(id: string): Promise<PrintedInvoice>;
  /** The reading that the invoice shows; undefined where nothing could be read. */
  readingOf(invoice: Invoice): Promise<Reading | undefined>;
  /** Every reading that these operations record, by operation. */
  everyReading(ops: readonly LogOp[]): Promise<ReadonlyMap<string, Reading>>;
  /** Keeps a reading as a blob; its sha256. */
  keepReading(reading: Reading): Promise<string>;
}

interface Parts {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly newId: () => string;
}

const none = (): AppError => new AppError('not_found', 'There is no such invoice.');

export function createModel({ store, blobs, newId }: Parts): Model {
  const kept = new Map<string, Promise<Reading>>();

  const fetchReading = async (blob: string): Promise<Reading> => {
    const bytes = await inflate(await blobs.bytes(blob), { maxOutputLength: MAX_READING_BYTES });
    return Reading.parse(JSON.parse(bytes.toString('utf8')));
  };
  const remember = (blob: string, reading: Promise<Reading>): Promise<Reading> => {
    kept.delete(blob);
    kept.set(blob, reading);
    const oldest = kept.keys().next().value;
    if (kept.size > READINGS_KEPT && oldest !== undefined) kept.delete(oldest);
    reading.catch(() => kept.delete(blob));
    return reading;
  };
  const reading = (blob: string): Promise<Reading> => remember(blob, kept.get(blob) ?? fetchReading(blob));

  /** One that is on its way is waited for. */
  const readingHere = async (blob: string): Promise<Reading> => {
    try {
      return await reading(blob);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found' || blobs.fetch === undefined) throw error;
      await blobs.fetch(blob).catch((why: unknown) => {
        throw readingNotHere(why);
      });
      return reading(blob);
    }
  };
  const readingsOf = async (ops: readonly LogOp[]): Promise<Map<string, Reading>> => {
    const needed = readingsNeeded(ops);
    return new Map(await Promise.all(needed.map(async ({ op, blob }) => [op, await readingHere(blob)] as const)));
  };
  const arrived = async (blob: string): Promise<Reading | undefined> => {
    try {
      return await reading(blob);
    } catch (error) {
      // The store of the blobs is away, or has not got it yet; whatever else is wrong with it will be wrong for ever, and must not hide the operations.
      if (error instanceof AppError && error.code !== 'not_found') throw error;
      return undefined;
    }
  };
  async function opsAndDocument(id: string) {
    const ops = await store.opsOf(id);
    const created = ops.find((op) => op.body.kind === 'invoice.created');
    const content = InvoiceCreated.safeParse(created === undefined ? undefined : contentJson(created));
    const document = content.success ? await store.document(content.data.document) : undefined;
    if (document === undefined) throw none();
    const paired = pairedWith(ops);
    const erased = paired.length === 0 ? [] : await store.erased(paired);
    return { id, ops, document, ...(erased.length === 0 ? {} : { erased }) };
  }

  const model: Model = {
    author: (actor, opId = newId()) => ({ opId, actor, salt: randomBytes(32).toString('hex') }),
    async load(id) {
      const found = await opsAndDocument(id);
      return { ...found, readings: await readingsOf(found.ops) };
    },
    async loadArrived(id) {
      const found = await opsAndDocument(id);
      const needed = readingsNeeded(found.ops);
      const read = await Promise.all(needed.map(async ({ op, blob }) => ({ op, blob, reading: await arrived(blob) })));
      const readings = new Map(read.flatMap((one) => (one.reading === undefined ? [] : [[one.op, one.reading]])));
      return { ...found, readings, missing: read.flatMap((one) => (one.reading === undefined ? [one.blob] : [])) };
    },
    view({ id, ops, readings, document, erased = [] }, drafts, at, fresh) {
      const mine = drafts.filter((draft) => draft.root === id).map((draft) => pendingOp(draft, at));
      const all = fresh === undefined ? readings : new Map([...readings, [fresh.op, fresh.reading]]);
      const invoice = project({ id, ops: [...ops, ...mine], readings: all, document }, sha256);
      const duplicates = (invoice.duplicates ?? []).filter(({ other }) => !erased.includes(other));
      return erased.length === 0 ? invoice : { ...invoice, duplicates };
    },
    newborn: (id, document, drafts, at) =>
      projectionOf(model.view({ id, ops: [], readings: new Map(), document }, drafts, at)),
    projection: projectionOf,
    async invoice(id) {
      const invoice = await store.invoice(id);
      if (invoice === undefined) throw none();
      return invoice;
    },
    async invoiceJson(id) {
      const json = await store.invoiceJson(id);
      if (json === undefined) throw none();
      return json;
    },
    async readingOf(invoice) {
      const shown = invoice.reading?.op;
      if (shown === undefined) return undefined;
      const needed = readingsNeeded(await store.opsOf(invoice.id)).find((entry) => entry.op === shown);
      return needed === undefined ? undefined : reading(needed.blob);
    },
    async everyReading(ops) {
      const recorded = readLog(ops).readings.flatMap(({ op, recorded: { blob } }) =>
        blob === undefined ? [] : [[op.body.op_id, blob] as const],
      );
      return new Map(await Promise.all(recorded.map(async ([op, blob]) => [op, await reading(blob)] as const)));
    },
    async keepReading(made) {
      const { sha256: blob } = await blobs.put(await deflate(JSON.stringify(made)));
      void remember(blob, Promise.resolve(made));
      return blob;
    },
  };
  return model;
}
