CREATE FUNCTION holdfast_private.assign_role(organization_id uuid, user_id uuid, role text, reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_everywhere CONSTANT uuid := uuid '00000000-0000-0000-0000-000000000000';
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_members');
    IF user_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('user_id', 'is required');
    ELSIF NOT EXISTS (
        SELECT FROM @api@.roles AS r
        WHERE r.organization_id IN (assign_role.organization_id, c_everywhere) AND r.role = assign_role.role)
    THEN
        PERFORM holdfast.raise_error('role_not_found');
    ELSIF NOT holdfast_private.may_give_role(organization_id, role) THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Nobody can give a role that may do more than they may themselves.');
    END IF;
    INSERT INTO @api@.user_roles AS u (organization_id, user_id, role, reason)
    VALUES (CASE WHEN assign_role.role = 'super_admin' THEN c_everywhere ELSE assign_role.organization_id END,
            assign_role.user_id, assign_role.role, holdfast_private.normal_text('reason', assign_role.reason, 1000))
    ON CONFLICT ON CONSTRAINT user_roles_pkey DO NOTHING;
    RETURN holdfast_private.roles_json(organization_id, user_id);
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.assign_role(uuid, uuid, text, text) IS
'Gives a user a role in the organization (super_admin: in all of them) and answers {"user_id","roles":[…]}. Takes effect at once. For admins; nobody gives a role that may do more than they may themselves, so only super admins make super admins. Errors: forbidden, role_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.assign_role(uuid, uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.assign_role(uuid, uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
