/** Tables of the access store in Postgres. `body` is the parsed document; the columns beside it are what is looked up and what must be unique. */
import { bigint, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

export const accounts = pgTable(
  'access_account',
  {
    site: text('site').notNull(),
    id: text('id').notNull(),
    login: text('login').notNull(),
    subject: text('subject'),
    invitation: text('invitation'),
    version: integer('version').notNull(),
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.site, table.id] })],
);

export const devices = pgTable(
  'access_device',
  {
    site: text('site').notNull(),
    id: text('id').notNull(),
    account: text('account').notNull(),
    publicKey: text('public_key').notNull(),
    grant: text('grant_id'),
    version: integer('version').notNull(),
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.site, table.id] })],
);

export const auditEvents = pgTable(
  'audit_event',
  {
    site: text('site').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    body: text('body').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.site, table.seq] })],
);

export const auditHeads = pgTable('audit_head', {
  site: text('site').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
});

export const tries = pgTable('access_try', {
  key: text('key').primaryKey(),
  tries: integer('tries').notNull(),
  lastMs: bigint('last_ms', { mode: 'number' }).notNull(),
  untilMs: bigint('until_ms', { mode: 'number' }).notNull(),
});

export const records = pgTable(
  'access_record',
  {
    model: text('model').notNull(),
    id: text('id').notNull(),
    grant: text('grant_id'),
    userCode: text('user_code'),
    uid: text('uid'),
    payload: text('payload').notNull(),
    expiresAt: bigint('expires_ms', { mode: 'number' }),
    consumedAt: bigint('consumed_ms', { mode: 'number' }),
  },
  (table) => [primaryKey({ columns: [table.model, table.id] })],
);

export const signingKeys = pgTable('signing_key', {
  seq: integer('seq').primaryKey(),
  kid: text('kid').notNull(),
  createdAt: bigint('created_ms', { mode: 'number' }).notNull(),
  sealed: text('sealed').notNull(),
});

/**
 * Numbered by place; forward only, a released one never changes. Row-level security is the second wall behind the `site` of every query: without
 * `app.site` nothing of any site is seen. `access_bearers` answers what every request asks, for several at once, in one round trip under the same wall.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE access_account (
     site text NOT NULL, id text NOT NULL, login text NOT NULL, subject text, invitation text, version integer NOT NULL, body text NOT NULL,
     PRIMARY KEY (site, id), UNIQUE (site, login), UNIQUE (site, subject));
   CREATE INDEX access_account_invitation ON access_account (site, invitation) WHERE invitation IS NOT NULL;
   CREATE TABLE access_device (
     site text NOT NULL, id text NOT NULL, account text NOT NULL, public_key text NOT NULL, grant_id text, version integer NOT NULL, body text NOT NULL,
     PRIMARY KEY (site, id), UNIQUE (site, public_key));
   CREATE INDEX access_device_grant ON access_device (site, grant_id) WHERE grant_id IS NOT NULL;
   CREATE TABLE audit_event (site text NOT NULL, seq bigint NOT NULL, body text NOT NULL, hash text NOT NULL, PRIMARY KEY (site, seq));
   CREATE TABLE audit_head (site text PRIMARY KEY, seq bigint NOT NULL, hash text NOT NULL);
   CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'security events are only ever added'; END $$;
   CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_stays();
   CREATE TRIGGER audit_event_not_emptied BEFORE TRUNCATE ON audit_event EXECUTE FUNCTION audit_event_stays();
   CREATE TABLE access_try (key text PRIMARY KEY, tries integer NOT NULL, last_ms bigint NOT NULL, until_ms bigint NOT NULL);
   CREATE TABLE access_record (
     model text NOT NULL, id text NOT NULL, grant_id text, user_code text, uid text, payload text NOT NULL, expires_ms bigint, consumed_ms bigint,
     PRIMARY KEY (model, id));
   CREATE INDEX access_record_grant ON access_record (grant_id) WHERE grant_id IS NOT NULL;
   CREATE INDEX access_record_code ON access_record (model, user_code) WHERE user_code IS NOT NULL;
   CREATE INDEX access_record_uid ON access_record (model, uid) WHERE uid IS NOT NULL;
   CREATE INDEX access_record_end ON access_record (expires_ms) WHERE expires_ms IS NOT NULL;
   CREATE TABLE signing_key (seq integer PRIMARY KEY, kid text NOT NULL, created_ms bigint NOT NULL, sealed text NOT NULL);
   ALTER TABLE access_account ENABLE ROW LEVEL SECURITY; ALTER TABLE access_account FORCE ROW LEVEL SECURITY;
   ALTER TABLE access_device ENABLE ROW LEVEL SECURITY; ALTER TABLE access_device FORCE ROW LEVEL SECURITY;
   ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY; ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
   ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY; ALTER TABLE audit_head FORCE ROW LEVEL SECURITY;
   CREATE POLICY own_site ON access_account USING (site = current_setting('app.site', true));
   CREATE POLICY own_site ON access_device USING (site = current_setting('app.site', true));
   CREATE POLICY own_site ON audit_event USING (site = current_setting('app.site', true));
   CREATE POLICY own_site ON audit_head USING (site = current_setting('app.site', true));
   CREATE FUNCTION access_bearer(asked_site text, asked_account text, asked_grant text) RETURNS TABLE (account text, device text)
     LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
       PERFORM set_config('app.site', asked_site, true);
       RETURN QUERY SELECT a.body, d.body FROM public.access_account a
         LEFT JOIN public.access_device d ON d.site = a.site AND d.grant_id = asked_grant WHERE a.site = asked_site AND a.id = asked_account;
     END $$;
   DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_rw') THEN CREATE ROLE app_rw NOLOGIN NOBYPASSRLS; END IF; END $$;
   REVOKE ALL ON access_account, access_device, audit_event, audit_head, access_try, access_record, signing_key FROM PUBLIC;
   REVOKE ALL ON FUNCTION access_bearer(text, text, text) FROM PUBLIC;
   GRANT USAGE ON SCHEMA public TO app_rw;
   GRANT EXECUTE ON FUNCTION access_bearer(text, text, text) TO app_rw;
   GRANT SELECT, INSERT, UPDATE ON access_account, access_device, audit_head TO app_rw;
   GRANT SELECT, INSERT ON audit_event TO app_rw;
   GRANT SELECT, INSERT, UPDATE, DELETE ON access_try, access_record, signing_key TO app_rw;`,
  `CREATE FUNCTION access_bearers(asked_sites text[], asked_accounts text[], asked_grants text[]) RETURNS TABLE (n integer, account text, device text)
     LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
       PERFORM set_config('lock_timeout', '30s', true);
       FOR i IN 1 .. cardinality(asked_sites) LOOP
         PERFORM set_config('app.site', asked_sites[i], true);
         RETURN QUERY SELECT i, a.body, d.body FROM public.access_account a
           LEFT JOIN public.access_device d ON d.site = a.site AND d.grant_id = asked_grants[i] WHERE a.site = asked_sites[i] AND a.id = asked_accounts[i];
       END LOOP;
     END $$;
   REVOKE ALL ON FUNCTION access_bearers(text[], text[], text[]) FROM PUBLIC;
   GRANT EXECUTE ON FUNCTION access_bearers(text[], text[], text[]) TO app_rw;`,
];
