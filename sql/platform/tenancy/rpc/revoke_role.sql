CREATE FUNCTION holdfast_private.revoke_role(organization_id uuid, user_id uuid, role text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_organization uuid := CASE WHEN role = 'super_admin' THEN '00000000-0000-0000-0000-000000000000' ELSE organization_id END;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_members');
    IF EXISTS (
        SELECT FROM holdfast_private.role_permissions(organization_id, role) AS p WHERE NOT holdfast_private.can(p))
    THEN
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
    DELETE FROM @api@.user_roles AS u
    WHERE u.organization_id = v_organization AND u.user_id = revoke_role.user_id AND u.role = revoke_role.role;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('role_not_found');
    END IF;
    RETURN holdfast_private.roles_json(organization_id, user_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_role(uuid, uuid, text) IS
'Takes a role from a user and answers {"user_id","roles":[…]}: what is left. Takes effect at once. For admins, under the rules of assign_role; the last admin stays. Errors: forbidden, role_not_found (they do not have it).';
REVOKE ALL ON FUNCTION holdfast_private.revoke_role(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.revoke_role(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
