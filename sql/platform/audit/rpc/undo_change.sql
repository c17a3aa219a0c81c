CREATE FUNCTION holdfast_private.undo_change(organization_id uuid, audit_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_row holdfast_private.audit_log;
    v_decision record;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'undo_changes');
    SELECT l.* INTO v_row
    FROM holdfast_private.audit_log AS l
    WHERE l.organization_id = undo_change.organization_id AND l.id = undo_change.audit_id;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('audit_row_not_found');
    END IF;
    SELECT to_regclass(d.relation) AS rel, d.redact, d.undo INTO v_decision
    FROM holdfast_private.audit_decisions() AS d
    WHERE to_regclass(d.relation)::oid = to_regclass(v_row.entity_type)::oid;
    IF v_row.category <> 'data' OR v_row.action NOT IN ('insert', 'update', 'delete') OR v_row.salt IS NULL
       OR v_row.entity_id IS NULL OR v_decision.undo IS NOT TRUE
    THEN
        PERFORM holdfast.raise_error('change_irreversible', '{"columns": []}', 'What this was has an action of its own to undo it, or none.');
    END IF;
    -- Something later about the same columns; the row itself cannot tell where they are redacted.
    IF EXISTS (
        SELECT FROM holdfast_private.audit_log AS l
        WHERE l.organization_id = undo_change.organization_id AND l.entity_type = v_row.entity_type AND l.entity_id = v_row.entity_id
          AND l.id > v_row.id AND l.category = 'data'
          AND (v_row.action <> 'update' OR l.action <> 'update'
               OR EXISTS (SELECT FROM jsonb_object_keys(v_row.new_values - 'updated_at') AS k WHERE l.new_values ? k)))
    THEN
        PERFORM holdfast.raise_error('change_superseded');
    END IF;
    PERFORM holdfast_private.undo_row(v_decision.rel, v_row.action,
        holdfast_private.audited_key(v_decision.rel, organization_id, v_row.entity_id, v_row.new_values),
        v_row.old_values, v_row.new_values, v_decision.redact);
    PERFORM holdfast.record_event('holdfast_private.audit_log', 'admin.undo', v_row.entity_type, v_row.entity_id,
        jsonb_build_object('audit_id', audit_id));
    RETURN jsonb_build_object('undone', audit_id, 'action', v_row.action, 'entity_id', v_row.entity_id);
EXCEPTION WHEN integrity_constraint_violation THEN
    IF v_row.action = 'insert' THEN  -- Something refers to the row by now.
        PERFORM holdfast.raise_error('change_superseded');
    END IF;
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.undo_change(uuid, uuid) IS
'Undoes one insert, update or delete that the audit log shows, if the row still is as that change left it: {"undone", "action", "entity_id"}. It is audited itself. For admins; of people, companies, the catalog, hours and rules: bookings, packages and roles have actions of their own. Errors: audit_row_not_found, change_superseded, change_irreversible (redacted columns, or another kind of row; columns), forbidden, invalid_input (the row may not be as it was any more).';
REVOKE ALL ON FUNCTION holdfast_private.undo_change(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.undo_change(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
