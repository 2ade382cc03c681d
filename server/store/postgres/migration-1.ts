/** The first migration: every table, the walls between sites, and what the application's role may do. Released: it never changes. */

export const TABLES_LOG = `
CREATE TABLE site_head (
  site text PRIMARY KEY CHECK (site ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'), device text NOT NULL, dev_seq bigint NOT NULL, head_hash text NOT NULL,
  hlc text NOT NULL, seq bigint NOT NULL, site_hash text NOT NULL, epoch integer NOT NULL, created_at timestamptz(3) NOT NULL
);
CREATE TABLE op_log (
  site text NOT NULL, seq bigint NOT NULL, op_id text NOT NULL, device text NOT NULL, dev_seq bigint NOT NULL,
  root text NOT NULL, kind text NOT NULL, body text NOT NULL, hash text NOT NULL, site_hash text NOT NULL, received_at timestamptz(3) NOT NULL,
  verdict text NOT NULL, erased_by text,
  PRIMARY KEY (site, seq), CONSTRAINT op_log_op_id UNIQUE (site, op_id), CONSTRAINT op_log_device UNIQUE (site, device, dev_seq)
);
CREATE INDEX op_log_root ON op_log (site, root, seq);
CREATE INDEX op_log_transitions ON op_log (site, received_at) WHERE kind = 'transition';
CREATE INDEX op_log_lessons ON op_log (site, seq) WHERE kind IN ('lesson.learned', 'lesson.applied');
CREATE TABLE op_value (
  site text NOT NULL, op_id text NOT NULL, value text, reason text, salt text NOT NULL,
  PRIMARY KEY (site, op_id), FOREIGN KEY (site, op_id) REFERENCES op_log (site, op_id)
);
CREATE TABLE cell_head (
  site text NOT NULL, entity text COLLATE "C" NOT NULL, field text NOT NULL, op_id text NOT NULL, value text,
  PRIMARY KEY (site, entity, field, op_id)
);
CREATE TABLE superseded (
  site text NOT NULL, entity text COLLATE "C" NOT NULL, field text NOT NULL, op_id text NOT NULL, count integer NOT NULL,
  PRIMARY KEY (site, entity, field, op_id)
);
`;

export const TABLES_PROJECTIONS = `
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE TABLE invoices (
  row bigint GENERATED ALWAYS AS IDENTITY, site text NOT NULL, id text NOT NULL, revision integer NOT NULL, state text NOT NULL, status text NOT NULL,
  created_at timestamptz(3) NOT NULL, updated_at timestamptz(3) NOT NULL, document_sha text NOT NULL, vendor_key text, number_key text,
  gross_total text, vendor_tax_id text, sort_vendor text COLLATE "C" NOT NULL, sort_number text COLLATE "C" NOT NULL,
  sort_issued text COLLATE "C" NOT NULL, sort_due text COLLATE "C" NOT NULL, sort_gross double precision NOT NULL, attention integer NOT NULL,
  summary json NOT NULL,
  PRIMARY KEY (site, id), CONSTRAINT invoices_row UNIQUE (site, row)
);
CREATE INDEX invoices_by_status ON invoices (site, status, created_at, row);
CREATE INDEX invoices_by_created ON invoices (site, created_at, row, status);
CREATE INDEX invoices_by_updated ON invoices (site, updated_at, row, status);
CREATE INDEX invoices_by_vendor ON invoices (site, sort_vendor, row, status);
CREATE INDEX invoices_by_number ON invoices (site, sort_number, row, status);
CREATE INDEX invoices_by_issued ON invoices (site, sort_issued, row, status);
CREATE INDEX invoices_by_due ON invoices (site, sort_due, row, status);
CREATE INDEX invoices_by_gross ON invoices (site, sort_gross, row, status);
CREATE INDEX invoices_by_attention ON invoices (site, attention, row, status);
CREATE INDEX invoices_document ON invoices (site, document_sha);
CREATE INDEX invoices_number ON invoices (site, number_key, vendor_key);
CREATE INDEX invoices_amount ON invoices (site, vendor_key, gross_total);
CREATE INDEX invoices_open_vendor ON invoices (site, vendor_key) WHERE status IN ('exception', 'ready');
CREATE INDEX invoices_open_tax_id ON invoices (site, vendor_tax_id) WHERE status IN ('exception', 'ready');
CREATE TABLE invoice_count (site text NOT NULL, status text NOT NULL, n integer NOT NULL, PRIMARY KEY (site, status)) WITH (fillfactor = 50);
CREATE TABLE invoice_data (
  site text NOT NULL, invoice text NOT NULL, data bytea NOT NULL,
  PRIMARY KEY (site, invoice), FOREIGN KEY (site, invoice) REFERENCES invoices (site, id)
);
-- It comes deflated: trying to compress it again only costs time.
ALTER TABLE invoice_data ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TABLE invoice_search (site text NOT NULL, row bigint NOT NULL, text text NOT NULL, PRIMARY KEY (site, row));
CREATE INDEX invoice_search_text ON invoice_search USING gin (site, text gin_trgm_ops);
CREATE TABLE lines (
  site text NOT NULL, invoice text NOT NULL, id text NOT NULL, ord text NOT NULL, article_number text, description text, quantity text,
  unit_price text, line_total text,
  PRIMARY KEY (site, invoice, id), FOREIGN KEY (site, invoice) REFERENCES invoices (site, id)
);
CREATE TABLE documents (
  site text NOT NULL, sha256 text NOT NULL, name text NOT NULL, mime text NOT NULL, size bigint NOT NULL, kind text, parent text,
  added_at timestamptz(3) NOT NULL,
  PRIMARY KEY (site, sha256)
);
`;

export const TABLES_SITE = `
CREATE TABLE settings (site text NOT NULL, key text NOT NULL, value json NOT NULL, PRIMARY KEY (site, key));
CREATE TABLE export_batch (
  site text NOT NULL, id text NOT NULL, number integer NOT NULL, created_at timestamptz(3) NOT NULL, data json NOT NULL,
  PRIMARY KEY (site, id), CONSTRAINT export_batch_number UNIQUE (site, number)
);
CREATE TABLE idempotency (
  site text NOT NULL, key text NOT NULL, request_hash text NOT NULL, reply text NOT NULL, created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (site, key)
);
CREATE INDEX idempotency_age ON idempotency (site, created_at);
`;

export const TABLES_JOBS = `
CREATE TABLE job (
  site text NOT NULL, id text COLLATE "C" NOT NULL, name text NOT NULL, root text NOT NULL, data json NOT NULL,
  priority integer NOT NULL, state text NOT NULL, attempts integer NOT NULL, failures integer NOT NULL, progress double precision NOT NULL,
  stage text NOT NULL, error text, lease text, lease_until timestamptz(3), run_at timestamptz(3) NOT NULL, created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL, handed_at timestamptz(3),
  PRIMARY KEY (site, id)
);
CREATE INDEX job_id ON job (id);
CREATE UNIQUE INDEX job_waiting_once ON job (site, name, root) WHERE state = 'waiting';
CREATE UNIQUE INDEX job_running_once ON job (site, name, root) WHERE state = 'running';
CREATE INDEX job_next ON job (priority, created_at, id, name, run_at) WHERE state = 'waiting';
CREATE INDEX job_fresh ON job (priority, created_at, id, name) WHERE state = 'waiting' AND handed_at IS NULL;
CREATE INDEX job_handed ON job (handed_at) WHERE state = 'waiting';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_dead ON job (updated_at, id) WHERE state = 'dead';
CREATE INDEX job_root ON job (site, root);
CREATE INDEX job_open ON job (site, state, name) WHERE state IN ('waiting', 'running', 'dead', 'failed');
CREATE INDEX job_ended ON job (site, updated_at) WHERE state IN ('done', 'cancelled');
`;

export const TABLES_LEARNED = `
CREATE TABLE lesson (
  site text NOT NULL, id text NOT NULL, vendor text NOT NULL, vendor_name text NOT NULL, invoice text NOT NULL, op_id text NOT NULL,
  actor text NOT NULL, learned_at timestamptz(3) NOT NULL, data json NOT NULL,
  PRIMARY KEY (site, id)
);
CREATE INDEX lesson_vendor ON lesson (site, vendor, learned_at);
CREATE INDEX lesson_invoice ON lesson (site, invoice);
CREATE TABLE lesson_key (site text NOT NULL, key text NOT NULL, vendor text NOT NULL, lesson text NOT NULL, PRIMARY KEY (site, key, vendor, lesson));
CREATE INDEX lesson_key_lesson ON lesson_key (site, lesson);
CREATE TABLE lesson_use (
  site text NOT NULL, vendor text NOT NULL, invoice text NOT NULL, used_at timestamptz(3) NOT NULL, right_values integer NOT NULL,
  wrong_values integer NOT NULL, data json NOT NULL,
  PRIMARY KEY (site, vendor, invoice)
);
`;

/**
 * [Note: Search beside the policy] Under row-level security a condition may use an index only where its operator is marked leakproof; LIKE is not, and marking it
 * needs a superuser. So the text that is searched stands in a table of its own without a policy, on which the application has no right at all: it goes through
 * these two functions, which name the site themselves and give only row numbers. The rows behind the numbers are read under the policy.
 */
export const FUNCTIONS = `
CREATE FUNCTION find_invoices(words text[]) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.row FROM public.invoice_search s
  WHERE s.site = current_setting('app.site', true) AND s.text LIKE words[1] AND s.text LIKE ALL (words)
$$;
CREATE FUNCTION index_invoices(ids text[], texts text[]) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO public.invoice_search AS s (site, row, text)
  SELECT i.site, i.row, given.text FROM unnest(ids, texts) AS given (id, text)
  JOIN public.invoices i ON i.site = current_setting('app.site', true) AND i.id = given.id
  ON CONFLICT (site, row) DO UPDATE SET text = excluded.text WHERE s.text <> excluded.text
$$;
`;

/** A worker looks for jobs of every site: only the table of jobs, and the list of sites, know the site '*', which no site can be named. */
export const WALLS = `
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['op_log', 'op_value', 'cell_head', 'superseded', 'invoices', 'invoice_count', 'invoice_data', 'lines', 'documents',
    'settings', 'export_batch', 'idempotency', 'lesson', 'lesson_key', 'lesson_use'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_site ON %I USING (site = current_setting(''app.site'', true))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['site_head', 'job'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_site ON %I USING (site = current_setting(''app.site'', true))', t);
    EXECUTE format('CREATE POLICY every_site ON %I FOR SELECT USING (current_setting(''app.site'', true) = ''*'')', t);
  END LOOP;
  CREATE POLICY work_for_every_site ON job FOR UPDATE USING (current_setting('app.site', true) = '*');
  CREATE POLICY purge_every_site ON job FOR DELETE USING (current_setting('app.site', true) = '*');
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_rw') THEN
    CREATE ROLE app_rw NOLOGIN NOBYPASSRLS;
  END IF;
END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON FUNCTION find_invoices(text[]), index_invoices(text[], text[]) FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app_rw;
GRANT EXECUTE ON FUNCTION find_invoices(text[]), index_invoices(text[], text[]) TO app_rw;
GRANT SELECT ON schema_version TO app_rw;
-- The log is only ever added to.
GRANT SELECT, INSERT ON op_log, op_value TO app_rw;
GRANT SELECT, INSERT, UPDATE ON site_head, documents TO app_rw;
GRANT SELECT, INSERT ON export_batch TO app_rw;
GRANT SELECT, INSERT, UPDATE, DELETE ON cell_head, superseded, invoices, invoice_count, invoice_data, lines, settings, idempotency, job, lesson,
  lesson_key, lesson_use TO app_rw;
`;
