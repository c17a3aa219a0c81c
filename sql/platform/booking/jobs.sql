CREATE FUNCTION holdfast_private.job_sweep_holds()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 1000;
    c_batches CONSTANT int := 100;
    c_keep CONSTANT interval := interval '30 days';
    v_rows int := 0;
    v_batch int;
BEGIN
    FOR i IN 1 .. c_batches LOOP
        v_batch := holdfast.expire('holdfast_private.calendar', c_batch);
        v_rows := v_rows + v_batch;
        EXIT WHEN v_batch < c_batch;
    END LOOP;
    DELETE FROM holdfast_private.booking_holds bh
    USING (
        SELECT o.organization_id, o.hold_key
        FROM holdfast_private.booking_holds o
        WHERE o.created_at < holdfast.clock() - c_keep
        ORDER BY o.created_at
        LIMIT c_batch * c_batches
        FOR UPDATE SKIP LOCKED) AS old
    WHERE bh.organization_id = old.organization_id AND bh.hold_key = old.hold_key;
    GET DIAGNOSTICS v_batch = ROW_COUNT;
    RETURN v_rows + v_batch;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_sweep_holds() IS
'Removes lapsed holds from the calendar, and forgets what became of holds after 30 days; returns how many rows it removed. It only tidies: a lapsed hold in the way is removed by whoever wants the time.';
REVOKE ALL ON FUNCTION holdfast_private.job_sweep_holds() FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_reap_requests()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 1000;
    c_batches CONSTANT int := 100;
    v_rows int := 0;
    v_batch int;
BEGIN
    FOR i IN 1 .. c_batches LOOP
        v_batch := holdfast.reap_requests('holdfast_private.idempotency', c_batch);
        v_rows := v_rows + v_batch;
        EXIT WHEN v_batch < c_batch;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_reap_requests() IS
'Forgets stored answers after 24 hours; returns how many. It only tidies.';
REVOKE ALL ON FUNCTION holdfast_private.job_reap_requests() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_sweep_holds', '* * * * *', 'removes lapsed holds from the calendar'),
    ('job_reap_requests', '7 * * * *', 'forgets stored answers to repeated requests after a day');
