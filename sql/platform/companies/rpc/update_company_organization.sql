CREATE FUNCTION holdfast_private.update_company_organization(
    organization_id uuid, company_organization_id uuid, name text DEFAULT NULL, industry text DEFAULT NULL)
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
    UPDATE @api@.company_organizations AS g
    SET name = coalesce(holdfast_private.normal_text('name', update_company_organization.name), g.name),
        industry = CASE WHEN update_company_organization.industry IS NULL THEN g.industry
                        ELSE holdfast_private.normal_text('industry', update_company_organization.industry) END
    WHERE g.organization_id = update_company_organization.organization_id
      AND g.id = update_company_organization.company_organization_id
    RETURNING g.* INTO v_group;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('company_organization_not_found');
    END IF;
    RETURN jsonb_build_object('company_organization', to_jsonb(v_group));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.update_company_organization(uuid, uuid, text, text) IS
'Changes a group of companies: {"company_organization"}. Null leaves a field as it is, the empty text empties the industry. For admins. Errors: forbidden, company_organization_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.update_company_organization(uuid, uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_company_organization(uuid, uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
