-- What bodies report to the audit log, if the module audit is installed.

CREATE FUNCTION holdfast_private.record_read(
    organization_id uuid, entity_type text, entity_id text, subject_id uuid, details jsonb DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_record regproc := to_regproc('holdfast_private.record_read_event');
BEGIN
    IF v_record IS NOT NULL THEN
        EXECUTE format('SELECT %s($1, $2, $3, $4, $5)', v_record)
        USING organization_id, entity_type, entity_id, subject_id, details;
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.record_read(uuid, text, text, uuid, jsonb) IS
'Writes to the audit log that clinical data is read now: which row, and of whom (a client). Every body that returns such data calls it, and so is VOLATILE: it does not run in a read-only transaction or on a standby.';
REVOKE ALL ON FUNCTION holdfast_private.record_read(uuid, text, text, uuid, jsonb) FROM PUBLIC;
