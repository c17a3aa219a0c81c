CREATE FUNCTION holdfast_private.revoke_session_approval(
    organization_id uuid, client_id uuid, session_type_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_bookings');
    DELETE FROM @api@.session_approvals AS a
    WHERE a.organization_id = revoke_session_approval.organization_id AND a.client_id = revoke_session_approval.client_id
        AND a.session_type_id = revoke_session_approval.session_type_id;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('approval_not_found');
    END IF;
    RETURN jsonb_build_object('client_id', client_id, 'session_type_id', session_type_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_session_approval(uuid, uuid, uuid) IS
'Takes an approval back: {"client_id", "session_type_id"}. What is booked stays. For who may manage bookings. Errors: approval_not_found, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.revoke_session_approval(uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.revoke_session_approval(uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
