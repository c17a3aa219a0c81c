CREATE FUNCTION holdfast_private.invite_employee(
    organization_id uuid, company_id uuid, email text, display_name text, role text DEFAULT 'employee',
    department text DEFAULT NULL, cost_center text DEFAULT NULL, access_date date DEFAULT NULL, monthly_limit int DEFAULT NULL,
    access_ends date DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_company @api@.companies;
    v_employee uuid;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_company(organization_id, company_id);
    IF role IS DISTINCT FROM 'employee' AND NOT holdfast_private.can('manage_companies') THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Only an admin sets the role.');
    END IF;
    v_company := holdfast_private.lock_company(organization_id, company_id);
    INSERT INTO @api@.company_employees AS e (
        organization_id, company_id, email, display_name, role, department, cost_center, access_date, monthly_limit, access_ends, status)
    VALUES (
        invite_employee.organization_id, invite_employee.company_id,
        holdfast_private.normal_email('email', holdfast_private.required_text('email', invite_employee.email, 254)),
        holdfast_private.required_text('display_name', invite_employee.display_name), invite_employee.role,
        holdfast_private.normal_text('department', invite_employee.department),
        holdfast_private.normal_text('cost_center', invite_employee.cost_center),
        invite_employee.access_date, invite_employee.monthly_limit, invite_employee.access_ends, 'invited')
    RETURNING e.id INTO v_employee;
    PERFORM holdfast_private.send_invitations(v_company, ARRAY[v_employee]);
    RETURN holdfast_private.invitation_json(organization_id, v_employee);
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.invite_employee(uuid, uuid, text, text, text, text, text, date, int, date) IS
'Adds an employee with the status invited, who has a seat from now on, and mails them a link that is good for 24 hours: {"employee", "invitation"}. Whoever does not accept in time becomes inactive, and the seat is free. For admins, and for the company''s own HR, who cannot set role. Errors: forbidden, company_not_found, seats_exhausted, invalid_input (email: in use already), request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.invite_employee(uuid, uuid, text, text, text, text, text, date, int, date) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.invite_employee(uuid, uuid, text, text, text, text, text, date, int, date)'::regprocedure, '@api@', '{authenticated,service_role}');
