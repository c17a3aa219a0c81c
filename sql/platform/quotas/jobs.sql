CREATE FUNCTION holdfast_private.job_roll_quotas()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 1000;
    c_batches CONSTANT int := 20;
    v_quota regclass;
    v_batch int;
    v_rows int := 0;
BEGIN
    FOREACH v_quota IN ARRAY ARRAY['holdfast_private.employee_quota', 'holdfast_private.company_quota']::regclass[] LOOP
        FOR i IN 1 .. c_batches LOOP
            v_batch := holdfast.roll_quotas(v_quota, c_batch);
            v_rows := v_rows + v_batch;
            EXIT WHEN v_batch < c_batch;
        END LOOP;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_roll_quotas() IS
'Begins the month of accounts that nobody has used in it yet, so that views and reports show it; returns how many. Nothing else depends on it: whoever uses an account begins its month.';
REVOKE ALL ON FUNCTION holdfast_private.job_roll_quotas() FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_release_waiting()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass('@api@.waitlist_entries') IS NULL THEN
        RETURN 0;
    END IF;
    RETURN holdfast_private.release_waiting(1000);
END
$$;
COMMENT ON FUNCTION holdfast_private.job_release_waiting() IS
'Goes on with those who were put on the waitlist because sessions were used up, when some are there again: given back, granted, or of a new month. Returns how many.';
REVOKE ALL ON FUNCTION holdfast_private.job_release_waiting() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_roll_quotas', '*/5 * * * *', 'begins the month of quotas that nobody has used yet'),
    ('job_release_waiting', '* * * * *', 'offers time again to who waited for sessions of their company');
