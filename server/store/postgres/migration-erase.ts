/**
 * Erasure. The application may add to the log and to nothing else of it; what an erasure takes away is taken by one function, with the rights of whoever migrates and within the walls
 * of the site that is set. It is told of every operation that is added: erasures that were accepted, and what the others tell of, in case that was erased before.
 */
const TABLES = `
CREATE TABLE erased (site text NOT NULL, target text NOT NULL, op_id text NOT NULL, at timestamptz(3) NOT NULL, PRIMARY KEY (site, target));
CREATE TABLE erased_blob (site text NOT NULL, sha256 text NOT NULL, op_id text NOT NULL, state text NOT NULL, PRIMARY KEY (site, sha256));
CREATE INDEX op_log_erasures ON op_log (site, seq) WHERE kind = ANY (ARRAY['erase.asked', 'erase.confirmed', 'erase.withdrawn']);
CREATE INDEX op_log_lessons_refused ON op_log (site, seq) WHERE kind = ANY (ARRAY['lesson.learned', 'lesson.applied']) AND verdict <> 'accepted';
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['erased', 'erased_blob'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_site ON %I USING (site = current_setting(''app.site'', true))', t);
  END LOOP;
END $$;
REVOKE ALL ON erased, erased_blob FROM PUBLIC;
GRANT SELECT ON erased TO app_rw;
GRANT SELECT, UPDATE ON erased_blob TO app_rw;
`;

/**
 * A member of a text of JSON that anybody may have written: null where it is none. What no text of the database holds is read as another character, as in all that names nothing
 * (text.ts); otherwise one operation could keep everybody's erasure from being carried out.
 */
const JSON_AT = `
CREATE FUNCTION json_at(value text, VARIADIC path text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN regexp_replace(value, '\\\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\\\\ufffd', 'g')::json #>> path;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION json_at(text, text[]) FROM PUBLIC;
`;

/** As server/store/sqlite/erase.ts: that one is the more readable of the two. */
const ERASE_NOW = `
CREATE FUNCTION erase_targets(asked text, targets text[], by_op text, at_time timestamptz) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  lessons text[];
  vendors text[];
  ops text[];
BEGIN
  SELECT coalesce(array_agg(l.id), '{}') INTO lessons FROM public.lesson l WHERE l.site = asked AND l.invoice = ANY (targets);
  SELECT coalesce(array_agg(v.vendor), '{}') INTO vendors FROM (
    SELECT l.vendor FROM public.lesson l WHERE l.site = asked AND l.invoice = ANY (targets)
    UNION SELECT u.vendor FROM public.lesson_use u WHERE u.site = asked AND u.invoice = ANY (targets)) v;
  INSERT INTO public.erased (site, target, op_id, at) SELECT asked, t, by_op, at_time FROM unnest(targets || lessons) AS t
  ON CONFLICT (site, target) DO UPDATE SET op_id = excluded.op_id;
  SELECT coalesce(array_agg(o.op_id), '{}') INTO ops FROM (
    SELECT l.op_id FROM public.op_log l WHERE l.site = asked AND l.root = ANY (targets)
    UNION SELECT l.op_id FROM public.op_log l WHERE l.site = asked AND l.root = ANY (vendors) AND l.kind LIKE 'lesson.%'
      AND (public.json_at(l.body, 'entity', 'id') = ANY (targets) OR left(public.json_at(l.body, 'entity', 'id'), 36) = ANY (lessons || targets))
    UNION SELECT l.op_id FROM public.op_log l JOIN public.op_value v ON v.site = asked AND v.op_id = l.op_id
      WHERE l.site = asked AND l.kind = ANY (ARRAY['lesson.learned', 'lesson.applied']) AND l.verdict <> 'accepted'
      AND EXISTS (SELECT 1 FROM unnest(targets) t WHERE strpos(v.value, t) > 0)) o;
  INSERT INTO public.erased_blob (site, sha256, op_id, state)
  SELECT asked, b.sha256, by_op, 'waiting' FROM (
    SELECT t AS sha256 FROM unnest(targets) AS t
    UNION SELECT r.blob FROM (
        SELECT public.json_at(v.value, 'blob') AS blob, public.json_at(v.value, 'document') AS document
        FROM public.op_value v JOIN public.op_log l ON l.site = asked AND l.op_id = v.op_id
        WHERE v.site = asked AND v.op_id = ANY (ops) AND l.kind = 'reading.recorded') r
      WHERE NOT EXISTS (
        SELECT 1 FROM public.op_log l JOIN public.op_value v ON v.site = asked AND v.op_id = l.op_id
        WHERE l.site = asked AND l.kind = 'reading.recorded' AND public.json_at(v.value, 'blob') = r.blob AND l.root IN (
            SELECT i.id FROM public.invoices i WHERE i.site = asked AND i.document_sha = r.document
            UNION SELECT j.root FROM public.job j WHERE j.site = asked AND j.name = 'refresh' AND j.state IN ('waiting', 'running'))
          AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = asked AND e.target = l.root))
    UNION SELECT e.data ->> 'sha256' FROM public.export_batch e WHERE e.site = asked
      AND EXISTS (SELECT 1 FROM json_array_elements_text(e.data -> 'invoices') i WHERE i = ANY (targets))) b
  WHERE b.sha256 ~ '^[0-9a-f]{64}$' ON CONFLICT (site, sha256) DO UPDATE SET state = 'waiting';
  DELETE FROM public.op_value v WHERE v.site = asked AND v.op_id = ANY (ops);
  UPDATE public.op_log l SET erased_by = by_op WHERE l.site = asked AND l.op_id = ANY (ops) AND l.erased_by IS DISTINCT FROM by_op;
  UPDATE public.cell_head h SET value = NULL FROM public.op_log l WHERE l.site = asked AND l.op_id = ANY (ops) AND h.site = asked
    AND h.entity = public.json_at(l.body, 'entity', 'type') || ':' || public.json_at(l.body, 'entity', 'id') AND h.op_id = l.op_id AND h.field NOT LIKE '#%';
  INSERT INTO public.job AS j (site, id, name, root, data, priority, state, attempts, failures, progress, stage, run_at, created_at, updated_at)
  SELECT asked, left(n.ms, 8) || '-' || right(n.ms, 4) || '-7' || substr(n.random, 16), 'refresh', n.id, '{}', 3, 'waiting', 0, 0, 0, '', at_time, at_time, at_time
  FROM (SELECT o.id, gen_random_uuid()::text AS random, lpad(to_hex((extract(epoch FROM at_time) * 1000)::bigint), 12, '0') AS ms FROM (
      SELECT o.id FROM public.invoices t JOIN public.invoices o ON o.site = asked AND o.document_sha = t.document_sha WHERE t.site = asked AND t.id = ANY (targets)
      UNION SELECT o.id FROM public.invoices t JOIN public.invoices o ON o.site = asked AND o.number_key = t.number_key AND o.vendor_key = t.vendor_key
        WHERE t.site = asked AND t.id = ANY (targets)
      UNION SELECT o.id FROM public.invoices t JOIN public.invoices o ON o.site = asked AND o.number_key = t.number_key AND o.gross_total = t.gross_total
        WHERE t.site = asked AND t.id = ANY (targets)
      UNION SELECT o.id FROM public.invoices t JOIN public.invoices o ON o.site = asked AND o.vendor_key = t.vendor_key AND o.gross_total = t.gross_total
        WHERE t.site = asked AND t.id = ANY (targets)
      UNION SELECT i.id FROM public.op_log l JOIN public.invoices i ON i.site = asked AND i.id = substr(public.json_at(l.body, 'entity', 'id'), length(l.root) + 2)
        WHERE l.site = asked AND l.root = ANY (targets) AND l.kind LIKE 'duplicate.%') o
    WHERE o.id <> ALL (targets)) n ORDER BY n.id
  ON CONFLICT (site, name, root) WHERE state = 'waiting' DO UPDATE SET run_at = least(j.run_at, excluded.run_at),
    handed_at = CASE WHEN j.handed_at IS NULL THEN NULL ELSE to_timestamp(0) END;
  DELETE FROM public.lesson_key k WHERE k.site = asked AND k.lesson = ANY (lessons);
  DELETE FROM public.lesson l WHERE l.site = asked AND l.id = ANY (lessons);
  DELETE FROM public.lesson_use u WHERE u.site = asked AND u.invoice = ANY (targets);
  DELETE FROM public.lines l WHERE l.site = asked AND l.invoice = ANY (targets);
  DELETE FROM public.invoice_data d WHERE d.site = asked AND d.invoice = ANY (targets);
  DELETE FROM public.invoice_search s USING public.invoices i WHERE i.site = asked AND i.id = ANY (targets) AND s.site = asked AND s.row = i.row;
  WITH gone AS (DELETE FROM public.invoices i WHERE i.site = asked AND i.id = ANY (targets) RETURNING i.status)
  UPDATE public.invoice_count c SET n = c.n - g.n FROM (SELECT status, count(*)::int AS n FROM gone GROUP BY status) g
  WHERE c.site = asked AND c.status = g.status;
  DELETE FROM public.documents d WHERE d.site = asked AND d.sha256 = ANY (targets);
  DELETE FROM public.blob_wait w WHERE w.site = asked
    AND (w.root = ANY (targets) OR w.sha256 IN (SELECT b.sha256 FROM public.erased_blob b WHERE b.site = asked));
  DELETE FROM public.job j WHERE j.site = asked AND j.root = ANY (targets) AND j.state <> 'running';
  DELETE FROM public.job j WHERE j.site = asked AND j.name = 'webhook' AND j.state <> 'running'
    AND EXISTS (SELECT 1 FROM unnest(targets) t WHERE strpos(j.data::text, t) > 0);
  DELETE FROM public.idempotency a WHERE a.site = asked AND EXISTS (SELECT 1 FROM unnest(targets) t WHERE strpos(a.reply, t) > 0);
  DELETE FROM public.webhook_delivery d WHERE d.site = asked AND EXISTS (SELECT 1 FROM unnest(targets) t WHERE strpos(d.body::text, t) > 0);
END $$;
-- \`told\`: erasures among the operations that were added just now. \`named\`: what the others tell of. Nothing is erased but by an operation of the log.
CREATE FUNCTION erase_now(asked text, told text[], named text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  one record;
BEGIN
  IF asked IS DISTINCT FROM current_setting('app.site', true) THEN
    RAISE EXCEPTION 'another site';
  END IF;
  IF cardinality(told) > 0 THEN
    FOR one IN SELECT l.op_id, l.received_at, ARRAY(SELECT json_array_elements_text(public.json_at(v.value, 'invoices')::json)
        UNION SELECT json_array_elements_text(public.json_at(v.value, 'documents')::json)) AS targets
      FROM public.op_log l JOIN public.op_value v ON v.site = asked AND v.op_id = l.op_id
      WHERE l.site = asked AND l.op_id = ANY (told) AND l.kind = 'erase.confirmed' AND l.verdict = 'accepted' LOOP
      PERFORM public.erase_targets(asked, one.targets, one.op_id, one.received_at);
    END LOOP;
  END IF;
  FOR one IN SELECT e.target, e.op_id, e.at FROM public.erased e WHERE e.site = asked AND e.target = ANY (named) LOOP
    PERFORM public.erase_targets(asked, ARRAY[one.target], one.op_id, one.at);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION erase_targets(text, text[], text, timestamptz), erase_now(text, text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_now(text, text[], text[]) TO app_rw;
`;

/** As before (migration-7.ts); a document that was erased is known, too: it is not taken in again. */
const KNOWN = `
CREATE OR REPLACE FUNCTION known_among(of_site text, ops text[], answers text[], projected text[], jobs text[], shas text[])
RETURNS TABLE (what text, id text, revision integer, status text) LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  IF cardinality(ops) > 0 THEN
    RETURN QUERY SELECT 'op', o.op_id, NULL::integer, NULL::text FROM public.op_log o WHERE o.site = of_site AND o.op_id = ANY (ops);
  END IF;
  IF cardinality(answers) > 0 THEN
    RETURN QUERY SELECT 'answer', a.key, NULL::integer, NULL::text FROM public.idempotency a WHERE a.site = of_site AND a.key = ANY (answers);
  END IF;
  IF cardinality(projected) > 0 THEN
    RETURN QUERY SELECT 'invoice', i.id, i.revision, i.status FROM public.invoices i WHERE i.site = of_site AND i.id = ANY (projected);
  END IF;
  IF cardinality(jobs) > 0 THEN
    RETURN QUERY SELECT 'job', j.id::text, NULL::integer, NULL::text FROM public.job j WHERE j.site = of_site AND j.id = ANY (jobs);
  END IF;
  IF cardinality(shas) > 0 THEN
    RETURN QUERY SELECT DISTINCT 'document', i.document_sha, NULL::integer, NULL::text FROM public.invoices i
      WHERE i.site = of_site AND i.document_sha = ANY (shas)
      UNION SELECT 'document', e.target, NULL::integer, NULL::text FROM public.erased e WHERE e.site = of_site AND e.target = ANY (shas);
  END IF;
END $$;
`;

export const ERASURE = [TABLES, JSON_AT, ERASE_NOW, KNOWN].join('\n');
