-- Roles, permissions and subjects: read from tables, live. See src/roles.c, src/subjects.c and src/live.c.

CREATE FUNCTION invalidate_lookups()
RETURNS trigger
AS 'MODULE_PATHNAME', 'hf_invalidate_lookups'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION invalidate_lookups() IS
'Trigger that makes every session forget what has_role(), has_permission() and subject_id() know of the table. create_roles() and track_subjects() put it where it belongs.';
REVOKE ALL ON FUNCTION invalidate_lookups() FROM PUBLIC;

CREATE FUNCTION has_role(roles regclass, VARIADIC names text[])
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_has_role'
LANGUAGE C STABLE PARALLEL SAFE COST 5;
COMMENT ON FUNCTION has_role(regclass, text[]) IS
'True when uid() holds one of the named roles, itself or by inheritance, in org_id() or in every organization (a row of the nil organization). Never NULL: false without claims, so NOT has_role(…) guards a function safely. Cached; a change of the tables that create_roles() made counts from the next statement on, in every session. Raises not_authenticated for malformed claims.';
REVOKE ALL ON FUNCTION has_role(regclass, text[]) FROM PUBLIC;

CREATE FUNCTION has_permission(roles regclass, permission text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_has_permission'
LANGUAGE C STABLE PARALLEL SAFE COST 5;
COMMENT ON FUNCTION has_permission(regclass, text) IS
'True when one of the roles that uid() holds in org_id(), inherited ones included, has the permission there or in every organization. Never NULL, cached and live like has_role(). Raises not_authenticated for malformed claims.';
REVOKE ALL ON FUNCTION has_permission(regclass, text) FROM PUBLIC;

CREATE FUNCTION subject_id(rel regclass)
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_subject_id'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION subject_id(regclass) IS
'The id of the row that stands for the caller in a table set up by track_subjects(): the one of org_id() whose user is uid(). NULL when there is none. Cached and live like has_role(), and read whatever the table''s policies say; use it bare in a policy, as in client_id = holdfast.subject_id(''public.clients''). Raises not_authenticated for malformed claims.';
REVOKE ALL ON FUNCTION subject_id(regclass) FROM PUBLIC;

CREATE FUNCTION create_roles(name text)
RETURNS regclass
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_parts text[] := parse_ident(create_roles.name);
    v_schema text := v_parts[1];
    v_name text := v_parts[2];
    v_suffix text;
    v_word text;
    v_outsider name;
BEGIN
    IF cardinality(v_parts) IS DISTINCT FROM 2 THEN
        PERFORM holdfast.raise_error('invalid_input',
            '{"field": "name", "reason": "must be a schema and a name, such as app.user_roles"}');
    ELSIF octet_length(v_name) > 63 - length('_permissions') THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "name", "reason": "is too long"}');
    END IF;

    EXECUTE format($sql$
        CREATE TABLE %1$I.%2$I (
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            role text NOT NULL CHECK (role <> ''),
            granted_by uuid DEFAULT holdfast.actor_id(),
            granted_at timestamptz NOT NULL DEFAULT now(),
            reason text,
            PRIMARY KEY (organization_id, user_id, role));
        COMMENT ON TABLE %1$I.%2$I IS 'Who has which role. Asked by holdfast.has_role(), live.';
        COMMENT ON COLUMN %1$I.%2$I.organization_id IS 'Where the role counts; the nil UUID: everywhere.';
        COMMENT ON COLUMN %1$I.%2$I.user_id IS 'Who has the role: the claim sub.';
        COMMENT ON COLUMN %1$I.%2$I.role IS 'The name of the role.';
        COMMENT ON COLUMN %1$I.%2$I.granted_by IS 'Who gave it: the claim act.sub or sub of that request.';
        COMMENT ON COLUMN %1$I.%2$I.granted_at IS 'When it was given.';
        COMMENT ON COLUMN %1$I.%2$I.reason IS 'Why it was given.';

        CREATE TABLE %1$I.%3$I (
            organization_id uuid NOT NULL,
            role text NOT NULL CHECK (role <> ''),
            permission text NOT NULL CHECK (permission <> ''),
            PRIMARY KEY (organization_id, role, permission));
        COMMENT ON TABLE %1$I.%3$I IS 'Which role has which permission. Asked by holdfast.has_permission(), live.';
        COMMENT ON COLUMN %1$I.%3$I.organization_id IS 'Where this counts; the nil UUID: everywhere.';
        COMMENT ON COLUMN %1$I.%3$I.role IS 'The name of the role.';
        COMMENT ON COLUMN %1$I.%3$I.permission IS 'What the role may do.';

        CREATE TABLE %1$I.%4$I (
            organization_id uuid NOT NULL,
            role text NOT NULL CHECK (role <> ''),
            inherits text NOT NULL CHECK (inherits <> '' AND inherits <> role),
            PRIMARY KEY (organization_id, role, inherits));
        COMMENT ON TABLE %1$I.%4$I IS 'Which role includes which other. Cycles do no harm. Whoever writes here can give any role its name within the organization.';
        COMMENT ON COLUMN %1$I.%4$I.organization_id IS 'Where this counts; the nil UUID: everywhere.';
        COMMENT ON COLUMN %1$I.%4$I.role IS 'The role that includes the other.';
        COMMENT ON COLUMN %1$I.%4$I.inherits IS 'The role that is included, and what it includes in turn.';
        $sql$, v_schema, v_name, v_name || '_permissions', v_name || '_hierarchy');

    FOREACH v_suffix IN ARRAY ARRAY['', '_permissions', '_hierarchy'] LOOP
        v_word := coalesce(nullif(ltrim(v_suffix, '_'), ''), 'roles');
        -- Before and after: rows that a trigger of the user's own asks about in between must be fresh too.
        -- Logical replication fires no statement triggers, hence the one for rows that only it fires.
        EXECUTE format($sql$
            ALTER TABLE %1$I.%2$I ENABLE ROW LEVEL SECURITY;
            CREATE TRIGGER holdfast_lookups_before
                BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$I.%2$I
                FOR EACH STATEMENT EXECUTE FUNCTION holdfast.invalidate_lookups(%3$L);
            CREATE TRIGGER holdfast_lookups_after
                AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$I.%2$I
                FOR EACH STATEMENT EXECUTE FUNCTION holdfast.invalidate_lookups(%3$L);
            CREATE TRIGGER holdfast_lookups_replica
                AFTER INSERT OR UPDATE OR DELETE ON %1$I.%2$I
                FOR EACH ROW EXECUTE FUNCTION holdfast.invalidate_lookups(%3$L);
            ALTER TABLE %1$I.%2$I ENABLE ALWAYS TRIGGER holdfast_lookups_before;
            ALTER TABLE %1$I.%2$I ENABLE ALWAYS TRIGGER holdfast_lookups_after;
            ALTER TABLE %1$I.%2$I ENABLE REPLICA TRIGGER holdfast_lookups_replica;
            REVOKE ALL ON %1$I.%2$I FROM PUBLIC;
            $sql$, v_schema, v_name || v_suffix, v_word);
        -- Default privileges of the schema may have granted everything, TRUNCATE included, to these.
        FOR v_outsider IN SELECT r.rolname FROM pg_roles r WHERE r.rolname IN ('anon', 'authenticated') LOOP
            EXECUTE format('REVOKE ALL ON %I.%I FROM %I', v_schema, v_name || v_suffix, v_outsider);
        END LOOP;
    END LOOP;
    RETURN format('%I.%I', v_schema, v_name)::regclass;
END
$$;
COMMENT ON FUNCTION create_roles(text) IS
'Makes the tables that has_role() and has_permission() read, and returns the first: NAME (organization_id, user_id, role, granted_by, granted_at, reason), NAME_permissions (organization_id, role, permission) and NAME_hierarchy (organization_id, role, inherits). Rows of the nil UUID as organization count in every organization. All have row security enabled and no policy and no grants: say yourself who may see and change them. The functions read them as their owner, so a policy on them may call has_role() as well. The name is a schema and a name of at most 51 bytes; else invalid_input.';
REVOKE ALL ON FUNCTION create_roles(text) FROM PUBLIC;

CREATE FUNCTION track_subjects(rel regclass, user_column name DEFAULT 'user_id', id_column name DEFAULT 'id')
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_column name;
    v_reason text;
    v_trigger name;
BEGIN
    FOREACH v_column IN ARRAY ARRAY['organization_id', track_subjects.user_column, track_subjects.id_column] LOOP
        IF NOT EXISTS (SELECT FROM pg_attribute a
                       WHERE a.attrelid = track_subjects.rel AND a.attname = v_column
                         AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype) THEN
            v_reason := format('has no column "%s" of type uuid', v_column);
        ELSIF strpos(v_column, '%') > 0 THEN
            v_reason := format('has a column "%s" with a percent sign in its name', v_column);
        END IF;
    END LOOP;
    IF (SELECT c.relkind FROM pg_class c WHERE c.oid = track_subjects.rel) IS DISTINCT FROM 'r' THEN
        v_reason := 'is not an ordinary table';
    END IF;
    IF v_reason IS NOT NULL THEN
        PERFORM holdfast.raise_error('invalid_input', jsonb_build_object('field', 'rel', 'reason', v_reason));
    END IF;

    FOR v_trigger IN
        SELECT t.tgname FROM pg_trigger t
        WHERE t.tgrelid = track_subjects.rel AND t.tgfoid = 'holdfast.invalidate_lookups'::regproc
          AND starts_with(t.tgname, 'holdfast_subject_')
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', v_trigger, track_subjects.rel);
    END LOOP;
    EXECUTE format($sql$
        CREATE TRIGGER holdfast_subject_insert AFTER INSERT ON %1$s FOR EACH ROW
            WHEN (NEW.%2$I IS NOT NULL)
            EXECUTE FUNCTION holdfast.invalidate_lookups('subjects', %4$L, %5$L);
        CREATE TRIGGER holdfast_subject_update AFTER UPDATE ON %1$s FOR EACH ROW
            WHEN (OLD.%2$I IS DISTINCT FROM NEW.%2$I OR OLD.%3$I IS DISTINCT FROM NEW.%3$I
                  OR OLD.organization_id IS DISTINCT FROM NEW.organization_id)
            EXECUTE FUNCTION holdfast.invalidate_lookups('subjects', %4$L, %5$L);
        CREATE TRIGGER holdfast_subject_delete AFTER DELETE ON %1$s FOR EACH ROW
            WHEN (OLD.%2$I IS NOT NULL)
            EXECUTE FUNCTION holdfast.invalidate_lookups('subjects', %4$L, %5$L);
        CREATE TRIGGER holdfast_subject_truncate AFTER TRUNCATE ON %1$s FOR EACH STATEMENT
            EXECUTE FUNCTION holdfast.invalidate_lookups('subjects', %4$L, %5$L);
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_subject_insert;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_subject_update;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_subject_delete;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_subject_truncate;
        $sql$, track_subjects.rel, track_subjects.user_column, track_subjects.id_column,
        track_subjects.user_column::text, track_subjects.id_column::text);
END
$$;
COMMENT ON FUNCTION track_subjects(regclass, name, name) IS
'Prepares a table for subject_id(): puts the triggers on it that make every session forget what it knew when a row gets another user, id or organization. The table has organization_id and the two columns, all of type uuid, and at most one row for a user in an organization; an index on organization and user makes look-ups fast. Calling it again replaces the triggers. Raises invalid_input when the table does not fit.';
REVOKE ALL ON FUNCTION track_subjects(regclass, name, name) FROM PUBLIC;
