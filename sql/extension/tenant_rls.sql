-- Row security by organization, for any table.

CREATE FUNCTION enable_tenant_rls(
    rel regclass, tenant_column name DEFAULT 'organization_id', owner_column name DEFAULT NULL,
    roles name[] DEFAULT '{authenticated}')
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_mark CONSTANT text := 'By holdfast.enable_tenant_rls(): ';
    v_kind "char" := (SELECT c.relkind FROM pg_class AS c WHERE c.oid = rel);
    v_column name;
    v_role name;
    v_targets text;
    v_condition text;
    v_reason text;
    v_command text;
    v_policy name;
    v_partition regclass;
BEGIN
    IF v_kind IS NULL OR v_kind NOT IN ('r', 'p') THEN
        v_reason := 'is not a table';
    END IF;
    FOREACH v_column IN ARRAY ARRAY[tenant_column, owner_column] LOOP
        CONTINUE WHEN v_column IS NULL AND tenant_column IS NOT NULL;
        IF NOT EXISTS (SELECT FROM pg_attribute AS a
                       WHERE a.attrelid = rel AND a.attname = v_column AND a.attnum > 0
                         AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype) THEN
            v_reason := coalesce(v_reason, format('has no column %s of type uuid', coalesce('"' || v_column || '"', 'NULL')));
        END IF;
    END LOOP;
    IF v_reason IS NOT NULL THEN
        PERFORM holdfast.raise_error('invalid_input', jsonb_build_object('field', 'rel', 'reason', v_reason));
    END IF;
    IF coalesce(cardinality(roles), 0) = 0 OR array_position(roles, NULL) IS NOT NULL THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "roles", "reason": "must name at least one role"}');
    END IF;
    FOREACH v_role IN ARRAY roles LOOP
        IF to_regrole(quote_ident(v_role)) IS NULL THEN
            RAISE EXCEPTION 'role "%" does not exist', v_role
                USING ERRCODE = 'undefined_object',
                      HINT = 'Create it, or name the roles that clients have: enable_tenant_rls(…, roles => ''{app}'').';
        END IF;
    END LOOP;
    SELECT string_agg(quote_ident(r), ', ') INTO v_targets FROM unnest(roles) AS r;

    v_condition := format('%I = holdfast.org_id()', tenant_column);
    IF owner_column IS NOT NULL THEN
        v_condition := v_condition || format(' AND %I = holdfast.uid()', owner_column);
    END IF;

    FOREACH v_command IN ARRAY '{select,insert,update,delete}'::text[] LOOP
        v_policy := 'tenant_' || v_command;
        IF EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = rel AND p.polname = v_policy) THEN
            IF NOT EXISTS (SELECT FROM pg_policy AS p
                           WHERE p.polrelid = rel AND p.polname = v_policy
                             AND starts_with(obj_description(p.oid, 'pg_policy'), v_mark)) THEN
                RAISE EXCEPTION 'table % has a policy "%" of another making', rel, v_policy
                    USING ERRCODE = 'duplicate_object', HINT = 'Rename or drop that policy.';
            END IF;
            EXECUTE format('DROP POLICY %I ON %s', v_policy, rel);
        END IF;
        EXECUTE format('CREATE POLICY %I ON %s FOR %s TO %s', v_policy, rel, v_command, v_targets)
            || CASE WHEN v_command <> 'insert' THEN format(' USING (%s)', v_condition) ELSE '' END
            || CASE WHEN v_command IN ('insert', 'update') THEN format(' WITH CHECK (%s)', v_condition) ELSE '' END;
        EXECUTE format('COMMENT ON POLICY %I ON %s IS %L', v_policy, rel, v_mark
            || 'rows of the caller''s organization'
            || CASE WHEN owner_column IS NULL THEN '.' ELSE ' that are the caller''s own.' END);
    END LOOP;

    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', rel);
    -- Nobody reads a partition past the policies of the whole; TRUNCATE knows no policies at all.
    FOR v_partition IN SELECT t.relid FROM pg_partition_tree(rel) AS t WHERE v_kind = 'p' AND t.level > 0 LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_partition);
    END LOOP;
    EXECUTE format('REVOKE TRUNCATE ON %s FROM PUBLIC, %s', rel, v_targets);

    IF EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = rel AND p.polpermissive
                 AND NOT starts_with(coalesce(obj_description(p.oid, 'pg_policy'), ''), v_mark)) THEN
        RAISE WARNING 'table % has other policies, which let their roles see more', rel;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_index AS i
                   JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                   WHERE i.indrelid = rel AND i.indisvalid AND a.attname = tenant_column) THEN
        RAISE NOTICE 'table % has no index that begins with "%"', rel, tenant_column
            USING HINT = 'With one, the policies read only the rows of the caller''s organization.';
    END IF;
END
$$;
COMMENT ON FUNCTION enable_tenant_rls(regclass, name, name, name[]) IS
'Puts the standard policies on a table: tenant_select, tenant_insert, tenant_update and tenant_delete let the roles read and write rows whose tenant_column is org_id(), and with an owner_column only those where that is uid() as well. No claims, no rows. Enables row security (on the partitions too, without policies, so that they are read through the whole only) and revokes TRUNCATE, which policies do not cover; grant the other privileges yourself. The table''s owner is not restricted: ALTER TABLE … FORCE ROW LEVEL SECURITY does that. Calling it again replaces its policies. Warns of other policies that widen these, and notes a missing index. Errors: invalid_input (not a table, a column that is missing or no uuid, no roles); 42704 for a role that does not exist; 42710 for a policy of that name that is not ours.';
REVOKE ALL ON FUNCTION enable_tenant_rls(regclass, name, name, name[]) FROM PUBLIC;
