/**
 * The functions of the log once more, with their rows as columns: arrays, which the server takes as they are, where it had to parse a JSON text of them. What a batch
 * names is answered by what is odd about it. Contents need no key to their operation: one function writes both, and looking each up again locked every row of the log
 * anew. Where a push raises the revision of an invoice there is room for it beside the old row, so that none of the indexes has to hear of it.
 */
export const COLUMNS = `
ALTER TABLE op_value DROP CONSTRAINT op_value_site_op_id_fkey;
ALTER TABLE invoices SET (fillfactor = 80);
CREATE FUNCTION append_columns(asked text, head json, first bigint, op_ids text[], devices text[], dev_seqs bigint[], roots text[], kinds text[], bodies text[],
  hashes text[], site_hashes text[], received text[], verdicts text[], head_sigs text[], content_ids text[], contents text[], reasons text[], salts text[])
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  UPDATE public.site_head h SET dev_seq = n.dev_seq, head_hash = n.head_hash, hlc = n.hlc, seq = n.seq, site_hash = n.site_hash
  FROM json_to_record(head) AS n (dev_seq bigint, head_hash text, hlc text, seq bigint, site_hash text) WHERE h.site = asked;
  INSERT INTO public.op_log (site, seq, op_id, device, dev_seq, root, kind, body, hash, site_hash, received_at, verdict, head_sig)
  SELECT asked, first + r.n - 1, r.op_id, r.device, r.dev_seq, r.root, r.kind, r.body, r.hash, r.site_hash, r.received_at::timestamptz, r.verdict, r.head_sig
  FROM unnest(op_ids, devices, dev_seqs, roots, kinds, bodies, hashes, site_hashes, received, verdicts, head_sigs) WITH ORDINALITY
    AS r (op_id, device, dev_seq, root, kind, body, hash, site_hash, received_at, verdict, head_sig, n);
  INSERT INTO public.op_value (site, op_id, value, reason, salt)
  SELECT asked, r.op_id, r.value, r.reason, r.salt FROM unnest(content_ids, contents, reasons, salts) AS r (op_id, value, reason, salt);
END $$;
-- Parents in one order for everybody, so that no two transactions wait for each other.
CREATE FUNCTION move_cells(asked text, roots text[], entities text[], fields text[], op_ids text[], counts bigint[],
  head_roots text[], head_entities text[], head_fields text[], head_ids text[], head_values text[])
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  INSERT INTO public.superseded AS s (site, root, entity, field, op_id, count)
  SELECT asked, r.root, r.entity, r.field, r.op_id, r.n FROM unnest(roots, entities, fields, op_ids, counts) AS r (root, entity, field, op_id, n)
  ON CONFLICT (site, entity, field, op_id, root) DO UPDATE SET count = s.count + excluded.count;
  DELETE FROM public.cell_head h USING unnest(roots, entities, fields, op_ids) AS r (root, entity, field, op_id)
  WHERE h.site = asked AND h.entity = r.entity AND h.field = r.field AND h.op_id = r.op_id AND h.root = r.root;
  INSERT INTO public.cell_head (site, root, entity, field, op_id, value)
  SELECT asked, r.root, r.entity, r.field, r.op_id, r.value
  FROM unnest(head_roots, head_entities, head_fields, head_ids, head_values) AS r (root, entity, field, op_id, value)
  ON CONFLICT DO NOTHING;
END $$;
-- The head first: every statement of a function sees what was committed before it began, so that all the rest is seen behind the lock.
CREATE FUNCTION batch_facts(asked text, of_device text, first_seq bigint, last_seq bigint, op_ids text[], parents text[],
  roots text[], entities text[], fields text[], places text[], wanted text[], since bigint)
RETURNS TABLE (head json, device json, held json, taken json, missing json, gone json, tail json) LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  SELECT row_to_json(h) INTO head FROM (SELECT h.device, h.dev_seq AS "devSeq", h.head_hash AS "headHash", h.hlc, h.seq, h.site_hash AS "siteHash", h.epoch
    FROM public.site_head h WHERE h.site = asked FOR NO KEY UPDATE) h;
  SELECT row_to_json(d) INTO device FROM (SELECT d.dev_seq AS "devSeq", d.hash FROM public.sync_device d
    WHERE d.site = asked AND d.device = of_device FOR UPDATE) d;
  SELECT json_agg(o) INTO held FROM (SELECT l.dev_seq AS "devSeq", l.op_id AS "opId", l.hash, l.seq, l.verdict, l.site_hash AS "siteHash",
      CASE WHEN l.erased_by IS NOT NULL THEN 'erased' WHEN v.op_id IS NULL THEN 'missing' ELSE 'there' END AS content
    FROM public.op_log l LEFT JOIN public.op_value v ON v.site = asked AND v.op_id = l.op_id
    WHERE l.site = asked AND l.device = of_device AND l.dev_seq BETWEEN first_seq AND last_seq) o;
  SELECT json_agg(l.op_id) INTO taken FROM public.op_log l WHERE l.site = asked AND l.op_id = ANY (op_ids);
  SELECT json_agg(p.id) INTO missing FROM unnest(parents) AS p (id)
  WHERE NOT EXISTS (SELECT 1 FROM public.op_log l WHERE l.site = asked AND l.op_id = p.id);
  SELECT json_agg(json_build_object('root', s.root, 'entity', s.entity, 'field', s.field, 'opId', s.op_id)) INTO gone
  FROM unnest(roots, entities, fields, places) AS c (root, entity, field, op_id)
  JOIN public.superseded s ON s.site = asked AND s.entity = c.entity AND s.field = c.field AND s.op_id = c.op_id AND s.root = c.root AND s.count > 0;
  IF cardinality(wanted) > 0 THEN
    SELECT json_agg(o) INTO tail FROM (SELECT l.root, l.body, l.verdict, v.value, v.reason, v.salt
      FROM public.op_log l LEFT JOIN public.op_value v ON v.site = asked AND v.op_id = l.op_id
      WHERE l.site = asked AND l.root = ANY (wanted) AND l.seq > since ORDER BY l.seq) o;
  END IF;
  RETURN NEXT;
END $$;
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('append_columns', 'move_cells', 'batch_facts') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app_rw', f);
  END LOOP;
END $$;
`;
