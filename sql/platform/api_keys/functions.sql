-- A key is a secret like others (module accounts). While it is being rotated it has two.

CREATE FUNCTION holdfast_private.own_api_key(organization_id uuid, api_key_id uuid)
RETURNS @api@.api_keys
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key @api@.api_keys;
BEGIN
    SELECT k.* INTO v_key FROM @api@.api_keys AS k
    WHERE k.organization_id = own_api_key.organization_id AND k.id = own_api_key.api_key_id
      AND (k.user_id = v_user OR holdfast_private.can('manage_members'))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('api_key_not_found');
    END IF;
    RETURN v_key;
END
$$;
COMMENT ON FUNCTION holdfast_private.own_api_key(uuid, uuid) IS
'A key that is the caller''s, or any for who manages members, locked. Error: api_key_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.own_api_key(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.key_json(key @api@.api_keys, secret text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN jsonb_build_object('api_key', to_jsonb(key) - '{organization_id,window_started_at,window_uses}'::text[])
        || CASE WHEN secret IS NULL THEN '{}' ELSE jsonb_build_object('key', secret) END;
END
$$;
COMMENT ON FUNCTION holdfast_private.key_json(@api@.api_keys, text) IS
'A key as its owner sees it, with its secret where it is new.';
REVOKE ALL ON FUNCTION holdfast_private.key_json(@api@.api_keys, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.revoke_keys_of_account()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_keys uuid[];
BEGIN
    WITH revoked AS (
        UPDATE @api@.api_keys AS k SET revoked_at = holdfast.clock()
        WHERE k.organization_id = NEW.organization_id AND k.user_id = NEW.user_id AND k.revoked_at IS NULL
        RETURNING k.id)
    SELECT coalesce(array_agg(r.id), '{}') INTO v_keys FROM revoked AS r;
    PERFORM holdfast_private.revoke_secrets(NEW.organization_id, VARIADIC v_keys);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_keys_of_account() IS
'Trigger: the keys of whoever is suspended or deleted are revoked.';
REVOKE ALL ON FUNCTION holdfast_private.revoke_keys_of_account() FROM PUBLIC;
