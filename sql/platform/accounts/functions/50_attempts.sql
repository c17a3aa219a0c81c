-- Failed sign-ins lock an e-mail address for a while, whether somebody has it or not. They are counted in the table, which
-- survives because failures are answered and not raised, and in shared memory where there are guards, which also survives
-- whatever makes the transaction roll back.

CREATE FUNCTION holdfast_private.lock_left(organization_id uuid, email text)
RETURNS int
LANGUAGE plpgsql VOLATILE
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
    v_last := v_last + v_for;
    IF holdfast.guards_available() THEN
        v_last := greatest(v_last, holdfast.is_locked('sign_in', concat(organization_id, ' ', email)));
    END IF;
    RETURN CASE WHEN v_last > v_now THEN greatest(1, ceil(extract(epoch FROM v_last - v_now))::int) END;
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
    IF holdfast.guards_available() THEN
        IF succeeded THEN
            PERFORM holdfast.clear_failures('sign_in', concat(organization_id, ' ', email));
        ELSIF reason IN ('credentials', 'second_factor') THEN
            PERFORM holdfast.record_failure('sign_in', concat(record_attempt.organization_id, ' ', record_attempt.email), s.max_failed_attempts,
                make_interval(mins => s.lock_minutes))
            FROM holdfast_private.account_settings_of(record_attempt.organization_id) AS s;
        END IF;
    END IF;
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

CREATE FUNCTION holdfast_private.limit_address(bucket text, max_calls int, per interval)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ip inet := holdfast.request_ip();
    v_now timestamptz := holdfast.clock();
    v_count int;
    v_oldest timestamptz;
BEGIN
    IF v_ip IS NULL THEN
        RETURN;
    ELSIF holdfast.guards_available() THEN
        PERFORM holdfast.enforce_rate_limit(bucket, host(v_ip), max_calls, per);
        RETURN;
    END IF;
    SELECT count(*), min(a.attempt_at) INTO v_count, v_oldest
    FROM (SELECT a.attempt_at FROM @api@.failed_login_attempts AS a
          WHERE a.ip_address = v_ip AND a.attempt_at > v_now - per
          ORDER BY a.attempt_at DESC LIMIT max_calls) AS a;
    IF v_count >= max_calls THEN
        PERFORM holdfast.raise_error('rate_limited', jsonb_build_object('retry_after_seconds',
            greatest(1, ceil(extract(epoch FROM v_oldest + per - v_now))::int)));
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.limit_address(text, int, interval) IS
'Lets one network address do something so often: counted in shared memory, whatever becomes of the request; without guards by the attempts to sign in that were written down. Error: rate_limited.';
REVOKE ALL ON FUNCTION holdfast_private.limit_address(text, int, interval) FROM PUBLIC;

CREATE FUNCTION holdfast_private.guess_from_address(wrong boolean)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT int := 50;
    c_lock CONSTANT interval := interval '15 minutes';
    v_ip text := host(holdfast.request_ip());
BEGIN
    -- Without guards nobody is counted here: of 256 random bits nobody guesses one, and each token counts by itself.
    IF v_ip IS NULL OR NOT holdfast.guards_available() THEN
        RETURN;
    ELSIF wrong THEN
        PERFORM holdfast.record_failure('token', v_ip, c_most, c_lock);
    ELSE
        PERFORM holdfast.enforce_unlocked('token', v_ip);
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.guess_from_address(boolean) IS
'Before a token is looked at (false): refuses a network address that has shown 50 wrong ones, for 15 minutes. After (true): counts a wrong one. Error: locked.';
REVOKE ALL ON FUNCTION holdfast_private.guess_from_address(boolean) FROM PUBLIC;
