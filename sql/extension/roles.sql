-- Roles, permissions and subjects: read from tables, live. See src/identity/roles.c, src/identity/holders.c, src/identity/subjects.c and src/base/live.c.

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
'The id of the row that stands for the caller in a table set up by track_subjects(): the one of org_id() whose user is uid(). NULL when there is none, or when the table demands a role that the caller does not hold. Cached and live like has_role(), and read whatever the table''s policies say; use it bare in a policy, as in client_id = holdfast.subject_id(''public.clients''). Raises not_authenticated for malformed claims.';
REVOKE ALL ON FUNCTION subject_id(regclass) FROM PUBLIC;

CREATE FUNCTION create_roles(name text)
RETURNS regclass
AS 'MODULE_PATHNAME', 'hf_create_roles'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION create_roles(text) IS
'Makes the tables that has_role() and has_permission() read, under the given name (with or without a schema, at most 51 bytes), and returns the first: NAME (organization_id, user_id, role, granted_by, granted_at, reason), NAME_hierarchy (organization_id, role, inherits) and NAME_permissions (organization_id, role, permission). Rows of the nil UUID as organization count in every organization. All have row security enabled, no policy and no grants: say yourself who may see and change them. The functions read them as their owner, so a policy on them may call has_role() too. Whoever inserts roles needs EXECUTE on actor_id(), the default of granted_by. Errors: invalid_input.';
REVOKE ALL ON FUNCTION create_roles(text) FROM PUBLIC;

CREATE FUNCTION track_subjects(
    rel regclass, user_column name DEFAULT 'user_id', id_column name DEFAULT 'id', roles regclass DEFAULT NULL,
    role text DEFAULT NULL)
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
    ELSIF (track_subjects.roles IS NULL) <> (coalesce(track_subjects.role, '') = '') THEN
        PERFORM holdfast.raise_error('invalid_input', jsonb_build_object(
            'field', 'role', 'reason', 'goes with a table of roles'));
    ELSIF track_subjects.roles IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_trigger t
        WHERE t.tgrelid = track_subjects.roles AND t.tgfoid = 'holdfast.invalidate_lookups'::regproc
          AND encode(t.tgargs, 'escape') = 'roles\000')
    THEN
        PERFORM holdfast.raise_error('invalid_input', jsonb_build_object(
            'field', 'roles', 'reason', 'is not a table made by create_roles()'));
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
            EXECUTE FUNCTION holdfast.invalidate_lookups('subjects', %4$L, %5$L%6$s);
        CREATE TRIGGER holdfast_subject_update AFTER UPDATE ON %1$s FOR EACH ROW
            WHEN (OLD.%2$I IS DISTINCT FROM NEW.%2$I OR OLD.%3$I IS DISTINCT FROM NEW.%3$I
                  OR OLD.organization_id IS DISTINCT FROM NEW.organization_id)
            EXECUTE FUNCTION holdfast.invalidate_lookups('subjects', %4$L, %5$L%6$s);
        CREATE TRIGGER holdfast_subject_delete AFTER DELETE ON %1$s FOR EACH ROW
            WHEN (OLD.%2$I IS NOT NULL)
            EXECUTE FUNCTION holdfast.invalidate_lookups('subjects', %4$L, %5$L%6$s);
        CREATE TRIGGER holdfast_subject_truncate AFTER TRUNCATE ON %1$s FOR EACH STATEMENT
            EXECUTE FUNCTION holdfast.invalidate_lookups('subjects', %4$L, %5$L%6$s);
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_subject_insert;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_subject_update;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_subject_delete;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_subject_truncate;
        $sql$, track_subjects.rel, track_subjects.user_column, track_subjects.id_column,
        track_subjects.user_column::text, track_subjects.id_column::text,
        CASE WHEN track_subjects.roles IS NULL THEN ''
             ELSE format(', %L, %L', track_subjects.roles::text, track_subjects.role) END);
END
$$;
COMMENT ON FUNCTION track_subjects(regclass, name, name, regclass, text) IS
'Prepares a table for subject_id(): puts the triggers on it that make every session forget what it knew when a row gets another user, id or organization. The table has organization_id and the two columns, all of type uuid, and at most one row for a user in an organization; an index on organization and user makes look-ups fast. With a table of roles (see create_roles()) and a role, a row stands for its user only while they hold that role in the organization, directly or by inheritance: a revoked role is gone from every policy and body that asks subject_id(), at the next statement. Calling it again replaces the triggers. Raises invalid_input when the table does not fit.';
REVOKE ALL ON FUNCTION track_subjects(regclass, name, name, regclass, text) FROM PUBLIC;
