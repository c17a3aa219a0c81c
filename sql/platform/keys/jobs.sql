CREATE FUNCTION holdfast_private.job_reseal_columns()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT int := 10000;
BEGIN
    RETURN holdfast_private.reseal_columns(c_most);
END
$$;
COMMENT ON FUNCTION holdfast_private.job_reseal_columns() IS
'Seals values with the newest keys that are still sealed with older ones; returns how many. Without the root key it fails with keys_unavailable while there is something to do.';
REVOKE ALL ON FUNCTION holdfast_private.job_reseal_columns() FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_rotate_keys()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_age CONSTANT interval := interval '1 year';
    v_newest timestamptz := (SELECT max(k.created_at) FROM holdfast_private.keyring AS k WHERE k.key_type = 'data');
BEGIN
    IF v_newest IS NULL OR v_newest > holdfast.clock() - c_age THEN
        RETURN 0;
    END IF;
    PERFORM holdfast.rotate_keys('holdfast_private.keyring');
    RETURN 1;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_rotate_keys() IS
'Makes the next version of the keys when the newest is a year old; returns 1 then. Without the root key it fails with keys_unavailable when it is time.';
REVOKE ALL ON FUNCTION holdfast_private.job_rotate_keys() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_reseal_columns', '*/10 * * * *', 'seals values with the newest keys'),
    ('job_rotate_keys', '43 3 * * *', 'makes new keys once a year');
