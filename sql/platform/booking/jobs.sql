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

CREATE FUNCTION holdfast_private.job_close_bookings()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 1000;
    c_complete_after CONSTANT interval := interval '7 days';
    c_look_back CONSTANT interval := interval '90 days';
    v_now timestamptz := holdfast.clock();
    v_due record;
    v_rows int := 0;
BEGIN
    -- By the index on organization and start; what is older than that was closed, or the job was off for three months.
    FOR v_due IN
        SELECT b.organization_id, b.id, b.status
        FROM @api@.organizations AS o
        CROSS JOIN LATERAL (
            SELECT c.organization_id, c.id, c.status FROM @api@.bookings AS c
            WHERE c.organization_id = o.id AND c.start_time > v_now - c_look_back
              AND (c.status = 'pending' AND c.start_time <= v_now
                   OR c.status = 'confirmed' AND c.start_time <= v_now - c_complete_after AND c.end_time <= v_now - c_complete_after)
            LIMIT c_batch
            FOR NO KEY UPDATE SKIP LOCKED) AS b
        LIMIT c_batch
    LOOP
        IF v_due.status = 'pending' THEN
            UPDATE @api@.bookings AS b
            SET status = 'cancelled', cancelled_at = v_now, cancellation_requested_by = 'system',
                automatic_cancellation_reason = 'not_accepted'
            WHERE b.organization_id = v_due.organization_id AND b.id = v_due.id;
        ELSE
            UPDATE @api@.bookings AS b SET status = 'completed', completed_at = v_now
            WHERE b.organization_id = v_due.organization_id AND b.id = v_due.id;
        END IF;
        v_rows := v_rows + 1;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_close_bookings() IS
'Cancels bookings whose time has come and that nobody accepted (automatic_cancellation_reason not_accepted), and completes those that ended 7 days ago and of which nobody said whether the client came: attended stays null. At most 1,000, and returns how many.';
REVOKE ALL ON FUNCTION holdfast_private.job_close_bookings() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_close_bookings', '*/5 * * * *', 'cancels what nobody accepted in time, and completes what is long over');
