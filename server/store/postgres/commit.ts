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
import { askExpected, expectedKeys, type IsAsExpected } from './expected.ts';
import { headPlaces, supersededAmong } from './heads.ts';
import type { JobStatements } from './job-statements.ts';
import { askKnown, type Known } from './known.ts';
import type { Clock, Head } from './log-plan.ts';
import { type ChangeWire, createPlan } from './plan.ts';
import { exportBatch, job, siteHead } from './schema.ts';
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
  SELECT device, dev_seq AS "devSeq", head_hash AS "headHash", hlc, seq, site_hash AS "siteHash" FROM ${siteHead}
  WHERE site = ${place('site')} FOR NO KEY UPDATE`,
);
export const lockHead = (site: string): Statement => headLocked({ site });

/** In the order of the ids, so that no two transactions wait for each other. */
const heldLeases = createStatement<{ site: string; keys: readonly string[] }>(
  (place) => sql`SELECT id, CASE WHEN state = 'running' THEN lease END AS lease FROM ${job}
    WHERE site = ${place('site')} AND id = ANY (${place('keys')}::text[]) ORDER BY id FOR UPDATE`,
);
/** As the driver gives it: 64 bit numbers as text. */
export type HeadRow = Omit<Head, 'devSeq' | 'seq'> & { readonly devSeq: string; readonly seq: string };

export const headOf = (row: HeadRow): Head => ({ ...row, devSeq: Number(row.devSeq), seq: Number(row.seq) });

const knownBatches = (site: string, batches: readonly { id: string; number: number }[]): Statement => sql`
  SELECT id, number FROM ${exportBatch} WHERE site = ${site}
    AND (id = ANY (${sql.param(batches.map(({ id }) => id))}::text[]) OR number = ANY (${sql.param(batches.map((one) => one.number))}::int[]))`;

interface Asked {
  readonly head: Head | undefined;
  /** The lease of each job that is to end and runs. */
  readonly leases: ReadonlyMap<string, string | null>;
  readonly known: Known;
  readonly batches: readonly { id: string; number: number }[];
  readonly superseded: readonly Place[];
  readonly isAsExpected: IsAsExpected;
}

/** Everything that has to be known of these changes, in one step; the head first, so that all the rest is seen behind its lock. */
async function ask(tx: Transaction, site: string, changes: readonly ChangeWire[]): Promise<Asked> {
  const places = headPlaces(changes.flatMap((change) => change.ops));
  const batches = changes.flatMap(({ exportBatch: batch }) => batch ?? []);
  const ending = changes.flatMap(({ finishes }) => finishes?.job ?? []);
  const [heads, held, known, numbers, gone, isAsExpected] = await Promise.all([
    changes.some(concernsLog) ? tx.send<HeadRow>(lockHead(site)) : [],
    ending.length === 0 ? [] : tx.send<{ id: string; lease: string | null }>(heldLeases({ site, keys: ending })),
    askKnown(tx, site, changes),
    batches.length === 0 ? [] : tx.send<Asked['batches'][number]>(knownBatches(site, batches)),
    places.length === 0 ? [] : tx.send<Place>(supersededAmong(site, places)),
    askExpected(tx, site, changes),
  ]);
  const head = heads[0] === undefined ? undefined : headOf(heads[0]);
  if (head === undefined && changes.some(concernsLog)) throw new Error(`there is no site ${site}`);
  const leases = new Map(held.map(({ id, lease }) => [id, lease]));
  return { head, leases, known, batches: numbers, superseded: gone, isAsExpected };
}

function conflictOf(change: ChangeWire, asked: Asked): Conflict | undefined {
  const { known } = asked;
  const { finishes, idempotency: answer, exportBatch: batch } = change;
  if (finishes !== undefined && asked.leases.get(finishes.job) !== finishes.lease) return 'lease';
  const isDone =
    change.ops.some((op) => known.ops.has(op.op_id)) ||
    (answer !== undefined && known.answers.has(answer.key)) ||
    (batch !== undefined && asked.batches.some(({ id }) => id === batch.id));
  if (isDone) return 'op-exists';
  if (change.projections.some((wire) => (known.invoices.get(wire.id)?.revision ?? 0) !== wire.expect))
    return 'revision';
  if (!asked.isAsExpected(change, known)) return 'revision';
  // The number of a batch is dense and was chosen from a list that may be old by now.
  if (batch !== undefined && asked.batches.some(({ number }) => number === batch.number)) return 'revision';
  return change.jobs.some(({ id }) => known.jobs.has(id)) ? 'job-exists' : undefined;
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
    const statuses = new Map([...asked.known.invoices].map(([id, { status }]) => [id, status]));
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
