-- Failed sign-ins lock an e-mail address for a while, whether somebody has it or not. They are counted in the table, which
-- survives because failures are answered and not raised, and in shared memory where there are guards, which also survives
-- whatever makes the transaction roll back.

CREATE FUNCTION holdfast_private.lock_left(organization_id uuid, email text)
RETURNS int
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_settings @api@.account_settings := holdfast_private.account_settings_of(organization_id);
    v_now timestamptz := holdfast.clock();
    v_for interval := make_interval(mins => v_settings.lock_minutes);
    v_last timestamptz;
BEGIN
    -- The newest attempts that count, since the last that succeeded; the lock runs from the failure that was one too many.
    SELECT max(f.attempt_at) INTO v_last
    FROM (
        SELECT a.attempt_at FROM @api@.failed_login_attempts AS a
        WHERE a.organization_id = lock_left.organization_id AND a.email = lock_left.email
          AND a.attempt_at > v_now - v_for AND a.reason IN ('credentials', 'second_factor')
          AND a.attempt_at > coalesce((
              SELECT max(s.attempt_at) FROM @api@.failed_login_attempts AS s
              WHERE s.organization_id = lock_left.organization_id AND s.email = lock_left.email
                AND s.attempt_at > v_now - v_for AND s.succeeded), '-infinity')
        ORDER BY a.attempt_at DESC
        LIMIT v_settings.max_failed_attempts) AS f
    HAVING count(*) >= v_settings.max_failed_attempts;
    RETURN ceil(extract(epoch FROM v_last + v_for - v_now))::int;
END
$$;
COMMENT ON FUNCTION holdfast_private.lock_left(uuid, text) IS
'For how many seconds more an e-mail address is locked; null when it is not.';
REVOKE ALL ON FUNCTION holdfast_private.lock_left(uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.record_attempt(
    organization_id uuid, email text, user_id uuid, succeeded boolean, reason text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO @api@.failed_login_attempts AS a
        (organization_id, email, user_id, ip_address, user_agent, succeeded, reason)
    VALUES (record_attempt.organization_id, record_attempt.email, record_attempt.user_id, holdfast.request_ip(),
            holdfast_private.request_agent(), record_attempt.succeeded, record_attempt.reason);
    PERFORM holdfast_private.security_event(organization_id, user_id, 'sign_in',
        jsonb_strip_nulls(jsonb_build_object('email', email, 'reason', reason)), CASE WHEN succeeded THEN 'success' ELSE 'failure' END);
END
$$;
COMMENT ON FUNCTION holdfast_private.record_attempt(uuid, text, uuid, boolean, text) IS
'Writes down that somebody tried to sign in, and how it went.';
REVOKE ALL ON FUNCTION holdfast_private.record_attempt(uuid, text, uuid, boolean, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.clear_attempts(organization_id uuid, email text, user_id uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.record_attempt(organization_id, email, user_id, true, 'cleared');
END
$$;
COMMENT ON FUNCTION holdfast_private.clear_attempts(uuid, text, uuid) IS
'Ends the lock of an e-mail address.';
REVOKE ALL ON FUNCTION holdfast_private.clear_attempts(uuid, text, uuid) FROM PUBLIC;
