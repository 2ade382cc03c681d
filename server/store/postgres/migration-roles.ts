import { KEYS_ONLY } from './migration-columns.ts';

/** By which role the operations of a station were judged, from which number on: what is offered again after a restore is judged by it, too (docs/sync.md). */
export const ROLES = `
CREATE TABLE sync_role (
  site text NOT NULL, device text NOT NULL, from_seq bigint NOT NULL, role text NOT NULL, PRIMARY KEY (site, device, from_seq)
);
ALTER TABLE sync_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE sync_role FORCE ROW LEVEL SECURITY;
CREATE POLICY own_site ON sync_role USING (site = current_setting('app.site', true));
REVOKE ALL ON sync_role FROM PUBLIC;
GRANT SELECT, INSERT ON sync_role TO app_rw;
CREATE OR REPLACE FUNCTION follow_push(asked text, device json, ids text[], counts integer[]) RETURNS void LANGUAGE plpgsql ${KEYS_ONLY} AS $$
DECLARE
  shown tid[];
  raised integer[];
BEGIN
  INSERT INTO public.sync_device AS d (site, device, dev_seq, hash, public_key, by_site, seen_at)
  SELECT asked, n.device, n."devSeq", n.hash, n."publicKey", n."publicKey" IS NULL, n.at
  FROM json_to_record(device) AS n (device text, "devSeq" bigint, hash text, "publicKey" text, at timestamptz)
  ON CONFLICT ON CONSTRAINT sync_device_pkey DO UPDATE SET dev_seq = excluded.dev_seq, hash = excluded.hash, seen_at = excluded.seen_at,
    public_key = coalesce(d.public_key, excluded.public_key);
  INSERT INTO public.sync_role (site, device, from_seq, role)
  SELECT asked, n.device, n.first, n.role FROM json_to_record(device) AS n (device text, first bigint, role text)
  WHERE n.role IS DISTINCT FROM (
    SELECT r.role FROM public.sync_role r WHERE r.site = asked AND r.device = n.device ORDER BY r.from_seq DESC LIMIT 1
  ) AND n.role IS NOT NULL ON CONFLICT DO NOTHING;
  SELECT array_agg(i.place), array_agg(r.n) INTO shown, raised FROM unnest(ids, counts) AS r (id, n) CROSS JOIN LATERAL (
    SELECT i.ctid AS place FROM public.invoices i WHERE i.site = asked AND i.id >= r.id AND i.id <= r.id ORDER BY i.id LIMIT 1) i;
  IF shown IS NOT NULL THEN
    PERFORM public.raise_revisions(shown, raised);
  END IF;
END $$;
`;
