CREATE FUNCTION holdfast_private.whoami(organization_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    IF holdfast.uid() IS NULL THEN
        PERFORM holdfast.raise_error('not_authenticated');
    END IF;
    RETURN holdfast_private.roles_json(organization_id, holdfast.uid())
        || jsonb_build_object(
            'organization_id', organization_id,
            'actor_id', holdfast.actor_id(),
            'permissions', (
                SELECT coalesce(jsonb_agg(DISTINCT p), '[]')
                FROM @api@.user_roles AS u, holdfast_private.role_permissions(whoami.organization_id, u.role) AS p
                WHERE u.organization_id IN (whoami.organization_id, '00000000-0000-0000-0000-000000000000')
                  AND u.user_id = holdfast.uid()));
END
$$;
COMMENT ON FUNCTION holdfast_private.whoami(uuid) IS
'Who the caller is to the platform: {"user_id","actor_id","organization_id","roles":[…],"permissions":[…]}, read live; inherited permissions are included. A user without roles has an empty list, never a default one. Error: not_authenticated.';
REVOKE ALL ON FUNCTION holdfast_private.whoami(uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.whoami(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
