/** What a salvage has found so far: each operation and content once, each only with its proof. Kept in temporary tables, because a log may not fit into memory. */
import { canonicalJson, type CanonicalValue } from '../../../core/sync/canonical.ts';
import { hlcMs } from '../../../core/sync/hlc.ts';
import { OpBody, type OpContent } from '../../../core/sync/op.ts';
import { commitOf } from '../../../core/sync/seal.ts';
import type { CarvedOp } from './carve.ts';
import { sha256 } from './log.ts';
import type { Sqlite } from './open.ts';

export interface FoundOp extends CarvedOp {
  /** Order in which the database took the operations in, where the row itself could be read. */
  readonly localSeq?: number;
  readonly seq?: number | null;
}

export interface Found {
  op(found: FoundOp): void;
  content(opId: string, content: OpContent): void;
  /** Takes the operations whose own hash was damaged but whom the next one of their device names. */
  proveByChain(ends: readonly string[]): void;
  /** Of two with one number of a device the one that the chain goes through; the other was never saved. */
  settle(): void;
  missingContents(): number;
  readonly ops: number;
  readonly contents: number;
}

const TABLES = `
CREATE TEMP TABLE found (
  op_id TEXT PRIMARY KEY, device TEXT, dev_seq INTEGER, dev_prev TEXT, root TEXT, kind TEXT, body TEXT, hash TEXT UNIQUE, commitment TEXT,
  received_at TEXT, seq INTEGER, verdict TEXT, erased_by TEXT, pos REAL, hlc TEXT, score INTEGER
);
CREATE INDEX temp.found_chain ON found (device, dev_seq);
CREATE INDEX temp.found_prev ON found (dev_prev);
CREATE TEMP TABLE found_content (op_id TEXT PRIMARY KEY, value TEXT, reason TEXT, salt TEXT);
`;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const VERDICT = /^(accepted|refused:[\w.:-]+)$/;
const UUID = /^[0-9a-f-]{36}$/i;

function bodyOf(text: string): OpBody | undefined {
  try {
    const json = JSON.parse(text) as CanonicalValue;
    const { data } = OpBody.safeParse(json);
    return data !== undefined && canonicalJson(json) === text ? data : undefined;
  } catch {
    return undefined; // damaged
  }
}

const columnsOf = ({ op_id, device, dev_seq, dev_prev, root, kind, commit, hlc }: OpBody) => ({
  op_id,
  device,
  dev_seq,
  dev_prev,
  root,
  kind,
  commit,
  hlc,
});

const fitting = (pattern: RegExp, value: string | null): string | null =>
  value !== null && pattern.test(value) ? value : null;

/** What stands beside the body is under no hash: it is taken where it can be true. `score`: how much of it there was; a half overwritten copy has less. */
function besides(found: FoundOp) {
  const [receivedAt, verdict] = [fitting(INSTANT, found.receivedAt), fitting(VERDICT, found.verdict)];
  const erasedBy = fitting(UUID, found.erasedBy);
  const score = [receivedAt, verdict].filter((value) => value !== null).length + (erasedBy === null ? 0 : 4);
  return { receivedAt, verdict: verdict ?? 'accepted', erasedBy, score };
}

export function createFound(db: Sqlite): Found {
  db.exec(TABLES);
  const scoreOf = db.prepare('SELECT score FROM found WHERE hash = ?').pluck();
  const improve = db.prepare(
    'UPDATE found SET received_at = @receivedAt, verdict = @verdict, erased_by = coalesce(erased_by, @erasedBy), score = @score WHERE hash = @hash',
  );
  const insert = db.prepare(
    `INSERT OR IGNORE INTO found (op_id, device, dev_seq, dev_prev, root, kind, body, hash, commitment, received_at, seq, verdict, erased_by, pos, hlc, score)
     VALUES (@op_id, @device, @dev_seq, @dev_prev, @root, @kind, @body, @hash, @commit, @receivedAt, @seq, @verdict, @erasedBy, @pos, @hlc, @score)`,
  );
  const opFor = db.prepare('SELECT commitment, erased_by AS erasedBy FROM found WHERE op_id = ?');
  const hasContent = db.prepare('SELECT 1 FROM found_content WHERE op_id = ?').pluck();
  const insertContent = db.prepare(
    'INSERT OR IGNORE INTO found_content (op_id, value, reason, salt) VALUES (?, ?, ?, ?)',
  );
  const isNamed = db.prepare('SELECT 1 FROM found WHERE dev_prev = ?').pluck();
  const count = (sql: string): number => Number(db.prepare(sql).pluck().get());
  /** By their own hash; whether it is theirs, only the chain can tell. */
  const unproven = new Map<string, FoundOp>();

  function take(found: FoundOp, hash: string): void {
    const body = bodyOf(found.body);
    if (body === undefined) return;
    const known = besides(found);
    const receivedAt = known.receivedAt ?? new Date(Math.min(hlcMs(body.hlc) ?? 0, 8.64e15)).toISOString();
    const row = { ...known, receivedAt, hash };
    const before = scoreOf.get(hash) as number | undefined;
    if (before !== undefined && before < known.score) improve.run(row);
    if (before !== undefined) return;
    insert.run({ ...columnsOf(body), ...row, body: found.body, seq: found.seq ?? null, pos: found.localSeq ?? null });
  }

  return {
    op(found) {
      const before = scoreOf.get(found.hash) as number | undefined;
      if (before !== undefined && before >= besides(found).score) return;
      const hash = sha256(found.body);
      if (hash === found.hash) take(found, hash);
      else if (scoreOf.get(hash) === undefined && !unproven.has(hash)) unproven.set(hash, found);
    },
    content(opId, content) {
      if (hasContent.get(opId) !== undefined) return;
      const op = opFor.get(opId) as { commitment: string; erasedBy: string | null } | undefined;
      if (op === undefined || op.erasedBy !== null) return;
      try {
        if (commitOf(sha256, content) !== op.commitment) return;
      } catch {
        return; // text that has no canonical form is damaged
      }
      insertContent.run(opId, content.value, content.reason, content.salt);
    },
    proveByChain(ends) {
      for (let before = -1; before !== unproven.size;) {
        before = unproven.size;
        for (const [hash, found] of unproven) {
          if (isNamed.get(hash) === undefined && !ends.includes(hash)) continue;
          take(found, hash);
          unproven.delete(hash);
        }
      }
    },
    settle() {
      db.exec(`DELETE FROM found WHERE rowid IN (
        SELECT a.rowid FROM found a JOIN found b ON b.device = a.device AND b.dev_seq = a.dev_seq AND b.rowid <> a.rowid
        WHERE (SELECT count(*) FROM found n WHERE n.dev_prev = a.hash) < (SELECT count(*) FROM found n WHERE n.dev_prev = b.hash)
           OR ((SELECT count(*) FROM found n WHERE n.dev_prev = a.hash) = (SELECT count(*) FROM found n WHERE n.dev_prev = b.hash) AND a.rowid > b.rowid))`);
      // What was carved stands behind its predecessor.
      db.exec(`UPDATE found SET pos = coalesce((SELECT p.pos FROM found p WHERE p.device = found.device AND p.dev_seq < found.dev_seq AND p.pos IS NOT NULL
        ORDER BY p.dev_seq DESC LIMIT 1), 0) WHERE pos IS NULL`);
    },
    missingContents: () =>
      count(
        'SELECT count(*) FROM found f WHERE erased_by IS NULL AND NOT EXISTS (SELECT 1 FROM found_content c WHERE c.op_id = f.op_id)',
      ),
    get ops() {
      return count('SELECT count(*) FROM found');
    },
    get contents() {
      return count('SELECT count(*) FROM found_content');
    },
  };
}
