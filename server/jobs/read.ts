/** Reads a document into its invoice: pages, fields, verdict, and one commit of all that finishes the job. */
import { jobs as contracts } from '../../core/contract/jobs.ts';
import type { DocumentInfo } from '../../core/contract/invoice.ts';
import type { Reading } from '../../core/contract/reading.ts';
import type { Unreadable } from '../../core/contract/tasks.ts';
import { readingRecordedOp } from '../../core/sync/drafts.ts';
import type { ReadingRecorded } from '../../core/sync/op.ts';
import type { Settings } from '../../core/contract/settings.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Checkpoints } from '../checkpoints.ts';
import type { Base } from '../context.ts';
import { judgeAgain } from '../duplicates.ts';
import type { Judge } from '../judge.ts';
import type { Log } from '../log.ts';
import type { VendorMemory } from '../memory.ts';
import type { Model } from '../model.ts';
import type { Pool } from '../pool.ts';
import { refusal } from '../problem.ts';
import { inspectDocument, type Inspected, readDocument, type ReadOptions } from '../read-document.ts';
import { createUsualLanguage } from '../usual-language.ts';
import type { JobHandler, Outcome, Work } from './handling.ts';
import { watchRecall } from './recall-watch.ts';

export interface ReadParts {
  readonly base: Base;
  readonly model: Model;
  readonly judge: Judge;
  readonly pool: Pool;
  readonly checkpoints: Checkpoints;
  readonly memory: Pick<VendorMemory, 'recall'>;
  readonly settings: () => Settings;
  /** Part of the checkpoints' key: pages of another reader are read again. */
  readonly engineVersion: string;
}

/** Whoever changes the same invoice meanwhile is waited for; more than this is a defect. */
const MAX_TRIES = 50;

export interface Reader {
  options(work: Work): ReadOptions;
  source(sha256: string): Promise<{ path: string; name: string; sha256: string; info: DocumentInfo }>;
  inspect(work: Work, sha256: string): Promise<Inspected | Unreadable>;
  /** `languages`: asked for by a person, instead of those of the settings. */
  read(work: Work, sha256: string, invoice: string, seen: Inspected, languages?: readonly string[]): Promise<Outcome>;
  /** Records what a document gave and finishes the job. */
  record(
    work: Work,
    invoice: string,
    document: DocumentInfo,
    outcome: { kind: 'reading'; reading: Reading } | Unreadable,
  ): Promise<Outcome>;
}

export async function documentSource(base: { store: Base['store']; blobs: Blobs }, sha256: string) {
  const info = await base.store.document(sha256);
  if (info === undefined) throw new Error('a job names a document that the store does not have');
  return { path: await base.blobs.localPath(sha256), name: info.name, sha256, info };
}

export function createReader(parts: ReadParts): Reader {
  const { base, model, judge, pool, checkpoints, memory, settings, engineVersion } = parts;

  const usual = createUsualLanguage();
  const options = (work: Work): ReadOptions => ({
    pool,
    languages: settings().ocrLanguages,
    automatic: settings().ocrAutomatic,
    usual,
    signal: work.signal,
    metrics: base.metrics,
    recall: (keys) => memory.recall(keys),
  });

  const reader: Reader = {
    options,
    source: (sha256) => documentSource(base, sha256),
    async inspect(work, sha256) {
      const outcome = await inspectDocument(await reader.source(sha256), options(work));
      work.signal.throwIfAborted();
      return outcome;
    },
    async read(work, sha256, invoice, seen, languages) {
      const source = await reader.source(sha256);
      const wish = languages === undefined ? options(work) : { ...options(work), languages, automatic: false };
      const said = `${wish.automatic ? 'auto.' : ''}${wish.languages.join('+')}`;
      const key = [sha256, engineVersion, said].join('-').replace(/[^\w.+-]/g, '_');
      const watch = watchRecall(memory.recall);
      await work.progress(0, `page 0 of ${seen.pages}`);
      const outcome = await readDocument(source, seen, {
        ...wish,
        recall: watch.recall,
        checkpoints: { store: checkpoints, key },
        onPage: (done, pages) => work.progress(done / (pages + 1), `page ${done} of ${pages}`),
      });
      const document: DocumentInfo = { ...source.info, mime: seen.mime, kind: seen.type };
      const ended = await reader.record(work, invoice, document, outcome);
      if (ended !== 'done') return ended;
      await checkpoints.clear(key);
      // Something was learned while it was read: it is looked at again with that.
      if (await watch.isOutdated()) {
        const recall = { id: base.newId(), name: 'recall' as const, data: { invoice }, root: invoice, priority: 20 };
        await base.commit({ jobs: [recall] });
      }
      return ended;
    },
    async record(work, invoice, document, outcome) {
      const blob = outcome.kind === 'reading' ? await model.keepReading(outcome.reading) : undefined;
      const recorded: ReadingRecorded = {
        document: document.sha256,
        engineVersion: outcome.kind === 'reading' ? outcome.reading.engineVersion : engineVersion,
        pages: outcome.kind === 'reading' ? outcome.reading.pages.length : 0,
        ...(blob === undefined ? {} : { blob }),
        ...(outcome.kind === 'unreadable' ? { unreadable: { reason: outcome.reason, detail: outcome.detail } } : {}),
      };
      const op = readingRecordedOp(model.author('service:read'), invoice, recorded);
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const loaded = { ...(await model.load(invoice)), document };
        const fresh = outcome.kind === 'reading' ? { op: op.op_id, reading: outcome.reading } : undefined;
        const at = base.instant();
        const before = model.view(loaded, [], at);
        const judged = await judge(model.view(loaded, [op], at, fresh));
        const result = await base.commit({
          at,
          ops: [op],
          jobs: await judgeAgain(base, before, judged),
          documents: [document],
          projections: [{ expect: loaded.ops.length, projection: model.projection(judged) }],
          finishes: { job: work.job.id, lease: work.job.lease },
        });
        if (result.kind === 'ok') {
          for (const { code, severity } of judged.findings) base.metrics.findings.inc({ code, severity });
          base.metrics.read.inc({ verdict: judged.status });
          if (outcome.kind === 'unreadable') base.metrics.unreadable.inc({ reason: outcome.reason });
          return 'done';
        }
        if (result.what !== 'revision') return 'lost';
      }
      throw new Error('an invoice changed faster than its reading could be recorded');
    },
  };
  return reader;
}

export const createReadJob =
  (reader: Reader): JobHandler =>
  async (work) => {
    const { document, invoice, languages } = contracts.read.parse(work.job.data);
    const seen = await reader.inspect(work, document);
    if (seen.kind === 'document') return reader.read(work, document, invoice, seen, languages);
    const { info } = await reader.source(document);
    return reader.record(work, invoice, info, seen);
  };

/** An exception is tried again; a document that ends the whole process cannot report that, but its attempts are counted. */
const MAX_EXCEPTIONS = 3;
const MAX_CRASHES = 8;

/** No file is a dead end and none may hold up the others for ever: what fails every time gets a named reason. */
export function withLastWord(reader: Reader, log: Log, handler: JobHandler): JobHandler {
  return async (work) => {
    const { job, signal } = work;
    const giveUp = async (detail: string): Promise<Outcome> => {
      const { document, invoice } = contracts.read.parse(job.data);
      const { info } = await reader.source(document);
      return reader.record(work, invoice, info, { kind: 'unreadable', reason: 'engine-error', detail });
    };
    if (job.attempt > MAX_CRASHES) return giveUp('the station ended several times while reading it');
    try {
      return await handler(work);
    } catch (error) {
      if (signal.aborted || job.attempt < MAX_EXCEPTIONS || refusal(error)?.code === 'storage') throw error;
      log.error('document given up', { job: job.id, invoice: job.root, attempt: job.attempt, error });
      return giveUp('the reader failed');
    }
  };
}
