CREATE FUNCTION holdfast_private.job_record_failures()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 1000;
    v_rows int := 0;
    v_batch int;
BEGIN
    IF NOT holdfast.guards_available() THEN
        RETURN 0;
    END IF;
    LOOP
        SELECT count(holdfast.record_entry('holdfast_private.audit_log', jsonb_build_object(
            'action', CASE WHEN f.word IN ('not_authenticated', 'forbidden', 'locked', 'rate_limited') OR f.word LIKE 'token\_%'
                           THEN 'security.refused' ELSE 'request.refused' END,
            'outcome', f.word, 'occurred_at', f.at, 'organization_id', f.organization_id, 'user_id', f.user_id,
            'actor_id', f.actor_id, 'role', f.role, 'ip_address', f.ip, 'entity_type', f.path,
            'user_agent', NULL, 'request_id', NULL)))
        INTO v_batch
        FROM holdfast.take_failures(c_batch) AS f;
        v_rows := v_rows + v_batch;
        EXIT WHEN v_batch < c_batch OR v_rows >= 100 * c_batch;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_record_failures() IS
'Writes the requests that failed, and so left nothing of their own, to the audit log; returns how many. What the server forgot before (a crash, or more than it can keep) is missing: see holdfast.stats.';
REVOKE ALL ON FUNCTION holdfast_private.job_record_failures() FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_seal_audit()
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 100000;
    v_rows bigint := 0;
    v_batch bigint;
BEGIN
    LOOP
        v_batch := holdfast.seal_audit('holdfast_private.audit_log', c_batch);
        v_rows := v_rows + v_batch;
        EXIT WHEN v_batch < c_batch;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_seal_audit() IS
'Seals what was added to the audit log; returns how many rows. Until then a superuser could change a row unseen.';
REVOKE ALL ON FUNCTION holdfast_private.job_seal_audit() FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_verify_audit()
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_problem record;
BEGIN
    SELECT p.problem, p.batch, p.organization_id, p.id INTO v_problem
    FROM holdfast.verify_audit('holdfast_private.audit_log', 1) AS p;
    IF FOUND THEN
        RAISE EXCEPTION 'the audit log was changed: % (batch %, row %)', v_problem.problem, v_problem.batch, v_problem.id
            USING ERRCODE = 'data_corrupted', HINT = 'SELECT * FROM holdfast.verify_audit(''holdfast_private.audit_log'') says all of it.';
    END IF;
    RETURN 0;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_verify_audit() IS
'Checks the whole audit log against its seals, and fails, as its heartbeat then shows, when something was changed.';
REVOKE ALL ON FUNCTION holdfast_private.job_verify_audit() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_record_failures', '* * * * *', 'writes requests that failed to the audit log'),
    ('job_seal_audit', '* * * * *', 'seals the audit log'),
    ('job_verify_audit', '23 3 * * *', 'checks the audit log against its seals');
