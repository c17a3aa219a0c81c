-- Grants are recorded before they are made: the roles of PostgREST may be made after the platform, or have other
-- names. So a module script never says GRANT, and its policies never say TO. It says
--
--   SELECT holdfast_private.grant_table('@api@.bookings', 'SELECT', 'authenticated');   -- what clients may do
--   SELECT holdfast_private.grant_service('@api@.bookings');           -- everything, and a policy, to the service role
--   SELECT holdfast.expose('holdfast_private.f(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
--
-- When install() ends, what is not recorded is revoked, whatever default privileges the database has, and a policy
-- without TO goes to the roles that its table is granted to, the service role aside.

-- SECURITY DEFINER, so that nobody's rights but the owner's are passed on by what the table says.
CREATE FUNCTION holdfast_private.apply_grant(
    object_type text, object text, privileges text, role_name name, verb text DEFAULT 'GRANT')
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regrole(quote_ident(role_name)) IS NULL
       OR (CASE apply_grant.object_type
               WHEN 'TABLE' THEN to_regclass(apply_grant.object)::oid
               WHEN 'FUNCTION' THEN to_regprocedure(apply_grant.object)::oid
               ELSE to_regnamespace(apply_grant.object)::oid
           END) IS NULL
    THEN
        RETURN false;
    END IF;
    EXECUTE format('%s %s ON %s %s %s %I', verb, privileges, object_type, object,
        CASE verb WHEN 'GRANT' THEN 'TO' ELSE 'FROM' END, role_name);
    RETURN true;
END
$$;
COMMENT ON FUNCTION holdfast_private.apply_grant(text, text, text, name, text) IS
'Makes one grant (or takes it back: verb REVOKE), as the owner of the platform. False when the role or the object does not exist (any more).';
REVOKE ALL ON FUNCTION holdfast_private.apply_grant(text, text, text, name, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.record_grant(object_type text, object text, privileges text, roles name[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO holdfast_private.api_grants AS g (object_type, object, privileges, api_role)
    SELECT record_grant.object_type, record_grant.object, record_grant.privileges, r.api_role
    FROM unnest(roles) AS r (api_role)
    ON CONFLICT DO NOTHING;

    PERFORM holdfast_private.apply_grant(object_type, object, privileges, coalesce(a.role_name, r.api_role))
    FROM unnest(roles) AS r (api_role)
    LEFT JOIN holdfast_private.api_roles AS a ON a.api_role = r.api_role;
END
$$;
COMMENT ON FUNCTION holdfast_private.record_grant(text, text, text, name[]) IS
'Records that API roles have privileges on a TABLE, FUNCTION or SCHEMA, and grants them to those that exist.';
REVOKE ALL ON FUNCTION holdfast_private.record_grant(text, text, text, name[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.grant_table(rel regclass, privileges text, VARIADIC roles name[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.record_grant('TABLE', rel::text, privileges, roles);
END
$$;
COMMENT ON FUNCTION holdfast_private.grant_table(regclass, text, name[]) IS
'Records and makes grants on a table or view: grant_table(''public.profiles'', ''SELECT, UPDATE (display_name)'', ''authenticated'').';
REVOKE ALL ON FUNCTION holdfast_private.grant_table(regclass, text, name[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.grant_function(function regprocedure, VARIADIC roles name[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.record_grant('FUNCTION', function::text, 'EXECUTE', roles);
END
$$;
COMMENT ON FUNCTION holdfast_private.grant_function(regprocedure, name[]) IS
'Records and makes EXECUTE on a function that policies, defaults or checks call. RPCs are granted by holdfast.expose().';
REVOKE ALL ON FUNCTION holdfast_private.grant_function(regprocedure, name[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.drop_grants(object_type text, object text, keep name[] DEFAULT '{}')
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_grant record;
BEGIN
    FOR v_grant IN
        DELETE FROM holdfast_private.api_grants AS g
        WHERE g.object_type = drop_grants.object_type AND g.object = drop_grants.object AND g.api_role <> ALL (keep)
        RETURNING g.privileges, g.api_role
    LOOP
        PERFORM holdfast_private.apply_grant(object_type, object, v_grant.privileges, r.role_name, 'REVOKE')
        FROM (SELECT v_grant.api_role AS role_name
              UNION SELECT a.role_name FROM holdfast_private.api_roles AS a WHERE a.api_role = v_grant.api_role) AS r;
    END LOOP;
END
$$;
COMMENT ON FUNCTION holdfast_private.drop_grants(text, text, name[]) IS
'Revokes the recorded grants on an object and forgets them, but for the API roles to keep.';
REVOKE ALL ON FUNCTION holdfast_private.drop_grants(text, text, name[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.record_policy(rel regclass, policy name, VARIADIC roles name[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO holdfast_private.api_grants AS g (object_type, object, privileges, api_role)
    SELECT 'POLICY', rel::text, record_policy.policy, r.api_role
    FROM unnest(roles) AS r (api_role)
    ON CONFLICT DO NOTHING;
    PERFORM holdfast_private.apply_policy(rel, policy);
END
$$;
COMMENT ON FUNCTION holdfast_private.record_policy(regclass, name, name[]) IS
'Records that a policy is for API roles, and gives it to those that exist.';
REVOKE ALL ON FUNCTION holdfast_private.record_policy(regclass, name, name[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.apply_policy(rel regclass, policy name)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_roles text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = rel AND p.polname = policy) THEN
        RETURN;
    END IF;
    SELECT string_agg(DISTINCT r.rolname::regrole::text, ', ') INTO v_roles
    FROM holdfast_private.api_grants AS g
    LEFT JOIN holdfast_private.api_roles AS a ON a.api_role = g.api_role
    JOIN pg_roles AS r ON r.rolname = coalesce(a.role_name, g.api_role)
    WHERE g.object_type = 'POLICY' AND g.object = rel::text AND g.privileges = policy;
    EXECUTE format('ALTER POLICY %I ON %s TO %s', policy, rel, coalesce(v_roles, 'holdfast_owner'));
END
$$;
COMMENT ON FUNCTION holdfast_private.apply_policy(regclass, name) IS
'Gives a policy to the roles that it is recorded for; to the owner, whom it does not touch, while none exists.';
REVOKE ALL ON FUNCTION holdfast_private.apply_policy(regclass, name) FROM PUBLIC;

CREATE FUNCTION holdfast_private.grant_service(rel regclass, tenant_column name DEFAULT 'organization_id')
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_policy name := (SELECT (c.relname || '_service')::name FROM pg_class AS c WHERE c.oid = rel);
BEGIN
    PERFORM holdfast_private.grant_table(rel, 'SELECT, INSERT, UPDATE, DELETE', 'service_role');
    EXECUTE format('CREATE POLICY %I ON %s USING (%I = holdfast.org_id())', v_policy, rel, tenant_column);
    PERFORM holdfast_private.record_policy(rel, v_policy, 'service_role');
END
$$;
COMMENT ON FUNCTION holdfast_private.grant_service(regclass, name) IS
'Lets the service role read and write a table: all of it with BYPASSRLS, as on Supabase; without, the rows of the organization that the request names.';
REVOKE ALL ON FUNCTION holdfast_private.grant_service(regclass, name) FROM PUBLIC;

CREATE FUNCTION holdfast_private.add_api_role(api_role name, role_name name)
RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_granted int;
BEGIN
    INSERT INTO holdfast_private.api_roles AS a (api_role, role_name)
    VALUES (add_api_role.api_role, add_api_role.role_name)
    ON CONFLICT DO NOTHING;

    SELECT count(*) FILTER (WHERE holdfast_private.apply_grant(g.object_type, g.object, g.privileges, role_name))::int
    INTO v_granted
    FROM holdfast_private.api_grants AS g
    WHERE g.api_role = add_api_role.api_role AND g.object_type <> 'POLICY';
    PERFORM holdfast_private.apply_policy(to_regclass(g.object), g.privileges::name)
    FROM holdfast_private.api_grants AS g
    WHERE g.api_role = add_api_role.api_role AND g.object_type = 'POLICY';
    RETURN v_granted;
END
$$;
COMMENT ON FUNCTION holdfast_private.add_api_role(name, name) IS
'Lets a role stand for an API role, and grants it all that is recorded for that; returns the number of grants.';
REVOKE ALL ON FUNCTION holdfast_private.add_api_role(name, name) FROM PUBLIC;

CREATE FUNCTION holdfast_private.close_objects(old_relations oid[], old_functions oid[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rel regclass;
    v_function regprocedure;
    v_grantee regrole;
BEGIN
    FOR v_rel, v_grantee IN
        SELECT DISTINCT c.oid::regclass, a.grantee::regrole
        FROM pg_class AS c
        JOIN LATERAL (SELECT x.grantee FROM aclexplode(c.relacl) AS x
                      UNION ALL
                      SELECT x.grantee FROM pg_attribute AS t, aclexplode(t.attacl) AS x
                      WHERE t.attrelid = c.oid) AS a ON a.grantee <> c.relowner
        WHERE c.relowner = 'holdfast_owner'::regrole AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          AND c.oid <> ALL (old_relations)
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM PUBLIC', v_rel);
        IF v_grantee <> 0 THEN
            EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', v_rel, v_grantee);
        END IF;
    END LOOP;
    FOR v_function, v_grantee IN
        SELECT DISTINCT p.oid::regprocedure, a.grantee::regrole
        FROM pg_proc AS p
        JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a ON a.grantee <> p.proowner
        WHERE p.proowner = 'holdfast_owner'::regrole AND p.oid <> ALL (old_functions)
    LOOP
        EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', v_function);
        IF v_grantee <> 0 THEN
            EXECUTE format('REVOKE ALL ON ROUTINE %s FROM %s', v_function, v_grantee);
        END IF;
    END LOOP;

    PERFORM holdfast_private.apply_grant(g.object_type, g.object, g.privileges, coalesce(a.role_name, g.api_role))
    FROM holdfast_private.api_grants AS g
    LEFT JOIN holdfast_private.api_roles AS a ON a.api_role = g.api_role
    WHERE g.object_type <> 'POLICY';

    PERFORM holdfast_private.record_policy(p.polrelid, p.polname, VARIADIC ARRAY(
        SELECT DISTINCT g.api_role FROM holdfast_private.api_grants AS g
        WHERE g.object_type = 'TABLE' AND g.object = p.polrelid::regclass::text AND g.api_role <> 'service_role'))
    FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
    WHERE c.relowner = 'holdfast_owner'::regrole AND c.oid <> ALL (old_relations) AND 0 = ANY (p.polroles);
END
$$;
COMMENT ON FUNCTION holdfast_private.close_objects(oid[], oid[]) IS
'The last step of install() and upgrade(), for objects of the owner that were not there before: revokes every right, makes the recorded grants, and gives policies without TO their roles.';
REVOKE ALL ON FUNCTION holdfast_private.close_objects(oid[], oid[]) FROM PUBLIC;
