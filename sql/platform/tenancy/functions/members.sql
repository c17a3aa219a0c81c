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

-- Why a role is taken: a row that is deleted cannot say it. Empty again after the statement that it is about.
CREATE FUNCTION holdfast_private.say_role_reason(reason text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('holdfast_private.role_reason', coalesce(reason, ''), true);
END
$$;
COMMENT ON FUNCTION holdfast_private.say_role_reason(text) IS
'Says why the next statements take roles away, for user_roles_history; null to end it.';
REVOKE ALL ON FUNCTION holdfast_private.say_role_reason(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.record_role()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_same boolean := TG_OP = 'UPDATE' AND (OLD.organization_id, OLD.user_id) = (NEW.organization_id, NEW.user_id);
    v_said text := nullif(current_setting('holdfast_private.role_reason', true), '');
BEGIN
    IF v_same AND OLD.role = NEW.role THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND NOT v_same THEN
        INSERT INTO @api@.user_roles_history (organization_id, user_id, old_role, changed_by, acting_user_id, reason)
        VALUES (OLD.organization_id, OLD.user_id, OLD.role, holdfast.uid(), holdfast.actor_id(), v_said);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO @api@.user_roles_history (organization_id, user_id, old_role, new_role, changed_by, acting_user_id, reason)
        VALUES (NEW.organization_id, NEW.user_id, CASE WHEN v_same THEN OLD.role END, NEW.role, holdfast.uid(),
            holdfast.actor_id(), coalesce(v_said,
                CASE WHEN TG_OP = 'INSERT' OR NEW.reason IS DISTINCT FROM OLD.reason THEN NEW.reason END));
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.record_role() IS
'Trigger: writes who had and has which role since when to user_roles_history, whatever the path of the change.';
REVOKE ALL ON FUNCTION holdfast_private.record_role() FROM PUBLIC;

CREATE FUNCTION holdfast_private.record_roles()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO @api@.user_roles_history (organization_id, user_id, old_role, changed_by, acting_user_id, reason)
    SELECT u.organization_id, u.user_id, u.role, holdfast.uid(), holdfast.actor_id(),
           nullif(current_setting('holdfast_private.role_reason', true), '')
    FROM @api@.user_roles AS u;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.record_roles() IS
'Trigger: the same before all roles are truncated.';
REVOKE ALL ON FUNCTION holdfast_private.record_roles() FROM PUBLIC;

CREATE FUNCTION holdfast_private.included_roles(organization_id uuid, role text)
RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        WITH RECURSIVE included (role) AS (
            SELECT included_roles.role
            UNION
            SELECT h.inherits
            FROM included AS i JOIN @api@.user_roles_hierarchy AS h ON h.role = i.role
            WHERE h.organization_id IN (included_roles.organization_id, '00000000-0000-0000-0000-000000000000'))
        SELECT i.role FROM included AS i;
END
$$;
COMMENT ON FUNCTION holdfast_private.included_roles(uuid, text) IS
'A role and all that it inherits in an organization.';
REVOKE ALL ON FUNCTION holdfast_private.included_roles(uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.role_permissions(organization_id uuid, role text)
RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT DISTINCT p.permission
        FROM holdfast_private.included_roles(organization_id, role) AS i (role)
        JOIN @api@.user_roles_permissions AS p ON p.role = i.role
        WHERE p.organization_id IN (role_permissions.organization_id, '00000000-0000-0000-0000-000000000000');
END
$$;
COMMENT ON FUNCTION holdfast_private.role_permissions(uuid, text) IS
'What a role may do in an organization, inherited roles included.';
REVOKE ALL ON FUNCTION holdfast_private.role_permissions(uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.may_give_role(organization_id uuid, role text)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- super_admin is more than its permissions: org_id() lets it choose the organization.
    RETURN NOT EXISTS (
            SELECT FROM holdfast_private.role_permissions(organization_id, role) AS p WHERE NOT holdfast_private.can(p))
        AND (holdfast_private.is_a('super_admin')
             OR NOT EXISTS (SELECT FROM holdfast_private.included_roles(organization_id, role) AS r WHERE r = 'super_admin'));
END
$$;
COMMENT ON FUNCTION holdfast_private.may_give_role(uuid, text) IS
'Whether the caller may give and take a role: one that may do no more than they may themselves.';
REVOKE ALL ON FUNCTION holdfast_private.may_give_role(uuid, text) FROM PUBLIC;

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
