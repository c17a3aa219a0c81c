-- People of an organization and their roles.

CREATE FUNCTION holdfast_private.check_role()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM @api@.roles AS r
        WHERE r.organization_id IN (NEW.organization_id, '00000000-0000-0000-0000-000000000000') AND r.role = NEW.role)
    THEN
        PERFORM holdfast.raise_error('role_not_found');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_role() IS
'Trigger: a role that somebody is given must exist in their organization or everywhere; else role_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.check_role() FROM PUBLIC;

CREATE FUNCTION holdfast_private.role_permissions(organization_id uuid, role text)
RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        WITH RECURSIVE included (role) AS (
            SELECT role_permissions.role
            UNION
            SELECT h.inherits
            FROM included AS i JOIN @api@.user_roles_hierarchy AS h ON h.role = i.role
            WHERE h.organization_id IN (role_permissions.organization_id, '00000000-0000-0000-0000-000000000000'))
        SELECT DISTINCT p.permission
        FROM included AS i JOIN @api@.user_roles_permissions AS p ON p.role = i.role
        WHERE p.organization_id IN (role_permissions.organization_id, '00000000-0000-0000-0000-000000000000');
END
$$;
COMMENT ON FUNCTION holdfast_private.role_permissions(uuid, text) IS
'What a role may do in an organization, inherited roles included.';
REVOKE ALL ON FUNCTION holdfast_private.role_permissions(uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.add_member(organization_id uuid, user_id uuid, role text, email text, display_name text, reason text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO @api@.profiles AS p (organization_id, user_id, email, display_name, created_from)
    VALUES (add_member.organization_id, add_member.user_id, add_member.email, add_member.display_name, 'api')
    ON CONFLICT ON CONSTRAINT profiles_pkey DO UPDATE
    SET email = coalesce(p.email, excluded.email), display_name = coalesce(p.display_name, excluded.display_name);
    INSERT INTO @api@.user_roles AS u (organization_id, user_id, role, reason)
    VALUES (add_member.organization_id, add_member.user_id, add_member.role, add_member.reason)
    ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION holdfast_private.add_member(uuid, uuid, text, text, text, text) IS
'Gives a user a profile in an organization, or fills in an empty one, and a role.';
REVOKE ALL ON FUNCTION holdfast_private.add_member(uuid, uuid, text, text, text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.roles_json(organization_id uuid, user_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN jsonb_build_object('user_id', user_id, 'roles', (
        SELECT coalesce(jsonb_agg(DISTINCT u.role), '[]')
        FROM @api@.user_roles AS u
        WHERE u.organization_id IN (roles_json.organization_id, '00000000-0000-0000-0000-000000000000')
          AND u.user_id = roles_json.user_id));
END
$$;
COMMENT ON FUNCTION holdfast_private.roles_json(uuid, uuid) IS
'The roles of a user in an organization, those that count everywhere included: {"user_id","roles":[…]}.';
REVOKE ALL ON FUNCTION holdfast_private.roles_json(uuid, uuid) FROM PUBLIC;
