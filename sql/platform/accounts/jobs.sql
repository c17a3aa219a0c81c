CREATE FUNCTION holdfast_private.job_cleanup_expired_tokens()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 10000;
    c_keep_tokens CONSTANT interval := interval '30 days';    -- so that an old link is told to be old, and the trail stays
    c_keep_silent CONSTANT interval := interval '1 day';      -- addresses of nobody are kept no longer than the limits need
    c_keep_attempts CONSTANT interval := interval '90 days';
    v_now timestamptz := holdfast.clock();
    v_rows int := 0;
    v_batch int;
BEGIN
    WITH old AS (
        SELECT t.organization_id, t.id FROM @api@.account_tokens AS t
        WHERE t.expires_at < v_now - CASE WHEN t.silent THEN c_keep_silent ELSE c_keep_tokens END
          AND t.expires_at < v_now - c_keep_silent
        LIMIT c_batch FOR UPDATE SKIP LOCKED)
    DELETE FROM @api@.account_tokens AS t USING old AS o
    WHERE t.organization_id = o.organization_id AND t.id = o.id;
    GET DIAGNOSTICS v_batch = ROW_COUNT;
    v_rows := v_rows + v_batch;
    WITH old AS (
        SELECT s.organization_id, s.token_id, s.token_hash FROM holdfast_private.token_secrets AS s
        WHERE s.expires_at < v_now - c_keep_tokens
        LIMIT c_batch FOR UPDATE SKIP LOCKED)
    DELETE FROM holdfast_private.token_secrets AS s USING old AS o
    WHERE s.organization_id = o.organization_id AND s.token_id = o.token_id AND s.token_hash = o.token_hash;
    GET DIAGNOSTICS v_batch = ROW_COUNT;
    v_rows := v_rows + v_batch;
    WITH old AS (
        SELECT a.organization_id, a.id FROM @api@.failed_login_attempts AS a
        WHERE a.attempt_at < v_now - c_keep_attempts
        LIMIT c_batch FOR UPDATE SKIP LOCKED)
    DELETE FROM @api@.failed_login_attempts AS a USING old AS o
    WHERE a.organization_id = o.organization_id AND a.id = o.id;
    GET DIAGNOSTICS v_batch = ROW_COUNT;
    RETURN v_rows + v_batch;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_cleanup_expired_tokens() IS
'Forgets tokens and secrets 30 days after they expired, requests for addresses that nobody has after a day, and attempts to sign in after 90 days; returns how many rows. It only tidies: what has expired is good for nothing.';
REVOKE ALL ON FUNCTION holdfast_private.job_cleanup_expired_tokens() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_cleanup_expired_tokens', '23 * * * *', 'forgets expired tokens, secrets and old attempts to sign in');
