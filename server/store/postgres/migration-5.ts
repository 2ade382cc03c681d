/**
 * Each change of a job writes to every index whose condition its row fulfils, so a job has few of them: by id, by the work it is, and one for each question
 * about what waits, is dead or has ended. What runs is never much. Turns are counted where they are taken, in Redis.
 *
 * Jobs are claimed by a function: the server keeps its plan, which takes longer to make than to carry out, and it is one statement instead of a transaction of
 * four. The plan has to do for a table that was empty when it was made: by keys, and nothing else. Rows are found by their ids before anything else is asked of
 * them: by an index over what waits all of it might be read. A claim is not flushed to the disk: were it lost, the commit of its effect would find no lease. What
 * belongs to sites that the caller does not serve is not touched (NULL: it serves all).
 */
export const LIGHT_JOBS = `
ALTER TABLE job DROP CONSTRAINT job_pkey;
ALTER TABLE job ADD PRIMARY KEY (id, site);
DROP INDEX job_id;
DROP INDEX job_root;
DROP INDEX job_open;
DROP INDEX job_lease;
DROP INDEX job_front;
DROP INDEX job_line;
CREATE FUNCTION claim_jobs(of_site text, served text[], asked text[], leases text[], lease_ms float8, most integer, at timestamptz)
RETURNS TABLE (site text, id text, name text, root text, data json, state text, lease text, attempts integer) LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE moment timestamptz := coalesce(at, date_trunc('milliseconds', statement_timestamp()));
BEGIN
  PERFORM set_config('app.site', of_site, true), set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '30s', true);
  RETURN QUERY
  WITH found AS MATERIALIZED (
    SELECT j.ctid AS row, w.lease FROM unnest(asked, leases) AS w (id, lease) JOIN public.job j ON j.id = w.id
    WHERE served IS NULL OR j.site = ANY (served) ORDER BY j.id
  ), wanted AS (
    SELECT f.site, f.id, found.lease FROM found CROSS JOIN LATERAL (
      SELECT j.site, j.id FROM public.job j WHERE j.ctid = found.row AND (
        (j.state = 'waiting' AND j.run_at <= moment AND NOT EXISTS (
          SELECT 1 FROM public.job t WHERE t.site = j.site AND t.name = j.name AND t.root = j.root AND t.state = 'running' AND t.id <> j.id
        )) OR (j.state = 'running' AND j.lease_until <= moment)
      ) FOR UPDATE OF j SKIP LOCKED
    ) AS f
  )
  UPDATE public.job j SET
    state = CASE WHEN j.attempts >= most THEN 'dead' ELSE 'running' END,
    error = CASE WHEN j.attempts >= most THEN 'given up: claimed ' || j.attempts || ' times and never ended' ELSE j.error END,
    lease = CASE WHEN j.attempts >= most THEN NULL ELSE taken.lease END,
    lease_until = CASE WHEN j.attempts >= most THEN NULL ELSE moment + lease_ms * interval '1 millisecond' END,
    attempts = CASE WHEN j.attempts >= most THEN j.attempts ELSE j.attempts + 1 END, updated_at = moment
  FROM wanted AS taken WHERE j.site = taken.site AND j.id = taken.id
  RETURNING j.site, j.id, j.name, j.root, j.data, j.state, j.lease, j.attempts;
END $$;
REVOKE ALL ON FUNCTION claim_jobs(text, text[], text[], text[], float8, integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_jobs(text, text[], text[], text[], float8, integer, timestamptz) TO app_rw;
`;
