CREATE FUNCTION holdfast_private.deactivate_employee(organization_id uuid, employee_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_employee @api@.company_employees;
BEGIN
    v_employee := holdfast_private.find_employee(organization_id, employee_id);
    PERFORM holdfast_private.close_invitations(organization_id, ARRAY[v_employee.id]);
    UPDATE @api@.company_employees AS e SET status = 'inactive'
    WHERE e.organization_id = deactivate_employee.organization_id AND e.id = v_employee.id
      AND e.company_id = v_employee.company_id AND e.status <> 'inactive';
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('invalid_transition', '{"from": "inactive", "to": "inactive"}');
    END IF;
    RETURN holdfast_private.invitation_json(organization_id, v_employee.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.deactivate_employee(uuid, uuid) IS
'Ends what an employee may do for and by their company, at once: {"employee", "invitation"}. Their seat is free, an open invitation void; what they booked, and their account, stay theirs. For admins, and for the company''s own HR, except of HR. Errors: employee_not_found, forbidden, invalid_transition (is inactive).';
REVOKE ALL ON FUNCTION holdfast_private.deactivate_employee(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.deactivate_employee(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
