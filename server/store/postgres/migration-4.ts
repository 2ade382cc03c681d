/**
 * An invoice is read more often than anything else. The function is one statement and one round trip where a transaction of its own takes several, and the
 * server keeps its plan; it says whose site it is, as a transaction does, and sees what the walls let the caller see. What an invoice deflates to stands in its
 * row, unless it is very large, instead of in pieces beside it.
 */
export const READING = `
CREATE FUNCTION read_invoices(asked_site text, asked text[]) RETURNS TABLE (id text, data bytea) LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  PERFORM set_config('app.site', asked_site, true), set_config('lock_timeout', '30s', true);
  RETURN QUERY SELECT d.invoice, d.data FROM public.invoice_data d WHERE d.site = asked_site AND d.invoice = ANY (asked);
END $$;
REVOKE ALL ON FUNCTION read_invoices(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read_invoices(text, text[]) TO app_rw;
ALTER TABLE invoice_data SET (toast_tuple_target = 8160);
`;
