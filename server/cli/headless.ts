/** A file -> readings with their verdict, without a store: the same inspection, reading, projection and rules as the station's jobs. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Settings } from '../../core/contract/settings.ts';
import { LIMITS } from '../../core/contract/intake.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { Reading } from '../../core/contract/reading.ts';
import type { Unreadable } from '../../core/contract/tasks.ts';
import { pendingOp } from '../../core/invoice/log.ts';
import { project } from '../../core/invoice/project.ts';
import { withFindings } from '../../core/invoice/status.ts';
import { invoiceCreatedOp, readingRecordedOp } from '../../core/sync/drafts.ts';
import type { RuleContext } from '../../core/validate/rule.ts';
import { cleanName } from '../intake/names.ts';
import { sha256 } from '../model.ts';
import type { Checkpoints } from '../checkpoints.ts';
import type { Pool } from '../pool.ts';
import { type DocumentSource, inspectDocument, isContainer, readDocument, type ReadOptions } from '../read-document.ts';
import { dateIn } from '../zone.ts';

export type Outcome =
  | { readonly kind: 'read'; readonly invoice: Invoice; readonly reading: Reading; readonly ms: number }
  | (Unreadable & { readonly ms: number });

export interface Headless {
  /** One outcome a document; several for an archive or a mail. */
  file(path: string, onPage?: (done: number, pages: number) => void): Promise<Outcome[]>;
}

interface Options {
  readonly pool: Pool;
  /** With these alone; without them each page in the language it is in. */
  readonly languages?: readonly string[];
  /** A folder of this run's own. */
  readonly temporary: string;
  readonly signal: AbortSignal;
  /** Keeps the words of pages between runs, where the caller wants to read the same files again. */
  readonly checkpoints?: { readonly store: Checkpoints; readonly version: string };
  /** False: text layers are believed. */
  readonly trust?: boolean;
}

export function createHeadless({ pool, languages, temporary, signal, checkpoints, trust = true }: Options): Headless {
  const settings = Settings.parse({});

  const judge = async (source: DocumentSource, reading: Reading): Promise<Invoice> => {
    const bare = projected(source, reading);
    const { minimumConfidence, tolerances } = settings;
    const today = dateIn(settings.timeZone, Date.now());
    const context: RuleContext = { today, duplicateCandidates: [], tolerances, minimumConfidence };
    const outcome = await pool.run('validate', { invoice: bare, context }, { signal, timeoutMs: LIMITS.pageMs });
    return 'findings' in outcome ? withFindings(bare, outcome.findings, { rules: '', today }, []) : bare;
  };

  const document = async (
    source: DocumentSource,
    depth: number,
    onPage?: (done: number, pages: number) => void,
  ): Promise<Outcome[]> => {
    const from = performance.now();
    const ms = (): number => Math.round(performance.now() - from);
    const kept = checkpoints && { store: checkpoints.store, key: `${source.sha256}-${checkpoints.version}` };
    const options: ReadOptions = {
      pool,
      languages: languages ?? settings.ocrLanguages,
      automatic: languages === undefined,
      signal,
      trust,
      ...(onPage === undefined ? {} : { onPage }),
      ...(kept === undefined ? {} : { checkpoints: kept }),
    };
    const seen = await inspectDocument(source, options);
    if (seen.kind === 'unreadable') return [{ ...seen, ms: ms() }];
    if (!isContainer(seen.type)) {
      const outcome = await readDocument(source, seen, options);
      if (outcome.kind === 'unreadable') return [{ ...outcome, ms: ms() }];
      const invoice = await judge(source, outcome.reading);
      return [{ kind: 'read', invoice, reading: outcome.reading, ms: ms() }];
    }
    if (depth >= LIMITS.archiveDepth)
      return [
        { kind: 'unreadable', reason: 'archive-bomb', detail: `nested deeper than ${LIMITS.archiveDepth}`, ms: ms() },
      ];
    return members(source, depth, ms);
  };

  const members = async (source: DocumentSource, depth: number, ms: () => number): Promise<Outcome[]> => {
    const outDir = join(temporary, randomUUID());
    try {
      const input = { path: source.path, name: source.name, outDir };
      const expanded = await pool.run('expand', input, { signal, timeoutMs: LIMITS.pageMs });
      if (expanded.kind === 'unreadable') return [{ ...expanded, ms: ms() }];
      const outcomes: Outcome[] = [];
      for (const member of expanded.members) outcomes.push(...(await document(member, depth + 1)));
      return outcomes;
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  };

  return {
    async file(path, onPage) {
      return document({ path, name: cleanName(basename(path)), sha256: await hashOf(path) }, 0, onPage);
    },
  };
}

const author = () => ({ opId: randomUUID(), actor: 'service:extract', salt: randomBytes(32).toString('hex') });

function projected(source: DocumentSource, reading: Reading): Invoice {
  const id = randomUUID();
  const at = new Date().toISOString();
  const created = invoiceCreatedOp(author(), id, { document: source.sha256 });
  const recorded = readingRecordedOp(author(), id, {
    document: source.sha256,
    engineVersion: reading.engineVersion,
    pages: reading.pages.length,
    blob: source.sha256,
  });
  return project(
    {
      id,
      ops: [created, recorded].map((op) => pendingOp(op, at)),
      readings: new Map([[recorded.op_id, reading]]),
      document: { sha256: source.sha256, name: source.name, mime: 'application/octet-stream', size: 0 },
    },
    sha256,
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
