CREATE FUNCTION holdfast_private.reactivate_employee(organization_id uuid, employee_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_employee @api@.company_employees;
BEGIN
    v_employee := holdfast_private.find_employee(organization_id, employee_id);
    PERFORM holdfast_private.lock_company(organization_id, v_employee.company_id);
    v_employee := holdfast_private.find_employee(organization_id, employee_id);
    IF v_employee.status <> 'inactive' OR v_employee.user_id IS NULL THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_employee.status, 'to', 'active'),
            'Whoever has no account is invited: resend_employee_invitation.');
    END IF;
    IF v_employee.access_ends <= holdfast_private.company_today(organization_id, v_employee.company_id) THEN
        PERFORM holdfast_private.raise_invalid('access_ends', 'is over');
    END IF;
    UPDATE @api@.company_employees AS e SET status = 'active'
    WHERE e.organization_id = reactivate_employee.organization_id AND e.id = v_employee.id
      AND e.company_id = v_employee.company_id AND e.status = 'inactive';
    RETURN holdfast_private.invitation_json(organization_id, v_employee.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.reactivate_employee(uuid, uuid) IS
'Lets an inactive employee who has an account be active again, if there is a seat: {"employee", "invitation"}. For admins, and for the company''s own HR. Errors: employee_not_found, forbidden, invalid_transition (is not inactive, or has no account), invalid_input (access_ends is over), seats_exhausted, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.reactivate_employee(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.reactivate_employee(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
