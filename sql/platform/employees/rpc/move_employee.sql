CREATE FUNCTION holdfast_private.move_employee(organization_id uuid, employee_id uuid, company_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_employee @api@.company_employees;
    v_client uuid;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    PERFORM holdfast_private.lock_company(organization_id, company_id);
    SELECT e.* INTO v_employee FROM @api@.company_employees AS e
    WHERE e.organization_id = move_employee.organization_id AND e.id = move_employee.employee_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('employee_not_found');
    ELSIF v_employee.status = 'invited' OR v_employee.company_id = move_employee.company_id THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_employee.status, 'to', 'moved'));
    END IF;
    -- The client follows: taken off the employee first, since the two name the same company.
    UPDATE @api@.clients AS c SET employee_id = NULL
    WHERE c.organization_id = v_employee.organization_id AND c.company_id = v_employee.company_id AND c.employee_id = v_employee.id
    RETURNING c.id INTO v_client;
    -- Department, cost center and office are the former company's.
    UPDATE @api@.company_employees AS e
    SET company_id = move_employee.company_id, department = NULL, cost_center = NULL, role = 'employee'
    WHERE e.organization_id = v_employee.organization_id AND e.id = v_employee.id;
    UPDATE @api@.clients AS c SET company_id = move_employee.company_id, employee_id = v_employee.id
    WHERE c.organization_id = v_employee.organization_id AND c.id = v_client;
    RETURN holdfast_private.invitation_json(organization_id, v_employee.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.move_employee(uuid, uuid, uuid) IS
'Moves an employee to another company of the organization, where there is a seat, and their client with them: {"employee", "invitation"}. Department, cost center and the role hr stay behind; whoever is invited is not moved. For admins. Errors: forbidden, employee_not_found, company_not_found, invalid_transition, seats_exhausted, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.move_employee(uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.move_employee(uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
