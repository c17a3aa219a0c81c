CREATE FUNCTION holdfast_private.create_company(
    organization_id uuid, name text, industry text DEFAULT NULL, time_zone text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_company @api@.companies;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    INSERT INTO @api@.companies AS c (organization_id, name, industry, time_zone)
    VALUES (create_company.organization_id, holdfast_private.required_text('name', create_company.name),
            holdfast_private.normal_text('industry', create_company.industry),
            coalesce(create_company.time_zone, (
                SELECT o.time_zone FROM @api@.organizations AS o WHERE o.id = create_company.organization_id)))
    RETURNING c.* INTO v_company;
    RETURN jsonb_build_object('company', to_jsonb(v_company));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.create_company(uuid, text, text, text) IS
'Adds a company: {"company"}. For admins. Errors: forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.create_company(uuid, text, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_company(uuid, text, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
