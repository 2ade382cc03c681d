/** Looks into a document that came in: a container becomes documents of their own, anything else is read at once. */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../core/contract/intake.ts';
import type { DocumentInfo } from '../../core/contract/invoice.ts';
import { jobs as contracts } from '../../core/contract/jobs.ts';
import type { Reading } from '../../core/contract/reading.ts';
import type { TaskOutput } from '../../core/contract/tasks.ts';
import { mayFollow } from '../../core/invoice/transitions.ts';
import { readingRecordedOp, transitionOp } from '../../core/sync/drafts.ts';
import type { Base } from '../context.ts';
import { type Additions, type Intake, merge } from '../intake/intake.ts';
import type { Model } from '../model.ts';
import type { Pool } from '../pool.ts';
import { isContainer } from '../read-document.ts';
import type { Reader } from './read.ts';
import type { JobHandler, Outcome, Work } from './handling.ts';

type Expanded = Extract<TaskOutput<'expand'>, { kind: 'expanded' }>;

interface Parts {
  readonly base: Base;
  readonly model: Model;
  readonly intake: Intake;
  readonly reader: Reader;
  readonly pool: Pool;
  readonly engineVersion: string;
}

export function createIntakeJob(parts: Parts): JobHandler {
  const { base, reader, pool } = parts;
  return async (work) => {
    const { document, invoice, depth } = contracts.intake.parse(work.job.data);
    const seen = await reader.inspect(work, document);
    const { path, name, info } = await reader.source(document);
    if (seen.kind === 'unreadable') return reader.record(work, invoice, info, seen);
    if (!isContainer(seen.type)) return reader.read(work, document, invoice, seen);

    const known: DocumentInfo = { ...info, mime: seen.mime, kind: seen.type };
    if (depth >= LIMITS.archiveDepth) {
      const detail = `nested deeper than ${LIMITS.archiveDepth}`;
      return reader.record(work, invoice, known, { kind: 'unreadable', reason: 'archive-bomb', detail });
    }
    const outDir = join(base.folders.expand, work.job.lease);
    try {
      await work.progress(0, 'expanding');
      const limits = { signal: work.signal, timeoutMs: LIMITS.pageMs };
      const outcome = await pool.run('expand', { path, name, outDir }, limits);
      work.signal.throwIfAborted();
      if (outcome.kind === 'unreadable') return await reader.record(work, invoice, known, outcome);
      return await recordMembers(parts, work, { invoice, known, depth, expanded: outcome });
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  };
}

/** As often as people and other processes may come in between. */
const MAX_TRIES = 20;

interface Container {
  readonly invoice: string;
  readonly known: DocumentInfo;
  readonly depth: number;
  readonly expanded: Expanded;
}

/**
 * Members become documents; the container itself becomes void, because it is no invoice, with a reading whose notes say what was in it and what was left
 * out and why. All in one change with the end of the job.
 */
async function recordMembers(parts: Parts, work: Work, container: Container): Promise<Outcome> {
  const { base, intake } = parts;
  const { expanded } = container;
  for (const member of expanded.members)
    await base.blobs.put(createReadStream(member.path), { maxBytes: LIMITS.bytes });

  const hashes = expanded.members.map(({ sha256 }) => sha256);
  return intake.exclusively(hashes, async () => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const outcome = await recordOnce(parts, work, container);
      if (outcome !== 'again') return outcome;
    }
    throw new Error('a container changed faster than it could be recorded');
  });
}

/** 'again': somebody took one of the members, or decided about the container, meanwhile. */
async function recordOnce(parts: Parts, work: Work, container: Container): Promise<Outcome | 'again'> {
  const { base, model, intake } = parts;
  const { invoice, known, depth, expanded } = container;
  const at = base.instant();
  const loaded = { ...(await model.load(invoice)), document: known };
  const added: Additions[] = [];
  const fresh = new Set<string>();
  for (const { name, sha256, size } of expanded.members) {
    const is = fresh.has(sha256) || (await base.store.invoiceIds({ document: sha256 })).length > 0;
    if (is) continue;
    fresh.add(sha256);
    added.push(intake.additions({ name, sha256, size, parent: known.sha256 }, channelOf(known), depth + 1, at));
  }
  const members = merge(added);
  const reading = contentsOf(parts.engineVersion, container, fresh.size);
  const recorded = readingRecordedOp(model.author('service:intake'), invoice, {
    document: known.sha256,
    engineVersion: parts.engineVersion,
    pages: 0,
    blob: await model.keepReading(reading),
  });
  const shown = { op: recorded.op_id, reading };
  const { digest, state } = model.view(loaded, [recorded], at, shown);
  // Where a person has decided about it meanwhile (rejected, put on hold), that stands.
  const steps = mayFollow(state, 'void') ? [{ from: state, to: 'void', digest }] : [];
  const ops = [
    recorded,
    ...steps.map((step) => transitionOp(model.author('service:intake'), invoice, step, 'container')),
  ];
  const view = model.view(loaded, ops, at, shown);
  const result = await base.commit({
    at,
    ops: [...members.ops, ...ops],
    expects: members.expects,
    documents: [...members.documents, known],
    jobs: members.jobs,
    projections: [...members.projections, { expect: loaded.ops.length, projection: model.projection(view) }],
    finishes: { job: work.job.id, lease: work.job.lease },
  });
  if (result.kind === 'ok') return 'done';
  return result.what === 'lease' ? 'lost' : 'again';
}

const channelOf = (container: DocumentInfo) => (container.kind === 'mail' ? ('mail' as const) : ('archive' as const));

/** A reading without pages whose notes tell what became of the members. */
function contentsOf(engineVersion: string, { known, expanded }: Container, taken: number): Reading {
  const counts = { members: String(expanded.members.length), taken: String(taken) };
  return {
    v: 1,
    engineVersion,
    document: known.sha256,
    source: 'none',
    pages: [],
    header: {},
    lines: [],
    taxRows: [],
    notes: [
      { code: 'container-expanded', params: counts },
      ...expanded.skipped.map(({ name, reason }) => ({ code: 'member-skipped', params: { name, reason } })),
    ],
  };
}
