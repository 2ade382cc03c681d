/**
 * Who has what open, who works on what, what stations have taken along. What screens say every few seconds need not survive a crash of the database (UNLOGGED);
 * what was taken along for a day does. One row an invoice: whatever two ask for at once, one of them gets it.
 */
export const TOGETHER = `
CREATE UNLOGGED TABLE desk (
  site text NOT NULL, invoice text NOT NULL, seat text NOT NULL, actor text NOT NULL, device text, since timestamptz(3) NOT NULL, until timestamptz(3) NOT NULL,
  PRIMARY KEY (site, invoice, seat)
);
CREATE TABLE claim (
  site text NOT NULL, invoice text NOT NULL, actor text NOT NULL, device text, seat text, lease text, since timestamptz(3) NOT NULL, until timestamptz(3) NOT NULL,
  PRIMARY KEY (site, invoice)
);
CREATE INDEX claim_lease ON claim (site, lease) WHERE lease IS NOT NULL;
CREATE TABLE lease (
  site text NOT NULL, id text NOT NULL, actor text NOT NULL, device text NOT NULL, device_name text NOT NULL, since timestamptz(3) NOT NULL,
  until timestamptz(3) NOT NULL, size integer NOT NULL, how_ended text, ended_at timestamptz(3), ended_by text,
  PRIMARY KEY (site, id)
);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['desk', 'claim', 'lease'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_site ON %I USING (site = current_setting(''app.site'', true))', t);
  END LOOP;
END $$;
REVOKE ALL ON desk, claim, lease FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk, claim, lease TO app_rw;
`;
