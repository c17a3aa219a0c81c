-- A job is a function of holdfast_private without arguments that returns how many rows it did, and a row in
-- holdfast_private.jobs. Two ways run it, as often as they like: the procedure perform_job(), which pg_cron calls, with the
-- log committed before the work, so that a run that was interrupted is seen; and the function run_job(), in one transaction.
-- One run of a job at a time holds an advisory lock, whichever way; whoever comes second does nothing.

CREATE FUNCTION holdfast_private.job_lock_keys(job text, OUT class int, OUT key int)
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    class := hashtext('holdfast_private.jobs');
    key := hashtext(job);
END
$$;
COMMENT ON FUNCTION holdfast_private.job_lock_keys(text) IS 'The two keys of the advisory lock that a run of a job holds.';
REVOKE ALL ON FUNCTION holdfast_private.job_lock_keys(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_error(state text, message text, context text, constraint_name text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- A line of its own: values can be in the other lines, and in the message.
    v_place text[] := regexp_match(context, '^PL/pgSQL function (?:holdfast_private\.)?([a-z_][a-z0-9_]*)\([^()]*\) line (\d+)', 'n');
BEGIN
    IF state LIKE 'PT%' AND message ~ '^[a-z][a-z_]{1,62}$' THEN
        RETURN message;
    END IF;
    RETURN concat_ws(' ', state, CASE
            WHEN state LIKE '08%' THEN 'connection_exception'
            WHEN state LIKE '22%' THEN 'data_exception'
            WHEN state LIKE '23%' THEN 'constraint_violation'
            WHEN state LIKE '28%' THEN 'invalid_authorization'
            WHEN state = '40P01' THEN 'deadlock_detected'
            WHEN state LIKE '40%' THEN 'transaction_rollback'
            WHEN state = '42501' THEN 'insufficient_privilege'
            WHEN state LIKE '42%' THEN 'undefined_or_invalid_object'
            WHEN state LIKE '53%' THEN 'insufficient_resources'
            WHEN state LIKE '54%' THEN 'program_limit_exceeded'
            WHEN state = '55P03' THEN 'lock_not_available'
            WHEN state LIKE '55%' THEN 'not_in_prerequisite_state'
            WHEN state LIKE '57%' THEN 'cancelled'
            WHEN state LIKE '58%' THEN 'system_error'
            WHEN state = 'XX001' OR state = 'XX002' THEN 'data_corrupted'
            WHEN state LIKE 'XX%' THEN 'internal_error'
            ELSE 'error'
        END, 'in ' || v_place[1], 'line ' || v_place[2], 'on ' || nullif(constraint_name, ''));
END
$$;
COMMENT ON FUNCTION holdfast_private.job_error(text, text, text, text) IS
'What is kept of an error: holdfast''s own word; of others the SQLSTATE, its kind, and the function, line and constraint. Never the message, in which there can be values.';
REVOKE ALL ON FUNCTION holdfast_private.job_error(text, text, text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.start_run(job text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_interrupted CONSTANT text := 'interrupted';
    v_now timestamptz := holdfast.clock();
    v_interrupted timestamptz;
    v_run uuid;
BEGIN
    INSERT INTO holdfast_private.job_heartbeats AS h (job) VALUES (start_run.job) ON CONFLICT DO NOTHING;
    -- We have the lock: who had it before is gone.
    UPDATE holdfast_private.scheduled_jobs AS s SET status = 'failed', completed_at = v_now, error_message = c_interrupted
    WHERE s.job_type = start_run.job AND s.status = 'running'
    RETURNING s.started_at INTO v_interrupted;
    IF v_interrupted IS NOT NULL THEN
        UPDATE holdfast_private.job_heartbeats AS h
        SET last_run = v_interrupted, last_duration = NULL, last_error = c_interrupted,
            failing_since = coalesce(h.failing_since, v_interrupted), runs = h.runs + 1, failures = h.failures + 1
        WHERE h.job = start_run.job;
    END IF;
    UPDATE holdfast_private.scheduled_jobs AS s SET status = 'running', started_at = v_now
    WHERE s.job_type = start_run.job AND s.status = 'pending' AND s.scheduled_for <= v_now
    RETURNING s.id INTO v_run;
    IF v_run IS NULL THEN
        INSERT INTO holdfast_private.scheduled_jobs AS s (job_type, status, scheduled_for, started_at)
        VALUES (start_run.job, 'running', v_now, v_now)
        RETURNING s.id INTO v_run;
    END IF;
    RETURN v_run;
END
$$;
COMMENT ON FUNCTION holdfast_private.start_run(text) IS
'Writes down that a job runs now, and that an earlier run which did not come to its end was interrupted; returns the run. The caller has the lock.';
REVOKE ALL ON FUNCTION holdfast_private.start_run(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.plan_run(job text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO holdfast_private.scheduled_jobs AS s (job_type, scheduled_for)
    SELECT j.job, d.due
    FROM holdfast_private.jobs AS j, holdfast_private.next_due(j.schedule, holdfast.clock()) AS d (due)
    WHERE j.job = plan_run.job AND d.due IS NOT NULL
    ON CONFLICT (job_type) WHERE status = 'pending' DO UPDATE SET scheduled_for = excluded.scheduled_for
    WHERE s.scheduled_for > holdfast.clock() AND s.scheduled_for <> excluded.scheduled_for;
END
$$;
COMMENT ON FUNCTION holdfast_private.plan_run(text) IS
'Writes down when a job is next due by its schedule; where it is due already, that stays until it runs.';
REVOKE ALL ON FUNCTION holdfast_private.plan_run(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.forget_plans()
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM holdfast_private.scheduled_jobs AS s WHERE s.status = 'pending';
END
$$;
COMMENT ON FUNCTION holdfast_private.forget_plans() IS 'Forgets when jobs are next due, because nobody runs them any more.';
REVOKE ALL ON FUNCTION holdfast_private.forget_plans() FROM PUBLIC;

CREATE FUNCTION holdfast_private.finish_run(run uuid)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_run holdfast_private.scheduled_jobs;
    v_started timestamptz := clock_timestamp();
    v_rows bigint;
    v_message text;
    v_context text;
    v_constraint text;
    v_error text;
BEGIN
    SELECT s.* INTO STRICT v_run FROM holdfast_private.scheduled_jobs AS s WHERE s.id = finish_run.run;
    BEGIN
        EXECUTE format('SELECT holdfast_private.%I()', v_run.job_type) INTO v_rows;
    EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
        GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_context = PG_EXCEPTION_CONTEXT, v_constraint = CONSTRAINT_NAME;
        v_error := holdfast_private.job_error(SQLSTATE, v_message, v_context, v_constraint);
    END;
    UPDATE holdfast_private.scheduled_jobs AS s
    SET status = CASE WHEN v_error IS NULL THEN 'completed' ELSE 'failed' END,
        completed_at = holdfast.clock(), affected_rows = v_rows, error_message = v_error
    WHERE s.id = run;
    UPDATE holdfast_private.job_heartbeats AS h
    SET last_run = v_run.started_at,
        last_duration = clock_timestamp() - v_started,
        last_success = CASE WHEN v_error IS NULL THEN v_run.started_at ELSE h.last_success END,
        last_rows = CASE WHEN v_error IS NULL THEN v_rows ELSE h.last_rows END,
        last_error = v_error,
        failing_since = CASE WHEN v_error IS NOT NULL THEN coalesce(h.failing_since, v_run.started_at) END,
        runs = h.runs + 1,
        failures = h.failures + (v_error IS NOT NULL)::int
    WHERE h.job = v_run.job_type;
    PERFORM holdfast_private.plan_run(v_run.job_type);
    IF v_error IS NOT NULL THEN
        RAISE WARNING 'job % failed: %', v_run.job_type, v_error;
    END IF;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.finish_run(uuid) IS
'Does the work of a run, and writes down how it went and when the job is next due. Returns how many rows it did; null when it failed, which is a warning.';
REVOKE ALL ON FUNCTION holdfast_private.finish_run(uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.require_job(job text)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM holdfast_private.jobs AS j WHERE j.job = require_job.job) THEN
        RAISE EXCEPTION 'there is no job "%"', job USING ERRCODE = 'undefined_object';
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_job(text) IS 'Raises an error unless there is a job of that name.';
REVOKE ALL ON FUNCTION holdfast_private.require_job(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.run_job(job text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_lock record := holdfast_private.job_lock_keys(job);
BEGIN
    PERFORM holdfast_private.require_job(job);
    IF NOT pg_try_advisory_xact_lock(v_lock.class, v_lock.key) THEN
        RETURN NULL;
    END IF;
    RETURN holdfast_private.finish_run(holdfast_private.start_run(job));
END
$$;
COMMENT ON FUNCTION holdfast_private.run_job(text) IS
'Runs a job in the caller''s transaction, and logs how it went. Returns how many rows it did; null when the same job is running elsewhere, or has failed (then with a warning, so that the log stays). A run that is interrupted leaves nothing; perform_job() logs that too.';
REVOKE ALL ON FUNCTION holdfast_private.run_job(text) FROM PUBLIC;

-- Without SET, with which a procedure cannot commit; so it sets the path itself, in each of its transactions.
CREATE PROCEDURE holdfast_private.perform_job(job text)
LANGUAGE plpgsql
AS $$
DECLARE
    v_lock record;
    v_run uuid;
BEGIN
    -- Inside somebody's transaction this fails, before anything is done.
    COMMIT;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    PERFORM holdfast_private.require_job(job);
    v_lock := holdfast_private.job_lock_keys(job);
    -- Of the session, because it lasts for both transactions; another session that has it does the work.
    IF NOT pg_try_advisory_lock(v_lock.class, v_lock.key) THEN
        RETURN;
    END IF;
    BEGIN
        v_run := holdfast_private.start_run(job);
    EXCEPTION WHEN OTHERS THEN
        PERFORM pg_advisory_unlock(v_lock.class, v_lock.key);
        RAISE;
    END;
    COMMIT;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    BEGIN
        PERFORM holdfast_private.finish_run(v_run);
    EXCEPTION WHEN OTHERS THEN
        PERFORM pg_advisory_unlock(v_lock.class, v_lock.key);
        RAISE;
    END;
    COMMIT;
    PERFORM pg_catalog.pg_advisory_unlock(v_lock.class, v_lock.key);
END
$$;
COMMENT ON PROCEDURE holdfast_private.perform_job(text) IS
'Runs a job in two transactions: that it runs is logged first, so that a run which is killed shows as interrupted at the next. Does nothing when the same job is running elsewhere. What schedule_jobs() gives to pg_cron; not to be called inside a transaction.';
REVOKE ALL ON PROCEDURE holdfast_private.perform_job(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_prune_runs()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_keep CONSTANT interval := interval '7 days';
    c_keep_failed CONSTANT interval := interval '90 days';
    c_batch CONSTANT int := 100000;
    v_now timestamptz := holdfast.clock();
    v_rows int;
BEGIN
    DELETE FROM holdfast_private.scheduled_jobs AS s
    USING (SELECT o.id FROM holdfast_private.scheduled_jobs AS o
           WHERE o.completed_at < v_now - c_keep AND (o.status = 'completed' OR o.completed_at < v_now - c_keep_failed)
           ORDER BY o.completed_at
           LIMIT c_batch FOR UPDATE SKIP LOCKED) AS old
    WHERE s.id = old.id;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_prune_runs() IS
'Forgets runs of jobs that completed 7 days ago, and those that failed 90 days ago; returns how many. The heartbeats stay.';
REVOKE ALL ON FUNCTION holdfast_private.job_prune_runs() FROM PUBLIC;
