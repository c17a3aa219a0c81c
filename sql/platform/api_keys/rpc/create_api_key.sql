CREATE FUNCTION holdfast_private.create_api_key(organization_id uuid, name text, expires_in_days int DEFAULT 90)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT int := 20;
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_now timestamptz := holdfast.clock();
    v_id uuid := holdfast.uuid_v7();
    v_name text := holdfast_private.required_text('name', name);
    v_secret text;
    v_key @api@.api_keys;
BEGIN
    IF v_user IS NULL THEN
        PERFORM holdfast.raise_error('not_authenticated');
    ELSIF expires_in_days IS NULL OR expires_in_days NOT BETWEEN 1 AND 365 THEN
        PERFORM holdfast_private.raise_invalid('expires_in_days', 'must be from 1 to 365');
    END IF;
    -- Two at once must not both be the last that may: the row of the person is the lock.
    PERFORM FROM @api@.profiles AS p
    WHERE p.organization_id = create_api_key.organization_id AND p.user_id = v_user
    FOR NO KEY UPDATE;
    IF NOT FOUND OR holdfast_private.account_status(organization_id, v_user) <> 'active' THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Only who has an active account in the organization can have API keys.');
    ELSIF (SELECT count(*) >= c_most FROM @api@.api_keys AS k
           WHERE k.organization_id = create_api_key.organization_id AND k.user_id = v_user
             AND k.revoked_at IS NULL AND k.expires_at > v_now)
    THEN
        PERFORM holdfast_private.raise_invalid('name', format('there are %s keys already: revoke one', c_most));
    END IF;
    v_secret := holdfast_private.new_secret(organization_id, v_id, 'hfkey', v_now + make_interval(hours => 24 * expires_in_days));
    INSERT INTO @api@.api_keys AS k (organization_id, id, user_id, name, prefix, created_at, expires_at)
    VALUES (create_api_key.organization_id, v_id, v_user, v_name, left(v_secret, 10), v_now,
            v_now + make_interval(hours => 24 * expires_in_days))
    RETURNING k.* INTO v_key;
    PERFORM holdfast_private.security_event(organization_id, v_user, 'api_key_created',
        jsonb_build_object('api_key_id', v_id, 'name', v_name), 'success');
    RETURN holdfast_private.key_json(v_key, v_secret);
END
$$;
COMMENT ON FUNCTION holdfast_private.create_api_key(uuid, text, int) IS
'Makes a key by which a program acts for the caller: {"api_key", "key"}. The key is told this once; of it only a hash is kept, and the first ten characters. Good for so many days, at most 365. Errors: not_authenticated, forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.create_api_key(uuid, text, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_api_key(uuid, text, int)'::regprocedure, '@api@', '{authenticated,service_role}');
