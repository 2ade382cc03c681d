/**
 * Bytes beside the database are known by their hash alone, and anybody may write a document, or a reading, of any hash. An erasure dooms no bytes that something names which was not
 * erased: a reading, a document, a kept export, or a snapshot of the site. A reading of the same file may have the same bytes, and be written after those were doomed: whatever an
 * accepted operation names, and was not erased, is named as erased no more. The bytes stay, and where they are gone already they may come again.
 */
export const NAMED = `
-- As a reading is written: its keys in order, so that its bytes come first. Of the hash as much as tells them apart.
CREATE INDEX op_value_reading ON op_value (site, substr(value, 10, 16)) WHERE left(value, 9) = '{"blob":"';
CREATE FUNCTION is_named(asked text, bytes text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.op_value v JOIN public.op_log l ON l.site = v.site AND l.op_id = v.op_id
      WHERE v.site = asked AND left(v.value, 9) = '{"blob":"' AND substr(v.value, 10, 16) = left(bytes, 16) AND substr(v.value, 10, 64) = bytes
        AND l.kind = 'reading.recorded' AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = asked AND e.target = l.root))
    OR EXISTS (SELECT 1 FROM public.documents d WHERE d.site = asked AND d.sha256 = bytes
        AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = asked AND e.target = d.sha256))
    OR EXISTS (SELECT 1 FROM public.export_batch b WHERE b.site = asked AND b.data ->> 'sha256' = bytes
        AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = asked AND e.target IN (SELECT json_array_elements_text(b.data -> 'invoices'))))
    OR EXISTS (SELECT 1 FROM public.snapshot s WHERE s.site = asked AND s.sha256 = bytes)
$$;
REVOKE ALL ON FUNCTION is_named(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_named(text, text) TO app_rw;
CREATE FUNCTION keep_named() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  RETURN CASE WHEN public.is_named(NEW.site, NEW.sha256) THEN NULL ELSE NEW END;
END $$;
-- The application names nothing as erased, and takes no such name away: with the rights of whoever migrates, within the walls of the site that is set.
CREATE FUNCTION spare_reading() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  DELETE FROM public.erased_blob b USING public.op_log l
  WHERE b.site = NEW.site AND b.sha256 = substr(NEW.value, 10, 64) AND l.site = NEW.site AND l.op_id = NEW.op_id
    AND l.kind = 'reading.recorded' AND l.verdict = 'accepted' AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = NEW.site AND e.target = l.root);
  RETURN NULL;
END $$;
CREATE FUNCTION spare_document() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  DELETE FROM public.erased_blob b WHERE b.site = NEW.site AND b.sha256 = NEW.sha256
    AND NOT EXISTS (SELECT 1 FROM public.erased e WHERE e.site = NEW.site AND e.target = NEW.sha256);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION keep_named(), spare_reading(), spare_document() FROM PUBLIC;
CREATE TRIGGER erased_blob_named BEFORE INSERT ON erased_blob FOR EACH ROW EXECUTE FUNCTION keep_named();
CREATE TRIGGER op_value_spared AFTER INSERT ON op_value FOR EACH ROW WHEN (left(NEW.value, 9) = '{"blob":"') EXECUTE FUNCTION spare_reading();
CREATE TRIGGER documents_spared AFTER INSERT ON documents FOR EACH ROW EXECUTE FUNCTION spare_document();
`;
