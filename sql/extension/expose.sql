-- Exposing a function to clients: a thin wrapper in the schema that PostgREST serves.

CREATE FUNCTION expose(body regprocedure, into_schema name, roles name[])
RETURNS regprocedure
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_body pg_proc;
    v_skip int := 0;                  -- 1 when the first argument is the organization, which the wrapper fills in
    v_modes "char"[];
    v_types oid[];
    v_input int := 0;
    v_arguments text[] := ARRAY[]::text[];  -- of the wrapper's signature
    v_passed text[] := ARRAY[]::text[];     -- of its call of the body
    v_argument text;
    v_call text;
    v_create text;
    v_inputs oid[] := ARRAY[]::oid[];       -- of the wrapper
    v_old record;
    v_comment text;
    v_kept name[] := ARRAY[]::name[];       -- roles that were granted the old wrapper
    v_created boolean := false;
    v_wrapper regprocedure;
    v_role name;
    v_recorded boolean;               -- whether the platform keeps a record of the grants
BEGIN
    IF expose.body IS NULL OR into_schema IS NULL OR expose.roles IS NULL THEN
        RAISE EXCEPTION 'body, into_schema and roles may not be null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    SELECT p.* INTO v_body FROM pg_proc AS p WHERE p.oid = expose.body;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'function % does not exist', expose.body USING ERRCODE = 'undefined_function';
    ELSIF v_body.prokind <> 'f' OR v_body.prorettype = 'trigger'::regtype THEN
        RAISE EXCEPTION '% is not a plain function', expose.body USING ERRCODE = 'wrong_object_type';
    ELSIF NOT pg_has_role(v_body.proowner, 'USAGE') THEN
        RAISE EXCEPTION 'must be owner of function %', expose.body USING ERRCODE = 'insufficient_privilege';
    ELSIF v_body.pronamespace = to_regnamespace(quote_ident(into_schema)) THEN
        RAISE EXCEPTION 'function % is in schema "%" already', expose.body, into_schema
            USING ERRCODE = 'invalid_schema_name',
                  HINT = 'Keep bodies in a schema that PostgREST does not serve.';
    ELSIF v_body.prosecdef AND NOT EXISTS (
        SELECT FROM unnest(v_body.proconfig) AS c WHERE c LIKE 'search\_path=%')
    THEN
        RAISE WARNING 'function % is SECURITY DEFINER and has no search_path of its own', expose.body
            USING HINT = format('ALTER FUNCTION %s SET search_path = pg_catalog, pg_temp;', expose.body);
    END IF;

    -- The signature, argument by argument; $n of the wrapper is the n-th input.
    v_types := coalesce(v_body.proallargtypes, ARRAY(SELECT unnest(v_body.proargtypes)));
    v_modes := coalesce(v_body.proargmodes, array_fill('i'::"char", ARRAY[cardinality(v_types)]));
    FOR n IN 1 .. cardinality(v_types) LOOP
        CONTINUE WHEN v_modes[n] = 't';
        v_argument := concat_ws(' ',
            CASE v_modes[n] WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' WHEN 'v' THEN 'VARIADIC' END,
            quote_ident(nullif(v_body.proargnames[n], '')),
            format_type(v_types[n], NULL));
        IF v_modes[n] = 'o' THEN
            v_arguments := v_arguments || v_argument;
            CONTINUE;
        END IF;
        v_input := v_input + 1;
        IF v_input = 1 AND v_body.proargnames[n] = 'organization_id' AND v_types[n] = 'uuid'::regtype THEN
            v_skip := 1;
            v_passed := v_passed || 'holdfast.org_id()'::text;
            CONTINUE;
        END IF;
        v_inputs := v_inputs || v_types[n];
        v_arguments := v_arguments
            || concat(v_argument, ' DEFAULT ' || pg_get_function_arg_default(v_body.oid, n));
        v_passed := v_passed
            || format('%s$%s', CASE WHEN v_modes[n] = 'v' THEN 'VARIADIC ' END, v_input - v_skip);
    END LOOP;
    v_recorded := v_body.proowner = to_regrole('holdfast_owner')
        AND to_regclass('holdfast_private.api_grants') IS NOT NULL;
    v_call := format('%s(%s)', v_body.oid::regproc, array_to_string(v_passed, ', '));
    v_create := format(
        'FUNCTION %I.%I(%s) RETURNS %s LANGUAGE sql %s %s SECURITY INVOKER'
        ' SET search_path = pg_catalog, pg_temp BEGIN ATOMIC SELECT %s; END',
        into_schema, v_body.proname, array_to_string(v_arguments, ', '),
        pg_get_function_result(v_body.oid),
        CASE v_body.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
        CASE v_body.proparallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' ELSE '' END,
        CASE WHEN v_body.proretset OR v_body.prorettype = 'record'::regtype THEN '* FROM ' ELSE '' END || v_call);

    -- An older wrapper is replaced. Where it cannot be changed in place it is dropped, which fails when something
    -- depends on it, and says what; its grants and its comment go over to the new one.
    FOR v_old IN
        SELECT p.oid, p.oid::regprocedure AS signature, p.proowner, ARRAY(SELECT unnest(p.proargtypes)) = v_inputs AS same_inputs,
               obj_description(p.oid, 'pg_proc') AS comment,
               EXISTS (SELECT FROM pg_depend AS d JOIN pg_proc AS b ON b.oid = d.refobjid
                       WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_proc'::regclass
                         AND p.prosqlbody IS NOT NULL AND b.proname = p.proname
                         AND b.pronamespace = v_body.pronamespace) AS is_wrapper
        FROM pg_proc AS p
        WHERE p.pronamespace = to_regnamespace(quote_ident(into_schema)) AND p.proname = v_body.proname
    LOOP
        IF NOT v_old.is_wrapper THEN
            RAISE EXCEPTION 'function % exists and is not a wrapper of %', v_old.signature, v_body.oid::regproc
                USING ERRCODE = 'duplicate_function',
                      HINT = 'Two functions of one name confuse PostgREST; drop or rename that one.';
        END IF;
        v_comment := coalesce(v_comment, v_old.comment);
        IF v_recorded THEN
            PERFORM holdfast_private.drop_grants('FUNCTION', v_old.signature::text,
                CASE WHEN v_old.same_inputs THEN expose.roles ELSE '{}' END);
        END IF;
        v_kept := v_kept || ARRAY(
            SELECT r.rolname FROM pg_proc AS p, aclexplode(p.proacl) AS a JOIN pg_roles AS r ON r.oid = a.grantee
            WHERE p.oid = v_old.oid AND a.grantee <> p.proowner AND a.privilege_type = 'EXECUTE');
        IF v_old.same_inputs THEN
            BEGIN
                EXECUTE format('CREATE %s %s', 'OR REPLACE', v_create);
                v_created := true;
                CONTINUE;
            EXCEPTION WHEN invalid_function_definition THEN
                NULL;  -- another result, other names of arguments, or fewer defaults
            END;
        END IF;
        EXECUTE format('DROP FUNCTION %s', v_old.signature);
    END LOOP;
    IF NOT v_created THEN
        EXECUTE 'CREATE ' || v_create;
    END IF;

    SELECT p.oid::regprocedure INTO STRICT v_wrapper FROM pg_proc AS p
    WHERE p.pronamespace = quote_ident(into_schema)::regnamespace AND p.proname = v_body.proname;
    IF (SELECT p.proowner <> v_body.proowner FROM pg_proc AS p WHERE p.oid = v_wrapper) THEN
        EXECUTE format('ALTER FUNCTION %s OWNER TO %s', v_wrapper, v_body.proowner::regrole);
    END IF;
    EXECUTE format('COMMENT ON FUNCTION %s IS %L', v_wrapper,
        coalesce(obj_description(v_body.oid, 'pg_proc'), v_comment));
    EXECUTE format('REVOKE ALL ON FUNCTION %s, %s FROM PUBLIC', v_wrapper, expose.body);
    FOREACH v_role IN ARRAY v_kept || CASE WHEN v_recorded THEN '{}' ELSE expose.roles END LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s, %s TO %I', v_wrapper, expose.body, v_role);
        IF v_skip = 1 AND NOT has_function_privilege(v_role, 'holdfast.org_id()', 'EXECUTE') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION holdfast.org_id() TO %I', v_role);
        END IF;
    END LOOP;
    IF v_recorded THEN
        PERFORM holdfast_private.drop_grants('FUNCTION', expose.body::text, expose.roles);
        PERFORM holdfast_private.grant_function(v_wrapper, VARIADIC expose.roles),
                holdfast_private.grant_function(expose.body, VARIADIC expose.roles);
    END IF;
    RETURN v_wrapper;
END
$$;
COMMENT ON FUNCTION expose(regprocedure, name, name[]) IS
'Makes a function of the same name in a schema that PostgREST serves, with the arguments, defaults, result, volatility and COMMENT of body, which it calls; a first argument organization_id uuid is left out and filled with org_id(). PUBLIC loses both, roles get both: they need no USAGE on the body''s schema and cannot name the body themselves. Calling it again after body has changed replaces the wrapper and keeps its grants; it fails where something depends on a wrapper that has to be dropped, or where a function of that name is not a wrapper.';
REVOKE ALL ON FUNCTION expose(regprocedure, name, name[]) FROM PUBLIC;
