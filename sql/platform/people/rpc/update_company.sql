CREATE FUNCTION holdfast_private.update_company(
    organization_id uuid, company_id uuid, name text DEFAULT NULL, industry text DEFAULT NULL, time_zone text
    DEFAULT NULL, status text DEFAULT NULL)
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
    UPDATE @api@.companies AS c
    SET name = coalesce(holdfast_private.normal_text('name', update_company.name), c.name),
        industry = CASE WHEN update_company.industry IS NULL THEN c.industry
                        ELSE holdfast_private.normal_text('industry', update_company.industry) END,
        time_zone = coalesce(update_company.time_zone, c.time_zone),
        status = coalesce(update_company.status, c.status)
    WHERE c.organization_id = update_company.organization_id AND c.id = update_company.company_id
    RETURNING c.* INTO v_company;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('company_not_found');
    END IF;
    RETURN jsonb_build_object('company', to_jsonb(v_company));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.update_company(uuid, uuid, text, text, text, text) IS
'Changes a company: {"company"}. Null leaves a field as it is. For admins. Errors: forbidden, company_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.update_company(uuid, uuid, text, text, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_company(uuid, uuid, text, text, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
