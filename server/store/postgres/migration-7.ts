/**
 * What every commit asks, and what is asked about every file that comes in, as functions: the server keeps their plans, which take longer to make than to carry
 * out, and each is one statement instead of many. In `known_among` each question sees what was committed before it is asked, so behind the lock of the site's head nothing
 * that counts is missed. `read_invoices` (migration-4.ts) keeps its plan, too: in a large archive the server would make a new one for each call, which takes longer than the reading.
 */
export const QUESTIONS = `
CREATE FUNCTION known_among(of_site text, ops text[], answers text[], projected text[], jobs text[], shas text[])
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
      WHERE i.site = of_site AND i.document_sha = ANY (shas);
  END IF;
END $$;
CREATE FUNCTION invoices_of(asked_site text, shas text[]) RETURNS TABLE (id text, sha text) LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$ BEGIN
  PERFORM set_config('app.site', asked_site, true), set_config('lock_timeout', '30s', true);
  RETURN QUERY SELECT i.id, i.document_sha FROM public.invoices i WHERE i.site = asked_site AND i.document_sha = ANY (shas) ORDER BY i.created_at, i.row;
END $$;
REVOKE ALL ON FUNCTION known_among(text, text[], text[], text[], text[], text[]), invoices_of(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION known_among(text, text[], text[], text[], text[], text[]), invoices_of(text, text[]) TO app_rw;
ALTER FUNCTION read_invoices(text, text[]) SET plan_cache_mode = force_generic_plan;
`;
