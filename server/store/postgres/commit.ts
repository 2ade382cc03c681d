/**
 * `Store.commit` in two steps. The first locks the site's head and asks, behind that lock, whatever could speak against the change; the second writes all of it and
 * ends the transaction. The lock is held for one round trip and one flush to the disk, and makes the numbers of the site dense and its chain whole.
 */
import { sql } from 'drizzle-orm';
import type { StoredOp } from '../../../core/sync/op.ts';
import type { CommitResult } from '../store.ts';
import type { Connections, Statement, Transaction } from './connection.ts';
import { headPlaces, supersededAmong } from './heads.ts';
import type { JobStatements } from './job-statements.ts';
import { type ChangeWire, type Clock, createPlan, type Head } from './plan.ts';
import { exportBatch, idempotency, invoices, job, opLog, siteHead } from './schema.ts';

type Conflict = Extract<CommitResult, { kind: 'conflict' }>['what'];
type Place = ReturnType<typeof headPlaces>[number];

export interface CommitParts {
  readonly connections: Connections;
  readonly site: string;
  readonly jobs: JobStatements;
}

/** Jobs alone need no place in the log: whoever makes them does not wait for the site. */
const concernsLog = (change: ChangeWire): boolean =>
  change.ops.length > 0 ||
  change.projections.length > 0 ||
  change.documents.length > 0 ||
  change.idempotency !== undefined ||
  change.exportBatch !== undefined ||
  change.settings !== undefined;

const none = async <R>(): Promise<R[]> => [];

export const lockHead = (site: string): Statement => sql`
  SELECT device, dev_seq AS "devSeq", head_hash AS "headHash", hlc, seq, site_hash AS "siteHash" FROM ${siteHead}
  WHERE site = ${site} FOR NO KEY UPDATE`;

/** As the driver gives it: 64 bit numbers as text. */
export type HeadRow = Omit<Head, 'devSeq' | 'seq'> & { readonly devSeq: string; readonly seq: string };

export const headOf = (row: HeadRow): Head => ({ ...row, devSeq: Number(row.devSeq), seq: Number(row.seq) });

interface Asked {
  readonly head: Head | undefined;
  readonly leases: readonly { state: string; lease: string | null }[];
  readonly ops: readonly unknown[];
  readonly answers: readonly unknown[];
  readonly batches: readonly { id: string; number: number }[];
  readonly invoices: readonly { id: string; revision: number; status: string }[];
  readonly jobs: readonly unknown[];
  readonly superseded: readonly Place[];
}

/** Everything that has to be known, in one step; the head first, so that all the rest is seen behind its lock. */
export async function ask(tx: Transaction, site: string, change: ChangeWire): Promise<Asked> {
  const { finishes, idempotency: answer, exportBatch: batch } = change;
  const opIds = sql.param(change.ops.map((op) => op.op_id));
  const wanted = sql.param(change.projections.map((wire) => wire.id));
  const places = headPlaces(change.ops);
  const [heads, leases, ops, answers, batches, found, jobs, superseded] = await Promise.all([
    concernsLog(change) ? tx.send<HeadRow>(lockHead(site)) : none<HeadRow>(),
    finishes === undefined
      ? none<Asked['leases'][number]>()
      : tx.send<Asked['leases'][number]>(
          sql`SELECT state, lease FROM ${job} WHERE site = ${site} AND id = ${finishes.job} FOR UPDATE`,
        ),
    change.ops.length === 0
      ? none<unknown>()
      : tx.send(sql`SELECT op_id FROM ${opLog} WHERE site = ${site} AND op_id = ANY (${opIds}::text[]) LIMIT 1`),
    answer === undefined
      ? none<unknown>()
      : tx.send(sql`SELECT key FROM ${idempotency} WHERE site = ${site} AND key = ${answer.key}`),
    batch === undefined
      ? none<Asked['batches'][number]>()
      : tx.send<Asked['batches'][number]>(
          sql`SELECT id, number FROM ${exportBatch} WHERE site = ${site} AND (id = ${batch.id} OR number = ${batch.number})`,
        ),
    change.projections.length === 0
      ? none<Asked['invoices'][number]>()
      : tx.send<Asked['invoices'][number]>(
          sql`SELECT id, revision, status FROM ${invoices} WHERE site = ${site} AND id = ANY (${wanted}::text[])`,
        ),
    change.jobs.length === 0
      ? none<unknown>()
      : tx.send(
          sql`SELECT id FROM ${job} WHERE site = ${site} AND id = ANY (${sql.param(change.jobs.map(({ id }) => id))}::text[]) LIMIT 1`,
        ),
    places.length === 0 ? none<Place>() : tx.send<Place>(supersededAmong(site, places)),
  ]);
  const head = heads[0] === undefined ? undefined : headOf(heads[0]);
  if (head === undefined && concernsLog(change)) throw new Error(`there is no site ${site}`);
  return { head, leases, ops, answers, batches, invoices: found, jobs, superseded };
}

function conflictOf(change: ChangeWire, asked: Asked): Conflict | undefined {
  const { finishes, exportBatch: batch } = change;
  if (finishes !== undefined) {
    const [held] = asked.leases;
    if (held?.state !== 'running' || held.lease !== finishes.lease) return 'lease';
  }
  const isSame = asked.batches.some(({ id }) => id === batch?.id);
  if (asked.ops.length > 0 || asked.answers.length > 0 || isSame) return 'op-exists';
  const revisions = new Map(asked.invoices.map(({ id, revision }) => [id, revision]));
  if (change.projections.some((wire) => (revisions.get(wire.id) ?? 0) !== wire.expect)) return 'revision';
  // The number of a batch is dense and was chosen from a list that may be old by now.
  if (asked.batches.length > 0) return 'revision';
  return asked.jobs.length > 0 ? 'job-exists' : undefined;
}

const NOWHERE: Head = { device: '', devSeq: 0, headHash: '', hlc: '', seq: 0, siteHash: '' };

export function createCommit({ connections, site, jobs }: CommitParts) {
  async function write(tx: Transaction, change: ChangeWire, clock: Clock): Promise<CommitResult> {
    const asked = await ask(tx, site, change);
    const what = conflictOf(change, asked);
    if (what !== undefined) return { kind: 'conflict', what };
    const statuses = new Map(asked.invoices.map(({ id, status }) => [id, status]));
    const start = { site, head: asked.head ?? NOWHERE, superseded: asked.superseded, statuses };
    const plan = createPlan(tx.orm, start);
    const ops: readonly StoredOp[] = plan.add(change, clock);
    const ends = change.finishes === undefined ? [] : [jobs.done(site, change.finishes.job)];
    await tx.commit([...plan.statements(), ...ends, ...jobs.add(tx.orm, site, change.jobs)]);
    return { kind: 'ok', ops };
  }

  return (change: ChangeWire, clock: Clock): Promise<CommitResult> =>
    connections.write(site, (tx) => write(tx, change, clock));
}
