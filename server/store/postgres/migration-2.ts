/** Webhooks: who is told of what, and what came of it. */
export const WEBHOOKS = `
CREATE TABLE webhook (
  site text NOT NULL, id text COLLATE "C" NOT NULL, version integer NOT NULL, body text NOT NULL, PRIMARY KEY (site, id)
);
CREATE TABLE webhook_delivery (
  site text NOT NULL, id text COLLATE "C" NOT NULL, webhook text COLLATE "C" NOT NULL, state text NOT NULL, created_at timestamptz(3) NOT NULL,
  body text NOT NULL, PRIMARY KEY (site, id)
);
CREATE INDEX webhook_delivery_recent ON webhook_delivery (site, webhook, created_at, id);
CREATE INDEX webhook_delivery_other ON webhook_delivery (site, webhook, created_at, id) WHERE state <> 'delivered';
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['webhook', 'webhook_delivery'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_site ON %I USING (site = current_setting(''app.site'', true))', t);
  END LOOP;
END $$;
REVOKE ALL ON webhook, webhook_delivery FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook, webhook_delivery TO app_rw;
`;
