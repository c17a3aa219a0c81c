CREATE FUNCTION holdfast_private.update_organization(
    organization_id uuid, name text DEFAULT NULL, time_zone text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_organization @api@.organizations;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_organization');
    UPDATE @api@.organizations AS o
    SET name = coalesce(holdfast_private.normal_text('name', update_organization.name), o.name),
        time_zone = coalesce(update_organization.time_zone, o.time_zone)
    WHERE o.id = update_organization.organization_id
    RETURNING o.* INTO v_organization;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('organization_not_found');
    END IF;
    RETURN jsonb_build_object('organization', to_jsonb(v_organization));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.update_organization(uuid, text, text) IS
'Changes the organization: {"organization"}. Null leaves a field as it is. For admins. Errors: forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.update_organization(uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_organization(uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
