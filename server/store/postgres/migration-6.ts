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
