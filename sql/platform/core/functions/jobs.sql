-- A job is a function of holdfast_private without arguments that returns how many rows it did, and a row in
-- holdfast_private.jobs. Any scheduler may call run_job(), as often as it likes.

CREATE FUNCTION holdfast_private.run_job(job text)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_rows bigint;
    v_error text;
BEGIN
    IF NOT EXISTS (SELECT FROM holdfast_private.jobs AS j WHERE j.job = run_job.job) THEN
        RAISE EXCEPTION 'there is no job "%"', job USING ERRCODE = 'undefined_object';
    END IF;
    -- An INSERT would wait for whoever runs the job; it is for the first run only.
    IF NOT EXISTS (SELECT FROM holdfast_private.job_heartbeats AS h WHERE h.job = run_job.job) THEN
        INSERT INTO holdfast_private.job_heartbeats AS h (job) VALUES (run_job.job) ON CONFLICT DO NOTHING;
    END IF;
    PERFORM FROM holdfast_private.job_heartbeats AS h WHERE h.job = run_job.job FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    BEGIN
        EXECUTE format('SELECT holdfast_private.%I()', job) INTO v_rows;
    EXCEPTION WHEN OTHERS THEN
        v_error := SQLSTATE || ' ' || SQLERRM;
    END;

    UPDATE holdfast_private.job_heartbeats AS h
    SET last_run = v_started,
        last_duration = clock_timestamp() - v_started,
        last_success = CASE WHEN v_error IS NULL THEN v_started ELSE h.last_success END,
        last_rows = CASE WHEN v_error IS NULL THEN v_rows ELSE h.last_rows END,
        last_error = v_error,
        runs = h.runs + 1,
        failures = h.failures + (v_error IS NOT NULL)::int
    WHERE h.job = run_job.job;
    IF v_error IS NOT NULL THEN
        RAISE WARNING 'job % failed: %', job, v_error;
    END IF;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.run_job(text) IS
'Runs a job and writes its heartbeat. Returns how many rows it did; null when the same job is running elsewhere, or has failed (then with a warning, so that the heartbeat stays).';
REVOKE ALL ON FUNCTION holdfast_private.run_job(text) FROM PUBLIC;
