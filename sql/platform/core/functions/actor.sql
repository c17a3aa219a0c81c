-- Who is calling: every body opens with one of the require_ functions, before it looks at anything else.
--
--   require_actor(organization_id)                 somebody of this organization      -> their user id
--   require_permission(organization_id, permission)  … who has the permission         -> their user id
--   is_system()         no request at all, and the session is the platform's own (pg_cron, a DBA): trusted
--   is_trusted()        is_system(), or a request of the service role: no roles are asked for
--   can(permission)     the caller has the permission in their organization, or is trusted
--   is_a(role)          the caller has the role, directly or inherited, or is trusted
--
-- All of them raise nothing but require_: not_authenticated (no user), forbidden (not theirs). The user id is null
-- where no person acts: the system, or a service without a sub. Which rows a person stands for is asked of
-- own_client_id() and own_specialist_id(), in module people.

CREATE FUNCTION holdfast_private.is_system()
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.jwt() IS NULL AND pg_has_role(session_user, 'holdfast_owner', 'MEMBER');
END
$$;
COMMENT ON FUNCTION holdfast_private.is_system() IS
'Whether no request is being served and the session belongs to the platform: pg_cron, a DBA, a superuser.';
REVOKE ALL ON FUNCTION holdfast_private.is_system() FROM PUBLIC;

CREATE FUNCTION holdfast_private.is_trusted()
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce(holdfast.jwt_role() = 'service_role', false) OR holdfast_private.is_system();
END
$$;
COMMENT ON FUNCTION holdfast_private.is_trusted() IS
'Whether the caller is the service role or the system, who need no role within an organization.';
REVOKE ALL ON FUNCTION holdfast_private.is_trusted() FROM PUBLIC;

CREATE FUNCTION holdfast_private.can(permission text)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.has_permission('@api@.user_roles', permission) OR holdfast_private.is_trusted();
END
$$;
COMMENT ON FUNCTION holdfast_private.can(text) IS
'Whether the caller has a permission in the organization of the request, or is trusted.';
REVOKE ALL ON FUNCTION holdfast_private.can(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.is_a(role text)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.has_role('@api@.user_roles', role) OR holdfast_private.is_trusted();
END
$$;
COMMENT ON FUNCTION holdfast_private.is_a(text) IS
'Whether the caller has a role in the organization of the request, directly or inherited, or is trusted.';
REVOKE ALL ON FUNCTION holdfast_private.is_a(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.require_actor(organization_id uuid)
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast.uid();
BEGIN
    IF v_user IS NULL AND NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('not_authenticated');
    ELSIF organization_id IS NULL THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The token names no organization; '
            'the service role and super admins name it in the header X-Organization-Id.');
    ELSIF organization_id IS DISTINCT FROM holdfast.org_id() AND NOT holdfast_private.is_system() THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    RETURN v_user;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_actor(uuid) IS
'Checks that the caller belongs to the organization, or is trusted, and returns their user id (null where no person acts). Raises not_authenticated or forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.require_actor(uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.require_permission(organization_id uuid, permission text)
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
BEGIN
    IF NOT holdfast_private.can(permission) THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    RETURN v_user;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_permission(uuid, text) IS
'The same, and that the caller has a permission.';
REVOKE ALL ON FUNCTION holdfast_private.require_permission(uuid, text) FROM PUBLIC;
