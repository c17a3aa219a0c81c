CREATE FUNCTION holdfast_private.revoke_api_key(organization_id uuid, api_key_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_key @api@.api_keys := holdfast_private.own_api_key(organization_id, api_key_id);
BEGIN
    IF v_key.revoked_at IS NULL THEN
        UPDATE @api@.api_keys AS k SET revoked_at = holdfast.clock()
        WHERE k.organization_id = v_key.organization_id AND k.id = v_key.id
        RETURNING k.* INTO v_key;
        PERFORM holdfast_private.revoke_secrets(organization_id, v_key.id);
        PERFORM holdfast_private.security_event(organization_id, v_key.user_id, 'api_key_revoked',
            jsonb_build_object('api_key_id', v_key.id), 'success');
    END IF;
    RETURN holdfast_private.key_json(v_key);
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_api_key(uuid, uuid) IS
'Ends a key of the caller''s, or for admins anybody''s, with all its secrets: {"api_key"}. Access tokens that it was exchanged for end within 15 minutes, or at once where PostgREST asks check_login. Error: api_key_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.revoke_api_key(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.revoke_api_key(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
