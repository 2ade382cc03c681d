/**
 * Snapshots of a site for stations that begin: what was signed of each; the bytes are a blob. The text that is searched stands beside the policy ([Note: Search beside the policy]
 * in migration-1.ts), and is given out by a function that names the site itself.
 */
export const SNAPSHOTS = `
CREATE TABLE snapshot (
  site text NOT NULL, sha256 text NOT NULL, epoch integer NOT NULL, seq bigint NOT NULL, manifest text NOT NULL, signature text NOT NULL,
  made_at timestamptz(3) NOT NULL,
  PRIMARY KEY (site, sha256)
);
ALTER TABLE snapshot ENABLE ROW LEVEL SECURITY;
ALTER TABLE snapshot FORCE ROW LEVEL SECURITY;
CREATE POLICY own_site ON snapshot USING (site = current_setting('app.site', true));
REVOKE ALL ON snapshot FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON snapshot TO app_rw;
CREATE FUNCTION texts_of_invoices(rows bigint[]) RETURNS TABLE (of_row bigint, found text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.row, s.text FROM public.invoice_search s WHERE s.site = current_setting('app.site', true) AND s.row = ANY (rows)
$$;
REVOKE ALL ON FUNCTION texts_of_invoices(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION texts_of_invoices(bigint[]) TO app_rw;
`;
