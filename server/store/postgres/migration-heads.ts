/**
 * Cells belong to a root: an operation that names an entity of another aggregate moves nothing of that one. Heads and what superseded them are made again from the log, by
 * the rule of core/sync/reducer.ts. A program of before names no roots: its cells get those of the operations. Invoices get the number of their conflicts; those that
 * may have any are shown again by a job.
 */
const walls = (how: 'FORCE' | 'NO FORCE'): string => `
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['op_log', 'op_value', 'cell_head', 'superseded', 'invoices', 'job'] LOOP
    EXECUTE format('ALTER TABLE %I ${how} ROW LEVEL SECURITY', t);
  END LOOP;
END $$;
`;

const REBUILD = `
TRUNCATE cell_head, superseded;
ALTER TABLE cell_head ADD COLUMN root text NOT NULL;
ALTER TABLE superseded ADD COLUMN root text NOT NULL;
ALTER TABLE superseded DROP CONSTRAINT superseded_pkey;
ALTER TABLE superseded ADD PRIMARY KEY (site, entity, field, op_id, root);
CREATE TEMP TABLE cells ON COMMIT DROP AS
SELECT l.site, l.root, l.op_id, l.kind, l.body::json AS body, (l.body::json #>> '{entity,type}') || ':' || (l.body::json #>> '{entity,id}') AS entity,
  CASE WHEN l.kind = 'field.set' THEN l.body::json ->> 'field' ELSE '#deleted' END AS field
FROM op_log l WHERE l.verdict = 'accepted'
  AND l.kind IN ('field.set', 'line.deleted', 'line.restored', 'taxRow.deleted', 'taxRow.restored', 'lesson.forgotten', 'lesson.restored');
DELETE FROM cells WHERE field IS NULL;
INSERT INTO superseded (site, root, entity, field, op_id, count)
SELECT c.site, c.root, c.entity, c.field, p.parent, count(DISTINCT c.op_id) FROM cells c, json_array_elements_text(c.body -> 'parents') AS p (parent)
GROUP BY 1, 2, 3, 4, 5;
INSERT INTO cell_head (site, root, entity, field, op_id, value)
SELECT c.site, c.root, c.entity, c.field, c.op_id,
  CASE WHEN c.kind = 'field.set' THEN v.value WHEN c.kind LIKE '%.restored' THEN NULL ELSE 'deleted' END
FROM cells c LEFT JOIN op_value v ON v.site = c.site AND v.op_id = c.op_id
WHERE NOT EXISTS (SELECT FROM superseded s WHERE s.site = c.site AND s.root = c.root AND s.entity = c.entity AND s.field = c.field AND s.op_id = c.op_id);
`;

const CONFLICTS = `
ALTER TABLE invoices ADD COLUMN conflicts integer NOT NULL DEFAULT 0;
CREATE INDEX invoices_conflicts ON invoices (site, id) WHERE conflicts > 0;
INSERT INTO job (site, id, name, root, data, priority, state, attempts, failures, progress, stage, run_at, created_at, updated_at)
SELECT i.site, gen_random_uuid(), 'refresh', i.id, '{}', 3, 'waiting', 0, 0, 0, '', now(), now(), now() FROM invoices i
WHERE (i.site, i.id) IN (
  SELECT site, root FROM cell_head GROUP BY site, root, entity, field HAVING count(DISTINCT value) + max((value IS NULL)::int) > 1
  UNION SELECT d.site, d.root FROM cell_head d JOIN cell_head h ON h.site = d.site AND h.root = d.root AND h.entity = d.entity AND h.field <> d.field
  WHERE d.field = '#deleted' AND d.value = 'deleted'
) ON CONFLICT DO NOTHING;
`;

const FUNCTIONS = `
CREATE OR REPLACE FUNCTION move_heads(asked text, parents json, heads json) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  INSERT INTO public.superseded AS s (site, root, entity, field, op_id, count)
  SELECT asked, coalesce(r.root, (SELECT l.root FROM public.op_log l WHERE l.site = asked AND l.op_id = r.op_id), ''), r.entity, r.field, r.op_id, r.n
  FROM json_to_recordset(parents) AS r (root text, entity text, field text, op_id text, n integer)
  ON CONFLICT (site, entity, field, op_id, root) DO UPDATE SET count = s.count + excluded.count;
  DELETE FROM public.cell_head h USING json_to_recordset(parents) AS r (root text, entity text, field text, op_id text)
  WHERE h.site = asked AND h.entity = r.entity AND h.field = r.field AND h.op_id = r.op_id AND (r.root IS NULL OR h.root = r.root);
  INSERT INTO public.cell_head (site, root, entity, field, op_id, value)
  SELECT asked, coalesce(r.root, (SELECT l.root FROM public.op_log l WHERE l.site = asked AND l.op_id = r.op_id), ''), r.entity, r.field, r.op_id, r.value
  FROM json_to_recordset(heads) AS r (root text, entity text, field text, op_id text, value text)
  ON CONFLICT DO NOTHING;
END $$;
-- As before, but for the roots of cells.
CREATE OR REPLACE FUNCTION push_facts(asked text, of_device text, first_seq bigint, last_seq bigint, ids text[], cells json, wanted text[])
RETURNS TABLE (head json, device json, held json, known text[], gone json, roots json) LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  SELECT row_to_json(h) INTO head FROM (SELECT h.device, h.dev_seq AS "devSeq", h.head_hash AS "headHash", h.hlc, h.seq, h.site_hash AS "siteHash", h.epoch
    FROM public.site_head h WHERE h.site = asked FOR NO KEY UPDATE) h;
  SELECT row_to_json(d) INTO device FROM (SELECT d.dev_seq AS "devSeq", d.hash FROM public.sync_device d
    WHERE d.site = asked AND d.device = of_device FOR UPDATE) d;
  SELECT json_agg(o) INTO held FROM (SELECT l.dev_seq AS "devSeq", l.op_id AS "opId", l.hash, l.seq, l.verdict, l.site_hash AS "siteHash",
      CASE WHEN l.erased_by IS NOT NULL THEN 'erased' WHEN v.op_id IS NULL THEN 'missing' ELSE 'there' END AS content
    FROM public.op_log l LEFT JOIN public.op_value v ON v.site = asked AND v.op_id = l.op_id
    WHERE l.site = asked AND l.device = of_device AND l.dev_seq BETWEEN first_seq AND last_seq) o;
  SELECT array_agg(l.op_id) INTO known FROM public.op_log l WHERE l.site = asked AND l.op_id = ANY (ids);
  SELECT json_agg(json_build_object('root', s.root, 'entity', s.entity, 'field', s.field, 'opId', s.op_id)) INTO gone
  FROM json_to_recordset(cells) AS c (root text, entity text, field text, "opId" text)
  JOIN public.superseded s ON s.site = asked AND s.entity = c.entity AND s.field = c.field AND s.op_id = c."opId" AND s.count > 0
    AND (c.root IS NULL OR s.root = c.root);
  IF cardinality(wanted) > 0 THEN
    SELECT json_agg(o) INTO roots FROM (SELECT l.root, l.body, l.verdict, v.value, v.reason, v.salt
      FROM public.op_log l LEFT JOIN public.op_value v ON v.site = asked AND v.op_id = l.op_id
      WHERE l.site = asked AND l.root = ANY (wanted) ORDER BY l.seq) o;
  END IF;
  RETURN NEXT;
END $$;
`;

export const HEADS_OF_ROOTS = [walls('NO FORCE'), REBUILD, CONFLICTS, walls('FORCE'), FUNCTIONS].join('');
