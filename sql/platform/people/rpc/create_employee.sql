CREATE FUNCTION holdfast_private.create_employee(
    organization_id uuid, company_id uuid, display_name text, email text DEFAULT NULL, role text DEFAULT
    'employee', user_id uuid DEFAULT NULL, department text DEFAULT NULL, cost_center text DEFAULT NULL,
    access_date date DEFAULT NULL, monthly_limit int DEFAULT NULL,
    access_ends date DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_employee @api@.company_employees;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_company(organization_id, company_id);
    IF NOT holdfast_private.can('manage_companies') AND (role IS DISTINCT FROM 'employee' OR user_id IS NOT NULL) THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Only an admin sets role and user_id.');
    END IF;
    INSERT INTO @api@.company_employees AS e (
        organization_id, company_id, display_name, email, role, user_id, department, cost_center, access_date, monthly_limit,
        access_ends)
    VALUES (
        create_employee.organization_id, create_employee.company_id,
        holdfast_private.required_text('display_name', create_employee.display_name),
        holdfast_private.normal_email('email', create_employee.email), create_employee.role, create_employee.user_id,
        holdfast_private.normal_text('department', create_employee.department),
        holdfast_private.normal_text('cost_center', create_employee.cost_center),
        create_employee.access_date, create_employee.monthly_limit, create_employee.access_ends)
    RETURNING e.* INTO v_employee;
    RETURN jsonb_build_object('employee', to_jsonb(v_employee));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.create_employee(uuid, uuid, text, text, text, uuid, text, text, date, int, date) IS
'Adds an employee to a company: {"employee"}. With role hr and a user_id, that user gets the role company_hr. For admins, and for the company''s own HR, who cannot set role and user_id. Errors: forbidden, company_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.create_employee(uuid, uuid, text, text, text, uuid, text, text, date, int, date) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_employee(uuid, uuid, text, text, text, uuid, text, text, date, int, date)'::regprocedure, '@api@', '{authenticated,service_role}');
