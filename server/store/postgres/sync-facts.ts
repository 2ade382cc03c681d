/** What has to be known of a batch of a station's operations, asked in one step behind the lock of the site's head. */
import { sql } from 'drizzle-orm';
import type { OpBody } from '../../../core/sync/op.ts';
import { type BatchFacts, type HeldOp, namedIn, type ReadBatch } from '../../../core/sync/push.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';
import type { RootOp } from '../../../core/sync/root-log.ts';
import { rootsToRead } from '../../../core/sync/verdict.ts';
import type { Transaction } from './connection.ts';
import { headPlaces } from './heads.ts';
import { jsonOf } from './insert.ts';
import type { Head, LogStart } from './log-plan.ts';
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

const pushFacts = createStatement<{
  site: string;
  device: string;
  first: number;
  last: number;
  ids: readonly string[];
  cells: string;
  wanted: readonly string[];
}>(
  (place) => sql`
  SELECT * FROM push_facts(${place('site')}, ${place('device')}, ${place('first')}, ${place('last')}, ${place('ids')}::text[],
    ${place('cells')}::json, ${place('wanted')}::text[])`,
);

interface Found extends Record<string, unknown> {
  readonly head: (Head & { readonly epoch: number }) | null;
  readonly device: BatchFacts['end'] | null;
  readonly held: readonly (HeldRow & { readonly devSeq: number })[] | null;
  readonly known: readonly string[] | null;
  readonly gone: LogStart['superseded'] | null;
  readonly roots: readonly RootRow[] | null;
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

export async function askFacts(tx: Transaction, site: string, batch: ReadBatch): Promise<PushFacts> {
  const { device, ops } = batch;
  const [found] = await tx.send<Found>(
    pushFacts({
      site,
      device,
      first: ops[0].body.dev_seq,
      last: ops.at(-1)?.body.dev_seq ?? 0,
      ids: namedIn(batch),
      cells: jsonOf(headPlaces(ops.map(({ body }) => body)).map((place) => ({ ...place }))),
      wanted: rootsToRead(ops),
    }),
  );
  const head = found?.head;
  if (found === undefined || head == null) throw new Error(`there is no site ${site}`);
  const own = device === head.device ? { devSeq: head.devSeq, hash: head.headHash } : undefined;
  return {
    head,
    epoch: head.epoch,
    end: own ?? found.device ?? { devSeq: 0, hash: NO_HASH },
    held: new Map((found.held ?? []).map(({ devSeq, ...row }) => [devSeq, row])),
    known: new Set(found.known ?? []),
    superseded: found.gone ?? [],
    roots: byRoot(found.roots ?? []),
  };
}
