-- Installing the platform: the module scripts of the share directory, run outside any extension script.

CREATE FUNCTION install(api_schema name DEFAULT 'public', VARIADIC modules text[] DEFAULT '{all}')
RETURNS TABLE (module text, version text, action text)
AS 'MODULE_PATHNAME', 'hf_install'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION install(name, text[]) IS
'Installs modules of the platform, and those they require, in one transaction: what clients may call and see in api_schema, the rest in schema holdfast_private. Everything belongs to the role holdfast_owner. One row per module: installed, or unchanged when it was there. A database holds one platform; a module can be added later. For superusers, and for members of holdfast_owner after prepare_platform().';
REVOKE ALL ON FUNCTION install(name, text[]) FROM PUBLIC;

CREATE FUNCTION upgrade(api_schema name DEFAULT 'public')
RETURNS TABLE (module text, version text, action text)
AS 'MODULE_PATHNAME', 'hf_upgrade'
LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION upgrade(name) IS
'Moves the installed modules to the version of the library, in one transaction, by the scripts holdfast.platform.MODULE--FROM--TO.sql of the share directory. A module whose script is the one it was installed from needs none; modules that are required by now are installed. ALTER EXTENSION holdfast UPDATE comes first. One row per module: upgraded, installed or unchanged.';
REVOKE ALL ON FUNCTION upgrade(name) FROM PUBLIC;

CREATE FUNCTION prepare_platform(api_schema name DEFAULT 'public')
RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_owner pg_roles;
    v_extension record;
BEGIN
    IF api_schema IN ('holdfast', 'holdfast_private', 'information_schema') OR api_schema LIKE 'pg\_%' THEN
        RAISE EXCEPTION 'the platform cannot be in schema "%"', api_schema USING ERRCODE = 'invalid_schema_name';
    END IF;

    -- The owner of everything: a definer body with a forgotten condition must not be all-powerful.
    SELECT r.* INTO v_owner FROM pg_roles AS r WHERE r.rolname = 'holdfast_owner';
    IF NOT FOUND THEN
        CREATE ROLE holdfast_owner NOLOGIN;
    ELSIF v_owner.rolsuper OR v_owner.rolbypassrls THEN
        RAISE EXCEPTION 'the role holdfast_owner must not be a superuser, nor bypass row security'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'ALTER ROLE holdfast_owner NOSUPERUSER NOBYPASSRLS;';
    END IF;
    ALTER DEFAULT PRIVILEGES FOR ROLE holdfast_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
    IF obj_description('holdfast'::regnamespace, 'pg_namespace') IS NULL THEN
        COMMENT ON SCHEMA holdfast IS 'holdfast: the functions of the kernel. Not exposed.';
    END IF;
    GRANT USAGE ON SCHEMA holdfast TO holdfast_owner;
    -- With grant option, so that it can pass on what clients need.
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO holdfast_owner WITH GRANT OPTION;
    REVOKE EXECUTE ON FUNCTION holdfast.prepare_platform(name) FROM holdfast_owner;

    IF to_regnamespace(quote_ident(api_schema)) IS NULL THEN
        EXECUTE format('CREATE SCHEMA %I', api_schema);
        RAISE NOTICE 'there was no schema "%": made', api_schema;
    END IF;
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO holdfast_owner', api_schema);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO holdfast_owner WITH GRANT OPTION', api_schema);
    IF to_regnamespace('holdfast_private') IS NULL THEN
        CREATE SCHEMA holdfast_private AUTHORIZATION holdfast_owner;
        COMMENT ON SCHEMA holdfast_private IS 'holdfast: internal tables, and the bodies of the RPCs. Never exposed.';
    ELSIF (SELECT n.nspowner <> 'holdfast_owner'::regrole FROM pg_namespace AS n
           WHERE n.nspname = 'holdfast_private') THEN
        RAISE EXCEPTION 'the schema holdfast_private does not belong to holdfast_owner'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    FOR v_extension IN
        SELECT e.extname AS name, n.nspname AS schema
        FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
        WHERE e.extname IN ('btree_gist', 'pgcrypto') AND n.nspname <> 'holdfast'
          AND EXISTS (SELECT FROM aclexplode(n.nspacl) AS a LEFT JOIN pg_roles AS r ON r.oid = a.grantee
                      WHERE a.privilege_type = 'USAGE' AND (a.grantee = 0 OR r.rolname = 'anon'))
        ORDER BY e.extname
    LOOP
        RAISE NOTICE 'everybody may call the functions of extension %, because it is in schema %',
            v_extension.name, v_extension.schema
            USING HINT = format('Move it: ALTER EXTENSION %I SET SCHEMA holdfast;', v_extension.name);
    END LOOP;
END
$$;
COMMENT ON FUNCTION prepare_platform(name) IS
'Makes what install() needs from a superuser: the role holdfast_owner, schema holdfast_private, and the owner''s rights on the API schema and on the kernel. install() does it by itself for a superuser; after it, members of holdfast_owner may run install() and upgrade().';
REVOKE ALL ON FUNCTION prepare_platform(name) FROM PUBLIC;

CREATE FUNCTION grant_api_roles(
    anon name DEFAULT 'anon', authenticated name DEFAULT 'authenticated', service name DEFAULT 'service_role')
RETURNS TABLE (api_role name, role_name name, granted int)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- What policies, defaults, checks and wrappers call for a client, whatever its role.
    v_kernel CONSTANT name[] := ARRAY[
        'org_id', 'uid', 'actor_id', 'jwt', 'jwt_role', 'claim', 'request_ip', 'request_header', 'has_role',
        'has_permission', 'subject_id', 'uuid_v7', 'is_time_zone', 'is_email']::name[];
    v_function regprocedure;
    v_missing name[] := ARRAY[]::name[];
BEGIN
    FOR api_role, role_name IN
        SELECT * FROM (VALUES ('anon'::name, grant_api_roles.anon), ('authenticated', grant_api_roles.authenticated),
                              ('service_role', grant_api_roles.service)) AS v (api_role, role_name)
    LOOP
        CONTINUE WHEN role_name IS NULL;
        IF to_regrole(quote_ident(role_name)) IS NULL THEN
            IF role_name <> api_role THEN
                RAISE EXCEPTION 'role "%" does not exist', role_name USING ERRCODE = 'undefined_object';
            END IF;
            v_missing := v_missing || role_name;
            CONTINUE;
        END IF;
        granted := 0;
        FOR v_function IN
            SELECT p.oid::regprocedure FROM pg_proc AS p
            WHERE p.pronamespace = 'holdfast'::regnamespace AND p.proname = ANY (v_kernel)
        LOOP
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, role_name);
            granted := granted + 1;
        END LOOP;
        IF to_regprocedure('holdfast_private.add_api_role(name,name)') IS NOT NULL THEN
            granted := granted + holdfast_private.add_api_role(api_role, role_name);
        END IF;
        RETURN NEXT;
    END LOOP;
    IF cardinality(v_missing) > 0 THEN
        RAISE NOTICE 'there is no role %; run holdfast.grant_api_roles() when there is',
            array_to_string(v_missing, ', ');
    END IF;
END
$$;
COMMENT ON FUNCTION grant_api_roles(name, name, name) IS
'Grants the roles that PostgREST switches to what each of them may use: of the kernel, the readers of the request; of the platform, what its modules recorded. install() runs it for anon, authenticated and service_role; run it again when these roles are made later, or name others. NULL leaves one out. One row per role, with the number of grants.';
REVOKE ALL ON FUNCTION grant_api_roles(name, name, name) FROM PUBLIC;
