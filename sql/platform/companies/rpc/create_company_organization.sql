CREATE FUNCTION holdfast_private.create_company_organization(organization_id uuid, name text, industry text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_group @api@.company_organizations;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    INSERT INTO @api@.company_organizations AS g (organization_id, name, industry)
    VALUES (create_company_organization.organization_id,
            holdfast_private.required_text('name', create_company_organization.name),
            holdfast_private.normal_text('industry', create_company_organization.industry))
    RETURNING g.* INTO v_group;
    RETURN jsonb_build_object('company_organization', to_jsonb(v_group));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.create_company_organization(uuid, text, text) IS
'Makes a group of companies: {"company_organization"}. For admins. Errors: forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.create_company_organization(uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_company_organization(uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
