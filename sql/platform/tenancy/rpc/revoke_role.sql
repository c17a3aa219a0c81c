CREATE FUNCTION holdfast_private.revoke_role(organization_id uuid, user_id uuid, role text, reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_organization uuid := CASE WHEN role = 'super_admin' THEN '00000000-0000-0000-0000-000000000000' ELSE organization_id END;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_members');
    IF NOT holdfast_private.may_give_role(organization_id, role) THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Nobody can take a role that may do more than they may themselves.');
    END IF;
    -- Two admins who take the role from each other must not both succeed.
    PERFORM FROM @api@.organizations AS o WHERE o.id = v_organization FOR NO KEY UPDATE;
    IF role IN ('admin', 'super_admin') AND NOT EXISTS (
        SELECT FROM @api@.user_roles AS u
        WHERE u.organization_id = v_organization AND u.role = revoke_role.role AND u.user_id <> revoke_role.user_id)
    THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'This is the last one; give the role to somebody else first.');
    END IF;
    PERFORM holdfast_private.say_role_reason(holdfast_private.normal_text('reason', revoke_role.reason, 1000));
    DELETE FROM @api@.user_roles AS u
    WHERE u.organization_id = v_organization AND u.user_id = revoke_role.user_id AND u.role = revoke_role.role;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('role_not_found');
    END IF;
    PERFORM holdfast_private.say_role_reason(NULL);
    RETURN holdfast_private.roles_json(organization_id, user_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_role(uuid, uuid, text, text) IS
'Takes a role from a user and answers {"user_id","roles":[…]}: what is left. Takes effect at once. For admins, under the rules of assign_role; the last admin stays. The reason is kept in user_roles_history. Errors: forbidden, role_not_found (they do not have it), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.revoke_role(uuid, uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.revoke_role(uuid, uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
