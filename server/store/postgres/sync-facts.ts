/** What has to be known of a batch of a station's operations, asked in one step behind the lock of the site's head. */
import { sql } from 'drizzle-orm';
import type { ArrivedOp } from '../../../core/sync/arrived.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { type BatchFacts, type HeldOp, namedIn, type ReadBatch } from '../../../core/sync/push.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';
import { type RootOp, rootsToRead } from '../../../core/sync/verdict.ts';
import { headOf, type HeadRow, lockHead } from './commit.ts';
import type { Transaction } from './connection.ts';
import { headPlaces, supersededAmong } from './heads.ts';
import type { Head, LogStart } from './log-plan.ts';
import { opLog, opValue, syncDevice } from './schema.ts';
import { createStatement } from './statement.ts';
import { given } from './text.ts';

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

type OfDevice = { readonly site: string; readonly device: string };

const deviceLocked = createStatement<OfDevice>(
  (place) => sql`
  SELECT dev_seq::float8 AS "devSeq", hash FROM ${syncDevice} WHERE site = ${place('site')} AND device = ${place('device')} FOR UPDATE`,
);
const heldAmong = createStatement<OfDevice & { first: number; last: number }>(
  (place) => sql`
  SELECT l.dev_seq::float8 AS "devSeq", l.op_id AS "opId", l.hash, l.seq::float8 AS seq, l.verdict, l.site_hash AS "siteHash",
    CASE WHEN l.erased_by IS NOT NULL THEN 'erased' WHEN v.op_id IS NULL THEN 'missing' ELSE 'there' END AS content
  FROM ${opLog} l LEFT JOIN ${opValue} v ON v.site = l.site AND v.op_id = l.op_id
  WHERE l.site = ${place('site')} AND l.device = ${place('device')} AND l.dev_seq BETWEEN ${place('first')} AND ${place('last')}`,
);
const knownAmong = createStatement<{ site: string; ids: readonly string[] }>(
  (place) =>
    sql`SELECT op_id AS id FROM ${opLog} WHERE site = ${place('site')} AND op_id = ANY (${place('ids')}::text[])`,
);
const opsOfRoots = createStatement<{ site: string; roots: readonly string[] }>(
  (place) => sql`
  SELECT l.root, l.body, l.verdict, v.value, v.reason, v.salt
  FROM ${opLog} l LEFT JOIN ${opValue} v ON v.site = l.site AND v.op_id = l.op_id
  WHERE l.site = ${place('site')} AND l.root = ANY (${place('roots')}::text[]) ORDER BY l.seq`,
);

interface RootRow extends Record<string, unknown> {
  readonly root: string;
  readonly body: string;
  readonly verdict: string;
  readonly value: string | null;
  readonly reason: string | null;
  readonly salt: string | null;
}

function byRoot(rows: readonly RootRow[]): Map<string, RootOp[]> {
  const roots = new Map<string, RootOp[]>();
  for (const { root, body, verdict, value, reason, salt } of rows) {
    const content = salt === null ? null : { value: given(value), reason: given(reason), salt: given(salt) };
    const ops = roots.get(root) ?? [];
    ops.push({ body: JSON.parse(body) as OpBody, content, receivedAt: '', verdict });
    roots.set(root, ops);
  }
  return roots;
}

const places = (ops: readonly ArrivedOp[]) => headPlaces(ops.map(({ body }) => body));

/** The head first, so that all the rest is seen behind its lock. */
export async function askFacts(tx: Transaction, site: string, batch: ReadBatch): Promise<PushFacts> {
  const { device, ops } = batch;
  const [first, last] = [ops[0].body.dev_seq, ops.at(-1)?.body.dev_seq ?? 0];
  const cells = places(ops);
  const wanted = rootsToRead(ops);
  const [heads, devices, held, known, superseded, roots] = await Promise.all([
    tx.send<HeadRow>(lockHead(site)),
    tx.send<{ devSeq: number; hash: string }>(deviceLocked({ site, device })),
    tx.send<HeldRow & { devSeq: number }>(heldAmong({ site, device, first, last })),
    tx.send<{ id: string }>(knownAmong({ site, ids: namedIn(batch) })),
    cells.length === 0 ? [] : tx.send<LogStart['superseded'][number]>(supersededAmong(site, cells)),
    wanted.length === 0 ? [] : tx.send<RootRow>(opsOfRoots({ site, roots: wanted })),
  ]);
  const [found] = heads;
  if (found === undefined) throw new Error(`there is no site ${site}`);
  const head = headOf(found);
  const own = device === head.device ? { devSeq: head.devSeq, hash: head.headHash } : undefined;
  return {
    head,
    epoch: head.epoch,
    end: own ?? devices[0] ?? { devSeq: 0, hash: NO_HASH },
    held: new Map(held.map(({ devSeq, ...row }) => [devSeq, row])),
    known: new Set(known.map(({ id }) => id)),
    superseded,
    roots: byRoot(roots),
  };
}
