/**
 * The functions of the log once more, with their rows as columns: arrays, which the server takes as they are, where it had to parse a JSON text of them. What a batch
 * names is answered by what is odd about it. Contents need no key to their operation: one function writes both, and looking each up again locked every row of the log
 * anew. Where a push raises the revision of an invoice there is room for it beside the old row, so that none of the indexes has to hear of it.
 *
 * [Note: Plans that know nothing] The server keeps the plans of these functions, made perhaps when the tables were empty, and its numbers of them are old whenever much comes at
 * once. So no plan may hang on numbers: each row is looked up by its whole key, by a subquery of its own (LIMIT keeps it one) with every other way forbidden. Where a table has several
 * indexes, the order that is asked for says which (`>=` and `<=`: an order by what is fixed would be none). What is changed is found like that first, and then changed where
 * it stands: behind the lock of the site's head nobody moves it in between.
 */
const PATH = 'SET search_path = pg_catalog, public, pg_temp';
export const KEYS_ONLY = `${PATH} SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off`;
/** Beside that; called by those. Every setting costs its time with every call. */
const PLACES_ONLY = `${PATH} SET enable_indexscan = off SET enable_indexonlyscan = off`;

export const COLUMNS = `
ALTER TABLE op_value DROP CONSTRAINT op_value_site_op_id_fkey;
ALTER TABLE invoices SET (fillfactor = 80);
CREATE FUNCTION append_columns(asked text, head json, first bigint, op_ids text[], devices text[], dev_seqs bigint[], roots text[], kinds text[], bodies text[],
  hashes text[], site_hashes text[], received timestamptz[], verdicts text[], head_sigs text[], content_ids text[], contents text[], reasons text[], salts text[])
RETURNS void LANGUAGE plpgsql ${PATH} AS $$ BEGIN
  UPDATE public.site_head h SET dev_seq = n.dev_seq, head_hash = n.head_hash, hlc = n.hlc, seq = n.seq, site_hash = n.site_hash
  FROM json_to_record(head) AS n (dev_seq bigint, head_hash text, hlc text, seq bigint, site_hash text) WHERE h.site = asked;
  INSERT INTO public.op_log (site, seq, op_id, device, dev_seq, root, kind, body, hash, site_hash, received_at, verdict, head_sig)
  SELECT asked, generate_series(first, first + cardinality(op_ids) - 1), unnest(op_ids), unnest(devices), unnest(dev_seqs), unnest(roots), unnest(kinds), unnest(bodies),
    unnest(hashes), unnest(site_hashes), unnest(received), unnest(verdicts), unnest(head_sigs);
  INSERT INTO public.op_value (site, op_id, value, reason, salt) SELECT asked, unnest(content_ids), unnest(contents), unnest(reasons), unnest(salts);
END $$;
CREATE FUNCTION drop_heads(rows tid[]) RETURNS void LANGUAGE plpgsql ${PLACES_ONLY} AS $$ BEGIN
  DELETE FROM public.cell_head h WHERE h.ctid = ANY (rows);
END $$;
CREATE FUNCTION raise_revisions(rows tid[], counts integer[]) RETURNS void LANGUAGE plpgsql ${PLACES_ONLY} AS $$ BEGIN
  UPDATE public.invoices i SET revision = i.revision + r.n FROM unnest(rows, counts) AS r (place, n) WHERE i.ctid = r.place;
END $$;
-- Parents in one order for everybody, so that no two transactions wait for each other. Hardly ever is a row there already: to look for each of them first takes as long as to add it.
CREATE FUNCTION move_cells(asked text, roots text[], entities text[], fields text[], op_ids text[], counts bigint[],
  head_roots text[], head_entities text[], head_fields text[], head_ids text[], head_values text[])
RETURNS void LANGUAGE plpgsql ${KEYS_ONLY} AS $$
DECLARE
  gone tid[];
BEGIN
  BEGIN
    INSERT INTO public.superseded (site, root, entity, field, op_id, count) SELECT asked, unnest(roots), unnest(entities), unnest(fields), unnest(op_ids), unnest(counts);
  EXCEPTION WHEN unique_violation THEN
    INSERT INTO public.superseded AS s (site, root, entity, field, op_id, count)
    SELECT asked, unnest(roots), unnest(entities), unnest(fields), unnest(op_ids), unnest(counts)
    ON CONFLICT (site, entity, field, op_id, root) DO UPDATE SET count = s.count + excluded.count;
  END;
  SELECT array_agg(h.place) INTO gone FROM unnest(roots, entities, fields, op_ids) AS r (root, entity, field, op_id) CROSS JOIN LATERAL (
    SELECT h.ctid AS place FROM public.cell_head h WHERE h.site = asked AND h.entity = r.entity AND h.field = r.field AND h.op_id = r.op_id AND h.root = r.root LIMIT 1) h;
  IF gone IS NOT NULL THEN
    PERFORM public.drop_heads(gone);
  END IF;
  BEGIN
    INSERT INTO public.cell_head (site, root, entity, field, op_id, value)
    SELECT asked, unnest(head_roots), unnest(head_entities), unnest(head_fields), unnest(head_ids), unnest(head_values);
  EXCEPTION WHEN unique_violation THEN
    INSERT INTO public.cell_head (site, root, entity, field, op_id, value)
    SELECT asked, unnest(head_roots), unnest(head_entities), unnest(head_fields), unnest(head_ids), unnest(head_values) ON CONFLICT DO NOTHING;
  END;
END $$;
-- The head first: every statement of a function sees what was committed before it began, so that all the rest is seen behind the lock.
CREATE FUNCTION batch_facts(asked text, of_device text, first_seq bigint, last_seq bigint, op_ids text[], parents text[],
  roots text[], entities text[], fields text[], places text[], wanted text[], since bigint)
RETURNS TABLE (head json, device json, held json, taken json, missing json, gone json, tail json) LANGUAGE plpgsql ${KEYS_ONLY} AS $$ BEGIN
  SELECT row_to_json(h) INTO head FROM (SELECT h.device, h.dev_seq AS "devSeq", h.head_hash AS "headHash", h.hlc, h.seq, h.site_hash AS "siteHash", h.epoch
    FROM public.site_head h WHERE h.site = asked FOR NO KEY UPDATE) h;
  SELECT row_to_json(d) INTO device FROM (SELECT d.dev_seq AS "devSeq", d.hash FROM public.sync_device d
    WHERE d.site = asked AND d.device = of_device FOR UPDATE) d;
  SELECT json_agg(o) INTO held FROM (SELECT l.dev_seq AS "devSeq", l.op_id AS "opId", l.hash, l.seq, l.verdict, l.site_hash AS "siteHash",
      CASE WHEN l.erased_by IS NOT NULL THEN 'erased' WHEN v.there IS NULL THEN 'missing' ELSE 'there' END AS content
    FROM (SELECT * FROM public.op_log l WHERE l.site = asked AND l.device = of_device AND l.dev_seq BETWEEN first_seq AND last_seq ORDER BY l.dev_seq) l
    LEFT JOIN LATERAL (SELECT true AS there FROM public.op_value v WHERE v.site = asked AND v.op_id = l.op_id LIMIT 1) v ON true) o;
  SELECT json_agg(n.id) INTO taken FROM unnest(op_ids) AS n (id) CROSS JOIN LATERAL (
    SELECT FROM public.op_log l WHERE l.site = asked AND l.op_id >= n.id AND l.op_id <= n.id ORDER BY l.op_id LIMIT 1) l;
  IF cardinality(parents) > 0 THEN
    SELECT json_agg(n.id) INTO missing FROM unnest(parents) AS n (id) LEFT JOIN LATERAL (
      SELECT true AS there FROM public.op_log l WHERE l.site = asked AND l.op_id >= n.id AND l.op_id <= n.id ORDER BY l.op_id LIMIT 1) l ON true WHERE l.there IS NULL;
  END IF;
  IF cardinality(places) > 0 THEN
    SELECT json_agg(json_build_object('root', c.root, 'entity', c.entity, 'field', c.field, 'opId', c.op_id)) INTO gone
    FROM unnest(roots, entities, fields, places) AS c (root, entity, field, op_id) CROSS JOIN LATERAL (
      SELECT FROM public.superseded s WHERE s.site = asked AND s.entity = c.entity AND s.field = c.field AND s.op_id = c.op_id AND s.root = c.root AND s.count > 0 LIMIT 1) s;
  END IF;
  IF cardinality(wanted) > 0 THEN
    SELECT json_agg(o) INTO tail FROM (SELECT l.root, l.body, l.verdict, v.value, v.reason, v.salt FROM unnest(wanted) AS w (root) CROSS JOIN LATERAL (
        SELECT l.root, l.body, l.verdict, l.op_id FROM public.op_log l WHERE l.site = asked AND l.root >= w.root AND l.root <= w.root AND l.seq > since ORDER BY l.root, l.seq) l
      LEFT JOIN LATERAL (SELECT v.value, v.reason, v.salt FROM public.op_value v WHERE v.site = asked AND v.op_id = l.op_id LIMIT 1) v ON true) o;
  END IF;
  RETURN NEXT;
END $$;
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('append_columns', 'move_cells', 'batch_facts', 'drop_heads', 'raise_revisions') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app_rw', f);
  END LOOP;
END $$;
`;
