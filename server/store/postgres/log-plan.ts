/**
 * What is added to a site's log, as statements: the one place that numbers operations, continues the chain of the site, moves heads and rows of lessons. The site's own
 * operations are sealed here, as the next of its device; those of stations come sealed and judged.
 */
import { sql } from 'drizzle-orm';
import { erasedBy, tellsOf } from '../../../core/sync/erase.ts';
import { tick } from '../../../core/sync/hlc.ts';
import type { OpBody, OpContent, OpDraft, StoredOp } from '../../../core/sync/op.ts';
import { sealOp } from '../../../core/sync/seal.ts';
import { siteHash } from '../../../core/sync/site-chain.ts';
import { sha256 } from '../audit.ts';
import { bigintArray, instantArray, textArray } from './arrays.ts';
import type { Orm, Statement } from './connection.ts';
import { createHeadMoves } from './heads.ts';
import { lessonStatements } from './lesson-rows.ts';
import type { siteHead } from './schema.ts';
import { createCall } from './statement.ts';
import { kept } from './text.ts';

export type Head = Pick<typeof siteHead.$inferSelect, 'device' | 'devSeq' | 'headHash' | 'hlc' | 'seq' | 'siteHash'>;

export interface Clock {
  /** Instant that the operations are received at. */
  readonly at: string;
  readonly nowMs: number;
}

export interface LogStart {
  readonly site: string;
  readonly head: Head;
  readonly superseded: Parameters<typeof createHeadMoves>[0];
}

/** Sealed by its device, whichever that is. */
export interface SealedRow {
  readonly body: OpBody;
  readonly text: string;
  readonly hash: string;
  readonly content: OpContent | null;
  readonly verdict: StoredOp['verdict'];
  /** Its device's signature, where a batch ended with it. */
  readonly headSig: string | null;
}

export interface LogPlan {
  /** The site's own, by its own device. */
  append(drafts: readonly OpDraft[], clock: Clock): StoredOp[];
  /** Its number. */
  take(op: SealedRow, at: string): number;
  /** Content that was missing when its operation came. */
  fill(op: Pick<SealedRow, 'body' | 'content'>): void;
  /** Where the log ends after all this. */
  readonly end: Readonly<Head>;
  statements(): Statement[];
  /** Behind everything else that is written with these operations: what an erasure among them takes away, and what they say of something that was erased before. */
  erasing(): Statement[];
}

const eraseNow = createCall<{ site: string; told: readonly string[]; named: readonly string[] }>(
  (place) => sql`SELECT erase_now(${place('site')}, ${place('told')}::text[], ${place('named')}::text[])`,
);

type Text = 'ids' | 'devices' | 'roots' | 'kinds' | 'bodies' | 'hashes' | 'siteHashes' | 'verdicts' | 'headSigs';
type Contents = 'contentIds' | 'contents' | 'reasons' | 'salts';

const appendColumns = createCall<
  { site: string; head: string; first: number; devSeqs: Buffer; received: Buffer } & Readonly<
    Record<Text | Contents, Buffer>
  >
>((place) => {
  const text = (...names: (Text | Contents)[]) =>
    sql.join(
      names.map((name) => sql`${place(name)}::text[]`),
      sql`, `,
    );
  return sql`SELECT append_columns(${place('site')}, ${place('head')}::json, ${place('first')}, ${text('ids', 'devices')}, ${place('devSeqs')}::bigint[],
    ${text('roots', 'kinds', 'bodies', 'hashes', 'siteHashes')}, ${place('received')}::timestamptz[], ${text('verdicts', 'headSigs')}, ${text('contentIds', 'contents', 'reasons', 'salts')})`;
});

interface LogRow extends SealedRow {
  readonly siteHash: string;
  readonly at: string;
}

function columnsOf(rows: readonly LogRow[]) {
  const column = (of: (row: LogRow) => string | null): Buffer => textArray(rows.map(of));
  const held = rows.flatMap(({ body, content }) => (content === null ? [] : [{ opId: body.op_id, ...content }]));
  return {
    ids: column(({ body }) => body.op_id),
    devices: column(({ body }) => body.device),
    devSeqs: bigintArray(rows.map(({ body }) => body.dev_seq)),
    roots: column(({ body }) => body.root),
    kinds: column(({ body }) => body.kind),
    bodies: column(({ text }) => text),
    hashes: column(({ hash }) => hash),
    siteHashes: column(({ siteHash: after }) => after),
    received: instantArray(rows.map(({ at }) => at)),
    verdicts: column(({ verdict }) => verdict),
    headSigs: column(({ headSig }) => headSig),
    contentIds: textArray(held.map(({ opId }) => opId)),
    contents: textArray(held.map(({ value }) => kept(value))),
    reasons: textArray(held.map(({ reason }) => kept(reason))),
    salts: textArray(held.map(({ salt }) => kept(salt))),
  };
}

export function createLogPlan(orm: Orm, { site, head, superseded }: LogStart): LogPlan {
  const rows: LogRow[] = [];
  const lessons: Statement[] = [];
  const told: string[] = [];
  const named = new Set<string>();
  const heads = createHeadMoves(superseded);
  const { device } = head;
  const end = { ...head };
  const fill: LogPlan['fill'] = (op) => {
    // What no text of the database holds names nothing in it.
    for (const target of tellsOf(op)) if (!target.includes('\0')) named.add(target);
    // Of a newer version, or in another form: nobody knows what it would erase.
    if (erasedBy(op) !== undefined) told.push(op.body.op_id);
  };
  const take: LogPlan['take'] = (op, at) => {
    const { body, hash, content, verdict } = op;
    end.seq += 1;
    end.siteHash = siteHash(sha256, end.siteHash, end.seq, hash, verdict);
    rows.push({ ...op, siteHash: end.siteHash, at });
    fill(op);
    if (verdict !== 'accepted') return end.seq;
    const value = content === null ? null : content.value;
    heads.apply(body, value);
    lessons.push(...lessonStatements(orm, site, body, value));
    return end.seq;
  };
  const append = (draft: OpDraft, clock: Clock): StoredOp => {
    end.devSeq += 1;
    end.hlc = tick(end.hlc, clock.nowMs, device);
    const op = sealOp(draft, { device, devSeq: end.devSeq, devPrev: end.headHash, hlc: end.hlc }, sha256);
    end.headHash = op.hash;
    const verdict = 'accepted';
    take({ ...op, verdict, headSig: null }, clock.at);
    return { body: op.body, hash: op.hash, content: op.content, receivedAt: clock.at, verdict };
  };
  return {
    append: (drafts, clock) => drafts.map((draft) => append(draft, clock)),
    take,
    fill,
    end,
    statements(): Statement[] {
      if (rows.length === 0) return [];
      const { devSeq, headHash, hlc, seq, siteHash: last } = end;
      const moved = { dev_seq: devSeq, head_hash: headHash, hlc, seq, site_hash: last };
      return [
        appendColumns({ site, head: JSON.stringify(moved), first: head.seq + 1, ...columnsOf(rows) }),
        ...heads.statements(site),
        ...lessons,
      ];
    },
    erasing: () => (told.length + named.size === 0 ? [] : [eraseNow({ site, told, named: [...named] })]),
  };
}
