/**
 * Sync: where each station's chain ends, which bytes the operations name that have not come yet, and what was refused of them. An operation that its device signed carries
 * the signature: it covers all before it, so that anybody can offer them again. The log is only ever added to, so nothing else of it changes.
 */
export const SYNC = `
ALTER TABLE site_head ADD COLUMN durable_seq bigint NOT NULL DEFAULT 0;
ALTER TABLE op_log ADD COLUMN head_sig text;
CREATE TABLE sync_device (
  site text NOT NULL, device text NOT NULL, dev_seq bigint NOT NULL, hash text NOT NULL, public_key text, by_site boolean NOT NULL,
  seen_at timestamptz(3) NOT NULL,
  PRIMARY KEY (site, device)
);
CREATE TABLE blob_wait (
  site text NOT NULL, sha256 text NOT NULL, root text NOT NULL, kind text NOT NULL, device text NOT NULL, since timestamptz(3) NOT NULL,
  PRIMARY KEY (site, sha256, root)
);
CREATE TABLE blob_refused (
  site text NOT NULL, sha256 text NOT NULL, reason text NOT NULL, at timestamptz(3) NOT NULL,
  PRIMARY KEY (site, sha256)
);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['sync_device', 'blob_wait', 'blob_refused'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_site ON %I USING (site = current_setting(''app.site'', true))', t);
  END LOOP;
END $$;
REVOKE ALL ON sync_device, blob_wait, blob_refused FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON sync_device TO app_rw;
GRANT SELECT, INSERT, UPDATE, DELETE ON blob_wait, blob_refused TO app_rw;
`;

/**
 * What every change of the log does, as functions: the server keeps their plans, where planning the same few statements anew took longer than everything else of a
 * small change. They run with the rights of the caller, within the walls.
 */
export const LOG_FUNCTIONS = `
CREATE FUNCTION append_log(asked text, head json, ops json, contents json) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  UPDATE public.site_head h SET dev_seq = n.dev_seq, head_hash = n.head_hash, hlc = n.hlc, seq = n.seq, site_hash = n.site_hash
  FROM json_to_record(head) AS n (dev_seq bigint, head_hash text, hlc text, seq bigint, site_hash text) WHERE h.site = asked;
  INSERT INTO public.op_log (site, seq, op_id, device, dev_seq, root, kind, body, hash, site_hash, received_at, verdict, head_sig)
  SELECT asked, r.seq, r.op_id, r.device, r.dev_seq, r.root, r.kind, r.body, r.hash, r.site_hash, r.received_at, r.verdict, r.head_sig
  FROM json_to_recordset(ops) AS r (seq bigint, op_id text, device text, dev_seq bigint, root text, kind text, body text, hash text, site_hash text,
    received_at timestamptz, verdict text, head_sig text);
  INSERT INTO public.op_value (site, op_id, value, reason, salt)
  SELECT asked, r.op_id, r.value, r.reason, r.salt FROM json_to_recordset(contents) AS r (op_id text, value text, reason text, salt text);
END $$;
-- Parents in one order for everybody, so that no two transactions wait for each other.
CREATE FUNCTION move_heads(asked text, parents json, heads json) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  INSERT INTO public.superseded AS s (site, entity, field, op_id, count)
  SELECT asked, r.entity, r.field, r.op_id, r.n FROM json_to_recordset(parents) AS r (entity text, field text, op_id text, n integer)
  ON CONFLICT (site, entity, field, op_id) DO UPDATE SET count = s.count + excluded.count;
  DELETE FROM public.cell_head h USING json_to_recordset(parents) AS r (entity text, field text, op_id text)
  WHERE h.site = asked AND h.entity = r.entity AND h.field = r.field AND h.op_id = r.op_id;
  INSERT INTO public.cell_head (site, entity, field, op_id, value)
  SELECT asked, r.entity, r.field, r.op_id, r.value FROM json_to_recordset(heads) AS r (entity text, field text, op_id text, value text)
  ON CONFLICT DO NOTHING;
END $$;
-- The head first: every statement of a function sees what was committed before it began, so that all the rest is seen behind the lock.
CREATE FUNCTION push_facts(asked text, of_device text, first_seq bigint, last_seq bigint, ids text[], cells json, wanted text[])
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
  SELECT json_agg(json_build_object('entity', s.entity, 'field', s.field, 'opId', s.op_id)) INTO gone
  FROM json_to_recordset(cells) AS c (entity text, field text, "opId" text)
  JOIN public.superseded s ON s.site = asked AND s.entity = c.entity AND s.field = c.field AND s.op_id = c."opId" AND s.count > 0;
  IF cardinality(wanted) > 0 THEN
    SELECT json_agg(o) INTO roots FROM (SELECT l.root, l.body, l.verdict, v.value, v.reason, v.salt
      FROM public.op_log l LEFT JOIN public.op_value v ON v.site = asked AND v.op_id = l.op_id
      WHERE l.site = asked AND l.root = ANY (wanted) ORDER BY l.seq) o;
  END IF;
  RETURN NEXT;
END $$;
CREATE FUNCTION follow_push(asked text, device json, ids text[], counts integer[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  INSERT INTO public.sync_device AS d (site, device, dev_seq, hash, public_key, by_site, seen_at)
  SELECT asked, n.device, n."devSeq", n.hash, n."publicKey", n."publicKey" IS NULL, n.at
  FROM json_to_record(device) AS n (device text, "devSeq" bigint, hash text, "publicKey" text, at timestamptz)
  ON CONFLICT ON CONSTRAINT sync_device_pkey DO UPDATE SET dev_seq = excluded.dev_seq, hash = excluded.hash, seen_at = excluded.seen_at,
    public_key = coalesce(d.public_key, excluded.public_key);
  UPDATE public.invoices i SET revision = i.revision + r.n FROM unnest(ids, counts) AS r (id, n) WHERE i.site = asked AND i.id = r.id;
END $$;
REVOKE ALL ON FUNCTION append_log(text, json, json, json), move_heads(text, json, json),
  push_facts(text, text, bigint, bigint, text[], json, text[]), follow_push(text, json, text[], integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_log(text, json, json, json), move_heads(text, json, json),
  push_facts(text, text, bigint, bigint, text[], json, text[]), follow_push(text, json, text[], integer[]) TO app_rw;
`;
