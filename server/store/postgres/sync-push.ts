/**
 * Takes in what a station offers: two round trips, the lock of the site's head held for the second; or one, where what the first would tell is known (sync-ahead.ts). Nothing is parsed,
 * hashed or proved behind the lock but the chain of the site itself. Operations, heads, rows of documents and lessons, and a waiting job for each invoice that has to be shown again, in one transaction.
 */
import { sql } from 'drizzle-orm';
import type { QueryResultRow } from 'pg';
import type { NewJob } from '../../../core/contract/jobs.ts';
import type { PushReply } from '../../../core/contract/sync-http.ts';
import { kindInfo } from '../../../core/sync/kinds.ts';
import type { ArrivedOp } from '../../../core/sync/arrived.ts';
import { judgeBatch } from '../../../core/sync/push.ts';
import { type OpVerdict, verdictsOf } from '../../../core/sync/verdict.ts';
import { withCorrelation } from '../../correlation.ts';
import { eraseJob } from '../../jobs/erase-job.ts';
import { refreshJob } from '../../jobs/refresh-job.ts';
import { createLane } from '../../lane.ts';
import { sha256 } from '../audit.ts';
import type { PushOutcome, PushWish } from '../hub-store.ts';
import { namedByOps } from '../named-by-ops.ts';
import type { Carried } from './carried.ts';
import type { Connections, Orm, Statement, Transaction } from './connection.ts';
import { callsIf, isCall } from './calls.ts';
import { insertRows } from './insert.ts';
import { type AddedJobs, addJobs } from './add-jobs.ts';
import type { JobStatements } from './job-statements.ts';
import { lessonStatements } from './lesson-rows.ts';
import { createLogPlan } from './log-plan.ts';
import { cellHead, documents, opValue } from './schema.ts';
import { blobWait } from './schema-sync.ts';
import { createCall } from './statement.ts';
import type { Ahead, Guess, LogEnd } from './sync-ahead.ts';
import { askBefore, askFacts, type Before, type PushFacts } from './sync-facts.ts';
import { kept, withoutNul } from './text.ts';

export interface PushParts {
  readonly connections: Connections;
  readonly site: string;
  readonly jobs: JobStatements;
  readonly carried: Carried;
  readonly ahead: Ahead;
  readonly now: () => number;
  readonly newId: () => string;
  /** The log ends here now. */
  readonly appended: (seq: number) => void;
}

type Taken = Extract<PushOutcome, { kind: 'ok' }>;

/** What a push writes, and what is told of it once it is committed. */
interface PushPlan {
  readonly kind: 'plan';
  readonly statements: readonly Statement[];
  readonly jobs: AddedJobs;
  readonly taken: Taken;
  /** Where the log ends then. */
  readonly end: LogEnd;
}

/** With the rows of the statements. */
type Done = PushPlan & { readonly rows: readonly QueryResultRow[][] };

/** Where the device's chain ends now, and the revisions of its invoices: [Note: Revisions and sync] in jobs/refresh.ts. */
const followPush = createCall<{ site: string; device: string; ids: readonly string[]; counts: readonly number[] }>(
  (place) =>
    sql`SELECT follow_push(${place('site')}, ${place('device')}::json, ${place('ids')}::text[], ${place('counts')}::int[])`,
);

export function createPush(parts: PushParts): (wish: PushWish) => Promise<PushOutcome> {
  const { connections, site, appended, ahead } = parts;
  // They would only wait for each other at the lock, each with a connection that other sites want.
  const lane = createLane();

  async function take(tx: Transaction, wish: PushWish, before: Before): Promise<PushOutcome | Done> {
    const plan = planPush(parts, tx.orm, wish, await askFacts(tx, site, wish.batch, before));
    return plan.kind === 'plan' ? { ...plan, rows: await tx.commit(plan.statements) } : plan;
  }
  /** Undefined where it was not as it was guessed. */
  function takeAhead(
    wish: PushWish,
    before: Before,
    { facts, condition }: Guess,
  ): Promise<PushOutcome | Done | undefined> {
    let isGuessed = true;
    return connections.write(site, async (tx) => {
      const plan = isGuessed ? planPush(parts, tx.orm, wish, facts) : undefined;
      // What it failed by is told by the facts.
      isGuessed = false;
      if (plan?.kind !== 'plan' || !plan.statements.every(isCall)) return take(tx, wish, before);
      const rows = await tx.commit([callsIf(condition, plan.statements)]);
      return rows[0]?.length === 0 ? undefined : { ...plan, rows };
    });
  }
  async function outcomeOf(wish: PushWish, before: Before): Promise<PushOutcome | Done> {
    const guess = before.wanted.length === 0 ? ahead.guess(wish) : undefined;
    if (guess !== undefined) {
      const done = await takeAhead(wish, before, guess);
      if (done !== undefined) return done;
      ahead.missed();
    }
    return connections.write(site, (tx) => take(tx, wish, before));
  }
  return async (wish) => {
    const before = await askBefore(connections, site, wish);
    return lane(async () => {
      const outcome = await outcomeOf(wish, before);
      if (outcome.kind !== 'plan') return outcome;
      const { jobs, rows, taken, end } = outcome;
      jobs.tell(rows);
      if (taken.fresh > 0) {
        ahead.ended(end);
        appended(taken.reply.head.seq);
      }
      return taken;
    });
  };
}

function planPush(parts: PushParts, orm: Orm, wish: PushWish, facts: PushFacts): PushPlan | PushOutcome {
  const { site, jobs, carried } = parts;
  const { batch } = wish;
  const judged = judgeBatch(batch, facts, wish.publicKey === null);
  if (judged.kind !== 'ok') return judged;
  const { fresh, fills } = judged;
  // Nobody but the site itself continues its device's chain: what is offered of it was written after the copy that it was brought back from, under another device.
  if (batch.device === facts.head.device && fresh[0] !== undefined)
    return { kind: 'device_forked', devSeq: fresh[0].body.dev_seq };
  if (fresh.length + fills.length === 0) return { ...held(wish, facts), roots: [] };
  const at = new Date(parts.now()).toISOString();
  const verdicts = verdictsOf(fresh, {
    roles: wish.roles,
    writer: wish.writer,
    bySite: wish.publicKey === null,
    roots: facts.roots,
    sha256,
  });
  const plan = createLogPlan(orm, { site, head: facts.head, superseded: facts.superseded });
  const seqs = fresh.map((op, index) => plan.take(rowOf(op, verdicts[index] ?? 'accepted', wish), at));
  for (const op of fills) plan.fill(op);
  const accepted = fresh.filter((_, index) => verdicts[index] === 'accepted');
  const told = fills.filter(({ body }) => facts.held.get(body.dev_seq)?.verdict === 'accepted');
  const roots = invoicesOf([...fresh, ...fills]);
  const refresh = roots.map((root) => withCorrelation(refreshJob(parts.newId(), root)));
  const erasures = [...accepted, ...told].filter(({ body }) => body.kind === 'erase.confirmed');
  const made: NewJob[] = [
    ...refresh,
    ...erasures.map(({ body }) => withCorrelation(eraseJob(parts.newId(), body.op_id))),
    ...wish.jobsOf(accepted),
  ];
  const adding = addJobs(jobs, carried, site, made);
  const statements = [
    ...plan.statements(),
    ...followers(site, wish, fresh, at),
    ...named(site, [...accepted, ...told], at),
    ...filled(site, fills),
    ...told.flatMap(({ body, content }) => lessonStatements(orm, site, body, content?.value ?? null)),
    ...plan.erasing(),
    ...adding.statements,
  ];
  const news = fresh.map(({ body }, index) => ({
    op_id: body.op_id,
    seq: seqs[index] ?? 0,
    verdict: verdicts[index] ?? ('accepted' as const),
  }));
  const taken = {
    ...held(wish, facts, { results: news, siteHash: plan.end.siteHash }),
    fresh: fresh.length,
    refused: fresh.length - accepted.length,
    roots,
  };
  return { kind: 'plan', statements, jobs: adding, taken, end: { epoch: facts.epoch, head: plan.end } };
}

const rowOf = (op: ArrivedOp, verdict: OpVerdict, { batch }: PushWish) => ({
  ...op,
  verdict,
  headSig: op.hash === batch.head.hash ? batch.head.signature : null,
});

interface News {
  readonly results: PushReply['results'];
  readonly siteHash: string;
}

/** As the log stands after the last of the batch, so that a batch whose answer was lost gets the same one. */
function held({ batch }: PushWish, facts: PushFacts, news?: News) {
  const last = batch.ops.at(-1)?.body.dev_seq ?? 0;
  const before = batch.ops.flatMap(({ body }) => {
    const row = facts.held.get(body.dev_seq);
    return row === undefined ? [] : [{ op_id: row.opId, seq: row.seq, verdict: row.verdict as OpVerdict }];
  });
  const results = [...before, ...(news?.results ?? [])];
  const siteHash = (news?.results.length ?? 0) > 0 ? news?.siteHash : facts.held.get(last)?.siteHash;
  const head = { seq: results.at(-1)?.seq ?? 0, site_hash: siteHash ?? '', epoch: facts.epoch };
  const reply = { acked: Math.max(facts.end.devSeq, last), head, results };
  return { kind: 'ok' as const, reply, fresh: 0, refused: 0 };
}

/** Refused ones too: the digest of an invoice is over every operation and its verdict. */
const invoicesOf = (ops: readonly ArrivedOp[]): string[] => [
  ...new Set(ops.filter(({ body }) => kindInfo(body.kind)?.root === 'invoice').map(({ body }) => body.root)),
];

function followers(
  site: string,
  { batch, publicKey, roles }: PushWish,
  fresh: readonly ArrivedOp[],
  at: string,
): Statement[] {
  const last = fresh.at(-1);
  if (last === undefined) return [];
  const counts = new Map<string, number>();
  for (const { body } of fresh) counts.set(body.root, (counts.get(body.root) ?? 0) + 1);
  const roots = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { dev_seq: devSeq } = last.body;
  const first = devSeq - fresh.length + 1;
  const device = JSON.stringify({
    device: batch.device,
    devSeq,
    hash: last.hash,
    publicKey,
    at,
    first,
    role: roles[0] ?? null,
  });
  return [followPush({ site, device, ids: roots.map(([id]) => id), counts: roots.map(([, n]) => n) })];
}

const IGNORE = sql`ON CONFLICT DO NOTHING`;

/** Rows of the documents, and what bytes are to come. Whoever knows a document already knows more of it than the log says. */
function named(site: string, accepted: readonly ArrivedOp[], at: string): Statement[] {
  const names = namedByOps(accepted);
  const rows = names.documents.map(({ sha256: id, size, name, mime, parent = null }) => ({
    site,
    sha256: id,
    size,
    name: withoutNul(name),
    mime: withoutNul(mime),
    kind: null,
    parent: withoutNul(parent),
    addedAt: at,
  }));
  const waits = names.blobs.map((blob) => ({ site, ...blob, since: at }));
  return [
    ...(rows.length === 0 ? [] : [insertRows(documents, rows, IGNORE)]),
    ...(waits.length === 0 ? [] : [insertRows(blobWait, waits, IGNORE)]),
  ];
}

/** Content that was missing when the operation came first. */
function filled(site: string, fills: readonly ArrivedOp[]): Statement[] {
  return fills.flatMap(({ body, content }) =>
    content === null
      ? []
      : [
          sql`INSERT INTO ${opValue} (site, op_id, value, reason, salt) VALUES (${site}, ${body.op_id}, ${kept(content.value)}, ${kept(content.reason)}, ${content.salt}) ON CONFLICT DO NOTHING`,
          sql`UPDATE ${cellHead} SET value = ${kept(content.value)} WHERE site = ${site} AND op_id = ${body.op_id} AND field NOT LIKE '#%'`,
        ],
  );
}
