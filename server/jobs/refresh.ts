/**
 * Makes what is shown of an aggregate again, from its operations and readings: they came by sync, from another device, in a transaction that moved the log and the
 * heads and left the rest to this job.
 *
 * [Note: Revisions and sync] The revision of an invoice's row is the number of its operations in the log, also while the row was made from fewer of them: who appends
 * operations without a projection raises it by their number, so that everybody else goes on committing over the operations that they have read. Only where there is no row
 * yet nothing can be raised; there the number itself is asked for (`Change.expects.ops`).
 */
import type { DocumentInfo, Invoice } from '../../core/contract/invoice.ts';
import type { NewJob } from '../../core/contract/jobs.ts';
import { withFindings } from '../../core/invoice/status.ts';
import { isOpen } from '../../core/invoice/transitions.ts';
import { kindInfo } from '../../core/sync/kinds.ts';
import type { Base } from '../context.ts';
import { judgeAgain } from '../duplicates.ts';
import type { Judge } from '../judge.ts';
import type { Loaded, Model } from '../model.ts';
import type { JobHandler, Outcome, Work } from './handling.ts';
import type { Reader } from './read.ts';
import { refreshJob } from './refresh-job.ts';

interface Parts {
  readonly base: Base;
  readonly model: Pick<Model, 'loadArrived' | 'view' | 'projection'>;
  readonly judge: Judge;
  readonly reader: Pick<Reader, 'inspect'>;
}

const MAX_TRIES = 50;

export const createRefreshJob =
  (parts: Parts): JobHandler =>
  async (work) => {
    const { root } = work.job;
    // Nothing is shown of it any more, whatever came late.
    if ((await parts.base.store.erased([root])).length > 0) return end(parts.base, work, []);
    const [first] = await parts.base.store.opsOf(root);
    const of = first === undefined ? undefined : kindInfo(first.body.kind)?.root;
    if (of === 'invoice') return refreshInvoice(parts, work, root);
    if (of === 'document') return refreshDocument(parts, work, root);
    // Nothing is shown of it, or a newer version wrote it.
    return end(parts.base, work, []);
  };

async function refreshInvoice(parts: Parts, { job }: Work, id: string): Promise<Outcome> {
  const { base, model } = parts;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const stored = await base.store.invoice(id);
    const loaded = await model.loadArrived(id);
    const after = await verdictOn(parts, stored, model.view(loaded, [], base.instant()));
    const count = loaded.ops.length;
    const result = await base.commit({
      projections: [{ expect: stored === undefined ? 0 : count, projection: model.projection(after) }],
      expects: { ops: { root: id, count } },
      jobs: await judgeAgain(base, stored ?? unread(model, loaded), after),
      finishes: { job: job.id, lease: job.lease },
    });
    if (result.kind === 'ok') {
      // Whoever takes the bytes in makes this job once more (docs/sync.md).
      if (loaded.missing.length > 0)
        base.log.info('reading not here yet', { invoice: id, count: loaded.missing.length });
      return 'done';
    }
    if (result.what !== 'revision') return 'lost';
  }
  throw new Error('an invoice changed faster than it could be shown');
}

const unread = (model: Parts['model'], loaded: Loaded): Invoice =>
  model.view({ ...loaded, ops: loaded.ops.slice(0, 1), readings: new Map() }, [], '');

/** What somebody decided about was decided over the verdict of that day; what was never read has none. */
async function verdictOn({ base, judge }: Parts, stored: Invoice | undefined, bare: Invoice): Promise<Invoice> {
  const isContainer = bare.reading?.notes.some(({ code }) => code === 'container-expanded') === true;
  if (bare.reading === null || isContainer) return bare;
  if (stored?.judged != null && !isOpen(bare.state))
    return withFindings(bare, await standing(base, stored.findings), stored.judged, stored.attention);
  return judge(bare);
}

/** Without those that name an invoice that was erased: they say what that one said. */
async function standing({ store }: Base, findings: Invoice['findings']): Promise<Invoice['findings']> {
  const others = findings.flatMap(({ params }) => params['other'] ?? []);
  const gone = new Set(others.length === 0 ? [] : await store.erased(others));
  return findings.filter(({ params }) => !gone.has(params['other'] ?? ''));
}

/** The log does not say what type the bytes have: they do, once they are here. Then its invoices show it. */
async function refreshDocument({ base, reader }: Parts, work: Work, sha256: string): Promise<Outcome> {
  const document = await base.store.document(sha256);
  if (document === undefined || (await base.blobs.has(sha256)) === undefined) return end(base, work, []);
  const known = document.kind === undefined ? await typed(reader, work, document) : document;
  const ids = await base.store.invoiceIds({ document: sha256 });
  const jobs = ids.map((id) => refreshJob(base.newId(), id));
  return end(base, work, jobs, known === document ? [] : [known]);
}

async function typed(reader: Parts['reader'], work: Work, document: DocumentInfo): Promise<DocumentInfo> {
  const seen = await reader.inspect(work, document.sha256);
  return seen.kind === 'document' ? { ...document, mime: seen.mime, kind: seen.type } : document;
}

async function end(base: Base, { job }: Work, jobs: NewJob[], documents: DocumentInfo[] = []): Promise<Outcome> {
  const result = await base.commit({ jobs, documents, finishes: { job: job.id, lease: job.lease } });
  return result.kind === 'ok' ? 'done' : 'lost';
}
