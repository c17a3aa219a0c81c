CREATE FUNCTION holdfast_private.job_cleanup_login_sessions()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 10000;
    c_keep CONSTANT interval := interval '90 days';
    v_rows int;
BEGIN
    WITH old AS (
        SELECT s.organization_id, s.id FROM @api@.session_tokens AS s
        WHERE s.expires_at < holdfast.clock() - c_keep
        LIMIT c_batch FOR UPDATE SKIP LOCKED)
    DELETE FROM @api@.session_tokens AS s USING old AS o
    WHERE s.organization_id = o.organization_id AND s.id = o.id;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_cleanup_login_sessions() IS
'Forgets login sessions 90 days after they expired; returns how many. It only tidies.';
REVOKE ALL ON FUNCTION holdfast_private.job_cleanup_login_sessions() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_cleanup_login_sessions', '53 3 * * *', 'forgets login sessions that are long over');
