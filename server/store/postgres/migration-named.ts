import { ERASE_NOW } from './migration-erase.ts';

const [BEFORE = ''] = ERASE_NOW.split('-- `told`');
const ANCHOR = `        WHERE t.site = asked AND t.id = ANY (targets)) o
    WHERE o.id <> ALL (targets)`;
/** As before, and whoever was one of a pair with it is shown again, too: it says so still. */
const TARGETS = BEFORE.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION').replace(
  ANCHOR,
  `        WHERE t.site = asked AND t.id = ANY (targets)
      UNION SELECT i.id FROM public.op_log l JOIN public.invoices i ON i.site = asked AND i.id = substr(public.json_at(l.body, 'entity', 'id'), length(l.root) + 2)
        WHERE l.site = asked AND l.root = ANY (targets) AND l.kind LIKE 'duplicate.%') o
    WHERE o.id <> ALL (targets)`,
);

/**
 * Bytes beside the database are known by their hash alone, and anybody may write a document, or a reading, of any hash. An erasure dooms no bytes that something names which was not
 * erased: a reading, a document, a kept export, or a snapshot of the site.
 */
export const NAMED = `
-- As a reading is written: its keys in order, so that its bytes come first. Of the hash as much as tells them apart.
CREATE INDEX op_value_reading ON op_value (site, substr(value, 10, 16)) WHERE left(value, 9) = '{"blob":"';
CREATE FUNCTION keep_named() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  IF EXISTS (SELECT 1 FROM public.op_value v JOIN public.op_log l ON l.site = v.site AND l.op_id = v.op_id
      WHERE v.site = NEW.site AND left(v.value, 9) = '{"blob":"' AND substr(v.value, 10, 16) = left(NEW.sha256, 16) AND substr(v.value, 10, 64) = NEW.sha256
        AND l.kind = 'reading.recorded' AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = NEW.site AND e.target = l.root))
    OR EXISTS (SELECT 1 FROM public.documents d WHERE d.site = NEW.site AND d.sha256 = NEW.sha256
        AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = NEW.site AND e.target = d.sha256))
    OR EXISTS (SELECT 1 FROM public.export_batch b WHERE b.site = NEW.site AND b.data ->> 'sha256' = NEW.sha256
        AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = NEW.site AND e.target IN (SELECT json_array_elements_text(b.data -> 'invoices'))))
    OR EXISTS (SELECT 1 FROM public.snapshot s WHERE s.site = NEW.site AND s.sha256 = NEW.sha256)
  THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION keep_named() FROM PUBLIC;
CREATE TRIGGER erased_blob_named BEFORE INSERT ON erased_blob FOR EACH ROW EXECUTE FUNCTION keep_named();
${TARGETS}`;
