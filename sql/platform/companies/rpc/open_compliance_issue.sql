CREATE FUNCTION holdfast_private.open_compliance_issue(
    organization_id uuid, company_id uuid, description text, severity text DEFAULT 'medium', due_date date DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid;
    v_issue @api@.company_compliance_issues;
    v_constraint text;
    v_column text;
BEGIN
    v_user := holdfast_private.require_permission(organization_id, 'manage_companies');
    INSERT INTO @api@.company_compliance_issues AS i (organization_id, company_id, description, severity, due_date, opened_by)
    VALUES (
        open_compliance_issue.organization_id, open_compliance_issue.company_id,
        holdfast_private.required_text('description', open_compliance_issue.description, 2000),
        open_compliance_issue.severity, open_compliance_issue.due_date, v_user)
    RETURNING i.* INTO v_issue;
    RETURN jsonb_build_object('issue', to_jsonb(v_issue));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.open_compliance_issue(uuid, uuid, text, text, date) IS
'Notes what is not in order with a company: {"issue"}. severity: low, medium or high; one that is high makes the company non_compliant. Its HR reads it. For admins. Errors: company_not_found, forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.open_compliance_issue(uuid, uuid, text, text, date) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.open_compliance_issue(uuid, uuid, text, text, date)'::regprocedure, '@api@', '{authenticated,service_role}');
