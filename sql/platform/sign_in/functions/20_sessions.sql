-- Login sessions: an access token of 15 minutes, and a refresh token that is good once.

CREATE FUNCTION holdfast_private.end_sessions(organization_id uuid, user_id uuid, reason text, keep uuid DEFAULT NULL)
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ended uuid[];
BEGIN
    WITH ended AS (
        UPDATE @api@.session_tokens AS s SET revoked_at = holdfast.clock(), revoked_reason = end_sessions.reason
        WHERE s.organization_id = end_sessions.organization_id AND s.user_id = end_sessions.user_id
          AND s.revoked_at IS NULL AND s.id IS DISTINCT FROM keep
        RETURNING s.id)
    SELECT coalesce(array_agg(e.id), '{}') INTO v_ended FROM ended AS e;
    IF v_ended <> '{}' THEN
        PERFORM holdfast_private.revoke_secrets(organization_id, VARIADIC v_ended);
        PERFORM holdfast_private.security_event(organization_id, user_id, 'logins_ended',
            jsonb_build_object('reason', reason, 'session_ids', v_ended), 'success');
    END IF;
    RETURN cardinality(v_ended);
END
$$;
COMMENT ON FUNCTION holdfast_private.end_sessions(uuid, uuid, text, uuid) IS
'Ends the login sessions of somebody, but for one to keep; returns how many.';
REVOKE ALL ON FUNCTION holdfast_private.end_sessions(uuid, uuid, text, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.end_sessions_of_role()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := CASE TG_OP WHEN 'INSERT' THEN NEW.user_id ELSE OLD.user_id END;
BEGIN
    PERFORM holdfast_private.end_sessions(s.organization_id, v_user, 'role')
    FROM (SELECT DISTINCT s.organization_id FROM @api@.session_tokens AS s
          WHERE s.user_id = v_user AND s.revoked_at IS NULL
            AND (s.organization_id = CASE TG_OP WHEN 'INSERT' THEN NEW.organization_id ELSE OLD.organization_id END
                 OR '00000000-0000-0000-0000-000000000000' IN (NEW.organization_id, OLD.organization_id))) AS s;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.end_sessions_of_role() IS
'Trigger: whose roles change signs in again.';
REVOKE ALL ON FUNCTION holdfast_private.end_sessions_of_role() FROM PUBLIC;

CREATE FUNCTION holdfast_private.end_sessions_of_account()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.end_sessions(NEW.organization_id, NEW.user_id, 'account');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.end_sessions_of_account() IS
'Trigger: who is suspended or deleted is signed out.';
REVOKE ALL ON FUNCTION holdfast_private.end_sessions_of_account() FROM PUBLIC;

CREATE FUNCTION holdfast_private.login_json(session @api@.session_tokens, refresh_token text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_email text := (SELECT p.email FROM @api@.profiles AS p
                     WHERE p.organization_id = session.organization_id AND p.user_id = session.user_id);
    v_access record;
BEGIN
    SELECT t.* INTO v_access
    FROM holdfast_private.access_token(session.organization_id, session.user_id, v_email, jsonb_build_object(
        'session_id', session.id, 'aal', CASE WHEN session.second_factor THEN 'aal2' ELSE 'aal1' END)) AS t;
    RETURN jsonb_build_object(
        'access_token', v_access.access_token, 'token_type', 'bearer', 'expires_in', v_access.expires_in,
        'refresh_token', refresh_token, 'session_id', session.id, 'session_expires_at', session.expires_at,
        'user', jsonb_build_object('id', session.user_id, 'email', v_email, 'organization_id', session.organization_id));
END
$$;
COMMENT ON FUNCTION holdfast_private.login_json(@api@.session_tokens, text) IS
'What whoever signs in, or refreshes, gets.';
REVOKE ALL ON FUNCTION holdfast_private.login_json(@api@.session_tokens, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.open_session(organization_id uuid, user_id uuid, second_factor boolean)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_settings @api@.account_settings := holdfast_private.account_settings_of(organization_id);
    v_now timestamptz := holdfast.clock();
    v_session @api@.session_tokens;
    v_old uuid[];
BEGIN
    INSERT INTO @api@.session_tokens AS s (organization_id, user_id, ip_address, user_agent, second_factor, expires_at)
    VALUES (open_session.organization_id, open_session.user_id, holdfast.request_ip(), holdfast_private.request_agent(),
            open_session.second_factor, v_now + make_interval(hours => 24 * v_settings.session_days))
    RETURNING s.* INTO v_session;
    -- Two who sign in at once must not both stay over the limit: the row of the person is the lock.
    PERFORM FROM @api@.profiles AS p
    WHERE p.organization_id = open_session.organization_id AND p.user_id = open_session.user_id
    FOR NO KEY UPDATE;
    WITH ended AS (
        UPDATE @api@.session_tokens AS s SET revoked_at = v_now, revoked_reason = 'too_many'
        WHERE s.organization_id = open_session.organization_id AND s.id IN (
            SELECT o.id FROM @api@.session_tokens AS o
            WHERE o.organization_id = open_session.organization_id AND o.user_id = open_session.user_id
              AND o.revoked_at IS NULL AND o.expires_at > v_now AND o.id <> v_session.id
            ORDER BY o.refreshed_at DESC, o.id DESC
            OFFSET v_settings.max_sessions - 1)
        RETURNING s.id)
    SELECT coalesce(array_agg(e.id), '{}') INTO v_old FROM ended AS e;
    PERFORM holdfast_private.revoke_secrets(organization_id, VARIADIC v_old);
    RETURN holdfast_private.login_json(v_session,
        holdfast_private.new_secret(organization_id, v_session.id, 'hfrefresh', v_session.expires_at));
END
$$;
COMMENT ON FUNCTION holdfast_private.open_session(uuid, uuid, boolean) IS
'Signs somebody in; ends their oldest login sessions where there are more than the organization allows.';
REVOKE ALL ON FUNCTION holdfast_private.open_session(uuid, uuid, boolean) FROM PUBLIC;

CREATE FUNCTION holdfast_private.see_device(organization_id uuid, user_id uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_agent text := holdfast_private.request_agent();
    v_new boolean;
BEGIN
    INSERT INTO @api@.user_device_fingerprints AS d (organization_id, user_id, device_id, user_agent, ip_address)
    VALUES (see_device.organization_id, see_device.user_id,
            encode(sha256(convert_to(coalesce(holdfast.request_header('x-device-id'), v_agent, ''), 'UTF8')), 'hex'),
            v_agent, holdfast.request_ip())
    ON CONFLICT ON CONSTRAINT user_device_fingerprints_organization_id_user_id_device_id_key DO UPDATE
    SET last_seen = holdfast.clock(), user_agent = excluded.user_agent, ip_address = excluded.ip_address
    RETURNING d.first_seen = d.last_seen INTO v_new;
    IF v_new THEN
        PERFORM holdfast_private.security_event(organization_id, user_id, 'new_device',
            jsonb_build_object('user_agent', v_agent), 'success');
        -- Everybody's first is new. The mail does not name it: who sends the header could write what they like.
        IF (SELECT count(*) > 1 FROM @api@.user_device_fingerprints AS d
            WHERE d.organization_id = see_device.organization_id AND d.user_id = see_device.user_id)
        THEN
            PERFORM holdfast_private.tell_account(organization_id, user_id, 'new_device');
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.see_device(uuid, uuid) IS
'Remembers what somebody signs in with; a security event when it is new, and an e-mail when it is not their first.';
REVOKE ALL ON FUNCTION holdfast_private.see_device(uuid, uuid) FROM PUBLIC;
