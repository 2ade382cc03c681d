/** What has to be known of a batch of a station's operations, asked in one step behind the lock of the site's head. */
import { sql } from 'drizzle-orm';
import type { OpBody } from '../../../core/sync/op.ts';
import { type BatchFacts, type HeldOp, namedIn, type ReadBatch } from '../../../core/sync/push.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';
import type { RootOp } from '../../../core/sync/root-log.ts';
import { rootsToRead } from '../../../core/sync/verdict.ts';
import type { PushWish } from '../hub-store.ts';
import { textArray } from './arrays.ts';
import type { Connections, Transaction } from './connection.ts';
import { headPlaces, placeColumns } from './heads.ts';
import type { Head, LogStart } from './log-plan.ts';
import { opLog, opValue, siteHead } from './schema.ts';
import { createStatement } from './statement.ts';
import { type ContentRow, givenContent } from './text.ts';

/** A number of the batch that the log has, with the site's hash after it. */
export interface HeldRow extends HeldOp {
  readonly siteHash: string;
}

export interface PushFacts extends BatchFacts {
  readonly head: Head;
  readonly held: ReadonlyMap<number, HeldRow>;
  readonly roots: ReadonlyMap<string, readonly RootOp[]>;
  readonly superseded: LogStart['superseded'];
}

const batchFacts = createStatement<
  { site: string; device: string; first: number; last: number; since: number } & Readonly<
    Record<'own' | 'parents' | 'roots' | 'entities' | 'fields' | 'ids' | 'wanted', Buffer>
  >
>(
  (place) => sql`
  SELECT * FROM batch_facts(${place('site')}, ${place('device')}, ${place('first')}, ${place('last')}, ${place('own')}::text[], ${place('parents')}::text[],
    ${place('roots')}::text[], ${place('entities')}::text[], ${place('fields')}::text[], ${place('ids')}::text[], ${place('wanted')}::text[], ${place('since')})`,
);

interface Found extends Record<string, unknown> {
  readonly head: (Head & { readonly epoch: number }) | null;
  readonly device: BatchFacts['end'] | null;
  readonly held: readonly (HeldRow & { readonly devSeq: number })[] | null;
  readonly taken: readonly string[] | null;
  readonly missing: readonly string[] | null;
  readonly gone: LogStart['superseded'] | null;
  readonly tail: readonly RootRow[] | null;
}

interface RootRow extends ContentRow {
  readonly root: string;
  readonly body: string;
  readonly verdict: string;
}

function byRoot(rows: readonly RootRow[]): Map<string, RootOp[]> {
  const roots = new Map<string, RootOp[]>();
  for (const row of rows) {
    const { root, body, verdict } = row;
    const ops = roots.get(root) ?? [];
    ops.push({ body: JSON.parse(body) as OpBody, content: givenContent(row), receivedAt: '', verdict });
    roots.set(root, ops);
  }
  return roots;
}

/** Logs of the roots that a batch decides about, as far as they went when it came. */
export interface Before {
  /** Number of the site's log. */
  readonly seq: number;
  /** Whose logs these are. */
  readonly wanted: readonly string[];
  readonly roots: ReadonlyMap<string, readonly RootOp[]>;
}

const NOTHING: Before = { seq: 0, wanted: [], roots: new Map() };

const seqOf = createStatement<{ site: string }>(
  (place) => sql`SELECT seq::float8 AS seq FROM ${siteHead} WHERE site = ${place('site')}`,
);
/** [Note: Plans that know nothing] in migration-columns.ts. */
const opsOfRoots = createStatement<{ site: string; roots: Buffer }>(
  (place) => sql`
  SELECT l.root, l.body, l.verdict, v.value, v.reason, v.salt FROM unnest(${place('roots')}::text[]) AS w (root) CROSS JOIN LATERAL (
    SELECT l.root, l.body, l.verdict, l.op_id FROM ${opLog} l WHERE l.site = ${place('site')} AND l.root >= w.root AND l.root <= w.root ORDER BY l.root, l.seq) l
  LEFT JOIN LATERAL (SELECT v.value, v.reason, v.salt FROM ${opValue} v WHERE v.site = ${place('site')} AND v.op_id = l.op_id LIMIT 1) v ON true`,
);

/** However long these logs are, nobody waits for their reading and parsing: behind the lock only what was added meanwhile is read. */
export async function askBefore(connections: Connections, site: string, wish: PushWish): Promise<Before> {
  // What the site decided is decided: no log has to be asked.
  const wanted = wish.publicKey === null ? [] : rootsToRead(wish.batch.ops);
  if (wanted.length === 0) return NOTHING;
  const { seq, rows } = await connections.read(
    site,
    async (tx) => {
      const [heads, found] = await Promise.all([
        tx.send<{ seq: number }>(seqOf({ site })),
        tx.send<RootRow & Record<string, unknown>>(opsOfRoots({ site, roots: textArray(wanted) })),
      ]);
      return { seq: heads[0]?.seq ?? 0, rows: found };
    },
    { inOrder: true },
  );
  return { seq, wanted, roots: byRoot(rows) };
}

function together(before: Before['roots'], tail: readonly RootRow[]): ReadonlyMap<string, readonly RootOp[]> {
  if (tail.length === 0) return before;
  const roots = new Map(before);
  for (const [root, ops] of byRoot(tail)) roots.set(root, [...(before.get(root) ?? []), ...ops]);
  return roots;
}

/** Parents that are none of the batch's own. */
export function parentsOutside(batch: ReadBatch): string[] {
  const own = new Set(batch.ops.map(({ body }) => body.op_id));
  return namedIn(batch).filter((id) => !own.has(id));
}

export async function askFacts(tx: Transaction, site: string, batch: ReadBatch, before: Before): Promise<PushFacts> {
  const { device, ops } = batch;
  const own = ops.map(({ body }) => body.op_id);
  const parents = parentsOutside(batch);
  const [found] = await tx.send<Found>(
    batchFacts({
      site,
      device,
      first: ops[0].body.dev_seq,
      last: ops.at(-1)?.body.dev_seq ?? 0,
      own: textArray(own),
      parents: textArray(parents),
      ...placeColumns(headPlaces(ops.map(({ body }) => body))),
      wanted: textArray(before.wanted),
      since: before.seq,
    }),
  );
  const head = found?.head;
  if (found === undefined || head == null) throw new Error(`there is no site ${site}`);
  const end = device === head.device ? { devSeq: head.devSeq, hash: head.headHash } : undefined;
  const missing = new Set(found.missing ?? []);
  return {
    head,
    epoch: head.epoch,
    end: end ?? found.device ?? { devSeq: 0, hash: NO_HASH },
    held: new Map((found.held ?? []).map(({ devSeq, ...row }) => [devSeq, row])),
    known: new Set([...(found.taken ?? []), ...parents.filter((id) => !missing.has(id))]),
    superseded: found.gone ?? [],
    roots: together(before.roots, found.tail ?? []),
  };
}
