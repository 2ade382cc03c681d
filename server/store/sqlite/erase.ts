/**
 * Erasure in tables: what an accepted erasure names loses its content in the transaction that takes the erasure in, and whatever comes of it later loses it in the transaction that
 * it comes by. That it was there stays: bodies, chains, numbers, who and when. Bytes beside the database are named here and removed by the job `erase`.
 */
import { randomBytes } from 'node:crypto';
import { erasedBy, tellsOf } from '../../../core/sync/erase.ts';
import { uuid7 } from '../../../core/sync/ids.ts';
import { cellOf } from '../../../core/sync/kinds.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { bytesOfReading } from './content-json.ts';
import type { Sqlite } from './open.ts';

export interface Erase {
  /** With an operation that was accepted: an erasure is carried out. */
  accepted(body: OpBody, value: string | null, at: string): void;
  /** With an operation that is in the tables, whatever became of it. True where what it tells of had been erased before: nothing of it is kept. Bytes that it names otherwise are not erased. */
  late(body: OpBody, value: string | null, at: string): boolean;
}

const SHA = /^[0-9a-f]{64}$/;

/** Behind what a person waits for. */
const PRIORITY = { erase: 2, refresh: 3 } as const;

/** Everything that an operation with one of these roots said, and what was learned of these invoices; of what was refused there are no rows. */
const OPS = `
SELECT op_id AS opId, body FROM op_log WHERE root IN (SELECT value FROM json_each(@targets))
UNION SELECT op_id, body FROM op_log
WHERE root IN (SELECT vendor FROM lesson WHERE invoice IN (SELECT value FROM json_each(@targets))
    UNION SELECT vendor FROM lesson_use WHERE invoice IN (SELECT value FROM json_each(@targets)))
  AND kind LIKE 'lesson.%' AND (json_extract(body, '$.entity.id') IN (SELECT value FROM json_each(@targets))
    OR substr(json_extract(body, '$.entity.id'), 1, 36) IN (SELECT id FROM lesson WHERE invoice IN (SELECT value FROM json_each(@targets))))
UNION SELECT l.op_id, l.body FROM op_log l JOIN op_value v USING (op_id)
WHERE l.verdict <> 'accepted' AND l.kind IN ('lesson.learned', 'lesson.applied')
  AND EXISTS (SELECT 1 FROM json_each(@targets) t WHERE instr(v.value, t.value) > 0)`;

/** What the rules found over others names them, with numbers and names: whoever may have been compared with one of these, by what server/store/sqlite/reads.ts looks for. */
const COMPARED = [
  'o.document_sha = t.document_sha',
  'o.number_key = t.number_key AND o.vendor_key = t.vendor_key',
  'o.number_key = t.number_key AND o.gross_total = t.gross_total',
  'o.vendor_key = t.vendor_key AND o.gross_total = t.gross_total',
];
/** Whoever was one of a pair with it says so still. */
const PAIRED = `SELECT substr(json_extract(body, '$.entity.id'), length(root) + 2) FROM op_log
  WHERE root IN (SELECT value FROM json_each(@targets)) AND kind LIKE 'duplicate.%'`;
const NEAR = [
  ...COMPARED.map(
    (same) =>
      `SELECT o.id FROM invoices t JOIN invoices o ON ${same} WHERE t.id IN (SELECT value FROM json_each(@targets)) AND o.id NOT IN (SELECT value FROM json_each(@targets))`,
  ),
  `SELECT id FROM invoices WHERE id IN (${PAIRED}) AND id NOT IN (SELECT value FROM json_each(@targets))`,
].join(' UNION ');

/** Bytes are known by their hash alone, and anybody may write a document or a reading of any hash: something else names them, which was not erased. */
export const namedSql = (
  sha256: string,
): string => `(EXISTS (SELECT 1 FROM op_value v JOIN op_log l USING (op_id) WHERE substr(v.value, 1, 9) = '{"blob":"' AND substr(v.value, 10, 16) = substr(${sha256}, 1, 16)
    AND substr(v.value, 10, 64) = ${sha256} AND l.kind = 'reading.recorded' AND l.root NOT IN (SELECT target FROM erased))
  OR EXISTS (SELECT 1 FROM documents d WHERE d.sha256 = ${sha256} AND d.sha256 NOT IN (SELECT target FROM erased))
  OR EXISTS (SELECT 1 FROM export_batch WHERE json_extract(data, '$.sha256') = ${sha256}
    AND NOT EXISTS (SELECT 1 FROM json_each(data, '$.invoices') i WHERE i.value IN (SELECT target FROM erased))))`;
/** What its reading is only the site knows. */
const GONE_READING = `SELECT EXISTS (SELECT 1 FROM invoices i JOIN gone_root g ON g.root = i.id WHERE i.document_sha = @document
  AND i.id NOT IN (SELECT target FROM erased))`;

/** Rows that hold a copy of what was erased; each statement takes `@targets`. */
const ROWS = [
  // Also where the operation is at the site alone. A tombstone says only that something is gone; how many are gone is what the chain is proved by.
  `UPDATE cell_head SET value = NULL WHERE root IN (SELECT value FROM json_each(@targets)) AND field NOT LIKE '#%'`,
  `DELETE FROM gone_head WHERE root IN (SELECT value FROM json_each(@targets))`,
  `DELETE FROM lesson_key WHERE lesson IN (SELECT id FROM lesson WHERE invoice IN (SELECT value FROM json_each(@targets)))`,
  `DELETE FROM lesson WHERE invoice IN (SELECT value FROM json_each(@targets))`,
  `DELETE FROM lesson_use WHERE invoice IN (SELECT value FROM json_each(@targets))`,
  `DELETE FROM lines WHERE invoice IN (SELECT row FROM invoices WHERE id IN (SELECT value FROM json_each(@targets)))`,
  `DELETE FROM invoice_data WHERE row IN (SELECT row FROM invoices WHERE id IN (SELECT value FROM json_each(@targets)))`,
  `DELETE FROM invoice_search WHERE rowid IN (SELECT row FROM invoices WHERE id IN (SELECT value FROM json_each(@targets)))`,
  `DELETE FROM invoices WHERE id IN (SELECT value FROM json_each(@targets))`,
  `DELETE FROM documents WHERE sha256 IN (SELECT value FROM json_each(@targets))`,
  `DELETE FROM sync_blob WHERE root IN (SELECT value FROM json_each(@targets)) OR sha256 IN (SELECT sha256 FROM erased_blob)`,
  // What runs finds nothing left and ends; its row goes with the others that ended.
  `DELETE FROM job WHERE root IN (SELECT value FROM json_each(@targets)) AND state <> 'running'`,
  `DELETE FROM idempotency WHERE EXISTS (SELECT 1 FROM json_each(@targets) t WHERE instr(reply, t.value) > 0)`,
  `DELETE FROM webhook_delivery WHERE EXISTS (SELECT 1 FROM json_each(@targets) t WHERE instr(body, t.value) > 0)`,
  `DELETE FROM job WHERE name = 'webhook' AND EXISTS (SELECT 1 FROM json_each(@targets) t WHERE instr(data, t.value) > 0)`,
];

export function createErase(db: Sqlite): Erase {
  const isOne = db.prepare('SELECT op_id FROM erased WHERE target = ?').pluck();
  const note = db.prepare(
    'INSERT INTO erased (target, op_id, at) VALUES (?, ?, ?) ON CONFLICT (target) DO UPDATE SET op_id = excluded.op_id',
  );
  const lessons = db.prepare('SELECT id FROM lesson WHERE invoice IN (SELECT value FROM json_each(@targets))').pluck();
  const ops = db.prepare(OPS);
  const valueOf = db.prepare('SELECT value FROM op_value WHERE op_id = ?').pluck();
  const drop = db.prepare('DELETE FROM op_value WHERE op_id = ?');
  const mark = db.prepare('UPDATE op_log SET erased_by = ? WHERE op_id = ?');
  const head = db.prepare(
    'UPDATE cell_head SET value = NULL WHERE root = ? AND entity = ? AND field = ? AND op_id = ?',
  );
  const dooming = db.prepare(
    "INSERT INTO erased_blob (sha256, op_id, state) VALUES (?, ?, 'waiting') ON CONFLICT (sha256) DO UPDATE SET state = 'waiting'",
  );
  const batches = db.prepare(
    `SELECT json_extract(data, '$.sha256') AS sha256 FROM export_batch
     WHERE EXISTS (SELECT 1 FROM json_each(data, '$.invoices') i WHERE i.value IN (SELECT value FROM json_each(@targets)))`,
  );
  const spare = db.prepare(
    "DELETE FROM erased_blob WHERE sha256 = ? AND EXISTS (SELECT 1 FROM op_log WHERE op_id = ? AND verdict = 'accepted')",
  );
  const rows = ROWS.map((sql) => db.prepare(sql));
  const job = db.prepare(
    `INSERT INTO job (id, name, root, data, priority, state, attempts, failures, progress, stage, run_at, created_at, updated_at)
     VALUES (?, ?, ?, '{}', ?, 'waiting', 0, 0, 0, '', ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const near = db.prepare(NEAR).pluck();
  const want = db.prepare('UPDATE gone_root SET wanted = 1 WHERE root = ?');
  const isNamed = db.prepare(`SELECT ${namedSql('@sha256')}`).pluck();
  const isGoneReading = db.prepare(GONE_READING).pluck();

  function work(name: keyof typeof PRIORITY, root: string, at: string): void {
    const nowMs = Date.parse(at);
    job.run(uuid7(nowMs, randomBytes(10)), name, root, PRIORITY[name], nowMs, at, at);
  }
  /** After what is erased is noted: what names these bytes may be among it. */
  function doom(sha256: string, eraser: string): void {
    if (isNamed.get({ sha256 }) !== 1) dooming.run(sha256, eraser);
  }
  /** Their findings name what goes. What is at the site alone is fetched first, and is then made again. */
  function showAgain(named: { readonly targets: string }, at: string): void {
    for (const id of near.all(named) as string[]) if (want.run(id).changes === 0) work('refresh', id, at);
  }

  /** The head of its cell says nothing any more; a tombstone says only that something is gone. */
  function dropHead(body: OpBody): void {
    const cell = cellOf(body);
    if (cell !== undefined && !cell.field.startsWith('#')) head.run(cell.root, cell.entity, cell.field, body.op_id);
  }
  function dropOp(opId: string, body: OpBody, eraser: string): void {
    if (body.kind === 'reading.recorded') {
      const bytes = bytesOfReading((valueOf.get(opId) as string | undefined) ?? null);
      if (bytes !== undefined && isGoneReading.get({ document: bytes.document }) !== 1) doom(bytes.blob, eraser);
    }
    drop.run(opId);
    mark.run(eraser, opId);
    dropHead(body);
  }

  /**
   * [Note: Bytes that come to be named] A reading of the same file may have the same bytes, and be written after those were doomed: they stay, and where they are gone already they may
   * come again.
   */
  function spareNamed({ kind, root, op_id: opId }: OpBody, value: string | null): void {
    const sha256 =
      kind === 'reading.recorded'
        ? bytesOfReading(value)?.blob
        : kind === 'document.added' && value !== null
          ? root
          : undefined;
    if (sha256 !== undefined) spare.run(sha256, opId);
  }

  function erase(targets: readonly string[], eraser: string, at: string): void {
    const named = { targets: JSON.stringify(targets) };
    for (const id of [...targets, ...(lessons.all(named) as string[])]) note.run(id, eraser, at);
    const kept = (batches.all(named) as { sha256: string }[]).map(({ sha256 }) => sha256);
    for (const sha256 of [...targets.filter((target) => SHA.test(target)), ...kept]) doom(sha256, eraser);
    for (const { opId, body } of ops.all(named) as { opId: string; body: string }[])
      dropOp(opId, JSON.parse(body) as OpBody, eraser);
    showAgain(named, at);
    for (const statement of rows) statement.run(named);
    work('erase', eraser, at);
  }

  return {
    accepted(body, value, at) {
      const targets = erasedBy({ body, content: { value } });
      if (targets !== undefined) erase(targets, body.op_id, at);
    },
    late(body, value, at) {
      for (const root of tellsOf({ body, content: { value } })) {
        const eraser = isOne.get(root) as string | undefined;
        if (eraser === undefined) continue;
        dropOp(body.op_id, body, eraser);
        erase([root], eraser, at);
        return true;
      }
      spareNamed(body, value);
      return false;
    },
  };
}

/** Every erasure of the log once more, for a log that was put together anew. */
export function eraseAgain(db: Sqlite): void {
  const erase = createErase(db);
  const rows = db
    .prepare(
      "SELECT l.body, l.received_at AS at, v.value FROM op_log l JOIN op_value v USING (op_id) WHERE l.kind = 'erase.confirmed' AND l.verdict = 'accepted' ORDER BY l.local_seq",
    )
    .all() as { body: string; at: string; value: string | null }[];
  for (const { body, at, value } of rows) erase.accepted(JSON.parse(body) as OpBody, value, at);
}

/** Of what came beside the log of the site: operations of this station's own that tell of what was erased there. */
export function eraseOwn(db: Sqlite): void {
  const erase = createErase(db);
  const value = db.prepare('SELECT value FROM op_value WHERE op_id = ?');
  const rows = db.prepare(
    'SELECT op_id AS opId, body, received_at AS at FROM op_log WHERE epoch IS NULL AND seq IS NULL',
  );
  for (const { opId, body, at } of rows.all() as { opId: string; body: string; at: string }[]) {
    const held = value.get(opId) as { value: string | null } | undefined;
    // Others of its root may have taken it along.
    if (held !== undefined) erase.late(JSON.parse(body) as OpBody, held.value, at);
  }
}
