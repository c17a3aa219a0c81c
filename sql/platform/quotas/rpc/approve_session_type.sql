CREATE FUNCTION holdfast_private.approve_session_type(
    organization_id uuid, client_id uuid, session_type_id uuid, valid_until timestamptz DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_approval @api@.session_approvals;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_bookings');
    IF valid_until <= holdfast.clock() OR NOT isfinite(valid_until) THEN
        PERFORM holdfast_private.raise_invalid('valid_until', 'must be in the future');
    END IF;
    INSERT INTO @api@.session_approvals AS a (organization_id, client_id, session_type_id, valid_until, approved_by)
    VALUES (
        approve_session_type.organization_id, approve_session_type.client_id, approve_session_type.session_type_id,
        approve_session_type.valid_until, holdfast.uid())
    ON CONFLICT ON CONSTRAINT session_approvals_pkey DO UPDATE
    SET valid_until = excluded.valid_until, approved_by = excluded.approved_by, approved_at = holdfast.clock()
    RETURNING a.* INTO v_approval;
    RETURN jsonb_build_object('approval', to_jsonb(v_approval));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.approve_session_type(uuid, uuid, uuid, timestamptz) IS
'Lets a client book a type of session that has to be approved before, until valid_until, or for ever: {"approval"}. For who may manage bookings. Errors: client_not_found, session_type_not_found, forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.approve_session_type(uuid, uuid, uuid, timestamptz) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.approve_session_type(uuid, uuid, uuid, timestamptz)'::regprocedure, '@api@', '{authenticated,service_role}');
