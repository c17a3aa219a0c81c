CREATE FUNCTION holdfast_private.update_employee(
    organization_id uuid, employee_id uuid, display_name text DEFAULT NULL, email text DEFAULT NULL, role text
    DEFAULT NULL, user_id uuid DEFAULT NULL, department text DEFAULT NULL, cost_center text DEFAULT NULL,
    access_date date DEFAULT NULL, monthly_limit int DEFAULT NULL, status text DEFAULT NULL,
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
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT e.* INTO v_employee FROM @api@.company_employees AS e
    WHERE e.organization_id = update_employee.organization_id AND e.id = update_employee.employee_id
    FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT holdfast_private.can('manage_companies')
        AND v_employee.company_id IS DISTINCT FROM holdfast_private.own_company_id()
    THEN
        PERFORM holdfast.raise_error('employee_not_found');
    END IF;
    PERFORM holdfast_private.require_company(organization_id, v_employee.company_id);
    IF NOT holdfast_private.can('manage_companies') AND (num_nonnulls(role, user_id) > 0 OR v_employee.role = 'hr') THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Only an admin changes HR, or sets role and user_id.');
    END IF;
    UPDATE @api@.company_employees AS e
    SET display_name = coalesce(holdfast_private.normal_text('display_name', update_employee.display_name), e.display_name),
        email = CASE WHEN update_employee.email IS NULL THEN e.email
                     ELSE holdfast_private.normal_email('email', update_employee.email) END,
        role = coalesce(update_employee.role, e.role),
        user_id = coalesce(update_employee.user_id, e.user_id),
        department = CASE WHEN update_employee.department IS NULL THEN e.department
                          ELSE holdfast_private.normal_text('department', update_employee.department) END,
        cost_center = CASE WHEN update_employee.cost_center IS NULL THEN e.cost_center
                           ELSE holdfast_private.normal_text('cost_center', update_employee.cost_center) END,
        access_date = coalesce(update_employee.access_date, e.access_date),
        monthly_limit = coalesce(update_employee.monthly_limit, e.monthly_limit),
        status = coalesce(update_employee.status, e.status),
        access_ends = nullif(coalesce(update_employee.access_ends, e.access_ends), 'infinity')
    WHERE e.organization_id = update_employee.organization_id AND e.id = update_employee.employee_id
    RETURNING e.* INTO v_employee;
    RETURN jsonb_build_object('employee', to_jsonb(v_employee));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.update_employee(uuid, uuid, text, text, text, uuid, text, text, date, int, text, date) IS
'Changes an employee: {"employee"}. Null leaves a field as it is, access_ends infinity ends it. For admins, and for the company''s own HR, who change neither HR nor role and user_id. Errors: forbidden, employee_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.update_employee(uuid, uuid, text, text, text, uuid, text, text, date, int, text, date) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_employee(uuid, uuid, text, text, text, uuid, text, text, date, int, text, date)'::regprocedure, '@api@', '{authenticated,service_role}');
