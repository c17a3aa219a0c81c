CREATE FUNCTION holdfast_private.sign_out(organization_id uuid, session_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_owner uuid;
    v_session uuid := coalesce(session_id, CASE WHEN holdfast.claim('iss') = 'holdfast' THEN holdfast.claim('session_id')::uuid END);
BEGIN
    UPDATE @api@.session_tokens AS s SET revoked_at = holdfast.clock(), revoked_reason = 'sign_out'
    WHERE s.organization_id = sign_out.organization_id AND s.id = v_session AND s.revoked_at IS NULL
      AND (s.user_id = v_user OR holdfast_private.can('manage_members'))
    RETURNING s.user_id INTO v_owner;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('session_not_found');
    END IF;
    PERFORM holdfast_private.revoke_secrets(organization_id, v_session);
    PERFORM holdfast_private.security_event(organization_id, v_owner, 'sign_out', jsonb_build_object('session_id', v_session), 'success');
    RETURN jsonb_build_object('ended', 1);
END
$$;
COMMENT ON FUNCTION holdfast_private.sign_out(uuid, uuid) IS
'Ends a login session: the caller''s present one, another of theirs by its id, or for admins anybody''s: {"ended": 1}. Its access token lives on for the rest of its 15 minutes, unless PostgREST asks check_login first. Errors: session_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.sign_out(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.sign_out(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
