CREATE FUNCTION holdfast_private.refresh_session(refresh_token text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_race CONSTANT interval := interval '10 seconds';
    c_remember CONSTANT interval := interval '7 days';
    v_now timestamptz := holdfast.clock();
    v_found record;
    v_session @api@.session_tokens;
BEGIN
    PERFORM holdfast_private.guess_from_address(false);
    SELECT f.* INTO v_found FROM holdfast_private.find_secret(refresh_token, 'hfrefresh') AS f;
    SELECT s.* INTO v_session FROM @api@.session_tokens AS s
    WHERE s.organization_id = v_found.organization_id AND s.id = v_found.token_id
    FOR NO KEY UPDATE;
    IF NOT v_found.matches OR v_session.id IS NULL THEN
        RETURN holdfast_private.refuse_token('invalid');
    ELSIF v_session.revoked_at IS NOT NULL OR v_session.expires_at <= v_now THEN
        RETURN holdfast_private.refuse_token('expired');
    END IF;

    UPDATE holdfast_private.token_secrets AS s SET spent_at = v_now
    WHERE s.organization_id = v_session.organization_id AND s.token_id = v_session.id
      AND s.token_hash = v_found.token_hash AND s.spent_at IS NULL;
    IF NOT FOUND THEN
        -- It was spent before. A moment ago: two tabs. Longer ago: somebody has it who should not, and we cannot know who.
        IF v_now - coalesce(v_found.spent_at, v_now) <= c_race THEN
            PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}',
                'The login session was refreshed just now; use the refresh token from that answer.');
        END IF;
        PERFORM holdfast_private.end_sessions(v_session.organization_id, v_session.user_id, 'reuse');
        PERFORM holdfast_private.security_event(v_session.organization_id, v_session.user_id, 'refresh_token_reused',
            jsonb_build_object('session_id', v_session.id), 'failure');
        RETURN holdfast_private.refuse_token('used');
    END IF;
    IF holdfast_private.account_status(v_session.organization_id, v_session.user_id) <> 'active'
       OR NOT holdfast_private.address_allowed(v_session.organization_id, v_session.user_id, holdfast.request_ip())
    THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    DELETE FROM holdfast_private.token_secrets AS s
    WHERE s.organization_id = v_session.organization_id AND s.token_id = v_session.id AND s.spent_at < v_now - c_remember;
    UPDATE @api@.session_tokens AS s
    SET refreshed_at = v_now, ip_address = holdfast.request_ip(), user_agent = holdfast_private.request_agent()
    WHERE s.organization_id = v_session.organization_id AND s.id = v_session.id;
    RETURN holdfast_private.login_json(v_session,
        holdfast_private.new_secret(v_session.organization_id, v_session.id, 'hfrefresh', v_session.expires_at));
END
$$;
COMMENT ON FUNCTION holdfast_private.refresh_session(text) IS
'Another access token, and another refresh token, for one that is good once; the answer is that of sign_in. When a refresh token comes a second time, all login sessions of its owner end, since one of the two who had it stole it; within 10 seconds it is taken for a race and only refused. Errors: token_invalid, token_expired (the login session is over), token_used (reuse), answered; request_in_progress, forbidden, keys_unavailable, raised.';
REVOKE ALL ON FUNCTION holdfast_private.refresh_session(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.refresh_session(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
