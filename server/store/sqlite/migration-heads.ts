/**
 * Cells belong to a root: heads and what superseded them are made again from the log, by the rule of core/sync/reducer.ts, so that what an operation of another root took
 * from a cell stands in it again. Invoices get the number of their conflicts; those that may have any are shown again by a job.
 */
const CELLS = `CREATE TEMP TABLE cells AS
SELECT l.local_seq AS seq, l.root, l.op_id, l.kind, l.body, l.body ->> '$.entity.type' || ':' || (l.body ->> '$.entity.id') AS entity,
  CASE WHEN l.kind = 'field.set' THEN l.body ->> '$.field' ELSE '#deleted' END AS field
FROM op_log l WHERE l.verdict = 'accepted' AND l.kind IN ('field.set', 'line.deleted', 'line.restored', 'taxRow.deleted', 'taxRow.restored',
  'lesson.forgotten', 'lesson.restored') AND NOT EXISTS (SELECT 1 FROM op_deferred d WHERE d.op_id = l.op_id);`;

const HEADS = `
DROP TABLE cell_head;
DROP TABLE superseded;
CREATE TABLE cell_head (
  root TEXT NOT NULL, entity TEXT NOT NULL, field TEXT NOT NULL, op_id TEXT NOT NULL, value TEXT, PRIMARY KEY (root, entity, field, op_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE superseded (
  root TEXT NOT NULL, entity TEXT NOT NULL, field TEXT NOT NULL, op_id TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (root, entity, field, op_id)
) STRICT, WITHOUT ROWID;
${CELLS}
INSERT INTO superseded (root, entity, field, op_id, count)
SELECT c.root, c.entity, c.field, p.value, count(DISTINCT c.op_id) FROM cells c, json_each(c.body, '$.parents') p
WHERE c.field IS NOT NULL GROUP BY 1, 2, 3, 4;
INSERT INTO cell_head (root, entity, field, op_id, value)
SELECT c.root, c.entity, c.field, c.op_id, CASE WHEN c.kind = 'field.set' THEN v.value WHEN c.kind LIKE '%.restored' THEN NULL ELSE 'deleted' END
FROM cells c LEFT JOIN op_value v USING (op_id)
WHERE c.field IS NOT NULL AND NOT EXISTS (SELECT 1 FROM superseded s WHERE s.root = c.root AND s.entity = c.entity AND s.field = c.field AND s.op_id = c.op_id);
DROP TABLE cells;
`;

const CONFLICTS = `
ALTER TABLE invoices ADD COLUMN conflicts INTEGER NOT NULL DEFAULT 0;
CREATE INDEX invoices_conflicts ON invoices (id) WHERE conflicts > 0;
WITH torn AS (
  SELECT root FROM cell_head GROUP BY root, entity, field HAVING count(DISTINCT coalesce('=' || value, '')) > 1
  UNION SELECT d.root FROM cell_head d JOIN cell_head h ON h.root = d.root AND h.entity = d.entity AND h.field <> d.field
  WHERE d.field = '#deleted' AND d.value = 'deleted'
), clock AS (SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS ms, strftime('%Y-%m-%dT%H:%M:%fZ') AS at)
INSERT OR IGNORE INTO job (id, name, root, data, priority, state, attempts, failures, progress, stage, error, lease, lease_until, run_at, created_at, updated_at)
SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || substr(h, 14, 3) || '-a' || substr(h, 18, 3) || '-' || substr(h, 21, 12)),
  'refresh', t.id, '{}', 3, 'waiting', 0, 0, 0, '', NULL, NULL, NULL, c.ms, c.at, c.at
FROM (SELECT i.id, hex(randomblob(16)) AS h FROM invoices i WHERE i.id IN (SELECT root FROM torn)) t, clock c;
`;

export const HEADS_OF_ROOTS = HEADS + CONFLICTS;
