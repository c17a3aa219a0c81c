CREATE FUNCTION holdfast_private.assign_specialist(organization_id uuid, specialist_id uuid, company_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    INSERT INTO @api@.specialist_assignments AS a (organization_id, specialist_id, company_id, assigned_by)
    VALUES (assign_specialist.organization_id, assign_specialist.specialist_id, assign_specialist.company_id,
            holdfast.actor_id())
    ON CONFLICT DO NOTHING;
    RETURN jsonb_build_object('company_id', company_id, 'specialist_ids', (
        SELECT jsonb_agg(a.specialist_id ORDER BY a.specialist_id) FROM @api@.specialist_assignments AS a
        WHERE a.organization_id = assign_specialist.organization_id AND a.company_id = assign_specialist.company_id));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.assign_specialist(uuid, uuid, uuid) IS
'Lets the people of a company book a specialist, and from the first one on only those that are assigned: {"company_id","specialist_ids":[…]}. May be repeated. For admins. Errors: forbidden, specialist_not_found, company_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.assign_specialist(uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.assign_specialist(uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
