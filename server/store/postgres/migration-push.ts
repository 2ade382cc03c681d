/**
 * What a push needs to be taken in by one round trip: jobs made by a function like all else that a commit writes, whose plan is kept; and a look, behind the lock of the site's head, at
 * whether everything is as who pushes expects it (sync-ahead.ts). Looked up by whole keys: [Note: Plans that know nothing] in migration-columns.ts.
 */
import { KEYS_ONLY } from './migration-columns.ts';

export const PUSH = `
-- Of one that waits already whoever delivers it has to hear where it is more urgent now; otherwise nothing is new about it. Its row is locked in either case: nobody begins it before this is committed.
CREATE FUNCTION add_jobs(asked text, jobs json, at_time timestamptz, promised timestamptz) RETURNS text[] LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  added text[];
BEGIN
  WITH made AS (
    INSERT INTO public.job AS j (site, id, name, root, data, priority, state, attempts, failures, progress, stage, run_at, created_at, updated_at, handed_at)
    SELECT asked, r.id, r.name, r.root, r.data, r.priority, 'waiting', 0, 0, 0, '', at_time, at_time, at_time, promised
    FROM json_to_recordset(jobs) AS r (id text, name text, root text, data json, priority integer)
    ON CONFLICT (site, name, root) WHERE state = 'waiting' DO UPDATE SET priority = least(j.priority, excluded.priority), run_at = least(j.run_at, excluded.run_at),
      handed_at = CASE WHEN j.handed_at IS NULL THEN NULL ELSE to_timestamp(0) END
    WHERE j.priority > excluded.priority OR j.run_at > excluded.run_at
    RETURNING j.id)
  SELECT array_agg(m.id) INTO added FROM made m;
  RETURN added;
END $$;
-- Where a word is not true nothing is locked, or written. Whoever adds to the log holds the lock of its head, so that nothing of this changes before the transaction ends.
CREATE FUNCTION is_as_expected(asked text, of_epoch integer, after_seq bigint, after_hash text, of_device text, after_dev_seq bigint, after_dev_hash text,
  parents text[], roots text[], entities text[], fields text[], places text[]) RETURNS boolean LANGUAGE plpgsql ${KEYS_ONLY} AS $$ BEGIN
  PERFORM FROM public.site_head h WHERE h.site = asked AND h.epoch = of_epoch AND h.seq = after_seq AND h.site_hash = after_hash FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM FROM public.sync_device d WHERE d.site = asked AND d.device = of_device AND d.dev_seq = after_dev_seq AND d.hash = after_dev_hash;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM FROM unnest(parents) AS n (id) LEFT JOIN LATERAL (
    SELECT true AS there FROM public.op_log l WHERE l.site = asked AND l.op_id >= n.id AND l.op_id <= n.id ORDER BY l.op_id LIMIT 1) l ON true WHERE l.there IS NULL;
  IF FOUND THEN
    RETURN false;
  END IF;
  PERFORM FROM unnest(roots, entities, fields, places) AS c (root, entity, field, op_id) CROSS JOIN LATERAL (
    SELECT FROM public.superseded s WHERE s.site = asked AND s.entity = c.entity AND s.field = c.field AND s.op_id = c.op_id AND s.root = c.root AND s.count > 0 LIMIT 1) s;
  RETURN NOT FOUND;
END $$;
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('add_jobs', 'is_as_expected') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app_rw', f);
  END LOOP;
END $$;
`;
