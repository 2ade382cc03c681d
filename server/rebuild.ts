/**
 * Makes every invoice's rows again from the operation log and the readings: what a salvage needs, and the proof that the log is the data. In place and invoice
 * by invoice: interrupted, what was there before is still there, and it can be done again.
 */
import type { DocumentInfo, Invoice } from '../core/contract/invoice.ts';
import type { NewJob } from '../core/contract/jobs.ts';
import { contentJson, type LogOp } from '../core/invoice/log.ts';
import { withFindings } from '../core/invoice/status.ts';
import { InvoiceCreated } from '../core/sync/op.ts';
import type { Judge } from './judge.ts';
import type { Loaded, Model } from './model.ts';
import type { Care } from './store/sqlite/create.ts';
import type { Store } from './store/store.ts';

export interface RebuildReport {
  readonly invoices: number;
  /** Rows that no operation stands behind, removed. */
  readonly strays: number;
  /** Given to the reader again: never read, or their reading is lost. */
  readonly toRead: number;
  /** What could not be made again, by invoice. */
  readonly problems: readonly { readonly invoice: string; readonly what: string }[];
}

interface Parts {
  readonly store: Store;
  readonly care: Care;
  readonly model: Model;
  readonly judge: Judge;
  readonly newId: () => string;
  /** The document with the type that its bytes have: what the log does not say. */
  readonly inspect: (document: DocumentInfo) => Promise<DocumentInfo>;
  readonly progress: (done: number, total: number) => void;
}

const SLICE = 100;
/** Whoever decided about these decided over the verdict of that day; the others are judged by today's rules. */
const OPEN: ReadonlySet<string> = new Set(['exception', 'ready', 'on_hold', 'info_requested']);

export async function rebuildProjections(parts: Parts): Promise<RebuildReport> {
  const { store, care, model, progress } = parts;
  await store.rebuildHeads();
  const ids = await care.invoicesOfLog();
  const problems: RebuildReport['problems'][number][] = [];
  const jobs: NewJob[] = [];
  const unjudged: string[] = [];
  const total = ids.length;

  // All of them first: who is judged is compared with the others.
  for (let from = 0; from < total; from += SLICE) {
    const made: Invoice[] = [];
    for (const id of ids.slice(from, from + SLICE)) {
      const loaded = await withType(parts, await load(parts, id));
      if (typeof loaded === 'string') {
        problems.push({ invoice: id, what: loaded });
        continue;
      }
      if (loaded.lost !== undefined) problems.push({ invoice: id, what: loaded.lost });
      const bare = model.view(loaded, [], '');
      if ((bare.reading === null && bare.state === 'received') || loaded.lost !== undefined)
        jobs.push(readJob(parts, loaded));
      const before = await store.invoice(id).catch(() => undefined);
      const same = before?.digest === bare.digest;
      const view = same ? withFindings(bare, before.findings, before.judged, before.attention) : bare;
      if (needsVerdict(view, same)) unjudged.push(id);
      made.push(view);
    }
    await care.replaceProjections(made.map((invoice) => model.projection(invoice)));
    progress(Math.min(total, from + SLICE), total * 2);
  }
  const strays = await care.dropStrays();

  const again = await judgeAll(parts, unjudged, (done) => progress(total + done, total + unjudged.length));
  // Findings that name another invoice were made before that one had its own verdict.
  await judgeAll(parts, again, () => undefined);
  if (jobs.length > 0) await store.commit({ ops: [], projections: [], documents: [], jobs });
  return { invoices: total, strays, toRead: jobs.length, problems };
}

/** Those of them that were compared with others. */
async function judgeAll(parts: Parts, ids: readonly string[], progress: (done: number) => void): Promise<string[]> {
  const { care, model, judge } = parts;
  const compared: string[] = [];
  for (let from = 0; from < ids.length; from += SLICE) {
    const made: Invoice[] = [];
    for (const id of ids.slice(from, from + SLICE)) {
      const loaded = await load(parts, id);
      if (typeof loaded === 'string') continue;
      const invoice = await judge(model.view(loaded, [], ''));
      made.push(invoice);
      if (invoice.findings.some(({ code }) => code.includes('DUPLICATE'))) compared.push(id);
    }
    await care.replaceProjections(made.map((invoice) => model.projection(invoice)));
    progress(Math.min(ids.length, from + SLICE));
  }
  return compared;
}

/** What was never read has no verdict, and neither has an archive or a mail whose members became documents. */
const needsVerdict = ({ reading, status }: Invoice, same: boolean): boolean =>
  reading !== null && !reading.notes.some(({ code }) => code === 'container-expanded') && (!same || OPEN.has(status));

/** With an empty form where a reading's blob is gone or damaged: the document can be read again. */
async function load({ store, model }: Parts, id: string): Promise<(Loaded & { lost?: string }) | string> {
  try {
    return await model.load(id);
  } catch {
    const ops = await store.opsOf(id);
    const document = await documentOf(store, ops);
    if (document === undefined) return 'its document is not known any more';
    return { id, ops, document, readings: new Map(), lost: 'its reading is lost; the document is read again' };
  }
}

async function withType<T extends Loaded>({ store, inspect }: Parts, loaded: T | string): Promise<T | string> {
  if (typeof loaded === 'string' || loaded.document.kind !== undefined) return loaded;
  const document = await inspect(loaded.document);
  if (document.kind === undefined) return loaded;
  await store.commit({ ops: [], projections: [], documents: [document], jobs: [] });
  return { ...loaded, document };
}

async function documentOf(store: Store, ops: readonly LogOp[]) {
  const created = ops.find((op) => op.body.kind === 'invoice.created');
  const { data } = InvoiceCreated.safeParse(created === undefined ? undefined : contentJson(created));
  return data === undefined ? undefined : store.document(data.document);
}

const readJob = ({ newId }: Parts, { id, document }: Loaded): NewJob => ({
  id: newId(),
  name: 'intake',
  data: { document: document.sha256, invoice: id, depth: document.parent === undefined ? 0 : 1 },
  root: id,
  priority: 10,
});
