CREATE FUNCTION holdfast_private.exchange_api_key(key text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT int := 60;
    c_per CONSTANT interval := interval '1 minute';
    v_now timestamptz := holdfast.clock();
    v_ip inet := holdfast.request_ip();
    v_found record;
    v_key @api@.api_keys;
    v_state text := 'invalid';
BEGIN
    PERFORM holdfast_private.guess_from_address(false);
    SELECT f.* INTO v_found FROM holdfast_private.find_secret(key, 'hfkey') AS f;
    SELECT k.* INTO v_key FROM @api@.api_keys AS k
    WHERE k.organization_id = v_found.organization_id AND k.id = v_found.token_id;
    IF v_found.matches AND v_key.id IS NOT NULL THEN
        v_state := CASE WHEN v_found.expires_at <= v_now OR v_key.revoked_at IS NOT NULL THEN 'expired' ELSE 'valid' END;
    END IF;
    IF v_state <> 'valid' THEN
        PERFORM holdfast_private.security_event(v_key.organization_id, v_key.user_id, 'token_refused', '{"kind": "api_key"}', 'failure');
        RETURN holdfast_private.refuse_token(v_state);
    ELSIF holdfast_private.account_status(v_key.organization_id, v_key.user_id) <> 'active'
        OR NOT holdfast_private.address_allowed(v_key.organization_id, v_key.user_id, v_ip)
    THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;

    IF holdfast.guards_available() THEN
        PERFORM holdfast.enforce_rate_limit('api_key', v_key.id::text, c_most, c_per);
        UPDATE @api@.api_keys AS k SET last_used_at = v_now, last_used_ip = v_ip
        WHERE k.organization_id = v_key.organization_id AND k.id = v_key.id
          AND (k.last_used_at IS NULL OR k.last_used_at < v_now - interval '1 minute' OR k.last_used_ip IS DISTINCT FROM v_ip);
    ELSE
        UPDATE @api@.api_keys AS k
        SET last_used_at = v_now, last_used_ip = v_ip,
            window_started_at = CASE WHEN k.window_started_at > v_now - c_per THEN k.window_started_at ELSE v_now END,
            window_uses = CASE WHEN k.window_started_at > v_now - c_per THEN k.window_uses + 1 ELSE 1 END
        WHERE k.organization_id = v_key.organization_id AND k.id = v_key.id
        RETURNING k.* INTO v_key;
        IF v_key.window_uses > c_most THEN
            PERFORM holdfast.raise_error('rate_limited', jsonb_build_object('retry_after_seconds',
                greatest(1, ceil(extract(epoch FROM v_key.window_started_at + c_per - v_now))::int)));
        END IF;
    END IF;
    RETURN to_jsonb(holdfast_private.access_token(v_key.organization_id, v_key.user_id, NULL, jsonb_build_object('api_key_id', v_key.id)))
        || '{"token_type": "bearer"}';
END
$$;
COMMENT ON FUNCTION holdfast_private.exchange_api_key(text) IS
'An access token for an API key: {"access_token" (15 minutes), "token_type", "expires_in"}. With it a program does what the key''s owner may, at that moment and no longer. At most 60 exchanges a minute. Errors: token_invalid, token_expired (too old, rotated away or revoked), answered; forbidden (suspended, or not from this address), rate_limited, keys_unavailable, raised.';
REVOKE ALL ON FUNCTION holdfast_private.exchange_api_key(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.exchange_api_key(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
