/**
 * `Store.commit` in two steps. The first locks the site's head and asks, behind that lock, whatever could speak against the change; the second writes all of it and
 * ends the transaction. The lock is held for one round trip and one flush to the disk, and makes the numbers of the site dense and its chain whole. Changes that
 * come meanwhile share the next transaction (`together.ts`).
 */
import { sql } from 'drizzle-orm';
import type { CommitResult } from '../store.ts';
import { addJobs } from './add-jobs.ts';
import type { Carried } from './carried.ts';
import type { Connections, Statement, Transaction } from './connection.ts';
import { askExpected, expectedKeys } from './expected.ts';
import { headPlaces, supersededAmong } from './heads.ts';
import type { JobStatements } from './job-statements.ts';
import type { Clock, Head } from './log-plan.ts';
import { type ChangeWire, createPlan } from './plan.ts';
import { exportBatch, idempotency, invoices, job, opLog, siteHead } from './schema.ts';
import { createStatement } from './statement.ts';
import { createTogether } from './together.ts';

type Conflict = Extract<CommitResult, { kind: 'conflict' }>['what'];
type Place = ReturnType<typeof headPlaces>[number];

export interface CommitParts {
  readonly connections: Connections;
  readonly site: string;
  readonly jobs: JobStatements;
  readonly carried: Carried;
  /** The log ends here now. */
  readonly appended: (seq: number) => void;
}

/** Jobs alone need no place in the log: whoever makes them does not wait for the site. */
const concernsLog = (change: ChangeWire): boolean =>
  change.ops.length > 0 ||
  change.projections.length > 0 ||
  change.documents.length > 0 ||
  change.idempotency !== undefined ||
  change.exportBatch !== undefined ||
  change.settings !== undefined ||
  change.expects !== undefined;

const headLocked = createStatement<{ site: string }>(
  (place) => sql`
  SELECT device, dev_seq AS "devSeq", head_hash AS "headHash", hlc, seq, site_hash AS "siteHash", epoch FROM ${siteHead}
  WHERE site = ${place('site')} FOR NO KEY UPDATE`,
);
export const lockHead = (site: string): Statement => headLocked({ site });

type Among = { readonly site: string; readonly keys: readonly string[] };
/** In the order of the ids, so that no two transactions wait for each other. */
const heldLeases = createStatement<Among>(
  (place) => sql`SELECT id, CASE WHEN state = 'running' THEN lease END AS lease FROM ${job}
    WHERE site = ${place('site')} AND id = ANY (${place('keys')}::text[]) ORDER BY id FOR UPDATE`,
);
const knownOps = createStatement<Among>(
  (place) =>
    sql`SELECT op_id AS id FROM ${opLog} WHERE site = ${place('site')} AND op_id = ANY (${place('keys')}::text[])`,
);
const knownAnswers = createStatement<Among>(
  (place) =>
    sql`SELECT key AS id FROM ${idempotency} WHERE site = ${place('site')} AND key = ANY (${place('keys')}::text[])`,
);
const knownInvoices = createStatement<Among>(
  (place) =>
    sql`SELECT id, revision, status FROM ${invoices} WHERE site = ${place('site')} AND id = ANY (${place('keys')}::text[])`,
);
const knownJobs = createStatement<Among>(
  (place) => sql`SELECT id FROM ${job} WHERE site = ${place('site')} AND id = ANY (${place('keys')}::text[])`,
);

/** As the driver gives it: 64 bit numbers as text. */
export type HeadRow = Omit<Head, 'devSeq' | 'seq'> & {
  readonly devSeq: string;
  readonly seq: string;
  readonly epoch: number;
};

export const headOf = (row: HeadRow): Head & { readonly epoch: number } => ({
  ...row,
  devSeq: Number(row.devSeq),
  seq: Number(row.seq),
});

const knownBatches = (site: string, batches: readonly { id: string; number: number }[]): Statement => sql`
  SELECT id, number FROM ${exportBatch} WHERE site = ${site}
    AND (id = ANY (${sql.param(batches.map(({ id }) => id))}::text[]) OR number = ANY (${sql.param(batches.map((one) => one.number))}::int[]))`;

interface Asked {
  readonly head: Head | undefined;
  /** The lease of each job that is to end and runs. */
  readonly leases: ReadonlyMap<string, string | null>;
  readonly ops: ReadonlySet<string>;
  readonly answers: ReadonlySet<string>;
  readonly batches: readonly { id: string; number: number }[];
  readonly invoices: ReadonlyMap<string, { revision: number; status: string }>;
  readonly jobs: ReadonlySet<string>;
  readonly superseded: readonly Place[];
  readonly isAsExpected: (change: ChangeWire) => boolean;
}

/** Everything that has to be known of these changes, in one step; the head first, so that all the rest is seen behind its lock. */
async function ask(tx: Transaction, site: string, changes: readonly ChangeWire[]): Promise<Asked> {
  const ops = changes.flatMap((change) => change.ops);
  const places = headPlaces(ops);
  const batches = changes.flatMap(({ exportBatch: batch }) => batch ?? []);
  /** Nothing is asked about nothing. */
  const among = async <R extends { readonly id: string }>(
    statement: (given: Among) => Statement,
    keys: readonly string[],
  ): Promise<R[]> => (keys.length === 0 ? [] : tx.send<R>(statement({ site, keys })));
  const [heads, held, known, answers, numbers, found, made, gone, isAsExpected] = await Promise.all([
    changes.some(concernsLog) ? tx.send<HeadRow>(lockHead(site)) : [],
    among<{ id: string; lease: string | null }>(
      heldLeases,
      changes.flatMap(({ finishes }) => finishes?.job ?? []),
    ),
    among(
      knownOps,
      ops.map((op) => op.op_id),
    ),
    among(
      knownAnswers,
      changes.flatMap((change) => change.idempotency?.key ?? []),
    ),
    batches.length === 0 ? [] : tx.send<Asked['batches'][number]>(knownBatches(site, batches)),
    among<{ id: string; revision: number; status: string }>(
      knownInvoices,
      changes.flatMap(({ projections }) => projections.map(({ id }) => id)),
    ),
    among(
      knownJobs,
      changes.flatMap((change) => change.jobs.map(({ id }) => id)),
    ),
    places.length === 0 ? [] : tx.send<Place>(supersededAmong(site, places)),
    askExpected(tx, site, changes),
  ]);
  const head = heads[0] === undefined ? undefined : headOf(heads[0]);
  if (head === undefined && changes.some(concernsLog)) throw new Error(`there is no site ${site}`);
  return {
    head,
    leases: new Map(held.map(({ id, lease }) => [id, lease])),
    ops: new Set(known.map(({ id }) => id)),
    answers: new Set(answers.map(({ id }) => id)),
    batches: numbers,
    invoices: new Map(found.map(({ id, ...row }) => [id, row])),
    jobs: new Set(made.map(({ id }) => id)),
    superseded: gone,
    isAsExpected,
  };
}

function conflictOf(change: ChangeWire, asked: Asked): Conflict | undefined {
  const { finishes, idempotency: answer, exportBatch: batch } = change;
  if (finishes !== undefined && asked.leases.get(finishes.job) !== finishes.lease) return 'lease';
  const isDone =
    change.ops.some((op) => asked.ops.has(op.op_id)) ||
    (answer !== undefined && asked.answers.has(answer.key)) ||
    (batch !== undefined && asked.batches.some(({ id }) => id === batch.id));
  if (isDone) return 'op-exists';
  if (change.projections.some((wire) => (asked.invoices.get(wire.id)?.revision ?? 0) !== wire.expect))
    return 'revision';
  if (!asked.isAsExpected(change)) return 'revision';
  // The number of a batch is dense and was chosen from a list that may be old by now.
  if (batch !== undefined && asked.batches.some(({ number }) => number === batch.number)) return 'revision';
  return change.jobs.some(({ id }) => asked.jobs.has(id)) ? 'job-exists' : undefined;
}

const NOWHERE: Head = { device: '', devSeq: 0, headHash: '', hlc: '', seq: 0, siteHash: '' };

interface Wish {
  readonly change: ChangeWire;
  readonly clock: Clock;
}

/** What two changes of one transaction may not both touch. */
const keysOf = ({ change }: Wish): string[] => [
  ...change.ops.map((op) => `op ${op.op_id}`),
  ...change.projections.map(({ id }) => `invoice ${id}`),
  ...change.jobs.map(({ id }) => `job ${id}`),
  ...(change.finishes === undefined ? [] : [`job ${change.finishes.job}`]),
  ...(change.idempotency === undefined ? [] : [`answer ${change.idempotency.key}`]),
  ...(change.exportBatch === undefined ? [] : ['batch']),
  ...(change.settings === undefined ? [] : ['settings']),
  ...expectedKeys(change),
];

const weightOf = ({ change }: Wish): number =>
  1 + change.ops.length + change.documents.length + change.jobs.length + 10 * change.projections.length;

interface Written {
  readonly results: readonly CommitResult[];
  /** To be told of once it is committed. */
  readonly tell: () => void;
}

export function createCommit({ connections, site, jobs, carried, appended }: CommitParts) {
  async function write(tx: Transaction, wishes: readonly Wish[]): Promise<Written> {
    const asked = await ask(
      tx,
      site,
      wishes.map(({ change }) => change),
    );
    const statuses = new Map([...asked.invoices].map(([id, { status }]) => [id, status]));
    const start = { site, head: asked.head ?? NOWHERE, superseded: asked.superseded, statuses };
    const plan = createPlan(tx.orm, start);
    const saved: ChangeWire[] = [];
    const results = wishes.map(({ change, clock }): CommitResult => {
      const what = conflictOf(change, asked);
      if (what !== undefined) return { kind: 'conflict', what };
      saved.push(change);
      return { kind: 'ok', ops: plan.add(change, clock) };
    });
    const ended = saved.flatMap(({ finishes }) => finishes?.job ?? []);
    const made = saved.flatMap((change) => change.jobs);
    const adding = addJobs(jobs, carried, site, made);
    const done = ended.length === 0 ? [] : [jobs.done(site, ended)];
    const rows = saved.length === 0 ? [] : await tx.commit([...plan.statements(), ...done, ...adding.statements]);
    const tell = (): void => {
      adding.tell(rows);
      if (saved.some(({ ops }) => ops.length > 0)) appended(plan.end.seq);
    };
    return { results, tell };
  }
  async function save(wishes: readonly Wish[]): Promise<readonly CommitResult[]> {
    const { results, tell } = await connections.write(site, (tx) => write(tx, wishes));
    tell();
    return results;
  }
  const together = () =>
    createTogether<Wish, CommitResult>({
      save,
      keys: keysOf,
      weight: weightOf,
    });
  const [logged, loose] = [together(), together()];
  return (change: ChangeWire, clock: Clock): Promise<CommitResult> =>
    (concernsLog(change) ? logged : loose)({ change, clock });
}
